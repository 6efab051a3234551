"""What a date says, in a cell, an argument or a file of rules; how a day is written; and the sentence of a bad date.

The order is always day, month, year. Numbers are never swapped to make a date possible, a year of two digits never
gets a century, and a missing day is never filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, overload

from rules.loader.spelling.folding import fold, tidy

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""The bounds of every day that is recorded, asked for or in the law."""

EXCEL_BEGINS = date(1899, 12, 30)

_SEPARATOR = r"\s*[/.\-]\s*"
_CLOCK = r"(?:[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{3,4}}){_CLOCK}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?P<between>[-/.])(\d{{1,2}})(?P=between)(\d{{1,2}}){_CLOCK}")
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}),? thang (\d{1,2}),? nam (\d{4})")
_DOTTED_YEAR = re.compile(r"(?:(?:[._]+|-+)\s*[/.\-]\s*){1,2}(\d{4})")
_YEAR_AND_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH = re.compile(rf"(?:thang |t)?(\d{{1,2}})(?:{_SEPARATOR}| nam )(\d{{4}})")
_YEAR = re.compile(r"(?:nam )?((?:1[89]|2[01])\d\d)(?:\.0+)?")
_SHORT_YEAR = re.compile(rf"\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}(\d{{2}})")
_TWO_DIGITS = re.compile(r"(?:nam )?'?([3-9]\d)")
_SERIAL = re.compile(r"([2-5]\d{4})(?:\.0+)?")
_ANY_DATE = re.compile(rf"(?<!\d)\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}\d{{4}}(?!\d)")

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000
_FROM_1900_TO_1904 = 1462
_VIETNAM_AHEAD = 7 * 60
"""Minutes by which the clocks of Vietnam are ahead of those of zone Z."""

REASONS: dict[str, tuple[str, str]] = {
    "impossible_date": ("Ngày không có trong lịch.", "Kiểm tra bản gốc rồi ghi lại theo dạng ngày/tháng/năm."),
    "month_first": (
        "Ngày không có trong lịch; có vẻ tháng ghi trước ngày.",
        "Ghi lại ngày trước tháng sau, ví dụ {example}.",
    ),
    "not_a_date": ("Không phải là ngày.", "Ghi theo dạng ngày/tháng/năm, ví dụ 03/02/2024; chưa biết thì để trống."),
    "two_dates": ("Ô có hai ngày, không rõ ngày nào.", "Tách thành hai cột, mỗi cột một ngày."),
    "date_as_number": (
        "Đây là một con số, không phải ô ngày.",
        "Nếu đúng là {example} thì định dạng ô thành Ngày (Date).",
    ),
    "year_only": ("Chỉ có năm.", "Bổ sung ngày, tháng; chưa biết thì để trống và ghi năm vào cột Ghi chú."),
    "month_only": ("Chỉ có tháng và năm.", "Bổ sung ngày; chưa biết thì để trống và ghi vào cột Ghi chú."),
    "two_digit_year": ("Năm chỉ có hai chữ số.", "Ghi đủ bốn chữ số của năm{example}."),
    "year_out_of_range": (f"Năm nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.", "Kiểm tra lại năm."),
    "time_of_day": ("Ô có cả giờ; chỉ lấy ngày.", "Bỏ phần giờ để khỏi nhầm."),
}
"""By the code of what is wrong: the reason and what to do. Every door says it in these words."""


@dataclass(frozen=True, slots=True)
class Day:
    """A whole date."""

    on: date
    has_time: bool = False


@dataclass(frozen=True, slots=True)
class Partial:
    """A year, perhaps with its month."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that gives no date: the code of the reason, and what the reason's words need."""

    code: str
    example: str = ""
    maybe: date | None = None
    """The day a bare number would stand for; never taken without being asked for."""


Reading = Day | Partial | Unread


def read_day(raw: Any) -> Reading:
    """What a date cell that is not empty says."""
    if isinstance(raw, datetime):
        return _of_calendar(raw.date(), has_time=raw.time() != time())
    if isinstance(raw, date):
        return _of_calendar(raw, has_time=False)
    if isinstance(raw, str):
        return read_text(tidy(raw))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _of_number(float(raw))
    return Unread("not_a_date")


