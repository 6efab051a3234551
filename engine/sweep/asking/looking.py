"""Asking expressions of all cases of a day at once: what is asked is planned once, then run batch after batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping

import polars as pl

from engine.ruleset import RuleSet
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import tables_of
from engine.sweep.findings import Describing
from engine.sweep.frames import AS_OF, NAMES, ROW, CaseFrames, recorded_nodes
from engine.sweep.graph import Graph
from engine.sweep.layers import Layers
from engine.sweep.nodes import Node
from engine.sweep.reading import Reading

WHO = {ROW: pl.UInt32, **dict.fromkeys(NAMES, pl.String)}
"""What every row says of its case: its number, then `case`, `name` and `unit`."""
_EXISTS = "exists"

Asked = Callable[[Describing], Mapping[str, Node]]
"""Names the columns that are wanted, as nodes over a reading of the rule set."""


class Looking:
    """Asks the same of one batch of cases after the other."""

    def __init__(self, ruleset: RuleSet, as_of: dt.date, asked: Asked) -> None:
        self.ruleset, self.as_of, self.asked = ruleset, as_of, asked
        self.backend, self.tables = PolarsBackend(), tables_of(ruleset.calendar)
        self._plans: dict[tuple[str, ...], tuple[frozenset[str], Layers]] = {}

    def look(self, frames: CaseFrames, units: Collection[str] | None = None) -> pl.DataFrame:
        """One row for each case that there is on the day, or that is then in some units: who it is, and what is asked.

        Days are numbers, as everywhere in a plan.
        """
        frame = frames.on(self.as_of, self.ruleset.vocabulary.step_kinds, self.backend, units)
        columns = tuple(frame.collect_schema().names())
        if columns not in self._plans:
            self._plans[columns] = self._planned(columns)
        days, plan = self._plans[columns]
        # Columns that nothing reads are not touched.
        read = [name for name in columns if name in plan.needed() or name in (ROW, *NAMES.values())]
        entered = self.backend.days_in(frame, [n for n in read if n in days], [n for n in read if n not in days])
        there = {own: pl.col(fact) if fact in columns else pl.lit(None) for own, fact in NAMES.items()}
        said = [pl.col(ROW), *(column.cast(pl.String).alias(own) for own, column in there.items())]
        found: pl.DataFrame = plan.run(entered, said).filter(_EXISTS).drop(_EXISTS).collect()
        return found

    def _planned(self, columns: tuple[str, ...]) -> tuple[frozenset[str], Layers]:
        graph = Graph(self.tables)
        recorded = recorded_nodes(self.ruleset, graph, columns, {AS_OF: self.as_of})
        asked = self.asked(Describing(Reading(self.ruleset, graph, recorded.facts)))
        return recorded.days, Layers(graph, self.backend, {_EXISTS: recorded.exists, **asked})


def as_day(name: str) -> pl.Expr:
    """A column of numbers as the days that they are."""
    return pl.col(name).cast(pl.Int32).cast(pl.Date)
