"""`dubi import` on lists as offices keep them: previewed, answered, written, and what is refused handed back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from cases.log.batches import read_batches
from cases.store.connection import querying
from cases.store.reading import read_store
from tests.cases.files.workbooks import case_book, somebody, write_book
from tests.cli.conftest import DUBI, Dubi


@pytest.fixture
def messy(data: Path) -> Path:
    """The folder of lists as offices keep them."""
    return data / "messy"


@pytest.mark.parametrize("name", ["m1.xlsx", "m2.xlsx", "m3.xlsx", "m4.csv", "m5.xlsx"])
def test_each_row_becomes_what_is_expected(name: str, dubi: Dubi, messy: Path, store: Path) -> None:
    """The preview as JSON names the outcome of every row of the shipped lists, and writes nothing."""
    expected = json.loads((messy / f"{Path(name).stem}.expected.json").read_text(encoding="utf-8"))
    ran = dubi("import", str(messy / name), "--unit", "CB-01", "--json", "--store", str(store))
    found = ran.json
    assert {row["row"]: row["outcome"] for row in found["rows"]} == {
        row["row"]: row["outcome"] for row in expected["rows"]
    }
    assert found["counts"] == expected["counts"]
    assert ran.code == (3 if expected["counts"]["refused"] else 0)
    assert read_store(f"sqlite:///{store}").records == ()


def test_nothing_is_written_while_a_row_is_refused(dubi: Dubi, messy: Path, store: Path) -> None:
    """`--apply` on a list with bad rows stores no row at all and names each."""
    ran = dubi("import", str(messy / "m4.csv"), "--unit", "CB-01", "--apply", "--store", str(store))
    assert ran.code == 3
    assert "dòng 6" in ran.err
    assert read_store(f"sqlite:///{store}").records == ()


def test_good_rows_are_written_and_bad_ones_handed_back(dubi: Dubi, messy: Path, store: Path, tmp_path: Path) -> None:
    """`--accept-good` stores what is good; the rest comes back as a workbook that, once mended, goes in."""
    file = tmp_path / "danh-sach.csv"
    shutil.copy(messy / "m4.csv", file)
    ran = dubi("import", str(file), "--unit", "CB-01", "--accept-good", "--store", str(store))
    assert ran.code == 0
    assert len(read_store(f"sqlite:///{store}").records) == 13
    mended = dubi(
        "import", str(tmp_path / "danh-sach-can-sua.xlsx"), "--unit", "CB-01", "--json", "--store", str(store)
    )
    assert mended.json["counts"]["refused"] == 2


def test_a_question_is_answered_before_anything_is_written(dubi: Dubi, messy: Path, store: Path) -> None:
    """A list that names no unit is not stored until somebody says whose it is."""
    ran = dubi("import", str(messy / "m4.csv"), "--accept-good", "--store", str(store))
    assert ran.code == 3
    assert "--unit" in ran.err
    assert read_store(f"sqlite:///{store}").records == ()


def test_the_same_file_again_changes_nothing(dubi: Dubi, messy: Path, store: Path, tmp_path: Path) -> None:
    """A list read twice finds its people again, codes included, though it has no column of codes."""
    file = tmp_path / "m2.xlsx"
    shutil.copy(messy / "m2.xlsx", file)
    assert dubi("import", str(file), "--accept-good", "--store", str(store)).code == 0
    before = read_store(f"sqlite:///{store}").records
    again = dubi("import", str(file), "--json", "--store", str(store))
    found = again.json
    assert (found["new"], found["changed"]) == (0, 0)
    assert read_store(f"sqlite:///{store}").records == before


def test_a_way_of_reading_is_kept_and_used_again(dubi: Dubi, messy: Path, store: Path, tmp_path: Path) -> None:
    """What was answered about columns is saved to a file and serves the next list of the same kind."""
    kept = tmp_path / "cach-doc.yaml"
    first = ("import", str(messy / "m4.csv"), "--unit", "CB-01", "--json", "--store", str(store))
    dubi(*first, "--column", "I=", "--save-mapping", str(kept))
    found = dubi(*first, "--mapping", str(kept)).json
    assert [one["fields"] for one in found["mapping"] if one["column"] == "I"] == [[]]


def test_nothing_is_stored_where_the_rest_cannot_be_handed_back(
    dubi: Dubi, messy: Path, store: Path, tmp_path: Path
) -> None:
    """The workbook of bad rows comes before the writing: where its place is taken, the store stays as it was."""
    file = tmp_path / "ds.csv"
    shutil.copy(messy / "m4.csv", file)
    taken = tmp_path / "ds-can-sua.xlsx"
    taken.write_bytes(b"of somebody else")
    command = ("import", str(file), "--unit", "CB-01", "--accept-good", "--store", str(store))
    ran = dubi(*command)
    assert (ran.code, taken.read_bytes()) == (3, b"of somebody else")
    assert "--force" in ran.err
    with querying(f"sqlite:///{store}") as execute:
        assert read_batches(execute) == []
    assert dubi(*command, "--force").code == 0
    assert len(read_store(f"sqlite:///{store}").records) == 13


def test_bad_rows_are_handed_back_without_storing_the_good(
    dubi: Dubi, messy: Path, store: Path, tmp_path: Path
) -> None:
    """`--errors` beside `--apply` writes the bad rows down although, because of them, nothing is stored."""
    out = tmp_path / "loi.xlsx"
    ran = dubi(
        "import", str(messy / "m4.csv"), "--unit", "CB-01", "--apply", "--errors", str(out), "--store", str(store)
    )
    assert ran.code == 3
    assert out.exists()
    assert read_store(f"sqlite:///{store}").records == ()


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
@pytest.mark.parametrize("apply", [False, True])
def test_long_work_shows_how_far_it_is(large: Path, store: Path, tmp_path: Path, *, apply: bool) -> None:
    """On a terminal an import shows a bar on stderr; stdout has the answer and nothing else."""
    import pty

    ours, theirs = pty.openpty()
    command = [str(DUBI), "import", str(large), "--store", str(store), *(["--apply"] if apply else [])]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=environment) as running:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # the other end is closed
            pass
        assert running.stdout is not None
        answer = running.stdout.read().decode()
    os.close(ours)
    assert running.returncode == 0
    assert ("Đang nhập sổ" if apply else "Đang đọc sổ") in shown.decode()
    assert "Đang" not in answer


def stored(store: Path) -> dict[str, dict[str, object]]:
    """The fields of what is stored, by name."""
    return {str(one.fields["full_name"]): dict(one.fields) for one in read_store(f"sqlite:///{store}").records}


HEADER = ["Mã HS", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày vào Đảng"]


def test_old_letters_without_a_font_go_in(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """A text file in TCVN3 is decoded where every word then is Vietnamese, which is told; or as somebody wants it."""
    file = tmp_path / "cu.csv"
    rows = ["Hä vµ tªn;Ngµy sinh;Giíi tÝnh", "NguyÔn V¨n §¹t;05/06/1980;Nam", "L\xad¬ng ThÞ Hång;06/07/1985;N÷"]
    file.write_bytes("\n".join(rows).encode("latin-1"))
    command = ("import", str(file), "--unit", "CB-01", "--apply", "--store", str(store))
    refused = dubi(*command, "--no-decode")
    assert (refused.code, stored(store)) == (3, {})
    ran = dubi(*command)
    assert ran.code == 0, ran.err
    assert "Chưa ai trả lời, đã làm theo cách mặc định" in ran.out
    assert "--no-decode" in ran.out
    assert set(stored(store)) == {"Nguyễn Văn Đạt", "Lương Thị Hồng"}
    file.write_bytes("\n".join([*rows, "Rmah HN¬Ýt;07/08/1986;N÷"]).encode("latin-1"))
    ran = dubi(*command)
    assert ran.code == 3
    assert "--decode" in ran.err
    assert dubi(*command, "--decode").code == 0
    assert "Rmah HNơít" in stored(store)


def test_the_clean_up_sheet_is_shown(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """Columns under a joint heading, which are no fields of their own, are named by their heading."""
    top = ["ID", "Họ và tên *", "Sinh ngày *", "Giới tính *", "Quê quán (mô hình 2 cấp)", ""]
    low = ["", "", "", "", "Quốc gia*", "Tỉnh*"]
    row = ["1", "Nguyễn Văn An", "05/06/1980", "Nam", "Việt Nam", "Lào Cai"]
    ran = dubi("import", str(write_book(tmp_path / "ra-soat.xlsx", {"DS": [top, low, row]})), "--unit", "CB-01",
               "--apply", "--store", str(store))  # fmt: skip
    assert ran.code == 0, ran.err
    assert "Quê quán (mô hình 2 cấp) – Tỉnh*" in ran.out
    assert set(stored(store)) == {"Nguyễn Văn An"}


def test_a_sheet_and_a_header_are_named(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """Of several sheets the longest is read and the others named; one is chosen by name, its header by its row."""
    one = ["1", "Nguyễn Văn An", "05/06/1980", "Nam", "03/02/2010"]
    two = ["2", "Trần Thị Bình", "06/07/1985", "Nữ", "03/02/2012"]
    three = ["3", "Lê Thị Chi", "07/08/1986", "Nữ", "03/02/2013"]
    sheets = {"CB 1": [HEADER, one, two], "CB 2": [["x"] * 5, ["y"] * 5, HEADER, three]}
    file = write_book(tmp_path / "nhieu.xlsx", sheets)
    command = ("import", str(file), "--unit", "CB-01", "--store", str(store))
    seen = dubi(*command)
    assert "đọc trang “CB 1”" in seen.out
    assert "--sheet" in seen.out
    assert dubi(*command, "--sheet", "CB 2", "--header-row", "3", "--apply").code == 0
    assert set(stored(store)) == {"Lê Thị Chi"}
    ran = dubi(*command, "--sheet", "CB 3")
    assert ran.code == 3
    assert "“CB 1”, “CB 2”" in ran.err
    assert dubi(*command, "--apply").code == 0
    assert len(stored(store)) == 3


def test_a_meaning_is_told_in_words(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """A column of two meanings is left out and asked about; the answer is a heading as people know it, and is kept."""
    rows = [["Mã HS", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày quyết định"],
            ["1", "Nguyễn Văn An", "05/06/1980", "Nam", "03/02/2010"]]  # fmt: skip
    file = write_book(tmp_path / "qd.xlsx", {"DS": rows})
    command = ("import", str(file), "--unit", "CB-01", "--apply", "--store", str(store))
    ran = dubi(*command)
    assert (ran.code, "--column E=" in ran.out) == (0, True)
    assert "admission_decided_on" not in stored(store)["Nguyễn Văn An"]
    kept = tmp_path / "cach.yaml"
    assert dubi(*command, "--column", "E=Ngày quyết định kết nạp", "--save-mapping", str(kept)).code == 0
    assert stored(store)["Nguyễn Văn An"]["admission_decided_on"] == date(2010, 2, 3)
    assert dubi(*command, "--mapping", str(kept)).code == 0
    ran = dubi(*command, "--column", "E=Ngày gì đó")
    assert ran.code == 2
    assert "Không có trường “Ngày gì đó”" in ran.err


def test_what_is_stored_of_a_person_gives_way_when_told(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """A value that differs from the store stays out, unless the file is said to be right."""

    def book(name: str, day: str) -> str:
        rows = [HEADER, ["1", "Nguyễn Văn An", "05/06/1980", "Nam", day]]
        return str(write_book(tmp_path / name, {"DS": rows}))

    command = ("--unit", "CB-01", "--apply", "--store", str(store))
    assert dubi("import", book("1.xlsx", "03/02/2010"), *command).code == 0
    assert dubi("import", book("2.xlsx", "03/02/2011"), *command).code == 0
    assert stored(store)["Nguyễn Văn An"]["admitted_on"] == date(2010, 2, 3)
    assert dubi("import", book("3.xlsx", "03/02/2011"), *command, "--on-match", "thay").code == 0
    assert stored(store)["Nguyễn Văn An"]["admitted_on"] == date(2011, 2, 3)
    assert dubi("import", book("4.xlsx", "03/02/2011"), *command, "--on-match", "xoa").code == 3


def test_a_column_that_looks_swapped_is_vouched_for(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """Nothing of a file whose days look month-first goes in, until somebody says that they are right."""
    days = [date(1980, 3, 5), date(1981, 4, 6), date(1982, 5, 7), "25/03/1983", "26/04/1984", "27/05/1985"]
    rows = [[str(n), f"Nguyễn Văn {'ABCDEG'[n]}nh", day, "Nam", "03/02/2010"] for n, day in enumerate(days)]
    file = write_book(tmp_path / "ngay.xlsx", {"DS": [HEADER, *rows]})
    command = ("import", str(file), "--unit", "CB-01", "--apply", "--store", str(store))
    ran = dubi(*command)
    assert (ran.code, stored(store)) == (3, {})
    assert "--accept month_first_column" in ran.out
    assert dubi(*command, "--accept", "month_first_column").code == 0
    assert len(stored(store)) == 6


def test_somebody_who_resembles_another_is_not_taken_for_them(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """Of two people alike in a list without codes the second is handed back, and asked about when it comes again."""
    header = ["Họ và tên", "Ngày sinh", "Giới tính", "Ngày vào Đảng"]
    rows = [["Nguyễn Văn An", "05/06/1980", "Nam", "03/02/2010"]] * 2
    file = write_book(tmp_path / "ds.xlsx", {"DS": [header, *rows]})
    options = ("--unit", "CB-01", "--accept-good", "--force", "--store", str(store))
    assert dubi("import", str(file), *options).code == 0
    assert len(read_store(f"sqlite:///{store}").records) == 1
    back = str(tmp_path / "ds-can-sua.xlsx")
    for _ in range(2):
        asked = dubi("import", back, *options, "--json").json
        assert [(row["row"], row["outcome"]) for row in asked["rows"]] == [(2, "confirm")]
    assert len(read_store(f"sqlite:///{store}").records) == 1
    for _ in range(2):
        assert dubi("import", back, *options, "--row", "2=khac").code == 0
        assert len(read_store(f"sqlite:///{store}").records) == 2
    assert dubi("import", back, *options, "--row", "2=cung").code == 0
    assert len(read_store(f"sqlite:///{store}").records) == 2


def test_a_unit_that_is_not_there_is_no_unit(dubi: Dubi, book: Path, messy: Path) -> None:
    """A list given to a unit that the store's list of units lacks is not stored without one."""
    before = read_store(f"sqlite:///{book}")
    ran = dubi("import", str(messy / "m5.xlsx"), "--unit", "CB-1", "--accept-good")
    assert ran.code == 2
    assert "Không có đơn vị “CB-1”. Có phải “CB-01”?" in ran.err
    assert read_store(f"sqlite:///{book}") == before
    by_name = dubi("import", str(messy / "m5.xlsx"), "--unit", "chi bộ thôn đông", "--json")
    assert {row["fields"]["unit"] for row in by_name.json["rows"] if row["outcome"] == "accepted"} == {"CB-01"}


