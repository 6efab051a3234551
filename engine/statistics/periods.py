"""Periods moved in time: the same period of the year before, of the term before, the day before, one year of it."""

from __future__ import annotations

import datetime as dt

from engine.language.time_limits import add_months
from engine.statistics.counting import Run

TERM_MONTHS = 60
"""A term of a Party organisation is five years."""

ONE_DAY = dt.timedelta(days=1)


def shifted(run: Run, shift: str | None) -> Run:
    """The run that a shift names: `prev`, `prev_term`, `opening`, or the run itself."""
    match shift:
        case "prev":
            return _earlier(run, 12)
        case "prev_term":
            return _earlier(run, TERM_MONTHS)
        case "opening":
            eve = run.start - ONE_DAY
            return Run(eve, eve, eve)
        case _:
            return run


def _earlier(run: Run, months: int) -> Run:
    return Run(*(_months_before(day, months) for day in (run.start, run.end, run.as_of)))


def _months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months before; the last day of a month stays the last."""
    if (day + ONE_DAY).day == 1:
        return add_months(day + ONE_DAY, -months) - ONE_DAY
    return add_months(day, -months)


def within_year(run: Run, year: int) -> Run:
    """The part of a run's period that lies in a year; an empty one where the period does not touch it."""
    return Run(max(run.start, dt.date(year, 1, 1)), min(run.end, dt.date(year, 12, 31)), run.as_of)


def years(run: Run) -> list[int]:
    """The calendar years that a period touches."""
    return list(range(run.start.year, run.end.year + 1))


def full_years_of(run: Run) -> list[int]:
    """The calendar years that lie wholly in a period."""
    return [y for y in years(run) if run.start <= dt.date(y, 1, 1) and dt.date(y, 12, 31) <= run.end]


def months(run: Run) -> int:
    """How many months a period touches, its first and last one in full."""
    return 12 * (run.end.year - run.start.year) + run.end.month - run.start.month + 1
