"""The canonical workbook as offices have it: shipped rosters, headers of any spelling, histories, optional columns."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from cases.values.records import AttributeEntry, Placement, StepEntry
from cases.values.refusals import HeaderProblem
from cases.workbook import schema as layout
from cases.workbook.read import examine, read_workbook
from tests.cases.files.workbooks import case_book, somebody, table, write_book

ROSTERS = {
    "chi-bo-nho": ((26, 1, 4, 16, 3, 1), {}),
    "dang-bo-co-so": (
        (600, 16, 56, 818, 120, 5),
        {"after_exit": 7, "dates_out_of_order": 4, "after_departure": 1, "age_at_admission": 3},
    ),
    "son-la-6t-2024": ((1486, 124, 38, 2459, 17, 0), {"after_exit": 4, "after_departure": 2, "age_at_admission": 9}),
}


@pytest.mark.parametrize(("name", "sizes", "doubts"), [(name, *held) for name, held in ROSTERS.items()])
def test_shipped_rosters(data: Path, name: str, sizes: tuple[int, ...], doubts: dict[str, int]) -> None:
    """Every row of every sheet of the shipped rosters is read; certificates given to people who had left or moved
    away, consent given after its decision, and people admitted above sixty without consent, are told.
    """
    reading = read_workbook(data / "rosters" / f"{name}.xlsx")
    roster = reading.roster
    parts = (roster.records, roster.units, roster.courses, roster.enrolments, roster.targets, roster.disciplines)
    assert tuple(len(part) for part in parts) == sizes
    assert Counter(warning.code for warning in reading.warnings) == doubts


def test_a_record_of_a_shipped_roster(data: Path) -> None:
    """Cells become typed values under the contract's names; empty cells are absent, labels become codes."""
    record = read_workbook(data / "rosters" / "chi-bo-nho.xlsx").roster.records[0]
    assert record.code == "HS-01"
    assert record.fields["schooling"] == "upper_secondary"
    assert record.fields["youth_union"] is True
    assert record.fields["admitted_on"] == date(2024, 2, 29)
    assert "trade_union" not in record.fields
    assert "religious_office" not in record.fields
    assert "cell_proposed_recognition_on" not in record.fields


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _starred(text: str) -> str:
    return f"  {text} * :"


def _broken(text: str) -> str:
    return text.replace(" ", "\n ")


def _joined(text: str) -> str:
    return text.replace(" ", "")


@pytest.mark.parametrize("spelling", [str.upper, _decomposed, _bare, _starred, _broken, _joined])
def test_headers_of_any_spelling(tmp_path: Path, spelling: Callable[[str], str]) -> None:
    """Headers and sheet names match without regard to case, spacing, diacritics, Unicode form, or a star."""
    rows = table(layout.case_sheet(), [somebody(admitted_on=date(2020, 1, 5), unit="CB-1", youth_union="x")])
    rows[0] = [spelling(header) for header in rows[0]]
    name = "HO SO" if spelling is _bare else layout.case_sheet().name
    record = read_workbook(write_book(tmp_path / "so.xlsx", {name: rows})).roster.records[0]
    assert record.fields == {
        "code": "HS-1",
        "full_name": "Trần Văn Mẫu",
        "born_on": date(1990, 5, 15),
        "admitted_on": date(2020, 1, 5),
        "unit": "CB-1",
        "youth_union": True,
    }


def test_columns_in_any_order_below_a_title(tmp_path: Path) -> None:
    """The header is found below title rows, columns are found wherever they stand, and rows keep Excel's numbers."""
    rows = [list(reversed(row)) for row in table(layout.case_sheet(), [somebody(), {}, somebody("HS-2")])]
    titled = [["ĐẢNG BỘ PHƯỜNG BÌNH MINH"], [], *rows]
    seen = examine(write_book(tmp_path / "so.xlsx", {"Hồ sơ": titled}))
    assert seen.header_row == 3
    assert seen.cases == ((4, "HS-1"), (6, "HS-2"))
    assert seen.blank == (5,)


