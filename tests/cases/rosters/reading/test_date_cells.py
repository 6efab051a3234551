"""Every shape of a date that lists hold, under a birth header and on a step of the process."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from cases.rosters.outcome.answers import Answers
from tests.cases.rosters.sheets import codes, notice_codes, person, preview

DAY = date(1980, 7, 8)


@pytest.mark.parametrize(
    "raw",
    [
        DAY,
        datetime(1980, 7, 8),
        "08/07/1980",
        "8/7/1980",
        "08/7/1980",
        "08-07-1980",
        "08.07.1980",
        " 08 / 07 / 1980 ",
        "1980-07-08",
        "1980-07-08 00:00:00",
        "ngày 08 tháng 7 năm 1980",
        "Ngày 8 tháng 07 năm 1980",
    ],
    ids=str,
)
def test_whole_dates(raw: Any) -> None:
    """A whole date is taken however it is written, day before month, under a birth header and on a step."""
    assert person("Ngày sinh", raw).outcome == "accepted"
    assert person("Ngày sinh", raw).fields["born_on"] == DAY
    step = person("Ngày kết nạp", raw, others={"Ngày sinh": "05/06/1950"})
    assert (step.outcome, step.fields["admitted_on"]) == ("accepted", DAY)


@pytest.mark.parametrize(
    ("raw", "code", "fields"),
    [
        ("1980", "year_only", {"birth_year": 1980}),
        (1980.0, "year_only", {"birth_year": 1980}),
        (date(1905, 6, 2), "year_only", {"birth_year": 1980}),  # 1980 typed into a cell formatted as a date
        ("00/00/1960", "year_only", {"birth_year": 1960}),
        ("../../1960", "year_only", {"birth_year": 1960}),
        ("02/2001", "month_only", {"birth_year": 2001, "birth_month": 2}),
        ("7-1980", "month_only", {"birth_year": 1980, "birth_month": 7}),
        ("tháng 7 năm 1980", "month_only", {"birth_year": 1980, "birth_month": 7}),
        ("00/5/1960", "month_only", {"birth_year": 1960, "birth_month": 5}),
        ("8/7/80", "two_digit_year", {}),
        ("80", "two_digit_year", {}),
        (80.0, "two_digit_year", {}),
        ("khoảng 1980", "missing_birth_date", {}),
        ("âm lịch", "missing_birth_date", {}),
        ("chưa rõ", "missing_birth_date", {}),
        ("?", "missing_birth_date", {}),
        ("08/7", "missing_birth_date", {}),
        (12.0, "missing_birth_date", {}),
        (3.2, "missing_birth_date", {}),
        ("29410", "date_as_number", {}),
        (29410.0, "date_as_number", {}),
        ("1/1/1890", "year_out_of_range", {}),
    ],
    ids=str,
)
def test_births_with_less_than_a_day(raw: Any, code: str, fields: dict[str, int]) -> None:
    """A birth keeps what is known of it, never with an invented day; the row is warned of, once."""
    row = person("Ngày sinh", raw)
    assert (row.outcome, codes(row)) == ("warned", [(code, "born_on")])
    assert "born_on" not in row.fields
    assert {name: row.fields[name] for name in row.fields if name.startswith("birth_")} == fields


@pytest.mark.parametrize(
    ("raw", "outcome", "code"),
    [
        ("1980", "warned", "year_only"),
        (2012.0, "warned", "year_only"),
        ("02/2001", "warned", "month_only"),
        ("00/5/1960", "warned", "month_only"),
        ("44927", "warned", "date_as_number"),
        ("8/7/80", "refused", "two_digit_year"),
        ("80", "refused", "two_digit_year"),
        ("12.0", "refused", "impossible_date"),
        ("khoảng 1980", "refused", "impossible_date"),
        ("chưa rõ", "refused", "impossible_date"),
        ("08/7", "refused", "impossible_date"),
        ("nt", "refused", "impossible_date"),
    ],
    ids=str,
)
def test_steps_need_a_whole_date(raw: Any, outcome: str, code: str) -> None:
    """A step without its day starts no clock and stays empty; one that is no date refuses the row."""
    row = person("Ngày kết nạp", raw)
    assert (row.outcome, codes(row)) == (outcome, [(code, "admitted_on")])
    assert "admitted_on" not in row.fields


@pytest.mark.parametrize("raw", ["31/02/1990", "31/04/2024", "25/20/2017", "03/25/1990", "32/01/1990", "8/7/198"])
@pytest.mark.parametrize(("header", "field"), [("Ngày sinh", "born_on"), ("Ngày kết nạp", "admitted_on")])
def test_impossible_dates(raw: str, header: str, field: str) -> None:
    """A day that no calendar has refuses the row; numbers are never swapped."""
    row = person(header, raw)
    assert (row.outcome, codes(row)) == ("refused", [("impossible_date", field)])
    assert row.record is None


@pytest.mark.parametrize("sign", ["-", "–", "...", " ", "…"])
def test_signs_of_nothing(sign: str) -> None:
    """A dash in a date column is an empty cell."""
    assert person("Ngày kết nạp", sign).outcome == "accepted"


def test_time_of_day() -> None:
    """A time beside a date is told of; the date is taken."""
    row = person("Ngày sinh", datetime(1980, 7, 8, 3, 0))
    assert (row.outcome, codes(row), row.fields["born_on"]) == ("warned", [("time_of_day", "born_on")], DAY)


def test_number_is_taken_when_confirmed() -> None:
    """A bare number becomes the date it stands for only when somebody has said so."""
    row = person("Ngày sinh", 29410.0, Answers(unit="CB-01", accepted=frozenset({"date_as_number"})))
    assert (row.outcome, row.fields["born_on"]) == ("accepted", DAY)


def test_two_dates_in_a_cell() -> None:
    """Two dates under one label are not assigned by their order."""
    row = person("Ngày kết nạp", "03/02/2023 03/02/2024")
    assert (row.outcome, codes(row)) == ("refused", [("stack_count", "admitted_on")])


@pytest.mark.parametrize(
    ("parts", "fields", "code"),
    [
        (("8", "7", "1980"), {"born_on": DAY}, None),
        ((8.0, 7.0, 1980.0), {"born_on": DAY}, None),
        (("", "7", "1980"), {"birth_year": 1980, "birth_month": 7}, "month_only"),
        (("", "", "1980"), {"birth_year": 1980}, "year_only"),
        (("8", "", "1980"), {"birth_year": 1980}, "year_only"),
        (("8", "7", ""), {}, "missing_birth_date"),
        (("31", "2", "1980"), {}, "impossible_date"),
    ],
)
def test_three_columns(parts: tuple[Any, Any, Any], fields: dict[str, Any], code: str | None) -> None:
    """Day, month and year of three columns are joined; a missing part only makes the date less precise."""
    seen = preview(
        [
            ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "", ""],
            ["", "", "", "Ngày", "Tháng", "Năm"],
            [1, "Nguyễn Thị Thử", "Nữ", *parts],
        ],
        merges=[(0, 3, 0, 5)],
    )
    row = seen.rows[0]
    assert [why.remark.code for why in row.why] == ([code] if code else [])
    assert {name: value for name, value in row.fields.items() if name.startswith(("born", "birth"))} == fields


def test_swapped_column() -> None:
    """A column a month-first machine has swapped refuses every row, unless somebody vouches for the column."""
    rows: list[list[Any]] = [["Họ và tên", "Giới tính", "Ngày sinh"]]
    births = [date(1980, 3, 5), date(1981, 4, 12), date(1982, 1, 9), "25/03/1990", "31/12/1985"]
    rows += [[f"Nguyễn Văn {letter}", "Nam", birth] for letter, birth in zip("ABCDE", births, strict=True)]
    seen = preview(rows)
    assert {row.outcome for row in seen.rows} == {"refused"}
    assert {code for row in seen.rows for code in codes(row)} == {("month_first_column", "born_on")}
    assert "month_first_column" in notice_codes(seen)
    vouched = preview(rows, Answers(unit="CB-01", day_first=frozenset({"born_on"})))
    assert {row.outcome for row in vouched.rows} == {"accepted"}


def test_month_first_texts_are_told_of_together() -> None:
    """Several texts with the month first are refused one by one, and the column is named once."""
    rows: list[list[Any]] = [["Họ và tên", "Giới tính", "Ngày sinh"]]
    rows += [[f"Nguyễn Văn {letter}", "Nam", f"03/{day}/1990"] for letter, day in zip("ABC", (25, 26, 27), strict=True)]
    seen = preview(rows)
    assert {row.outcome for row in seen.rows} == {"refused"}
    assert "months_before_days" in notice_codes(seen)


@pytest.mark.parametrize(
    ("heading", "step"),
    [
        ("QĐ kết nạp ngày", "admission_decided_on"),
        ("Lễ kết nạp", "admitted_on"),
        ("Ngày kết nạp", "admitted_on"),
        ("QĐ chính thức ngày", "recognition_decided_on"),
        ("Giấy CN bồi dưỡng ĐV mới", "new_member_certified_on"),
    ],
)
def test_what_a_column_holds_does_not_hang_on_its_order(heading: str, step: str) -> None:
    """A heading put together over days with the month first is that step: its order is asked, not its meaning."""
    header = ["Họ và tên", "Giới tính", "Ngày sinh", heading]
    days = (("01/13/2025", 13, 1), ("02/17/2025", 17, 2), ("03/30/2025", 30, 3))
    rows = [[f"Nguyễn Văn {letter}", "Nam", "05/06/1980", day] for letter, (day, *_) in zip("ABC", days, strict=True)]
    asked = preview([header, *rows])
    assert {code for row in asked.rows for code in codes(row)} >= {("impossible_date", step)}
    assert "month_first_column" in notice_codes(asked)
    assert "header_ambiguous" not in notice_codes(asked)
    told = preview([header, *rows], Answers(unit="CB-01", month_first=frozenset({"D"})))
    assert [row.fields[step] for row in told.rows] == [date(2025, month, day) for _, day, month in days]
    assert "months_before_days" not in notice_codes(told)


def test_filled_in_dates_are_told_of() -> None:
    """The same day on every row, or the first of January on many, looks filled in."""
    header = ["Họ và tên", "Giới tính", "Ngày sinh", "Ngày kết nạp"]
    names = [f"Nguyễn Văn {letter}" for letter in "ABCDEF"]
    same = preview(
        [header, *([name, "Nam", f"0{place + 1}/05/1980", "03/02/2010"] for place, name in enumerate(names))]
    )
    assert "same_date" in notice_codes(same)
    first = preview([header, *([name, "Nam", f"01/01/198{place}", ""] for place, name in enumerate(names))])
    assert "first_of_january" in notice_codes(first)
