"""What timing says, as values: stretches, waits, months to come, and how the people behind the numbers are asked for.

Days are calendar days. Median and ninth tenth are nearest ranks: of n sorted numbers the one at place ⌈p·n⌉, always a
number that occurred.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.coming_up import Coming
from engine.statistics.counting import Run
from engine.statistics.timing.timed_steps import TimedSteps

MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """One case on one stretch of the way; negative ``days`` contradict: the second step lies before the first."""

    case: str
    name: str
    unit: str | None
    from_step: str
    to_step: str
    first: dt.date
    second: dt.date
    working_days: int | None
    """None where the table of working days does not reach."""
    late: bool

    @property
    def days(self) -> int:
        """Calendar days from the first step to the second."""
        return (self.second - self.first).days

    @property
    def month(self) -> str:
        """The month of the second step, as yyyy-mm."""
        return f"{self.second:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Transition:
    """How long a stretch of the way took those who ended it in the period; None where nobody did."""

    from_step: str
    to_step: str
    n: int
    median_days: int | None
    p90_days: int | None
    max_days: int | None
    median_working_days: int | None
    late: int | None
    """How many of them ended it after the limit; None where no limit runs."""
    contradictory: int
    """How many more have the second step before the first."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A case that waits with somebody, since the day the clock that runs began."""

    case: str
    name: str
    unit: str | None
    held_by: str
    rule: str
    since: dt.date
    days: int


@dataclass(frozen=True, slots=True)
class Oldest:
    """The case that has waited longest; among equally old ones the first code."""

    case: str
    days: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases wait with somebody, and for how long already."""

    held_by: str
    n: int
    median_days: int
    p90_days: int
    oldest: Oldest


@dataclass(frozen=True, slots=True)
class UnitTimings:
    """The stretches of a unit's own cases, without those of units below it."""

    unit: str
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class MonthTiming:
    """A stretch of the way as it was ended in one month."""

    month: str
    from_step: str
    to_step: str
    n: int
    median_days: int


@dataclass(frozen=True, slots=True)
class AheadMonth:
    """What a month to come brings."""

    month: str
    probations_ending: int
    cell_limits: int
    decision_limits: int


class Measurement(Protocol):
    """Where the time goes, in numbers, and the people behind each: those who went, those who wait, limits to come."""

    @property
    def run(self) -> Run:
        """The period, and the day by which it is known."""

    def transitions(self) -> tuple[Transition, ...]:
        """All stretches, those that nobody went included."""

    def by_unit(self) -> tuple[UnitTimings, ...]:
        """The stretches of each unit that has any, by code; cases without a unit are in none."""

    def months(self) -> tuple[MonthTiming, ...]:
        """The stretches by the month of their end, only where somebody ended one."""

    def waiting(self) -> tuple[Waiting, ...]:
        """Who is waited for, in the order of the process."""

    def ahead(self) -> tuple[AheadMonth, ...]:
        """The months to come, the as-of day's own first."""

    def ahead_by_unit(self) -> Mapping[str, tuple[AheadMonth, ...]]:
        """The months to come of each unit with a limit of its own, by code."""

    def passed(self, stretch: tuple[str, str] | None = None) -> Sequence[Passage]:
        """Those who went a stretch, the longest first; without one, all in the order of the cases."""

    def held_by(self, holder: str | None = None) -> Sequence[Wait]:
        """The cases that wait with somebody, the oldest first; without a holder all that wait."""

    def coming(self, month: str | None = None) -> Sequence[Coming]:
        """The limits that are counted, or those of a month (yyyy-mm), soonest first."""


def months_ahead(steps: TimedSteps, counted: Mapping[tuple[str, str], int], as_of: dt.date) -> tuple[AheadMonth, ...]:
    """The twelve months to come, the as-of day's own first; ``counted`` are the limits by month and name."""

    def number(month: str, names: Iterable[str]) -> int:
        return sum(counted.get((month, name), 0) for name in names)

    return tuple(
        AheadMonth(month, **{name: number(month, wanted) for name, wanted in steps.ahead.items()})
        for month in _months_from(as_of)
    )


def end_of_months(as_of: dt.date) -> dt.date:
    """The last day of the twelve months to come."""
    year, month = map(int, _months_from(as_of)[-1].split("-"))
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _months_from(as_of: dt.date) -> list[str]:
    """The months to come as yyyy-mm, that of the day first."""
    first = as_of.year * 12 + as_of.month - 1
    return [f"{place // 12:04}-{place % 12 + 1:02}" for place in range(first, first + MONTHS_AHEAD)]