def test_sheets_are_found_by_name(tmp_path: Path) -> None:
    """Where the sheet `Hồ sơ` stands among the tabs does not matter; a sheet of the user's own is told of and left."""
    sheets = {"Nháp": [["gì đó"]], "Hồ sơ": table(layout.case_sheet(), [somebody()])}
    reading = read_workbook(write_book(tmp_path / "so.xlsx", sheets))
    assert [record.code for record in reading.roster.records] == ["HS-1"]
    assert [(warning.sheet, warning.code) for warning in reading.warnings] == [("Nháp", "sheet_unknown")]


def test_numbers_as_codes(tmp_path: Path) -> None:
    """Codes that Excel keeps as numbers are the same codes as texts, in every sheet that refers to them."""
    path = case_book(
        tmp_path / "so.xlsx",
        somebody(code=1.0, unit=3),  # type: ignore[arg-type]  # a number where a text is meant
        units=[{"code": "3", "name": "Chi bộ 3"}],
        disciplines=[{"case": 1, "form": "Cảnh cáo", "on": "1/2/2020"}],
    )
    roster = read_workbook(path).roster
    assert roster.records[0].code == "1"
    assert roster.records[0].fields["unit"] == "3"
    assert roster.disciplines[0].case == "1"


def test_contract_columns_may_be_absent_but_not_in_silence(tmp_path: Path) -> None:
    """A workbook without some of the columns is read, the reader is told of each, and optional ones go unmentioned."""
    rows = [["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Ngày kết nạp"], ["HS-1", "Trần Văn Mẫu", "15/5/1990", "5/1/2020"]]
    reading = read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows}))
    absent = {warning.field for warning in reading.warnings if warning.code == "column_absent"}
    optional = {column.field for column in layout.case_sheet().columns if column.optional}
    present = {"code", "full_name", "born_on", "admitted_on"}
    assert absent == {column.field for column in layout.case_sheet().columns} - optional - present
    assert reading.covered["Hồ sơ"] == present
    assert "person_code" in optional


def test_a_header_alone_is_an_empty_roster(tmp_path: Path) -> None:
    """A sheet with its header and no rows is a roster of nobody."""
    assert read_workbook(case_book(tmp_path / "so.xlsx")).roster.records == ()


def test_histories(tmp_path: Path) -> None:
    """Steps, attributes and stays of the optional sheets join their record; the column shows the latest step."""
    path = case_book(
        tmp_path / "so.xlsx",
        somebody(awareness_certified_on=date(2021, 3, 1), schooling="Trung học phổ thông"),
        somebody("HS-2", awareness_certified_on=date(2018, 1, 1)),
        steps=[
            {"case": "HS-1", "kind": "Ngày cấp GCN nhận thức về Đảng", "on": date(2014, 3, 1)},
            {"case": "HS-1", "kind": "awareness_certified_on", "on": date(2021, 3, 1), "document": "12-GCN"},
            {"case": "HS-1", "kind": "candidate_on", "on": "1/1/2013"},
            {"case": "HS-2", "kind": "awareness_certified_on", "on": date(2023, 1, 1)},
        ],
        attributes=[
            {"case": "HS-1", "name": "Trình độ học vấn", "value": "Trung học cơ sở", "since": date(2008, 6, 1)},
            {"case": "HS-1", "name": "youth_union", "value": "x", "since": date(2006, 3, 26)},
            {"case": "HS-1", "name": "youth_union", "value": "không", "since": date(2020, 3, 26)},
        ],
        placements=[{"case": "HS-1", "unit": "CB-9", "since": date(2019, 1, 1), "until": date(2019, 12, 31)}],
    )
    reading = read_workbook(path)
    first, second = reading.roster.records
    assert first.fields["awareness_certified_on"] == date(2021, 3, 1)
    assert first.fields["candidate_on"] == date(2013, 1, 1)
    assert first.steps == (
        StepEntry("awareness_certified_on", date(2014, 3, 1)),
        StepEntry("awareness_certified_on", date(2021, 3, 1), document="12-GCN"),
    )
    assert first.attributes == (
        AttributeEntry("schooling", "lower_secondary", date(2008, 6, 1)),
        AttributeEntry("youth_union", True, date(2006, 3, 26)),
        AttributeEntry("youth_union", False, date(2020, 3, 26)),
    )
    assert first.placements == (Placement("CB-9", date(2019, 1, 1), date(2019, 12, 31)),)
    assert second.fields["awareness_certified_on"] == date(2023, 1, 1)
    assert second.steps == (StepEntry("awareness_certified_on", date(2018, 1, 1)),)
    assert [(warning.row, warning.code) for warning in reading.warnings] == [(3, "later_step")]


