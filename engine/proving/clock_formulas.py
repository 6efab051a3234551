"""Months, working days and ages as functions of the solver z3, of which only true things are said.

A shift of so many months or working days reaches so far at least and so far at most, and a later day never ends
earlier. Whatever follows from that holds for the real calendar. Where a model is not borne out by the real calendar,
`corrections` gives the real values at its places, and the search goes on: no counter-example is a mirage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.language.time_limits import ELAPSED, Calendar, add_months
from rules.loader.spelling.days import FIRST_DAY

Formula = Any
"""z3 ships no types."""


@dataclass(frozen=True, slots=True)
class _Application:
    """One use of a function of the calendar: its arguments, and how its value is really worked out."""

    function: Formula
    inputs: tuple[Formula, ...]
    real: Callable[..., int | None]
    rising: bool = False
    months: bool = False


class ClockFormulas:
    """The functions of one calendar, each with the places where it is used."""

    def __init__(self, z3: Any, calendar: Calendar) -> None:
        self.z3, self.calendar = z3, calendar
        self.axioms: list[Formula] = []
        self._used: list[_Application] = []
        self._shifts: dict[tuple[str, int], list[_Application]] = {}

    def shifted(self, unit: str, count: int, day: Formula) -> Formula:
        """A day moved by so many days, working days, months or years."""
        match unit:
            case "day":
                return day + count
            case "month" | "year":
                months = count * 12 if unit == "year" else count
                return self._applied("months", months, day, month_reach(months), _months_later(months))
            case _:
                reach = work_reach(self.calendar, count)
                return self._applied("working_days", count, day, reach, _worked(self.calendar, count))

    def beyond(self, day: Formula, first_beyond: Formula) -> Formula:
        """Counting working days from a day leaves the table."""
        return self.z3.Or(day < FIRST_DAY.toordinal(), day >= first_beyond)

    def first_beyond(self, count: int) -> Formula:
        """The first day from which so many working days end beyond the table."""
        ordinals = self.calendar.ordinals
        return self.z3.IntVal(ordinals[len(ordinals) - count])

    def _applied(
        self,
        kind: str,
        count: int,
        day: Formula,
        reach: tuple[int, int],
        real: Callable[[int], int | None],
    ) -> Formula:
        z3, known = self.z3, self._shifts.setdefault((kind, count), [])
        function = z3.Function(f"{kind} {count}", z3.IntSort(), z3.IntSort())
        if any(other.inputs[0].eq(day) for other in known):
            return function(day)
        least, most = reach
        self.axioms += [function(day) >= day + least, function(day) <= day + most]
        for other in known:
            self._rising(function, day, other.inputs[0])
        application = _Application(function, (day,), real, rising=True, months=kind == "months")
        known.append(application)
        self._used.append(application)
        return function(day)

    def _rising(self, function: Formula, one: Formula, two: Formula) -> None:
        """Of two days the later one never ends earlier."""
        z3 = self.z3
        self.axioms += [
            z3.Implies(one <= two, function(one) <= function(two)),
            z3.Implies(two <= one, function(two) <= function(one)),
        ]

    def elapsed(self, how: str, since: Formula, until: Formula) -> Formula:
        """What has passed from one day to another: full years, the difference of the years, or days."""
        z3, days = self.z3, until - since
        if how == "days_between":
            return days
        function = z3.Function(how, z3.IntSort(), z3.IntSort(), z3.IntSort())
        years = function(since, until)
        if how == "full_years":
            self.axioms += [
                z3.Implies(days >= 0, z3.And(years >= 0, 365 * years <= days, days < 366 * (years + 1))),
                z3.Implies(days < 0, years < 0),
            ]
        else:
            self.axioms += [366 * (years + 1) > days, 366 * (years - 1) < days]
        self._used.append(_Application(function, (since, until), _on_days(ELAPSED[how])))
        return years

    def working_days(self, since: Formula, until: Formula) -> tuple[Formula, Formula]:
        """Working days after one day up to another, and whether that leaves the table."""
        z3 = self.z3
        function = z3.Function("working days between", z3.IntSort(), z3.IntSort(), z3.IntSort())
        count = function(since, until)
        self.axioms += [
            z3.Implies(until >= since, z3.And(count >= 0, count <= until - since)),
            z3.Implies(until < since, z3.And(count <= 0, count >= until - since)),
        ]
        self._used.append(_Application(function, (since, until), _on_days(self.calendar.working_days_between)))
        end = dt.date(self.calendar.last_table_year + 1, 1, 1).toordinal()
        start = FIRST_DAY.toordinal()
        return count, z3.Or(since < start, until < start, since >= end, until >= end)

    def at_month_ends(self, formula: Formula) -> list[Formula]:
        """Every day that a formula counts months from is the last of its month, where counting months has its corners.

        For a search that does not find the one day in four years by itself; whatever it finds is real.
        """
        z3, inside = self.z3, _parts(formula)
        counted = [u for u in self._used if u.months and u.function(*u.inputs).get_id() in inside]
        functions = {used.function.name(): used for used in counted}
        known = [used.function(day) == used.real(day) for used in functions.values() for day in _month_ends()]
        return known + [z3.Or(*(used.inputs[0] == day for day in _month_ends())) for used in counted]

    def corrections(self, model: Formula) -> list[Formula]:
        """The real values at the places where a model has others; none where it has them all right."""
        z3, found = self.z3, list[Formula]()
        for used in self._used:
            places = [model.eval(term, model_completion=True) for term in used.inputs]
            real = used.real(*(place.as_long() for place in places))
            if real is None or model.eval(used.function(*places), model_completion=True).as_long() == real:
                continue
            found.append(used.function(*places) == real)
            for other in self._used if used.rising else ():
                if other.function.eq(used.function):
                    (place,), (day,) = places, other.inputs
                    found += [
                        z3.Implies(day <= place, other.function(day) <= real),
                        z3.Implies(day >= place, other.function(day) >= real),
                    ]
        return found


def _parts(formula: Formula) -> set[int]:
    """The ids of a formula and of everything in it."""
    found: set[int] = set()
    queue = [formula]
    while queue:
        part = queue.pop()
        if part.get_id() not in found:
            found.add(part.get_id())
            queue += part.children()
    return found


def _on_days(function: Callable[[dt.date, dt.date], int | None]) -> Callable[[int, int], int | None]:
    return lambda a, b: function(dt.date.fromordinal(a), dt.date.fromordinal(b))


def _months_later(count: int) -> Callable[[int], int]:
    return lambda ordinal: add_months(dt.date.fromordinal(ordinal), count).toordinal()


def _worked(calendar: Calendar, count: int) -> Callable[[int], int | None]:
    def end(ordinal: int) -> int | None:
        day = calendar.add_working_days(dt.date.fromordinal(ordinal), count)
        return None if day is None else day.toordinal()

    return end


@cache
def _month_starts() -> tuple[int, ...]:
    # The two centuries of records, and one more on either side for what is added or taken away.
    return tuple(dt.date(year, month, 1).toordinal() for year in range(1800, 2202) for month in range(1, 13))


@cache
def _month_ends() -> tuple[int, ...]:
    # Twenty years hold five leap days; more would only slow the search.
    return tuple(dt.date(year, month, 1).toordinal() - 1 for year in range(2008, 2028) for month in range(1, 13))


@cache
def month_reach(count: int) -> tuple[int, int]:
    """How many days so many months take at least and at most."""
    starts, least, most = _month_starts(), None, None
    for place in range(max(0, -count), len(starts) - 1 - max(0, count)):
        whole = starts[place + count] - starts[place]
        own = starts[place + 1] - starts[place]
        there = starts[place + count + 1] - starts[place + count]
        short = whole - max(0, own - there)
        least = short if least is None else min(least, short)
        most = whole if most is None else max(most, whole)
    assert least is not None
    assert most is not None
    return least, most


@cache
def work_reach(calendar: Calendar, count: int) -> tuple[int, int]:
    """How many days so many working days take at least and at most, by the table."""
    days = calendar.ordinals
    return (
        min(days[place + count] - days[place + 1] + 1 for place in range(len(days) - count)),
        max(days[place + count] - days[place] for place in range(len(days) - count)),
    )
