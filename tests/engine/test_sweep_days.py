"""The tables of days say for every day what the clock says for one."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.language.time_limits import add_months, calendar, full_years
from engine.sweep.days import (
    AGE_CODE,
    BIRTH_CODE,
    EPOCH,
    FORESEEN,
    HIGHEST,
    LOWEST,
    RANK,
    YEAR_CODE,
    DayTable,
    DayTables,
)

TABLES = DayTables(calendar())
DAYS = [dt.date.fromordinal(number + EPOCH) for number in range(LOWEST, HIGHEST + 1)]
RECORDED = range(dt.date(1890, 1, 1).toordinal() - EPOCH - LOWEST, dt.date(2110, 1, 1).toordinal() - EPOCH - LOWEST)
"""The places of the days that records can reach, and some years around them."""


def table(what: DayTable) -> list[int | None]:
    """A table as a list."""
    return TABLES.values(what).to_list()


@pytest.mark.parametrize(("unit", "amount", "months"), [("month", 12, 12), ("month", -1, -1), ("year", 18, 216)])
def test_months(unit: str, amount: int, months: int) -> None:
    """Calendar months as `add_months` counts them, ends of months and 29/02 included."""
    moved = table(DayTable("moved", unit, (), (amount,)))
    assert all(add_months(DAYS[place], months).toordinal() - EPOCH == moved[place] for place in RECORDED)


@pytest.mark.parametrize("amount", [1, 30])
def test_working_days(amount: int) -> None:
    """The last day of a limit, and null where the calendar does not reach."""
    moved = table(DayTable("moved", "working_day", (), (amount,)))
    for place in RECORDED:
        end = TABLES.calendar.add_working_days(DAYS[place], amount)
        assert moved[place] == (None if end is None else end.toordinal() - EPOCH)


def test_a_limit_has_a_working_day() -> None:
    """A limit of no working days is refused as the clock refuses it."""
    with pytest.raises(ValueError, match="at least one"):
        table(DayTable("moved", "working_day", (), (0,)))


def test_amounts_change_on_their_days() -> None:
    """The amount is that of the version in force on the day the clock starts."""
    begin = dt.date(2016, 7, 25)
    moved = table(DayTable("moved", "day", (begin.toordinal() - EPOCH,), (10, 20)))
    for day, days in ((begin - dt.timedelta(days=1), 10), (begin, 20)):
        assert moved[day.toordinal() - EPOCH - LOWEST] == day.toordinal() - EPOCH + days


def test_ranks_and_foreseen_days() -> None:
    """Differences of ranks are working days between two days; foreseen days are counted on the way."""
    rank, foreseen = table(RANK), table(FORESEEN)
    start = dt.date(2023, 3, 3)
    first = start.toordinal() - EPOCH - LOWEST
    for place in RECORDED:
        expected = TABLES.calendar.working_days_between(start, DAYS[place])
        assert (None if rank[place] is None else rank[place] - rank[first]) == expected  # type: ignore[operator]  # known
        rests = foreseen[first] < foreseen[place]  # type: ignore[operator]  # every day has one
        assert rests == TABLES.calendar.forecast_between(start, DAYS[place])


def test_ages() -> None:
    """Full years between any two days, whoever is born on 29/02 included."""
    birth, age = table(BIRTH_CODE), table(AGE_CODE)
    starts = [dt.date(2004, 2, 28), dt.date(2004, 2, 29), dt.date(2004, 3, 1), dt.date(2003, 12, 31)]
    for start in starts:
        code = birth[start.toordinal() - EPOCH - LOWEST]
        for place in RECORDED:
            years = (age[place] - code) // YEAR_CODE  # type: ignore[operator]  # every day has one
            assert years == full_years(start, DAYS[place])
