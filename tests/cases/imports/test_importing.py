"""Importing: the preview, what one file may change in the store, and what not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from cases.history.undo import undo
from cases.imports.importing import import_file
from cases.rosters import Answers
from cases.store.connection import writing
from cases.store.reading import read_store
from cases.values.records import Placement, Record, StepEntry
from cases.workbook.schema import case_sheet
from tests.cases.files.workbooks import case_book, somebody, table, write_book


def _records(store: str) -> dict[str, Record]:
    return {record.code: record for record in read_store(store).records}


def test_the_form_for_programs(tmp_path: Path, store: str) -> None:
    """A preview has the keys that the contract fixes, one entry a row, with outcome, fields and reasons."""
    path = case_book(
        tmp_path / "so.xlsx",
        somebody(admitted_on=date(2020, 1, 5), youth_union="x", schooling="Tiểu học"),
        {},
        somebody("HS-2", born_on=None),
        somebody("HS-3", admitted_on="31/02/2023"),
        disciplines=[{"case": "HS-9", "form": "Cảnh cáo", "on": "1/2/2020"}],
    )
    report = import_file(store, path).as_json()
    assert {key: report[key] for key in ("file", "sheet", "header_rows", "counts", "new", "changed", "unchanged")} == {
        "file": "so.xlsx",
        "sheet": "Hồ sơ",
        "header_rows": [1],
        "counts": {"accepted": 1, "warned": 1, "confirm": 0, "refused": 2, "ignored": 1},
        "new": 2,
        "changed": 0,
        "unchanged": 0,
    }
    assert report["batch"] is None
    assert [(row.get("sheet"), row["row"], row["outcome"]) for row in report["rows"]] == [
        (None, 2, "accepted"),
        (None, 3, "ignored"),
        (None, 4, "warned"),
        (None, 5, "refused"),
        ("Kỷ luật", 2, "refused"),
    ]
    assert report["rows"][0]["fields"] == {
        "code": "HS-1",
        "full_name": "Trần Văn Mẫu",
        "born_on": "1990-05-15",
        "schooling": "primary",
        "youth_union": True,
        "admitted_on": "2020-01-05",
    }
    assert report["rows"][3]["why"] == [
        {
            "code": "impossible_date",
            "field": "admitted_on",
            "value": "31/02/2023",
            "reason": "Ngày không có trong lịch.",
            "suggestion": "Kiểm tra bản gốc rồi ghi lại theo dạng ngày/tháng/năm.",
        }
    ]
    assert json.loads(json.dumps(report)) == report


def test_a_preview_writes_nothing(data: Path, store: str) -> None:
    """Without `apply` the store stays as it was."""
    report = import_file(store, data / "rosters" / "chi-bo-nho.xlsx")
    assert (report.plan.cases.new, report.batch) == (26, None)
    assert read_store(store).records == ()


def test_one_refused_row_and_nothing_is_stored(tmp_path: Path, store: str) -> None:
    """A file with a refused row leaves no trace, however many good rows stand beside it."""
    path = case_book(tmp_path / "so.xlsx", *(somebody(f"HS-{n}") for n in range(9)), somebody("HS-X", sex="?"))
    report = import_file(store, path, apply=True)
    assert report.batch is None
    assert [remark.code for remark in report.refused] == ["unknown_code"]
    assert read_store(store).records == ()


def test_new_changed_unchanged(tmp_path: Path, store: str) -> None:
    """A second file changes the cases whose code it names, adds new ones, and leaves the rest alone."""
    name = iter(("Lò Văn An", "Lò Văn Ba", "Lò Văn Tư", "Lò Văn Năm"))
    one, two, three, four = (somebody(f"HS-{number}", full_name=next(name)) for number in range(1, 5))
    first = [one, two | {"note": "cũ"}, three]
    import_file(store, case_book(tmp_path / "1.xlsx", *first), apply=True, who="Bí thư")
    second = case_book(tmp_path / "2.xlsx", two | {"note": "mới"}, three, four)
    for apply in (False, True):
        report = import_file(store, second, apply=apply, who="Thư ký")
        assert (report.plan.cases.new, report.plan.cases.changed, report.plan.cases.unchanged) == (1, 1, 1)
    assert list(_records(store)) == ["HS-1", "HS-2", "HS-3", "HS-4"]
    assert _records(store)["HS-2"].fields["note"] == "mới"
    assert not import_file(store, second, apply=True).plan.alters


def test_an_empty_cell_takes_nothing(tmp_path: Path, store: str) -> None:
    """A file of which nobody knows what it began with says nothing where a cell is empty."""
    row = somebody(candidate_on=date(2018, 1, 1), youth_union="x", unit="CB-1")
    import_file(store, case_book(tmp_path / "1.xlsx", row), apply=True)
    before = _records(store)
    again = import_file(store, case_book(tmp_path / "2.xlsx", somebody()), Answers(take="file"), apply=True)
    assert (again.batch, again.laid.changes) == (None, ())
    assert _records(store) == before


def test_an_absent_column_leaves_the_value(tmp_path: Path, store: str) -> None:
    """What a file has no column for stays as it is stored, optional columns and whole histories included."""
    full = somebody(candidate_on=date(2018, 1, 1), moved_to="CB-9", note="ghi chú")
    steps = [{"case": "HS-1", "kind": "candidate_on", "on": date(2015, 1, 1)}]
    placements = [{"case": "HS-1", "unit": "CB-2", "since": date(2015, 1, 1)}]
    import_file(store, case_book(tmp_path / "1.xlsx", full, steps=steps, placements=placements), apply=True)
    rows = [["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Ngày kết nạp"], ["HS-1", "Trần Văn Mẫu", "15/5/1990", "5/1/2020"]]
    import_file(store, write_book(tmp_path / "2.xlsx", {"Hồ sơ": rows}), apply=True)
    record = _records(store)["HS-1"]
    assert record.fields == {
        "code": "HS-1",
        "full_name": "Trần Văn Mẫu",
        "born_on": date(1990, 5, 15),
        "candidate_on": date(2018, 1, 1),
        "moved_to": "CB-9",
        "note": "ghi chú",
        "admitted_on": date(2020, 1, 5),
    }
    assert record.steps == (StepEntry("candidate_on", date(2015, 1, 1)),)
    assert record.placements == (Placement("CB-2", date(2015, 1, 1)),)


def test_a_column_of_papers_that_is_absent_leaves_them(tmp_path: Path, store: str) -> None:
    """A sheet of steps of the time before “Nơi lưu” takes no place away, and neither does an empty cell."""
    step = {"case": "HS-1", "kind": "candidate_on", "on": date(2015, 1, 1), "document": "12-NQ"}
    placed = {**step, "stored_at": "tủ 2"}
    import_file(store, case_book(tmp_path / "1.xlsx", somebody(), steps=[placed]), apply=True)
    later = case_book(tmp_path / "2.xlsx", somebody(), steps=[{**step, "document": "13-NQ"}])
    import_file(store, later, apply=True)
    assert _records(store)["HS-1"].steps == (
        StepEntry("candidate_on", date(2015, 1, 1), document="13-NQ", stored_at="tủ 2"),
    )
    other = {**placed, "on": date(2016, 1, 1)}
    import_file(store, case_book(tmp_path / "3.xlsx", somebody(), steps=[step, other]), apply=True)
    assert [entry.stored_at for entry in _records(store)["HS-1"].steps] == ["tủ 2", "tủ 2"]


def test_a_corrected_date_takes_its_papers_along(tmp_path: Path, store: str) -> None:
    """Another day of a step is asked about; where the file is right, the step has that day with its papers, and
    earlier ones stay."""
    kind = "awareness_certified_on"
    steps = [
        {"case": "HS-1", "kind": kind, "on": date(2014, 3, 1)},
        {"case": "HS-1", "kind": kind, "on": date(2021, 3, 1), "document": "12-GCN"},
    ]
    import_file(store, case_book(tmp_path / "1.xlsx", somebody(), steps=steps), apply=True)
    corrected = case_book(tmp_path / "2.xlsx", somebody(awareness_certified_on=date(2021, 3, 2)))
    (one,) = import_file(store, corrected, apply=True).as_json()["changes"]
    assert (one["code"], one["name"], one["row"], one["open"]) == ("HS-1", "Trần Văn Mẫu", 2, True)
    assert (one["field"], one["old"], one["new"], one["kind"]) == (kind, "2021-03-01", "2021-03-02", "kept")
    assert _records(store)["HS-1"].fields[kind] == date(2021, 3, 1)
    import_file(store, corrected, Answers(takes={(2, 1): "file"}), apply=True)
    record = _records(store)["HS-1"]
    assert record.fields[kind] == date(2021, 3, 2)
    assert record.steps == (StepEntry(kind, date(2014, 3, 1)), StepEntry(kind, date(2021, 3, 2), "12-GCN"))


def test_two_cases_of_one_person(tmp_path: Path, store: str) -> None:
    """`Mã người` ties a re-admission to the first case: a corrected name holds for both."""
    first = somebody("HS-1", person_code="N-1", left_on=date(2015, 1, 1))
    second = somebody("HS-2", person_code="N-1", previous_exit_on=date(2015, 1, 1))
    third = somebody("HS-3", born_on=date(1991, 1, 1))
    import_file(store, case_book(tmp_path / "1.xlsx", first, second, third), apply=True)
    renamed = case_book(tmp_path / "2.xlsx", second | {"full_name": "Trần Văn Mẫn"})
    report = import_file(store, renamed, apply=True)
    assert report.plan.cases.changed == 2
    names = {code: record.fields["full_name"] for code, record in _records(store).items()}
    assert names == {"HS-1": "Trần Văn Mẫn", "HS-2": "Trần Văn Mẫn", "HS-3": "Trần Văn Mẫu"}
    with writing(store) as connection:
        assert list(connection.execute("SELECT count(*) FROM persons")) == [(2,)]


def test_tying_and_untying_persons(tmp_path: Path, store: str) -> None:
    """A person's code may be given later, shared, and be another again; nobody is left behind without a case."""
    people = [somebody("HS-1"), somebody("HS-2")]
    two = Answers(everybody="other")
    for number, codes in enumerate(((None, None), ("N", None), ("N", "N"), ("N", "M"), ("M", "N"))):
        rows = [{**row, "person_code": code} for row, code in zip(people, codes, strict=True)]
        import_file(store, case_book(tmp_path / f"{number}.xlsx", *rows), two, apply=True)
        stored = _records(store)
        assert tuple(stored[f"HS-{n}"].fields.get("person_code") for n in (1, 2)) == codes
        with writing(store) as connection:
            ((persons,),) = connection.execute("SELECT count(*) FROM persons")
        assert persons == (1 if codes == ("N", "N") else 2)