def _of_calendar(day: date, *, has_time: bool) -> Reading:
    """A date cell; a year typed into a cell formatted as a date shows as a day of the year 1905."""
    if shows_a_year(day) and not has_time:
        return Partial((day - EXCEL_BEGINS).days)
    return _checked(day, has_time=has_time)


def shows_a_year(day: date) -> bool:
    """Whether a date cell of this day is read as a year; a day of ours that is one is written as a text."""
    return FIRST_YEAR <= (day - EXCEL_BEGINS).days <= LAST_YEAR


def _checked(day: date, *, has_time: bool) -> Reading:
    return Day(day, has_time) if FIRST_YEAR <= day.year <= LAST_YEAR else Unread("year_out_of_range")


def _of_number(number: float) -> Reading:
    if number != number or number in (float("inf"), float("-inf")):
        return Unread("not_a_date")
    if number == int(number):
        if FIRST_YEAR <= number <= LAST_YEAR:
            return Partial(int(number))
        if 32 <= number <= 99:
            return Unread("two_digit_year", _centuries(f"{int(number):02}"))
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _serial(int(number))
    return Unread("not_a_date")


def from_1904(raw: Any) -> Any:
    """A bare number of a workbook that counts its days from 1904, as one that counts them from 1900 would hold it."""
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        return raw
    moved = raw + _FROM_1900_TO_1904
    return moved if _FIRST_SERIAL <= moved <= _LAST_SERIAL else raw


def day_first(raw: Any) -> Any:
    """A text that was typed with the month first, with the day first; anything else as it is."""
    match = _DAY_FIRST.fullmatch(tidy(raw)) if isinstance(raw, str) else None
    return f"{match[2]}/{match[1]}/{match[3]}" if match else raw


def _serial(number: int) -> Unread:
    day = EXCEL_BEGINS + timedelta(days=number)
    return Unread("date_as_number", shown_day(day), day)


@lru_cache(maxsize=65_536)
def read_text(text: str) -> Reading:
    """What a date typed as text says."""
    if match := _DAY_FIRST.fullmatch(text):
        return _whole(int(match[1]), int(match[2]), match[3], _says_time(match["clock"]))
    if match := _YEAR_FIRST.fullmatch(text):
        found = _whole(int(match[4]), int(match[3]), match[1], _says_time(match["clock"]))
        return _in_vietnam(found, match["clock"], match["zone"]) if match["zone"] else found
    folded = fold(text)
    if match := _IN_WORDS.fullmatch(folded):
        return _whole(int(match[1]), int(match[2]), match[3], has_time=False)
    return _less_than_a_day(folded)


def _says_time(clock: str | None) -> bool:
    return bool(clock and clock.strip("0:."))


def _in_vietnam(found: Reading, clock: str, zone: str) -> Reading:
    """A time with its zone is the day that it was in Vietnam; a midnight by that zone is the day that is written."""
    if not isinstance(found, Day) or not _says_time(clock):
        return found
    hours, minutes = (int(part) for part in clock.split(":")[:2])
    digits = zone[1:].replace(":", "")
    ahead = int(f"{zone[0]}1") * (60 * int(digits[:2]) + int(digits[2:])) if digits else 0
    here = datetime(found.on.year, found.on.month, found.on.day) + timedelta(
        minutes=60 * hours + minutes + _VIETNAM_AHEAD - ahead
    )
    return _checked(here.date(), has_time=here.time() != time())


def _whole(day: int, month: int, year_typed: str, has_time: bool) -> Reading:
    year = int(year_typed)
    if len(year_typed) != 4 or (month == 0 and day != 0):
        return Unread("impossible_date")
    if day == 0:
        return _partial(year, month or None)
    try:
        return _checked(date(year, month, day), has_time=has_time)
    except ValueError:
        if year < 1:
            return Unread("year_out_of_range")
        if month > 12 and 1 <= day <= 12 and month <= 31:
            return Unread("month_first", f"{month:02}/{day:02}/{year}")
        return Unread("impossible_date")


