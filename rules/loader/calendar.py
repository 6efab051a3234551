"""The table of public holidays and official swaps (`law/calendar.yaml`), read strictly.

Ordinary days are not in it: Monday to Friday worked, Saturday and Sunday off.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader.kept.copies import kept
from rules.loader.spelling.days import shown_day
from rules.loader.yaml_nodes import Node, read_yaml

FILE = Path(__file__).parents[1] / "law" / "calendar.yaml"

KINDS = ("holiday", "swap_off", "swap_work", "forecast_holiday")
"""Off, off by swap, worked by swap (a weekend day), off as far as can be foreseen."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not ordinary; `source` says where it is known from."""

    date: dt.date
    kind: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The days that are not ordinary, from the first of January of `first_year` to the end of `last_year`."""

    first_year: int
    last_year: int
    forecast_years: tuple[int, ...]
    days: tuple[SpecialDay, ...]


def published(table: CalendarTable) -> CalendarTable:
    """The table as far as its holidays are published."""
    last = min((year - 1 for year in table.forecast_years), default=table.last_year)
    days = tuple(day for day in table.days if day.date.year <= last)
    return CalendarTable(table.first_year, last, (), days)


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day `count` months later; a day that the month lacks becomes its last (29/02 + 12 → 28/02).

    No regulation of the Party says it: decided here after the Civil Code (91/2015/QH13, article 148.3) by analogy.
    """
    year, month = divmod(12 * day.year + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def load(file: Path = FILE) -> CalendarTable:
    """The table of the file; a day written under `overrides` wins over the same day under `days`.

    Raises `LawFileError` where the years do not fit each other.
    """
    return kept("calendar", CalendarTable, lambda: _read(file)) if file == FILE else _read(file)


def _read(file: Path) -> CalendarTable:
    root = read_yaml(file).mapping(
        required=("made_from", "first_year", "last_year", "forecast_years", "overrides", "days")
    )
    first, last = root["first_year"].integer(), root["last_year"].integer()
    if last < first:
        raise root["last_year"].error("Năm cuối đứng trước năm đầu.", "Xem lại first_year và last_year.")
    forecast = []
    for node in root["forecast_years"].items():
        if not first <= node.integer() <= last:
            raise node.error(f"Năm {node.integer()} nằm ngoài bảng.", f"Bảng có các năm {first}–{last}.")
        forecast.append(node.integer())
    made = _days(root["days"], range(first, last + 1))
    by_hand = _days(root["overrides"], range(first, last + 1))
    return CalendarTable(first, last, tuple(forecast), tuple(day for _, day in sorted((made | by_hand).items())))


def _days(nodes: Node, years: range) -> dict[dt.date, SpecialDay]:
    days: dict[dt.date, SpecialDay] = {}
    for node in nodes.items():
        keys = node.mapping(required=("date", "kind", "name", "source"))
        date, kind = keys["date"].date(), keys["kind"].one_of(KINDS)
        weekend = date.weekday() >= 5
        if date.year not in years:
            raise node.error(f"Ngày {shown_day(date)} nằm ngoài bảng.", f"Bảng có các năm {years[0]}–{years[-1]}.")
        if date in days:
            raise node.error(f"Ngày {shown_day(date)} ghi hai lần.", "Bỏ một trong hai dòng.")
        if weekend and kind != "swap_work":
            raise node.error(
                f"Ngày {shown_day(date)} là cuối tuần, vốn đã nghỉ.", "Chỉ ghi ngày nghỉ rơi vào thứ Hai đến thứ Sáu."
            )
        if not weekend and kind == "swap_work":
            raise node.error(
                f"Ngày {shown_day(date)} không phải cuối tuần, vốn đã làm việc.",
                "Ngày làm bù là thứ Bảy hoặc Chủ nhật.",
            )
        days[date] = SpecialDay(date, kind, keys["name"].text(), keys["source"].text())
    return days
