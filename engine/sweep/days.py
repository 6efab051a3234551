"""Tables that answer for every day at once what the clock answers for one: days moved, ages, working days."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import polars as pl

from engine.language.time_limits import Calendar
from rules.loader.spelling.days import FIRST_DAY

EPOCH = dt.date(1970, 1, 1).toordinal()
LOWEST = dt.date(1700, 1, 1).toordinal() - EPOCH
HIGHEST = dt.date(2400, 12, 31).toordinal() - EPOCH
"""Records lie between 1900 and 2100; what the law adds to them stays far within these bounds."""
YEAR_CODE = 512
"""What one year counts in the codes of days that ages are taken from."""


@dataclass(frozen=True, slots=True)
class DayTable:
    """A function of a day that is kept as a table; days are moved by amounts that change on the days of `begins`."""

    what: Literal["moved", "birth_code", "age_code", "year", "rank", "foreseen", "reached"]
    unit: str = ""
    begins: tuple[int, ...] = ()
    amounts: tuple[int, ...] = ()
    of: str = ""
    """For `reached`, the table whose answers are looked for: on which day does it first say so much?"""

    @property
    def total(self) -> bool:
        """Whether it has an answer for every day: working days are known only as far as the calendar reaches."""
        return self.what not in ("rank", "reached") and self.unit != "working_day"


BIRTH_CODE, AGE_CODE = DayTable("birth_code"), DayTable("age_code")
"""`(AGE_CODE(until) - BIRTH_CODE(since)) // YEAR_CODE` is the number of full years between two days."""
YEAR = DayTable("year")
"""The calendar year of a day."""
RANK = DayTable("rank")
"""How many working days there are up to a day; null outside the calendar."""
FORESEEN = DayTable("foreseen")
"""How many days that are only foreseen there are up to a day."""


class DayTables:
    """The tables of a calendar, each made when it is first asked for."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.days = pl.int_range(LOWEST, HIGHEST + 1, dtype=pl.Int32, eager=True).alias("day")
        self._first = FIRST_DAY.toordinal() - EPOCH
        self._last = dt.date(calendar.last_table_year, 12, 31).toordinal() - EPOCH
        self._made: dict[DayTable, pl.Series] = {}
        self._filled: dict[DayTable, pl.Series] = {}
        self._ascending: dict[DayTable, bool] = {}
        self._rising: dict[DayTable, list[tuple[int, int]]] = {}
        self._reach: dict[DayTable, tuple[int, int]] = {}

    def values(self, table: DayTable) -> pl.Series:
        """The table as a column; the entry of a day stands at the place `day - LOWEST`."""
        made = self._made.get(table)
        if made is None:
            made = self._made[table] = self._make(table).cast(pl.Int32).alias("entry")
        return made

    def filled(self, table: DayTable) -> pl.Series:
        """The table with a zero where it has no answer."""
        made = self._filled.get(table)
        if made is None:
            made = self._filled[table] = self.values(table).fill_null(0)
        return made

    def at(self, table: DayTable, day: int) -> int | None:
        """The entry of one day."""
        found: int | None = self.values(table).item(day - LOWEST)
        return found

    def ascends(self, table: DayTable) -> bool:
        """Whether a later day never has a lesser answer."""
        known = self._ascending.get(table)
        if known is None:
            known = self._ascending[table] = self.values(table).drop_nulls().is_sorted()
        return known

    def days_where(self, table: DayTable, op: str, number: int) -> list[tuple[int, int]]:
        """The stretches of days, both ends included, about which a table's answer compares so with a number."""
        entry, found = self.values(table).item, list[tuple[int, int]]()
        for first, last in self._rises(table):
            places = range(first - LOWEST, last + 1 - LOWEST)
            reached = first + bisect_left(places, number, key=entry)
            passed = first + bisect_right(places, number, key=entry)
            stretches = {
                "eq": [(reached, passed)],
                "ne": [(first, reached), (passed, last + 1)] if reached < passed else [(first, last + 1)],
                "lt": [(first, reached)],
                "le": [(first, passed)],
                "gt": [(passed, last + 1)],
                "ge": [(reached, last + 1)],
            }[op]
            for begin, after in stretches:
                if found and found[-1][1] + 1 == begin < after:
                    found[-1] = found[-1][0], after - 1
                elif begin < after:
                    found.append((begin, after - 1))
        return found

    def _rises(self, table: DayTable) -> list[tuple[int, int]]:
        """The stretches of days, both ends included, on which a later day never has a lesser answer."""
        known = self._rising.get(table)
        if known is None:
            values = self.values(table)
            there, before, after = values.is_not_null(), values.shift(1), values.shift(-1)
            firsts = self.days.filter(there & (before.is_null() | (before > values)))
            lasts = self.days.filter(there & (after.is_null() | (after < values)))
            known = self._rising[table] = list(zip(firsts.to_list(), lasts.to_list(), strict=True))
        return known

    def reach(self, table: DayTable) -> tuple[int, int]:
        """The first and the last day that a table has an answer for."""
        known = self._reach.get(table)
        if known is None:
            days = self.days.filter(self.values(table).is_not_null())
            known = self._reach[table] = int(days[0]), int(days[-1])
        return known

    def _make(self, table: DayTable) -> pl.Series:
        match table.what:
            case "moved":
                return self._moved_in_parts(table)
            case "reached":
                return self._reached(DayTable(table.of, table.unit, table.begins, table.amounts))  # type: ignore[arg-type]  # as made
            case "birth_code":
                return self._code(late_february=False)
            case "age_code":
                return self._code(late_february=True)
            case "year":
                return self.days.cast(pl.Date).dt.year().cast(pl.Int32)
            case "foreseen":
                return self._up_to(self._days_of(self.calendar.forecast_ordinals))
            case "rank":
                rank = self._ranks
                return rank.set(~self.days.is_between(self._first, self._last), None)

    def _reached(self, table: DayTable) -> pl.Series:
        """For each number, taken as a day, the first day about which the table says at least so much."""
        values = self.values(table)
        known = self.days.filter(values.is_not_null())
        place = values.drop_nulls().search_sorted(self.days, side="left").cast(pl.Int64)
        beyond = place >= known.len()
        return known.gather(place.set(beyond, 0)).set(beyond, None)

    def _moved_in_parts(self, table: DayTable) -> pl.Series:
        parts, start = [], 0
        for begin, amount in zip((*table.begins, HIGHEST + 1), table.amounts, strict=True):
            end = min(max(begin - LOWEST, start), self.days.len())
            parts.append(self._moved(slice(start, end), table.unit, amount).cast(pl.Int32))
            start = end
        return pl.concat(parts)

    def _moved(self, places: slice, unit: str, amount: int) -> pl.Series:
        """The days of some places moved."""
        match unit:
            case "day":
                return self.days[places] + amount
            case "month" | "year":
                return self._by_months(places, amount * (12 if unit == "year" else 1))
            case _:
                if amount < 1:
                    raise ValueError("a limit has at least one working day")
                worked = self._worked
                place = self._ranks[places] + (amount - 1)
                outside = (place >= worked.len()) | (self.days[places] < self._first)
                return worked.gather(place.set(outside, 0)).set(outside, None)

    def _by_months(self, places: slice, amount: int) -> pl.Series:
        """The same day of another month, or its last: months are moved, and days put behind the first of each."""
        firsts = self._firsts.dt.offset_by(f"{amount}mo")
        lasts = firsts.dt.month_end().cast(pl.Int32)
        months = self._months[places]
        same, last = firsts.cast(pl.Int32)[months] + self._before[places], lasts[months]
        return same.zip_with(same < last, last)

    @cached_property
    def _firsts(self) -> pl.Series:
        """The first day of each month."""
        dates = self.days.cast(pl.Date)
        return dates.filter(dates.dt.day() == 1)

    @cached_property
    def _months(self) -> pl.Series:
        """In which month each day lies, counted from the first."""
        dates = self.days.cast(pl.Date)
        return (dates.dt.day() == 1).cum_sum().cast(pl.UInt32) - 1

    @cached_property
    def _before(self) -> pl.Series:
        """How many days lie before each day in its month."""
        return self.days.cast(pl.Date).dt.day().cast(pl.Int32) - 1

    @cached_property
    def _worked(self) -> pl.Series:
        """The working days of the calendar."""
        return self._days_of(self.calendar.ordinals)

    @cached_property
    def _ranks(self) -> pl.Series:
        """How many working days lie on or before each day, as if none lay outside the calendar."""
        return self._up_to(self._worked)

    def _up_to(self, some: pl.Series) -> pl.Series:
        """How many of some ascending days lie on or before each day."""
        return some.search_sorted(self.days, side="right").cast(pl.Int64)

    @staticmethod
    def _days_of(ordinals: list[int]) -> pl.Series:
        return pl.Series(ordinals, dtype=pl.Int32) - EPOCH

    def _code(self, *, late_february: bool) -> pl.Series:
        """Year and place in the year; with `late_february`, 28/02 of a common year stands for the 29th as well."""
        dates = self.days.cast(pl.Date)
        month, day = dates.dt.month().cast(pl.Int32), dates.dt.day().cast(pl.Int32)
        place = month * 32 + day
        if late_february:
            place = place.set((month == 2) & (day == 28) & ~dates.dt.is_leap_year(), 2 * 32 + 29)
        return dates.dt.year().cast(pl.Int32) * YEAR_CODE + place


@lru_cache(maxsize=4)
def tables_of(calendar: Calendar) -> DayTables:
    """The tables of a calendar, the same for every question: each is made once."""
    return DayTables(calendar)
