"""One cell at a time: what is taken, and the reason for what is not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from cases.workbook import cells
from cases.workbook import schema as layout
from rules.loader.spelling.folding import fold
from rules.loader.spelling.partly import possible_days


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (date(2024, 2, 29), date(2024, 2, 29)),
        (datetime(2024, 2, 29), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 13, 45), date(2024, 2, 29)),
        ("08/07/1980", date(1980, 7, 8)),
        ("8/7/1980", date(1980, 7, 8)),
        (" 08-07-1980 ", date(1980, 7, 8)),
        ("08.07.1980", date(1980, 7, 8)),
        ("1980-07-08", date(1980, 7, 8)),
        ("ngày 08 tháng 7 năm 1980", date(1980, 7, 8)),
        ("31/12/2100", date(2100, 12, 31)),
        ("01/01/1900", date(1900, 1, 1)),
    ],
)
def test_dates_taken(raw: Any, day: date) -> None:
    """A day is a date cell, or a text with day, month and a year of four digits, day before month."""
    assert cells.parse_date(raw) == day


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("31/02/2023", "impossible_date"),
        ("31/04/2024", "impossible_date"),
        ("29/02/2023", "impossible_date"),
        ("25/20/2017", "impossible_date"),
        ("03/25/1990", "month_first"),
        ("00/00/1960", "year_only"),
        ("00/05/1960", "month_only"),
        ("1980", "year_only"),
        (1980.0, "year_only"),
        ("02/2001", "month_only"),
        ("8/7/80", "two_digit_year"),
        (45000.0, "date_as_number"),
        (12.0, "not_a_date"),
        (True, "not_a_date"),
        ("khoảng 1980", "not_a_date"),
        ("chưa rõ", "not_a_date"),
        ("08/07", "not_a_date"),
        ("05/06/1885", "year_out_of_range"),
        ("05/06/2101", "year_out_of_range"),
        ("01/01/0000", "year_out_of_range"),
        (date(2150, 1, 1), "year_out_of_range"),
    ],
)
def test_dates_refused(raw: Any, code: str) -> None:
    """What is not wholly a day of 1900–2100 is refused, never completed, swapped or rounded."""
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_date(raw)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (2019, "2019"),
        (2019.0, "2019"),
        ("năm 2019", "2019"),
        ("3/2019", "03/2019"),
        ("03-2019", "03/2019"),
        ("Tháng 12/2100", "12/2100"),
        ("X", "x"),
        ("có", "x"),
    ],
)
def test_days_known_in_part(raw: Any, kept: str) -> None:
    """A year, a month of a year, or that it happened at all; kept in one writing, which names its possible days."""
    column = layout.SheetColumn("admitted_partly", "Kết nạp (chưa rõ ngày)", "partly")
    assert cells.parse(raw, column) == kept
    days = possible_days(kept)
    assert days is not None
    assert days[0] <= days[1]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (date(2019, 3, 1), "day_known"),
        ("01/03/2019", "day_known"),
        ("13/2019", "not_partly"),
        ("1899", "not_partly"),
        (2101, "not_partly"),
        (1, "not_partly"),
        ("đầu năm", "not_partly"),
        ("19", "not_partly"),
    ],
)
def test_days_known_in_part_refused(raw: Any, code: str) -> None:
    """A whole day belongs in the column of the day; what is neither a year, a month nor x is not guessed at."""
    column = layout.SheetColumn("admitted_partly", "Kết nạp (chưa rõ ngày)", "partly")
    with pytest.raises(cells.CellError) as refused:
        cells.parse(raw, column)
    assert refused.value.code == code


@pytest.mark.parametrize("raw", ["x", "X", " x ", "có", "Có", "CO", 1.0, 1, "1", True, "×", "v"])
def test_marks_that_say_yes(raw: Any) -> None:
    """The marks of the contract mean yes, however they are typed."""
    assert cells.parse_mark(raw) is True


@pytest.mark.parametrize("raw", ["không", "0", 0.0, False])
def test_marks_that_say_no(raw: Any) -> None:
    """A written no is a no."""
    assert cells.parse_mark(raw) is False


@pytest.mark.parametrize("raw", ["?", "y", "chưa rõ", 2.0, date(2024, 1, 1)])
def test_other_marks_are_refused(raw: Any) -> None:
    """A sign that is neither yes nor no is not guessed at."""
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_mark(raw)
    assert refusal.value.code == "unknown_mark"


@pytest.mark.parametrize(
    ("raw", "codes", "code"),
    [
        ("upper_secondary", "schooling", "upper_secondary"),
        ("Trung học phổ thông", "schooling", "upper_secondary"),
        ("TRUNG HOC  PHO THONG", "schooling", "upper_secondary"),
        ("Xóa tên", "exit_kind", "struck_off"),
        ("Xoá tên", "exit_kind", "struck_off"),
        ("nữ", "sex", "Nữ"),
        ("Ngày kết nạp", "step", "admitted_on"),
    ],
)
def test_codes_and_their_labels(raw: str, codes: str, code: str) -> None:
    """A code may be written as itself or as its label, in any case, with or without diacritics."""
    assert cells.parse_code(raw, codes) == code


def test_an_unknown_code_names_the_nearest() -> None:
    """A slip of the pen is answered with the label that was probably meant."""
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_code("Trung học cơ sỏ sở", "schooling")
    assert refusal.value.code == "unknown_code"
    assert "Trung học cơ sở" in str(refusal.value.details["hint"])


def test_every_code_and_label_is_unmistakable() -> None:
    """Within a list no two codes or labels become the same when folded, so that reading one back gives its code."""
    lists = {column.codes for sheet in layout.all_sheets() for column in sheet.columns if column.codes}
    assert lists
    for codes in lists:
        known = layout.choices(codes)
        assert len({fold(label) for label in known.values()}) == len(known), codes
        for code, label in known.items():
            assert cells.parse_code(code, codes) == code
            assert cells.parse_code(label, codes) == code


@pytest.mark.parametrize(
    ("raw", "text"), [(1001.0, "1001"), ("38.168.053", "38.168.053"), (" Hoà   Bình ", "Hoà Bình"), (3.5, "3.5")]
)
def test_texts(raw: Any, text: str) -> None:
    """Numbers lose the `.0` that Excel gives them, and spaces are single."""
    assert cells.parse_text(raw, one_line=True) == text


def test_text_is_composed() -> None:
    """Decomposed Vietnamese becomes composed, and what cannot be seen goes."""
    assert cells.parse_text("Nguye\u0302\u0303n\u200b A\u0301nh\u00a0", one_line=True) == "Nguyễn Ánh"
    assert cells.parse_text("dòng một\r\ndòng hai", one_line=False) == "dòng một\ndòng hai"


def test_long_numbers_have_lost_digits() -> None:
    """A number that Excel could not keep whole is no code."""
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_text(1.2345678901234567e17, one_line=True)
    assert refusal.value.code == "digits_lost"


@pytest.mark.parametrize("raw", ["ba", 3.5, -1.0, "9 đ/c", True, 1e300, float("nan"), float("inf")])
def test_numbers_refused(raw: Any) -> None:
    """A number is a whole one, not negative, and nothing beside it."""
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_number(raw)
    assert refusal.value.code == "bad_number"