def _partial(year: int, month: int | None) -> Reading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Unread("year_out_of_range")
    if month is not None and month > 12:
        return Unread("impossible_date")
    return Partial(year, month)


def _less_than_a_day(folded: str) -> Reading:
    if match := _MONTH.fullmatch(folded):
        month = int(match[1])
        return _partial(int(match[2]), month or None)
    if match := _YEAR_AND_MONTH.fullmatch(folded):
        return _partial(int(match[1]), int(match[2]) or None)
    if match := _YEAR.fullmatch(folded) or _DOTTED_YEAR.fullmatch(folded):
        return _partial(int(match[1]), None)
    if match := _SHORT_YEAR.fullmatch(folded) or _TWO_DIGITS.fullmatch(folded):
        return Unread("two_digit_year", _centuries(match[1]))
    if match := _SERIAL.fullmatch(folded):
        return _serial(int(match[1]))
    return Unread("two_dates" if len(_ANY_DATE.findall(folded)) > 1 else "not_a_date")


def _centuries(digits: str) -> str:
    return f": 19{digits} hay 20{digits}"


def is_date_text(text: str) -> bool:
    """Whether a text is a date, whole or partial, possible or not."""
    found = read_text(tidy(text))
    return not isinstance(found, Unread) or found.code not in ("not_a_date", "date_as_number", "two_dates")


def whole_day(text: str) -> date | None:
    """The day that a text is, or None where it is less, more or none."""
    found = read_text(tidy(text))
    return found.on if isinstance(found, Day) and not found.has_time else None


@lru_cache(maxsize=65_536)
def _stored_day(text: str) -> date:
    return date.fromisoformat(text)


@overload
def stored_day(stored: str | date) -> date: ...
@overload
def stored_day(stored: str | date | None) -> date | None: ...
def stored_day(stored: str | date | None) -> date | None:
    """A day as we keep it: SQLite and JSON keep yyyy-mm-dd, other databases days; None for none.

    Few days occur, and many times each. Raises `ValueError` for a text that we cannot have written.
    """
    return _stored_day(stored) if isinstance(stored, str) else stored


class NotADay(ValueError):
    """A text that names no day; its words say why and what to do."""


def typed_day(text: str) -> date:
    """The day that somebody typed as an argument, as 31/10/2024 or 2024-10-31.

    Raises `NotADay` for anything less than a whole day of 1900–2100, and for one that comes with a time of day.
    """
    found = read_text(tidy(text))
    if isinstance(found, Day) and not found.has_time:
        return found.on
    code = found.code if isinstance(found, Unread) else ""
    if code == "year_out_of_range":
        raise NotADay(f"Ngày “{text}” có năm nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}. Kiểm tra lại năm.")
    if code in ("impossible_date", "month_first"):
        raise NotADay(f"Ngày “{text}” không có trong lịch. Kiểm tra lại ngày và tháng.")
    raise NotADay(f"“{text}” không phải là ngày. Ghi theo dạng ngày/tháng/năm, ví dụ 31/10/2024.")


def typed_month(text: str) -> tuple[int, int]:
    """The year and the month that somebody typed, as 11/2026 or 2026-11; raises `NotADay`."""
    found = read_text(tidy(text))
    if isinstance(found, Partial) and found.month is not None:
        return found.year, found.month
    if isinstance(found, Unread) and found.code in ("impossible_date", "year_out_of_range"):
        raise NotADay(f"Không có tháng “{text}”. Ghi theo dạng tháng/năm, ví dụ 11/2026.")
    raise NotADay(f"“{text}” không phải là tháng. Ghi theo dạng tháng/năm, ví dụ 11/2026.")


def shown_day(day: date) -> str:
    """A day as it is written here."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def shown_moment(moment: datetime) -> str:
    """A moment as it is written here, to the minute."""
    return f"{moment:%d/%m/%Y %H:%M}"
