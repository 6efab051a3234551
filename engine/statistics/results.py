"""Statistics: the figures of a period for a unit with all below it, from records counted one at a time.

An indicator is data (``rules/indicators``): a population, a condition in the language of the rules, and a measure;
or a sum or ratio of others. Numbers are exact until they are rounded once, half-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol

from engine.language.tree import Expr, Scalar
from engine.statistics.counting import Counting, Counts, Listing, Member, Run, Unit
from engine.statistics.figure import Figure, half_up
from engine.statistics.indicators import Indicator, Indicators
from engine.statistics.ledger import Ledger
from engine.statistics.references import Term, reference
from engine.units import UnitTree
from engine.unknowns import Unknown

__all__ = ["Figure", "Member", "RecordCounter", "Result", "Source", "half_up", "result"]


class Source(Protocol):
    """Where the members of each population come from."""

    def members(self, population: str, run: Run) -> Iterable[Member]:
        """The members of a population as of the run's day."""


class RecordCounter:
    """Counts records one at a time."""

    def __init__(self, indicators: Indicators, source: Source, tree: UnitTree, settings: Mapping[str, str]) -> None:
        self.indicators, self.source, self.tree, self.settings = indicators, source, tree, settings

    def count(
        self,
        population: str,
        indicators: Sequence[Indicator],
        run: Run,
        figures: Mapping[str, Mapping[Unit, int]],
        within: Unit,
        who: Iterable[str],
    ) -> Counts:
        """Count indicators of one population in one pass."""
        counting = Counting(
            self.indicators.populations[population], self.indicators.programs[population], self.tree, run
        )
        members = self.source.members(population, run)
        if figures:
            members = _with_figures(members, figures)
        return counting.count(indicators, members, self.settings, within, who)

    def listing(
        self, population: str, indicator: Indicator, run: Run, within: Unit, columns: Mapping[str, Expr]
    ) -> Listing:
        """The members behind an indicator with the values of some expressions."""
        members = self.count(population, [indicator], run, {}, within, [indicator.key]).who[indicator.key]
        return self.listed(population, members, run, columns)

    def listed(self, population: str, members: Sequence[Member], run: Run, columns: Mapping[str, Expr]) -> Listing:
        """Some members with the values of some expressions."""
        program = self.indicators.programs[population]
        given: dict[str, Scalar] = {**self.settings, "period_from": run.start, "period_to": run.end, "as_of": run.as_of}
        closures = {name: program.compiled(expr) for name, expr in columns.items()}
        values: dict[str, list[Scalar | None]] = {name: [] for name in columns}
        for member in members:
            situation = program.situation({**member.recorded, **given})
            for name, value in closures.items():
                found = value(situation)
                values[name].append(None if isinstance(found, Unknown) else found)
        return Listing([m.code for m in members], [m.name for m in members], [m.unit for m in members], values)


def _with_figures(members: Iterable[Member], figures: Mapping[str, Mapping[Unit, int]]) -> Iterator[Member]:
    for member in members:
        own: dict[str, Scalar] = {fact: by_unit.get(member.unit, 0) for fact, by_unit in figures.items()}
        yield replace(member, recorded={**member.recorded, **own})


@dataclass(frozen=True)
class Result:
    """All figures of a period, for the unit asked for and each unit in it; typed ones only where they are known."""

    ledger: Ledger
    unit: str | None
    who: dict[str, list[Member]] = field(default_factory=dict)

    @property
    def start(self) -> date:
        """The first day of the period."""
        return self.ledger.run.start

    @property
    def end(self) -> date:
        """The last day of the period."""
        return self.ledger.run.end

    @property
    def as_of(self) -> date:
        """The day the figures are seen from."""
        return self.ledger.run.as_of

    @cached_property
    def values(self) -> dict[str, Figure]:
        """The figures of the unit asked for."""
        return self._of(self.unit)

    @cached_property
    def by_unit(self) -> dict[str, dict[str, Figure]]:
        """The figures of each unit in it."""
        tree = self.ledger.tree
        return {code: self._of(code) for code in sorted(tree.parents) if tree.holds(self.unit, code)}

    def _of(self, unit: str | None) -> dict[str, Figure]:
        figures = {name: self.ledger.figure(reference(name), unit) for name in self.ledger.indicators.texts}
        texts = self.ledger.indicators.texts
        return {
            name: figure
            for name, figure in figures.items()
            if figure.value is not None or not (texts[name].typed or figure.left_out)
        }


def result(ledger: Ledger, unit: str | None, who: Sequence[str] = ()) -> Result:
    """All figures of a ledger, counted at once, and the people behind those in `who`."""
    ledger.prepare(ledger.indicators.texts)
    sums = ([Term(1, reference(name))] for name in who)
    return Result(ledger, unit, dict(zip(who, ledger.people_of_each(sums, unit), strict=True)))
