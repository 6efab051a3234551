"""The tables of days say for every day what the clock says for one."""

from __future__ import annotations

import datetime as dt
import itertools
import operator

import polars as pl
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


def test_stretches_of_days() -> None:
    """Where a table's answer compares so with a number is told by its edges as by looking at every day."""
    changed = DayTable("moved", "month", (0, 9_000), (1, 24, 3))
    working = DayTable("moved", "working_day", (), (30,)), DayTable("reached", "working_day", (), (3,), of="moved")
    tables = [RANK, FORESEEN, AGE_CODE, BIRTH_CODE, DayTable("moved", "month", (), (18,)), *working, changed]
    assert [asked for asked in tables if not TABLES.ascends(asked)] == [changed]
    for asked in tables:
        answers, (first, last) = TABLES.values(asked), TABLES.reach(asked)
        ends = [TABLES.at(asked, day) or 0 for day in (first, first + 1, 17_000, last)]
        for number in {near + step for near in ends for step in (-1, 0, 1)} | {-(10**7), 0, 10**7}:
            for op in ("eq", "ne", "lt", "le", "gt", "ge"):
                stretches = TABLES.days_where(asked, op, number)
                inside = pl.repeat(value=False, n=TABLES.days.len(), eager=True)
                for begin, end in stretches:
                    inside |= TABLES.days.is_between(begin, end)
                holds = getattr(operator, op)(answers, number).fill_null(value=False)
                assert inside.equals(holds), (asked, op, number)
                assert all(end + 1 < begin for (_, end), (begin, _) in itertools.pairwise(stretches))


def test_ages() -> None:
    """Full years between any two days, whoever is born on 29/02 included."""
    birth, age = table(BIRTH_CODE), table(AGE_CODE)
    starts = [dt.date(2004, 2, 28), dt.date(2004, 2, 29), dt.date(2004, 3, 1), dt.date(2003, 12, 31)]
    for start in starts:
        code = birth[start.toordinal() - EPOCH - LOWEST]
        for place in RECORDED:
            years = (age[place] - code) // YEAR_CODE  # type: ignore[operator]  # every day has one
            assert years == full_years(start, DAYS[place])