def test_the_good_rows_of_a_whole_workbook(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """What names a row that was not taken stays out with it; bad rows of other sheets are told; all goes in later."""
    units: list[dict[str, Any]] = [
        {"code": "CB-1", "name": "Một"},
        {"code": "CB-2", "name": "Hai", "opened_on": "31/02/2000"},
    ]
    measures: list[dict[str, Any]] = [
        {"case": "HS-2", "form": "warning", "on": date(2020, 1, 1)},
        {"case": "HS-1", "form": "warning", "on": "31/02/2020"},
    ]
    courses = [{"code": "L1", "kind": "awareness", "unit": "CB-1"}, {"code": "L2", "kind": "x"}]
    learners = [{"course": "L1", "case": "HS-2"}, {"course": "L2", "case": "HS-1"}, {"course": "L1", "case": "HS-3"}]
    steps: list[dict[str, Any]] = [
        {"case": "HS-3", "kind": "candidate_on", "on": date(2020, 1, 1), "document": "1-NQ"},
        {"case": "HS-3", "kind": "application_on", "on": date(1980, 1, 1)},
    ]

    def book(name: str, born: object) -> str:
        people = (
            somebody("HS-1", unit="CB-1"),
            somebody("HS-2", born_on=born),
            somebody("HS-3", unit="CB-1", full_name="Lò Thị Mẫu"),
        )
        others: dict[str, Any] = {"disciplines": measures, "courses": courses, "enrolments": learners, "steps": steps}
        return str(case_book(tmp_path / name, *people, units=units, **others))

    options = ("--accept-good", "--force", "--store", str(store))
    ran = dubi("import", book("so.xlsx", "31/02/1990"), *options)
    assert ran.code == 0, ran.err
    for said in ("“Đơn vị”, dòng 3", "“Lớp”, dòng 3", "“Kỷ luật”, dòng 3", "“Bước”, dòng 3", "hồ sơ HS-2 chưa vào kho",
                 "lớp L2 chưa vào kho", "nhập lại cả tệp"):  # fmt: skip
        assert said in ran.err
    roster = read_store(f"sqlite:///{store}")
    assert [record.code for record in roster.records] == ["HS-1", "HS-3"]
    assert [entry.document for entry in roster.records[1].steps] == ["1-NQ"]
    assert ([one.case for one in roster.enrolments], roster.disciplines) == (["HS-3"], ())
    sheet = python_calamine.CalamineWorkbook.from_path(tmp_path / "so-can-sua.xlsx").get_sheet_by_name("Hồ sơ")
    assert [row[0] for row in sheet.to_python()] == ["Mã hồ sơ", "HS-2"]
    for mended, bad in ((measures[1], "on"), (units[1], "opened_on"), (steps[1], "on")):
        mended[bad] = date(2021, 3, 1)
    courses[1]["kind"] = "awareness"
    assert dubi("import", book("so.xlsx", date(1991, 2, 3)), "--apply", "--store", str(store)).code == 0
    roster = read_store(f"sqlite:///{store}")
    assert (len(roster.records), len(roster.enrolments), len(roster.disciplines)) == (3, 3, 2)


def test_good_rows_leave_alone_what_their_workbook_has_no_column_for(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """A workbook of few columns empties nothing else of the people it names."""
    full = case_book(tmp_path / "1.xlsx", somebody("HS-1", note="giữ", helper="Lê Mẫu"))
    assert dubi("import", str(full), "--apply", "--store", str(store)).code == 0
    rows = [["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Ngày kết nạp"], ["HS-1", "Trần Văn Mẫu", "15/5/1990", "5/1/2020"]]
    few = write_book(tmp_path / "2.xlsx", {"Hồ sơ": rows})
    assert dubi("import", str(few), "--accept-good", "--store", str(store)).code == 0
    fields = stored(store)["Trần Văn Mẫu"]
    assert (fields["note"], fields["helper"], fields["admitted_on"]) == ("giữ", "Lê Mẫu", date(2020, 1, 5))


def test_a_workbook_of_our_form_needs_no_answers(dubi: Dubi, small: Path, store: Path) -> None:
    """An answer that only a list has a use for is said to be of none."""
    ran = dubi("import", str(small), "--unit", "CB-77", "--store", str(store))
    assert ran.code == 0
    assert "không dùng đến --unit" in ran.err
