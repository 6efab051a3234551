"""Counting indicators over members, one at a time, in one pass: for a unit with all below it, for every unit at once.

`Counts` is what every way of counting gives, this one and the one over columns: they must agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.language.tree import Scalar
from engine.single.closures import Evaluate, Program, Situation
from engine.statistics.indicators import Indicator
from engine.units import UnitTree
from engine.unknowns import Unknown
from rules.loader.populations import Population

Unit = str | None
"""A unit with all below it; None = everything."""


@dataclass(frozen=True, slots=True)
class Run:
    """A period, both ends included, seen from a day."""

    start: dt.date
    end: dt.date
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Member:
    """One of a population: its recorded facts, the unit it is credited to, and how to name it in a list."""

    recorded: Mapping[str, Scalar]
    unit: str | None
    code: str
    name: str
    scopes: tuple[Unit, ...] | None = None
    """The units that see it, where these are not simply its unit and all above."""
    on: Callable[[dt.date], tuple[Mapping[str, Scalar], str | None]] | None = None
    """Its facts and unit on another day, where these have a history."""


@dataclass(slots=True)
class Tally:
    """What was counted for one indicator and unit: how many members, and the number measured over them."""

    count: int = 0
    total: int = 0


@dataclass(slots=True)
class Counts:
    """The tallies of one run by indicator and unit, and the members behind those indicators that were asked for."""

    tallies: dict[str, dict[Unit, Tally]] = field(default_factory=dict)
    who: dict[str, list[Member]] = field(default_factory=dict)

    def tally(self, key: str, unit: Unit) -> Tally:
        """The tally of one indicator for one unit; nothing counted is an empty tally."""
        return self.tallies[key].get(unit) or Tally()


@dataclass(frozen=True, slots=True)
class Listing:
    """The members of a list, column by column: who they are, and the values asked for; what is not known is None."""

    codes: Sequence[str]
    names: Sequence[str]
    units: Sequence[Unit]
    values: Mapping[str, Sequence[Scalar | None]]


class Counting:
    """One pass over the members of a population."""

    def __init__(self, population: Population, program: Program, tree: UnitTree, run: Run) -> None:
        self.population, self.program, self.tree, self.run = population, program, tree, run
        self.given: dict[str, Scalar] = {"period_from": run.start, "period_to": run.end, "as_of": run.as_of}

    def count(
        self,
        indicators: Sequence[Indicator],
        members: Iterable[Member],
        settings: Mapping[str, str],
        within: Unit = None,
        who: Iterable[str] = (),
    ) -> Counts:
        """Count all indicators; members outside `within` are left out."""
        counts = Counts({i.key: {} for i in indicators}, {key: [] for key in who if key in {i.key for i in indicators}})
        distinct: dict[str, dict[Unit, set[Scalar]]] = {i.key: {} for i in indicators if i.measure == "distinct"}
        own: dict[str, dict[Scalar, dict[str, int]]] = {i.key: {} for i in indicators}
        groups: dict[Evaluate | None, dict[str | None, list[Indicator]]] = {}
        for indicator in indicators:
            groups.setdefault(indicator.day, {}).setdefault(indicator.gate, []).append(indicator)
        given = {**settings, **self.given}
        for member in members:
            base = self.program.situation({**member.recorded, **given})
            for day, gated in groups.items():
                situation, unit, on = base, member.unit, self.run.as_of
                if day is not None:
                    placed = day(base)
                    if not isinstance(placed, dt.date):
                        continue
                    on = placed
                    if member.on is not None:
                        facts, unit = member.on(placed)
                        situation = self.program.situation({**facts, **given})
                scopes: tuple[Unit, ...] = member.scopes or (None, *self.tree.on(on).with_above(unit))
                if within is not None and within not in scopes:
                    continue
                for indicator in _let_through(gated, situation):
                    measured = _measured(indicator, situation)
                    if measured is None:
                        continue
                    key = indicator.key
                    if key in counts.who and within in scopes:
                        counts.who[key].append(member)
                    if self.population.topmost:
                        stretch = member.recorded.get("year_begins_on", False)
                        assert isinstance(measured, int)
                        own[key].setdefault(stretch, {})[str(unit)] = measured
                        continue
                    _add(indicator, measured, scopes, counts.tallies[key], distinct.get(key))
        for key, seen in distinct.items():
            for scope, things in seen.items():
                counts.tallies[key][scope].total = len(things)
        if self.population.topmost:
            self._credit_topmost(counts, own)
        return counts

    def _credit_topmost(self, counts: Counts, own: Mapping[str, Mapping[Scalar, Mapping[str, int]]]) -> None:
        """A unit's own entry of a year stands for those of the units below it."""
        tree = self.tree.on(self.run.as_of)
        for key, years in own.items():
            for scope in (None, *tree.parents):
                chosen = [year[code] for year in years.values() for code in tree.topmost(year, scope)]
                if chosen:
                    counts.tallies[key][scope] = Tally(len(chosen), sum(chosen))


def having_most(
    indicator: Indicator, program: Program, members: Sequence[Member], given: Mapping[str, Scalar]
) -> list[Member]:
    """Those of the members of a maximum who reach it."""
    values = [_measured(indicator, program.situation({**member.recorded, **given})) for member in members]
    numbers = [value for value in values if isinstance(value, int)]
    return [member for member, value in zip(members, values, strict=True) if numbers and value == max(numbers)]


def _let_through(gated: Mapping[str | None, list[Indicator]], situation: Situation) -> Iterator[Indicator]:
    """The indicators whose first condition holds."""
    for gate, indicators in gated.items():
        if gate is None or situation.value(gate) is True:
            yield from indicators


def _measured(indicator: Indicator, situation: Situation) -> Scalar | None:
    """What a member adds to an indicator: None where it does not belong, or where what is measured is not known."""
    if indicator.holds(situation) is not True:
        return None
    if indicator.uncertain is not None:
        found = indicator.uncertain(situation)
        if found is not None and not isinstance(found, Unknown):
            return None
    if indicator.measured is None:
        return 1
    value = indicator.measured(situation)
    return None if isinstance(value, Unknown) else value


def _add(
    indicator: Indicator,
    measured: Scalar,
    scopes: Iterable[Unit],
    tallies: dict[Unit, Tally],
    distinct: dict[Unit, set[Scalar]] | None,
) -> None:
    for scope in scopes:
        tally = tallies.get(scope)
        if tally is None:
            tally = tallies[scope] = Tally()
        tally.count += 1
        if distinct is not None:
            distinct.setdefault(scope, set()).add(measured)
        elif indicator.measure == "max":
            assert isinstance(measured, int)
            tally.total = max(tally.total, measured)
        else:
            assert isinstance(measured, int)
            tally.total += measured
