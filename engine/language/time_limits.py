"""Dates as the law counts them: calendar months, full years, and working days. Knows no today.

"N working days after D" leaves D itself out; the Nth working day is the last day of the limit. Where the table of
holidays does not reach, the answer is None: unknown, never a guess.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, cached_property
from itertools import accumulate, compress

from rules.loader.calendar import CalendarTable, load
from rules.loader.calendar import add_months as add_months
from rules.loader.spelling.days import FIRST_DAY


def full_years(start: dt.date, end: dt.date) -> int:
    """How many whole years lie between two days; the anniversary itself completes the year."""
    years = end.year - start.year
    return years if add_months(start, 12 * years) <= end else years - 1


ELAPSED: dict[str, Callable[[dt.date, dt.date], int]] = {
    "full_years": full_years,
    "calendar_years": lambda start, end: end.year - start.year,
    "days_between": lambda start, end: (end - start).days,
}
"""What can have passed between two days."""


class Calendar:
    """Which days are worked, by the table of holidays and swaps; before the table only weekends are left out."""

    def __init__(self, table: CalendarTable) -> None:
        self.first_table_year = table.first_year
        self.last_table_year = table.last_year
        self._start = FIRST_DAY.toordinal()
        self._end = dt.date(table.last_year + 1, 1, 1).toordinal()
        days = range(self._start, self._end)
        worked = bytearray(b"\1\1\1\1\1\0\0" * (len(days) // 7 + 1))  # FIRST_DAY is a Monday
        for day in table.days:
            worked[day.date.toordinal() - self._start] = day.kind == "swap_work"
        self.ordinals = list(compress(days, worked))
        """The ordinals of all working days from `FIRST_DAY` to the end of the table, ascending."""
        self.forecast_ordinals = sorted(
            {day.date.toordinal() for day in table.days if day.kind == "forecast_holiday"}.union(
                *(
                    range(dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal())
                    for year in table.forecast_years
                )
            )
        )
        """The ordinals of the days of which it is only foreseen whether they are worked, ascending."""

    @cached_property
    def ranks(self) -> list[int]:
        """For each day from `FIRST_DAY` to the end of the table: how many working days there are up to it, itself in.

        With `ordinals` this is the lookup table of working days for whole columns:
        the Nth working day after D is `ordinals[ranks[D - FIRST_DAY] + N - 1]`.
        """
        worked = bytearray(self._end - self._start)
        for ordinal in self.ordinals:
            worked[ordinal - self._start] = 1
        return list(accumulate(worked))

    def is_working(self, day: dt.date) -> bool | None:
        """Whether a day is worked; None outside the table."""
        ordinal = day.toordinal()
        if not self._start <= ordinal < self._end:
            return None
        return self.ordinals[bisect_right(self.ordinals, ordinal) - 1] == ordinal

    def add_working_days(self, day: dt.date, count: int) -> dt.date | None:
        """The last day of a limit of `count` working days after a day; None when it lies beyond the table.

        No regulation of the Party says which day is the first: decided here after the Civil Code (91/2015/QH13,
        article 147.3) by analogy. Raises `ValueError` for a count below one.
        """
        if count < 1:
            raise ValueError("a limit has at least one working day")
        ordinal = day.toordinal()
        at = bisect_right(self.ordinals, ordinal) + count - 1
        if ordinal < self._start or at >= len(self.ordinals):
            return None
        return dt.date.fromordinal(self.ordinals[at])

    def working_days_between(self, start: dt.date, end: dt.date) -> int | None:
        """How many working days lie after `start` up to and including `end`, negative when `end` comes first."""
        first, last = start.toordinal(), end.toordinal()
        if min(first, last) < self._start or max(first, last) >= self._end:
            return None
        return bisect_right(self.ordinals, last) - bisect_right(self.ordinals, first)

    def forecast_between(self, start: dt.date, end: dt.date) -> bool:
        """Whether counting from `start` (left out) to `end` rests on a day that is only foreseen."""
        at = bisect_right(self.forecast_ordinals, start.toordinal())
        return at < bisect_right(self.forecast_ordinals, end.toordinal())


@cache
def calendar() -> Calendar:
    """The calendar of the law as shipped."""
    return Calendar(load())
