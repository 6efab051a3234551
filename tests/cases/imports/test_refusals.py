"""Cells that cannot be taken: each named with its place, its reason and what to do, and all of a file's at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from cases.judging.reasons import CATALOGUE
from cases.values.masking import sensitive
from cases.values.refusals import HeaderProblem, Refused, masked
from cases.workbook import schema as layout
from cases.workbook.read import examine, read_workbook
from engine.language.tree import facts_read
from engine.ruleset import load_ruleset
from tests.cases.files.workbooks import Formula, case_book, rewrite, somebody, table, write_book

ADMITTED = date(2020, 1, 5)

BAD_CELLS: dict[str, tuple[dict[str, Any], list[tuple[str | None, str]]]] = {
    "no such day": (somebody(admitted_on="31/02/2023"), [("admitted_on", "impossible_date")]),
    "a word for a day": (somebody(admitted_on="sắp tới"), [("admitted_on", "not_a_date")]),
    "a year for a day": (somebody(admitted_on=1980), [("admitted_on", "year_only")]),
    "a number for a day": (somebody(admitted_on=45000), [("admitted_on", "date_as_number")]),
    "a year before 1900": (somebody(born_on="03/02/1890"), [("born_on", "year_out_of_range")]),
    "a year after 2100": (somebody(admitted_on="03/02/2190"), [("admitted_on", "year_out_of_range")]),
    "a short year": (somebody(admitted_on="3/2/90"), [("admitted_on", "two_digit_year")]),
    "before birth": (somebody(candidate_on=date(1990, 5, 14)), [("candidate_on", "date_before_birth")]),
    "resolution before the ceremony": (
        somebody(admitted_on=ADMITTED, cell_proposed_recognition_on=date(2020, 1, 4)),
        [("cell_proposed_recognition_on", "recognition_before_admission")],
    ),
    "recognition before the ceremony": (
        somebody(admitted_on=ADMITTED, recognition_decided_on=date(2019, 1, 6)),
        [("recognition_decided_on", "recognition_before_admission")],
    ),
    "effect before the ceremony": (
        somebody(admitted_on=ADMITTED, recognised_from=date(2019, 1, 5)),
        [("recognised_from", "recognition_before_admission")],
    ),
    "unknown code": (somebody(schooling="Trung học phổ thôg"), [("schooling", "unknown_code")]),
    "unknown occupation": (somebody(occupation="phi hành gia"), [("occupation", "unknown_code")]),
    "unknown mark": (somebody(youth_union="?"), [("youth_union", "unknown_mark")]),
    "bad number": (somebody(population_child_order="thứ ba"), [("population_child_order", "bad_number")]),
    "no name": (somebody(full_name=None), [("full_name", "missing_name")]),
    "no code": (somebody(code=None), [("code", "missing_code")]),  # type: ignore[arg-type]  # a person without a code, which no caller may make
    "a code too long": (somebody(code="HS-" + "9" * 70), [("code", "too_long")]),
    "an error cell": (somebody(admitted_on=Formula("=1/0", "#DIV/0!")), [("admitted_on", "formula_error")]),
    "a failed look-up": (somebody(unit=Formula("=VLOOKUP(1,A1:A2,1)", "#N/A")), [("unit", "formula_error")]),
    "all at once": (
        {"full_name": "Lê Thị Mẫu", "born_on": "31/04/1990", "sex": "?", "admitted_on": "mai", "trade_union": "?"},
        [
            ("code", "missing_code"),
            ("born_on", "impossible_date"),
            ("sex", "unknown_code"),
            ("trade_union", "unknown_mark"),
            ("admitted_on", "not_a_date"),
        ],
    ),
}


@pytest.mark.parametrize("name", BAD_CELLS)
def test_cells_of_a_row(tmp_path: Path, name: str, snapshot: SnapshotAssertion) -> None:
    """Every bad cell of a row is refused under its code; the sentence names sheet, row, column, value and remedy."""
    row, expected = BAD_CELLS[name]
    path = case_book(tmp_path / "so.xlsx", somebody("HS-0"), row)
    with pytest.raises(Refused) as refusal:
        read_workbook(path)
    remarks = refusal.value.remarks
    assert [(remark.field, remark.code) for remark in remarks] == expected
    assert {(remark.sheet, remark.row) for remark in remarks} == {("Hồ sơ", 3)}
    assert refusal.value.exit_code == 3
    assert "\n".join(str(remark) for remark in remarks) == snapshot


OTHER_SHEETS: dict[str, tuple[dict[str, Any], list[tuple[str, int, str]]]] = {
    "a code used twice": (
        {"cases": [somebody(), somebody("HS-2"), somebody()]},
        [("Hồ sơ", 2, "duplicate_code"), ("Hồ sơ", 4, "duplicate_code")],
    ),
    "one person with two names": (
        {"cases": [somebody(person_code="N1"), somebody("HS-2", person_code="N1", full_name="Trần Văn Khác")]},
        [("Hồ sơ", 3, "person_mismatch")],
    ),
    "an unknown unit": (
        {"cases": [somebody(unit="CB-O1")], "units": [{"code": "CB-01"}]},
        [("Hồ sơ", 2, "unit_unknown")],
    ),
    "units in a circle": (
        {"units": [{"code": "A", "parent": "B"}, {"code": "B", "parent": "A"}, {"code": "C", "parent": "C"}]},
        [("Đơn vị", 2, "unit_circle"), ("Đơn vị", 3, "unit_circle"), ("Đơn vị", 4, "unit_circle")],
    ),
    "units below nothing": ({"units": [{"code": "A", "parent": "B"}]}, [("Đơn vị", 2, "unit_unknown")]),
    "a unit's unknown level": ({"units": [{"code": "A", "level": "tổ"}]}, [("Đơn vị", 2, "unknown_code")]),
    "a course of unknown kind": ({"courses": [{"code": "L1", "kind": "chính trị"}]}, [("Lớp", 2, "unknown_code")]),
    "a learner of no course": (
        {"cases": [somebody()], "enrolments": [{"course": "L9", "case": "HS-1"}]},
        [("Học viên", 2, "course_unknown")],
    ),
    "a learner of no dossier": (
        {"courses": [{"code": "L1", "kind": "awareness"}], "enrolments": [{"course": "L1", "case": "HS-9"}]},
        [("Học viên", 2, "case_unknown")],
    ),
    "a learner who is nobody": (
        {"courses": [{"code": "L1", "kind": "awareness"}], "enrolments": [{"course": "L1", "youth_union": "x"}]},
        [("Học viên", 2, "missing_name")],
    ),
    "a learner twice": (
        {
            "cases": [somebody()],
            "courses": [{"code": "L1", "kind": "awareness"}],
            "enrolments": [{"course": "L1", "case": "HS-1"}, {"course": "L1", "case": "HS-1"}],
        },
        [("Học viên", 2, "duplicate_row"), ("Học viên", 3, "duplicate_row")],
    ),
    "a target twice": (
        {"targets": [{"unit": "A", "year": 2024, "value": 3}, {"unit": "A", "year": 2024, "value": 4}]},
        [("Chỉ tiêu", 2, "duplicate_row"), ("Chỉ tiêu", 3, "duplicate_row")],
    ),
    "a target of no year": ({"targets": [{"unit": "A", "year": 24, "value": 3}]}, [("Chỉ tiêu", 2, "bad_number")]),
    "discipline of nobody": (
        {"disciplines": [{"case": "HS-9", "form": "Cảnh cáo", "on": date(2024, 1, 1)}]},
        [("Kỷ luật", 2, "case_unknown")],
    ),
    "discipline on no day": (
        {"cases": [somebody()], "disciplines": [{"case": "HS-1", "form": "Cảnh cáo"}]},
        [("Kỷ luật", 2, "missing_value")],
    ),
    "a step before birth": (
        {"cases": [somebody()], "steps": [{"case": "HS-1", "kind": "candidate_on", "on": date(1980, 1, 1)}]},
        [("Bước", 2, "date_before_birth")],
    ),
    "an unknown step": (
        {"cases": [somebody()], "steps": [{"case": "HS-1", "kind": "ngày nào đó", "on": date(2020, 1, 1)}]},
        [("Bước", 2, "unknown_code")],
    ),
    "an earlier value of no list": (
        {"cases": [somebody()], "attributes": [{"case": "HS-1", "name": "schooling", "value": "giỏi"}]},
        [("Quá trình", 2, "unknown_code")],
    ),
    "an earlier value that is empty": (
        {"cases": [somebody()], "attributes": [{"case": "HS-1", "name": "schooling"}]},
        [("Quá trình", 2, "missing_value")],
    ),
}


@pytest.mark.parametrize("name", OTHER_SHEETS)
def test_rows_that_do_not_agree(tmp_path: Path, name: str, snapshot: SnapshotAssertion) -> None:
    """Codes used twice and codes that name nothing are refused in every sheet, each row naming the others."""
    content, expected = OTHER_SHEETS[name]
    others = {key: rows for key, rows in content.items() if key != "cases"}
    path = case_book(tmp_path / "so.xlsx", *content.get("cases", []), **others)
    with pytest.raises(Refused) as refusal:
        read_workbook(path)
    remarks = refusal.value.remarks
    assert [(remark.sheet, remark.row, remark.code) for remark in remarks] == expected
    assert "\n".join(str(remark) for remark in remarks) == snapshot


def test_the_whole_sentence(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    """The refusal counts the places, lists them all, and says that nothing was stored."""
    path = case_book(tmp_path / "so.xlsx", somebody(born_on="31/02/1990"), somebody(born_on="?"))
    with pytest.raises(Refused) as refusal:
        read_workbook(path)
    assert str(refusal.value).replace(str(path), "so.xlsx") == snapshot


def test_good_rows_are_known_beside_refused_ones(tmp_path: Path) -> None:
    """Looking through a file gives its good rows and its bad ones, so that a preview can show both."""
    seen = examine(case_book(tmp_path / "so.xlsx", somebody(), somebody("HS-2", sex="?"), somebody("HS-3")))
    assert [record.code for record in seen.roster.records] == ["HS-1", "HS-3"]
    assert [(remark.row, remark.code) for remark in seen.refused] == [(3, "unknown_code")]


def test_a_formula_without_a_stored_result(tmp_path: Path) -> None:
    """A formula whose result the file does not hold is refused; one whose result is a text or a day is read."""
    row = somebody(admitted_on=Formula("=DATE(2020,1,5)", "05/01/2020"), candidate_on=Formula("=A1", "RESULT"))
    whole = case_book(tmp_path / "whole.xlsx", row)
    path = rewrite(
        whole, tmp_path / "so.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>RESULT</v>", b"<v></v>")
    )
    path = rewrite(
        path, tmp_path / "so2.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b' t="str"><f>A1', b"><f>A1")
    )
    seen = examine(path)
    assert [(remark.field, remark.code) for remark in seen.refused] == [("candidate_on", "formula_empty")]


def test_error_cells_outside_our_columns_do_not_matter(tmp_path: Path) -> None:
    """An error in a column that is not read refuses nothing."""
    rows = table(layout.case_sheet(), [somebody()])
    rows[0].append("Tuổi")
    rows[1].append(Formula("=1/0", "#DIV/0!"))
    assert len(read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows})).roster.records) == 1


@pytest.mark.parametrize("field", ["code", "full_name", "born_on", "admitted_on"])
def test_a_needed_column_is_missing(tmp_path: Path, field: str) -> None:
    """A sheet without one of the columns that nothing can be said without is refused as a whole, naming the column."""
    rows = table(layout.case_sheet(), [somebody()])
    place = [column.field for column in layout.case_sheet().columns].index(field)
    header = rows[0][place]
    for row in rows:
        del row[place]
    with pytest.raises(HeaderProblem, match=f"thiếu cột bắt buộc “{header}”"):
        read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows}))


def test_a_needed_column_under_another_name(tmp_path: Path) -> None:
    """A column that is missing while another looks like it: did you mean that one?"""
    rows = table(layout.case_sheet(), [somebody()])
    rows[0] = ["Họ tên" if header == "Họ và tên" else header for header in rows[0]]
    with pytest.raises(HeaderProblem, match="có phải là cột B “Họ tên”"):
        read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows}))


def test_a_column_twice(tmp_path: Path) -> None:
    """Two columns of one name: nobody knows which is meant."""
    rows = table(layout.case_sheet(), [somebody()])
    rows[0].append("Ngày kết nạp")
    with pytest.raises(HeaderProblem, match="“Ngày kết nạp” có ở nhiều chỗ"):
        read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows}))


def test_messages_keep_secrets(tmp_path: Path) -> None:
    """Personal numbers are masked, and no message repeats what a row says of faith or family."""
    row = somebody(code="012345678901", foreign_spouse="vợ người Lào", born_on="số 012345678901")
    history = [{"case": "012345678901", "name": "foreign_spouse", "value": "vợ người Lào"}]
    with pytest.raises(Refused) as refusal:
        read_workbook(case_book(tmp_path / "so.xlsx", row, row, attributes=history))
    said = str(refusal.value)
    assert len(refusal.value.remarks) == 7
    assert "012345678901" not in said
    assert "Lào" not in said
    assert "*********901" in said


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("038123456", "******456"),
        ("12345678", "12345678"),
        ("CCCD 001002003004.", "CCCD *********004."),
        ("x" * 99, None),
    ],
)
def test_masking(value: str, shown: str | None) -> None:
    """Numbers of 9 to 12 digits keep their last three; long values are cut."""
    assert masked(value) == (shown or "x" * 79 + "…")


def test_what_is_computed_of_sensitive_facts_is_sensitive() -> None:
    """What reads a sensitive fact and would tell it is marked too; which condition was broken is told all the same."""
    ruleset = load_ruleset()
    read = {name for name, tree in ruleset.computed.items() if facts_read(tree) & sensitive()}
    assert read - sensitive() == {"admission_breach"}
    assert {"ethnicity", "religion", "exit_kind", "discipline_form"} <= sensitive()


def test_every_reason_has_two_sentences() -> None:
    """Each reason of the catalogue says what is wrong and what to do, in whole sentences or with a hint put in."""
    for code, reason in CATALOGUE.items():
        assert reason.reason.endswith("."), code
        assert reason.suggestion.endswith((".", "}")), code