def test_other_sheets_are_matched_too(tmp_path: Path, store: str) -> None:
    """Units, courses, learners, targets and discipline of a later file change or join those that are stored."""
    common: dict[str, Any] = {
        "units": [{"code": "A", "name": "Đảng bộ A"}, {"code": "B", "parent": "A"}],
        "courses": [{"code": "L1", "kind": "awareness", "unit": "A"}],
        "targets": [{"unit": "B", "year": 2024, "value": 3}],
        "disciplines": [{"case": "HS-1", "form": "Cảnh cáo", "on": date(2020, 1, 1)}],
        "figures": [_typed("manual.documents", 12, source="Sổ văn bản"), _typed("member.exempt", 3)],
        "enrolments": [
            {"course": "L1", "case": "HS-1"},
            {"course": "L1", "full_name": "Lê Mẫu"},
            {"course": "L1", "full_name": "Lê Mẫu", "youth_union": "x"},
        ],
    }
    import_file(store, case_book(tmp_path / "1.xlsx", somebody(unit="B"), **common), apply=True)
    later = common | {
        "units": [{"code": "A", "name": "Đảng bộ phường A"}, {"code": "B"}, {"code": "C", "parent": "B"}],
        "targets": [{"unit": "B", "year": 2024, "value": 5}, {"unit": "C", "year": 2024, "value": 1}],
        "figures": [_typed("Văn bản đã ban hành", "14"), _typed("member.exempt", 3, unit="A"), _typed("card.new", 0)],
        "enrolments": [
            {"course": "L1", "case": "HS-1", "certified_on": date(2020, 5, 5)},
            {"course": "L1", "full_name": "Lê Mẫu", "trade_union": "x"},
            {"course": "L1", "full_name": "Lê Mẫu", "youth_union": "x"},
        ],
    }
    report = import_file(store, case_book(tmp_path / "2.xlsx", somebody(unit="B"), **later), apply=True)
    assert report.as_json()["other_sheets"] == {
        "Đơn vị": {"new": 1, "changed": 1, "unchanged": 1},
        "Lớp": {"new": 0, "changed": 0, "unchanged": 1},
        "Học viên": {"new": 0, "changed": 2, "unchanged": 1},
        "Chỉ tiêu": {"new": 1, "changed": 1, "unchanged": 0},
        "Kỷ luật": {"new": 0, "changed": 0, "unchanged": 1},
        "Số nhập tay": {"new": 2, "changed": 1, "unchanged": 0},
    }
    roster = read_store(store)
    assert [(unit.code, unit.name, unit.parent) for unit in roster.units] == [
        ("A", "Đảng bộ phường A", None),
        ("B", None, "A"),
        ("C", None, "B"),
    ]
    assert [(one.full_name, one.youth_union, one.trade_union) for one in roster.enrolments] == [
        (None, False, False),
        ("Lê Mẫu", False, True),
        ("Lê Mẫu", True, False),
    ]
    assert [(target.unit, target.value) for target in roster.targets] == [("B", 5), ("C", 1)]
    assert [(one.unit, one.indicator, one.value, one.source) for one in roster.figures] == [
        ("B", "manual.documents", "14", "Sổ văn bản"),
        ("B", "member.exempt", "3", None),
        ("A", "member.exempt", "3", None),
        ("B", "card.new", "0", None),
    ]


