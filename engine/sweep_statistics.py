"""Statistics over columns: all indicators of a population in one pass, for every unit with all below it at once.

Gives the same counts as `engine.counting`, which takes one member at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.columns import Graph, Node, day_of
from engine.counting import Counts, Member, Run, Tally, Unit
from engine.indicators import Book, Indicator
from engine.ruleset import RuleSet
from engine.statistics import RecordCounter, Source
from engine.sweep_backends import PolarsBackend
from engine.sweep_days import DayTables
from engine.sweep_frames import POLARS_TYPES, ROW, recorded_nodes
from engine.sweep_plan import Plan
from engine.sweep_values import Reading
from engine.tree import Expr, Scalar
from engine.units import UnitTree

PLACE, SCOPE = "_place", "_scope"
_COUNTED, _MEASURED = "counted", "measured"


@dataclass(frozen=True, slots=True)
class Placed:
    """Members in columns, each with the number of its place, and the units that see each place."""

    frame: pl.LazyFrame
    scopes: pl.DataFrame
    """`_place` and `_scope`, the unit (null = everything)."""


class ColumnCounter:
    """Counts members in columns; its source gives members one by one, or frames."""

    def __init__(self, book: Book, source: Source, tree: UnitTree, settings: Mapping[str, str]) -> None:
        self.book, self.source, self.tree, self.settings = book, source, tree, settings
        self.backend = PolarsBackend()
        self._tables: DayTables | None = None
        self._by_record = RecordCounter(book, source, tree, settings)

    def count(
        self,
        population: str,
        indicators: Sequence[Indicator],
        run: Run,
        figures: Mapping[str, Mapping[Unit, int]],
        within: Unit,
        who: Iterable[str],
    ) -> Counts:
        """Count indicators of one population; `figures` are facts of its members that rest on other counts.

        Where a unit's own entry stands for those below it, there is an entry or two a unit: these are counted singly.
        """
        if self.book.populations[population].topmost:
            return self._by_record.count(population, indicators, run, figures, within, who)
        members = list(self.source.members(population, run))
        named = {indicator.key for indicator in indicators}.intersection(who)
        counts = Counts({indicator.key: {} for indicator in indicators}, {key: [] for key in who if key in named})
        groups: dict[int, list[Indicator]] = {}
        for indicator in indicators:
            groups.setdefault(id(indicator.at), []).append(indicator)
        for group in groups.values():
            placed = self._placed(population, members, figures, group[0].at, run)
            self._count(population, placed, group, run, within, counts, members)
        return counts

    def _given(self, run: Run) -> dict[str, Scalar | None]:
        return {**self.settings, "period_from": run.start, "period_to": run.end, "as_of": run.as_of}

    def _plan(self, ruleset: RuleSet, frame: pl.LazyFrame, run: Run) -> tuple[Reading, pl.LazyFrame]:
        """The facts of a frame as columns to be read, and the frame with days as numbers."""
        if self._tables is None:
            self._tables = DayTables(ruleset.calendar)
        columns = frame.collect_schema().names()
        graph = Graph(self._tables)
        recorded = recorded_nodes(ruleset, graph, columns, self._given(run))
        days = [name for name in columns if name in recorded.days]
        entered = self.backend.days_in(frame, days, [name for name in columns if name not in recorded.days])
        return Reading(ruleset, graph, recorded.facts), entered

    def _placed(
        self,
        population: str,
        members: Sequence[Member],
        figures: Mapping[str, Mapping[Unit, int]],
        at: Expr | None,
        run: Run,
    ) -> Placed:
        """The members in columns; with the facts and the unit of the day that places them, where there is one."""
        ruleset = self.book.programs[population].ruleset
        facts = [{**m.recorded, **{fact: by.get(m.unit, 0) for fact, by in figures.items()}} for m in members]
        units = [member.unit for member in members]
        rows = list(range(len(members)))
        if at is not None:
            frame = _frame(ruleset, facts, rows)
            reading, entered = self._plan(ruleset, frame, run)
            plan = Plan(reading.graph, self.backend, {"day": reading.plain(reading.read(at))})
            rows, kept_facts, kept_units = [], [], []
            for line in self.backend.rows(plan.run(entered, [ROW])):
                place, day = line[ROW], line["day"]
                if day is None:
                    continue
                on = members[place].on
                then, unit = (facts[place], units[place]) if on is None else on(day_of(day))
                rows.append(place)
                kept_facts.append(dict(then))
                kept_units.append(unit)
            facts, units = kept_facts, kept_units
        places: dict[tuple[Unit, ...], int] = {}
        numbers = []
        for row, unit in zip(rows, units, strict=True):
            scopes = members[row].scopes or (None, *self.tree.with_above(unit))
            numbers.append(places.setdefault(scopes, len(places)))
        seen = [(place, scope) for scopes, place in places.items() for scope in scopes]
        table = pl.DataFrame(seen, schema={PLACE: pl.Int32, SCOPE: pl.String}, orient="row")
        frame = _frame(ruleset, facts, rows).with_columns(pl.Series(PLACE, numbers, dtype=pl.Int32))
        return Placed(frame, table)

    def _count(
        self,
        population: str,
        placed: Placed,
        group: Sequence[Indicator],
        run: Run,
        within: Unit,
        counts: Counts,
        members: Sequence[Member],
    ) -> None:
        ruleset = self.book.programs[population].ruleset
        reading, entered = self._plan(ruleset, placed.frame, run)
        if within is not None:
            inside = placed.scopes.filter(pl.col(SCOPE) == within).lazy()
            entered = entered.join(inside, on=PLACE, how="semi", maintain_order="left")
        roots: dict[str, Node] = {}
        for number, indicator in enumerate(group):
            roots |= {f"{name} {number}": node for name, node in _measured(reading, indicator).items()}
        keep = [ROW, PLACE]
        marked = Plan(reading.graph, self.backend, roots).run(entered, keep).collect()
        tallies = _tallies(marked, placed.scopes, group)
        for number, indicator in enumerate(group):
            counts.tallies[indicator.key] |= tallies[number]
            if indicator.key in counts.who:
                counted = marked.filter(pl.col(f"{_COUNTED} {number}"))[ROW]
                counts.who[indicator.key] += [members[row] for row in counted]


def _frame(ruleset: RuleSet, facts: Sequence[Mapping[str, Scalar]], rows: Sequence[int]) -> pl.LazyFrame:
    """Recorded facts as columns, those that nobody has left out."""
    names = dict.fromkeys(name for recorded in facts for name in recorded)
    types = {name: POLARS_TYPES[ruleset.types[name]] for name in names if name in ruleset.types}
    columns = {name: [recorded.get(name) for recorded in facts] for name in types}
    return pl.DataFrame({ROW: rows, **columns}, schema={ROW: pl.Int64, **types}).lazy()


def _measured(reading: Reading, indicator: Indicator) -> dict[str, Node]:
    """Whether a row belongs to an indicator, and what it adds."""
    graph = reading.graph
    counted = [graph.sure(reading.read(indicator.when).value)]
    if indicator.unknown_of is not None:
        counted.append(graph.absent(reading.plain(reading.read(indicator.unknown_of))))
    if indicator.amount is None:
        return {_COUNTED: graph.all_of(counted)}
    measured = reading.plain(reading.read(indicator.amount))
    return {_COUNTED: graph.all_of([*counted, graph.present(measured)]), _MEASURED: measured}


def _tallies(marked: pl.DataFrame, scopes: pl.DataFrame, group: Sequence[Indicator]) -> list[dict[Unit, Tally]]:
    """The tallies of each indicator: first by place, then for each unit that sees the place."""
    sums: list[pl.Expr] = []
    overs: list[pl.Expr] = []
    for number, indicator in enumerate(group):
        counted, measured = pl.col(f"{_COUNTED} {number}"), pl.col(f"{_MEASURED} {number}")
        sums.append(counted.cast(pl.Int64).sum())
        overs.append(pl.col(f"{_COUNTED} {number}").sum())
        if indicator.measure in ("sum", "mean"):
            sums.append(measured.filter(counted).cast(pl.Int64).sum())
            overs.append(pl.col(f"{_MEASURED} {number}").sum())
        elif indicator.measure == "max":
            sums.append(measured.filter(counted).max())
            overs.append(pl.col(f"{_MEASURED} {number}").max())
    by_place = marked.lazy().group_by(PLACE).agg(sums)
    by_scope = by_place.join(scopes.lazy(), on=PLACE).group_by(SCOPE).agg(overs).collect()
    found: list[dict[Unit, Tally]] = []
    for number, indicator in enumerate(group):
        name = f"{_COUNTED} {number}"
        rows = by_scope.filter(pl.col(name) > 0)
        totals = rows[f"{_MEASURED} {number}"] if indicator.measure in ("sum", "mean", "max") else rows[name]
        tallies = {unit: Tally(c, t) for unit, c, t in zip(rows[SCOPE], rows[name], totals, strict=True)}
        if indicator.measure == "max":
            # A greatest value below zero leaves the tally where it began.
            tallies = {unit: Tally(tally.count, max(tally.total, 0)) for unit, tally in tallies.items()}
        elif indicator.measure == "distinct":
            for unit, things in _distinct(marked, scopes, number).items():
                tallies[unit].total = things
        found.append(tallies)
    return found


def _distinct(marked: pl.DataFrame, scopes: pl.DataFrame, number: int) -> dict[Unit, int]:
    """How many different things each unit sees."""
    own = marked.lazy().filter(pl.col(f"{_COUNTED} {number}")).select(PLACE, f"{_MEASURED} {number}").unique()
    seen = own.join(scopes.lazy(), on=PLACE).group_by(SCOPE).agg(pl.col(f"{_MEASURED} {number}").n_unique()).collect()
    return dict(zip(seen[SCOPE], seen[f"{_MEASURED} {number}"], strict=True))