def test_doubts_are_told_and_taken(tmp_path: Path) -> None:
    """Dates out of order, no birth date, a certificate or name that differs, a time of day: warned, not refused."""
    path = case_book(
        tmp_path / "so.xlsx",
        somebody(admission_decided_on=date(2020, 2, 1), admitted_on=date(2020, 1, 5)),
        somebody("HS-2", born_on=None),
        somebody("HS-3", awareness_certified_on=datetime(2019, 5, 6, 8, 30)),
        courses=[{"code": "L1", "kind": "awareness", "opened_on": date(2019, 5, 4), "closed_on": date(2019, 5, 1)}],
        enrolments=[{"course": "L1", "case": "HS-3", "full_name": "Trần Văn Khác", "certified_on": date(2019, 5, 7)}],
    )
    found = Counter(warning.code for warning in read_workbook(path).warnings)
    assert found == {
        "dates_out_of_order": 2,
        "missing_birth_date": 1,
        "time_of_day": 1,
        "certificate_differs": 1,
        "name_differs": 1,
    }


def test_a_misspelt_header_is_not_passed_over(tmp_path: Path) -> None:
    """A column that looks like one of ours, which is missing, stops the reading: its dates would count as never."""
    rows = table(layout.case_sheet(), [somebody()])
    rows[0] = [f"{header} Đảng" if header == "Ngày quyết định kết nạp" else header for header in rows[0]]
    with pytest.raises(HeaderProblem, match="thiếu cột “Ngày quyết định kết nạp”; có phải là cột AA"):
        read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows}))


def test_columns_of_the_user_s_own(tmp_path: Path) -> None:
    """A column that is not ours is told of and left; when an optional one of ours is like it, that one is named."""
    rows = table(layout.case_sheet(), [somebody()])
    rows[0] += ["Biển số xe", "Mã ngươi dân"]
    reading = read_workbook(write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows}))
    told = {warning.header: warning.suggestion for warning in reading.warnings}
    assert told == {
        "Biển số xe": "Đổi tên cột nếu là cột của mẫu.",
        "Mã ngươi dân": "Có phải “Mã người”? Nếu phải, sửa lại tên cột.",
    }


def test_units_are_free_where_no_unit_is_listed(tmp_path: Path) -> None:
    """Without sheet `Đơn vị`, or with one that lists nothing, any code of a unit is taken."""
    rows = table(layout.case_sheet(), [somebody(unit="CB-77")])
    for others in ({}, {"Đơn vị": table(layout.UNITS, [])}):
        path = write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows, **others})
        assert read_workbook(path).roster.records[0].fields["unit"] == "CB-77"


def test_headers_are_unmistakable() -> None:
    """Within a sheet no two headers are the same when spelt carelessly."""
    for sheet in layout.all_sheets():
        spelt = {_joined(_bare(column.header)).lower() for column in sheet.columns}
        assert len(spelt) == len(sheet.columns), sheet.name