def _typed(indicator: str, value: object, unit: str = "B", **more: object) -> dict[str, object]:
    year = {"begins_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}
    return {"unit": unit, "indicator": indicator, **year, "value": value, **more}


def test_a_typed_figure_bears_the_name_of_who_typed_it(tmp_path: Path, store: str) -> None:
    """Whoever brings a figure in has typed it, unless the file names somebody; another value is another author's."""

    def bring(name: str, who: str, **figure: Any) -> tuple[str, str | None, str | None]:
        book = case_book(tmp_path / f"{name}.xlsx", somebody(unit="B"), figures=[_typed("card.new", **figure)])
        import_file(store, book, who=who, apply=True)
        (one,) = read_store(store).figures
        return one.value, one.source, one.author

    assert bring("1", "thư ký", value=3) == ("3", None, "thư ký")
    assert bring("2", "phó bí thư", value=3, source="Sổ thẻ") == ("3", "Sổ thẻ", "thư ký")
    assert bring("3", "phó bí thư", value=4) == ("4", "Sổ thẻ", "phó bí thư")
    assert bring("4", "thư ký", value=4, author="văn phòng", entered_on=date(2025, 1, 2)) == (
        "4",
        "Sổ thẻ",
        "văn phòng",
    )
    undo(store, who="thư ký")
    assert read_store(store).figures[0].author == "phó bí thư"


def test_a_unit_that_the_store_does_not_list(tmp_path: Path, store: str) -> None:
    """Where the store has a list of units, a file without one may name another unit, and its reader is told."""
    import_file(store, case_book(tmp_path / "1.xlsx", units=[{"code": "CB-1"}]), apply=True)
    rows = {"Hồ sơ": table(case_sheet(), [somebody(unit="CB-1"), somebody("HS-2", full_name="Lò Văn Ba", unit="CB-2")])}
    report = import_file(store, write_book(tmp_path / "2.xlsx", rows), apply=True)
    assert [(remark.code, remark.value) for remark in report.remarks] == [("unit_unlisted", "CB-2")]
    assert _records(store)["HS-2"].fields["unit"] == "CB-2"
