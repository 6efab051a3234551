"""Statistics over columns: all indicators of a population in one pass, for every unit with all below it at once.

Gives the same counts as `engine.statistics.counting`, which takes one member at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.language.tree import Expr, Scalar
from engine.ruleset import RuleSet
from engine.statistics.counting import Counts, Listing, Run, Tally, Unit
from engine.statistics.indicators import Indicator, Indicators
from engine.statistics.results import RecordCounter
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import DayTables, tables_of
from engine.sweep.frames import ROW, recorded_nodes
from engine.sweep.graph import Graph
from engine.sweep.layers import Layers
from engine.sweep.members import DAY, SEEN, UNIT, Columns, ColumnSource
from engine.sweep.nodes import Node
from engine.sweep.reading import Reading
from engine.units import UnitTree

PLACE, SCOPE, _VERSION = "_place", "_scope", "_version"
SLICE = 250_000
"""So many rows are worked on at a time: what is worked out on the way takes no more memory, however many there are."""
_COUNTED, _MEASURED = "counted", "measured"
_NAMES = ("code", "full_name")


@dataclass(frozen=True, slots=True)
class Placed:
    """Members in columns, each with the number of its place, and the units that see each place."""

    frame: pl.DataFrame
    scopes: pl.DataFrame
    """`_place` and `_scope`, the unit (null = everything)."""


class ColumnCounter:
    """Counts members in columns."""

    def __init__(
        self, indicators: Indicators, source: ColumnSource, tree: UnitTree, settings: Mapping[str, str]
    ) -> None:
        self.indicators, self.source, self.tree, self.settings = indicators, source, tree, settings
        self.backend = PolarsBackend()
        self._tables: DayTables | None = None
        self._by_record = RecordCounter(indicators, source, tree, settings)

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
        if self.indicators.populations[population].topmost:
            return self._by_record.count(population, indicators, run, figures, within, who)
        members = self.source.columns(population, run)
        named = {indicator.key for indicator in indicators}.intersection(who)
        counts = Counts({indicator.key: {} for indicator in indicators}, {key: [] for key in who if key in named})
        groups: dict[int, list[Indicator]] = {}
        for indicator in indicators:
            groups.setdefault(id(indicator.at), []).append(indicator)
        for group in groups.values():
            frame = self._then(population, members, group[0].at, run)
            for fact, by_unit in figures.items():
                known = {unit: number for unit, number in by_unit.items() if unit is not None}
                number = pl.col(UNIT).replace_strict(known, default=0, return_dtype=pl.Int64)
                frame = frame.with_columns(number.fill_null(0).alias(fact))
            self._count(population, self._placed(frame, members, run, within), group, run, counts, members, within)
        return counts

    def listing(
        self, population: str, indicator: Indicator, run: Run, within: Unit, columns: Mapping[str, Expr]
    ) -> Listing:
        """The cases behind an indicator with the values of some expressions; none of them becomes an object."""
        members = self.source.columns(population, run)
        placed = self._placed(self._then(population, members, indicator.at, run), members, run, within)
        marked = self._marked(population, placed.frame, [indicator], run)
        rows = [members.frame.clear().select(ROW), *(part.filter(f"{_COUNTED} 0").select(ROW) for part in marked)]
        people = pl.concat(rows).join(members.frame, on=ROW, how="left", maintain_order="left")
        reading, days = self._reading(self.indicators.programs[population].ruleset, people.columns, run)
        roots = {name: reading.plain(reading.read(expr)) for name, expr in columns.items()}
        found = self._run(Layers(reading.graph, self.backend, roots), people, days, [ROW])
        dates = [pl.col(n).cast(pl.Int32).cast(pl.Date) for n, expr in columns.items() if expr.type == "date"]
        values = found.with_columns(dates)
        own = {name: people[name] if name in people.columns else pl.Series([None] * people.height) for name in _NAMES}
        codes, names = (own[name].cast(pl.String).fill_null("").to_list() for name in _NAMES)
        return Listing(codes, names, people[UNIT].to_list(), {name: values[name].to_list() for name in columns})

    def _given(self, run: Run) -> dict[str, Scalar | None]:
        return {**self.settings, "period_from": run.start, "period_to": run.end, "as_of": run.as_of}

    def _reading(self, ruleset: RuleSet, columns: Sequence[str], run: Run) -> tuple[Reading, frozenset[str]]:
        """The facts of a frame as columns to be read, and which of them are days."""
        if self._tables is None:
            self._tables = tables_of(ruleset.calendar)
        graph = Graph(self._tables)
        recorded = recorded_nodes(ruleset, graph, columns, self._given(run))
        return Reading(ruleset, graph, recorded.facts), recorded.days

    def _run(self, plan: Layers, frame: pl.DataFrame, days: frozenset[str], keep: Sequence[str]) -> pl.DataFrame:
        """What a plan gives for a frame, of which only the columns that are read are touched."""
        names = [name for name in frame.columns if name in plan.needed() or name in keep]
        entered = self.backend.days_in(
            frame.lazy(), [n for n in names if n in days], [n for n in names if n not in days]
        )
        found: pl.DataFrame = plan.run(entered, keep).collect()
        return found

    def _then(self, population: str, members: Columns, at: Expr | None, run: Run) -> pl.DataFrame:
        """The members; with the facts and the unit of the day that places them, where there is one."""
        if at is None:
            return members.frame
        reading, days = self._reading(self.indicators.programs[population].ruleset, members.frame.columns, run)
        plan = Layers(reading.graph, self.backend, {DAY: reading.plain(reading.read(at))})
        found = [
            self._run(plan, part, days, [ROW]).drop_nulls(DAY).with_columns(pl.col(DAY).cast(pl.Int32).cast(pl.Date))
            for part in members.frame.iter_slices(SLICE)
        ]
        if not found:
            return members.frame
        days_of = pl.concat(found)
        then = members.on(days_of)
        # Only where the tree of units changes does it matter later on which day somebody was there.
        return then.join(days_of, on=ROW, how="left", maintain_order="left") if self.tree.changes else then

    def _placed(self, frame: pl.DataFrame, members: Columns, run: Run, within: Unit) -> Placed:
        """The members with the numbers of their places; those outside `within` left out."""
        changes = pl.Series(self.tree.changes, dtype=pl.Date)
        day = frame[DAY] if DAY in frame.columns else pl.Series([run.as_of], dtype=pl.Date)
        version = pl.Series(_VERSION, changes.search_sorted(day, side="right"))
        frame = frame.with_columns(version if DAY in frame.columns else pl.lit(version[0]).alias(_VERSION))
        own = [UNIT, SEEN, _VERSION] if SEEN in frame.columns else [UNIT, _VERSION]
        places = frame.select(own).unique(maintain_order=True).with_row_index(PLACE)
        seen: list[tuple[int, Unit]] = []
        for line in places.iter_rows(named=True):
            number = line.get(SEEN)
            tree = self.tree.version(line[_VERSION])
            scopes = (None, *tree.with_above(line[UNIT])) if number is None else members.seen[number]
            if within is None or within in scopes:
                seen += [(line[PLACE], scope) for scope in scopes]
        table = pl.DataFrame(seen, schema={PLACE: pl.UInt32, SCOPE: pl.String}, orient="row")
        numbered = frame.join(places, on=own, how="left", nulls_equal=True, maintain_order="left")
        if within is not None:
            numbered = numbered.join(table, on=PLACE, how="semi", maintain_order="left")
        return Placed(numbered, table)

    def _count(
        self,
        population: str,
        placed: Placed,
        group: Sequence[Indicator],
        run: Run,
        counts: Counts,
        members: Columns,
        within: Unit,
    ) -> None:
        totals = _Totals(group)
        seen = placed.scopes.filter(pl.col(SCOPE).eq_missing(pl.lit(within, dtype=pl.String)))[PLACE]
        for marked in self._marked(population, placed.frame, group, run):
            totals.add(marked)
            named = [number for number, indicator in enumerate(group) if indicator.key in counts.who]
            visible = marked.filter(pl.col(PLACE).is_in(seen.implode())) if named else marked
            for number in named:
                counted = visible[ROW].filter(visible[f"{_COUNTED} {number}"])
                if not counted.is_empty():
                    counts.who[group[number].key] += members.members(counted.to_list())
        for indicator, tallies in zip(group, totals.tallies(placed.scopes), strict=True):
            counts.tallies[indicator.key] |= tallies

    def _marked(
        self, population: str, frame: pl.DataFrame, group: Sequence[Indicator], run: Run
    ) -> Iterator[pl.DataFrame]:
        """Part after part of a frame, with what each indicator counts and measures in each row."""
        reading, days = self._reading(self.indicators.programs[population].ruleset, frame.columns, run)
        roots: dict[str, Node] = {}
        for number, indicator in enumerate(group):
            roots |= {f"{name} {number}": node for name, node in _measured(reading, indicator).items()}
        plan = Layers(reading.graph, self.backend, roots)
        for part in frame.iter_slices(SLICE):
            yield self._run(plan, part, days, [ROW, PLACE])


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


class _Totals:
    """Adds up what is counted by place, part after part; then gives it to each unit that sees the place."""

    def __init__(self, group: Sequence[Indicator]) -> None:
        self.group = group
        self.sums: list[pl.Expr] = []
        self.overs: list[pl.Expr] = []
        for number, indicator in enumerate(group):
            counted, measured = pl.col(f"{_COUNTED} {number}"), pl.col(f"{_MEASURED} {number}")
            self.sums.append(counted.cast(pl.Int64).sum())
            self.overs.append(pl.col(f"{_COUNTED} {number}").sum())
            if indicator.measure in ("sum", "mean"):
                self.sums.append(measured.filter(counted).cast(pl.Int64).sum())
                self.overs.append(measured.sum())
            elif indicator.measure == "max":
                self.sums.append(measured.filter(counted).max())
                self.overs.append(measured.max())
        self.by_place: list[pl.DataFrame] = []
        self.things: dict[int, list[pl.DataFrame]] = {n: [] for n, i in enumerate(group) if i.measure == "distinct"}

    def add(self, marked: pl.DataFrame) -> None:
        """Add a part."""
        self.by_place.append(marked.group_by(PLACE).agg(self.sums))
        for number, found in self.things.items():
            own = marked.filter(pl.col(f"{_COUNTED} {number}")).select(PLACE, f"{_MEASURED} {number}")
            found.append(own.unique())

    def tallies(self, scopes: pl.DataFrame) -> list[dict[Unit, Tally]]:
        """The tallies of each indicator of the group."""
        if not self.by_place:
            return [{} for _ in self.group]
        by_scope = pl.concat(self.by_place).join(scopes, on=PLACE).group_by(SCOPE).agg(self.overs)
        found: list[dict[Unit, Tally]] = []
        for number, indicator in enumerate(self.group):
            name = f"{_COUNTED} {number}"
            rows = by_scope.filter(pl.col(name) > 0)
            totals = rows[f"{_MEASURED} {number}"] if indicator.measure in ("sum", "mean", "max") else rows[name]
            tallies = {unit: Tally(c, t) for unit, c, t in zip(rows[SCOPE], rows[name], totals, strict=True)}
            if indicator.measure == "max":
                # A greatest value below zero leaves the tally where it began.
                tallies = {unit: Tally(tally.count, max(tally.total, 0)) for unit, tally in tallies.items()}
            elif indicator.measure == "distinct":
                for unit, things in self._distinct(scopes, number).items():
                    tallies[unit].total = things
            found.append(tallies)
        return found

    def _distinct(self, scopes: pl.DataFrame, number: int) -> dict[Unit, int]:
        """How many different things each unit sees."""
        own = pl.concat(self.things[number]).join(scopes, on=PLACE)
        seen = own.group_by(SCOPE).agg(pl.col(f"{_MEASURED} {number}").n_unique())
        return dict(zip(seen[SCOPE], seen[f"{_MEASURED} {number}"], strict=True))
