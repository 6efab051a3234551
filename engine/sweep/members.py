"""The members of a population in columns, and where they come from: frames, or members taken one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import polars as pl

from engine.language.tree import Scalar
from engine.ruleset import RuleSet
from engine.statistics.counting import Member, Run, Unit
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import DayTables
from engine.sweep.frames import AS_OF, POLARS_TYPES, ROW, recorded_nodes
from engine.sweep.graph import Graph
from engine.sweep.layers import Layers
from rules.loader.vocabulary import Vocabulary

UNIT = "_unit"
"""The unit that a member is credited to."""
SEEN = "_seen"
"""The number of the units that see a member, where these are not simply its unit and all above."""
DAY = "_day"


class Columns(Protocol):
    """A population as of a day: one row a member."""

    @property
    def frame(self) -> pl.DataFrame:
        """`row`, `_unit`, a column for each recorded fact, and perhaps `_seen`."""

    @property
    def seen(self) -> Sequence[tuple[Unit, ...]]:
        """The units that see a member, by the number in `_seen`."""

    def on(self, days: pl.DataFrame) -> pl.DataFrame:
        """Some rows, each with the facts and the unit of its own day (`row`, `_day`), in the order of the frame."""

    def members(self, rows: Sequence[int]) -> list[Member]:
        """The members of some rows."""


class ColumnSource(Protocol):
    """Where the members of each population come from."""

    def columns(self, population: str, run: Run) -> Columns:
        """The members of a population as of the run's day, in columns."""

    def members(self, population: str, run: Run) -> Iterable[Member]:
        """The members of a population of which there are few, one by one."""


class MemberColumns:
    """Single members put into columns."""

    def __init__(self, kept: Sequence[Member], vocabulary: Vocabulary) -> None:
        self.kept = kept
        self.types = {n: POLARS_TYPES[f.type] for n, f in vocabulary.facts.items() if f.type in POLARS_TYPES}
        places: dict[tuple[Unit, ...], int] = {}
        self._seen = [None if m.scopes is None else places.setdefault(m.scopes, len(places)) for m in kept]
        self.seen: Sequence[tuple[Unit, ...]] = list(places)
        units = [member.unit for member in kept]
        self.frame = self._frame([member.recorded for member in kept], units, range(len(kept)))

    def on(self, days: pl.DataFrame) -> pl.DataFrame:
        """Some rows with the facts and the unit of their days."""
        rows: list[int] = []
        facts: list[Mapping[str, Scalar]] = []
        units: list[Unit] = []
        for row, day in days.select(ROW, DAY).iter_rows():
            member = self.kept[row]
            then, unit = (member.recorded, member.unit) if member.on is None else member.on(day)
            rows.append(row)
            facts.append(dict(then))
            units.append(unit)
        return self._frame(facts, units, rows)

    def members(self, rows: Sequence[int]) -> list[Member]:
        """The members of some rows."""
        return [self.kept[row] for row in rows]

    def _frame(self, facts: Sequence[Mapping[str, Scalar]], units: Sequence[Unit], rows: Sequence[int]) -> pl.DataFrame:
        """Recorded facts as columns, those that nobody has left out."""
        names = [n for n in dict.fromkeys(name for recorded in facts for name in recorded) if n in self.types]
        schema = {ROW: pl.Int64, UNIT: pl.String, SEEN: pl.Int32, **{n: self.types[n] for n in names}}
        columns = {name: [recorded.get(name) for recorded in facts] for name in names}
        return pl.DataFrame({ROW: rows, UNIT: units, SEEN: [self._seen[row] for row in rows], **columns}, schema=schema)


class RowFacts(Mapping[str, Scalar]):
    """The recorded facts of one row, taken from the columns only when they are asked for."""

    __slots__ = ("_frame", "_known", "_number")

    def __init__(self, frame: pl.DataFrame, number: int) -> None:
        self._frame, self._number = frame, number
        self._known: dict[str, Scalar] | None = None

    def _facts(self) -> dict[str, Scalar]:
        if self._known is None:
            line = self._frame.row(self._number, named=True)
            self._known = {name: value for name, value in line.items() if value is not None}
        return self._known

    def __getitem__(self, name: str) -> Scalar:
        return self._facts()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts())

    def __len__(self) -> int:
        return len(self._facts())


class PlainColumns:
    """Members without a history of their own."""

    def __init__(self, frame: pl.DataFrame, seen: Sequence[tuple[Unit, ...]] = (), code: pl.Expr | None = None) -> None:
        self.frame, self.seen = frame, seen
        self._code = pl.col("code") if code is None else code

    def on(self, days: pl.DataFrame) -> pl.DataFrame:
        """Some rows; their facts are the same on every day."""
        return self.frame.join(days, on=ROW, how="semi", maintain_order="left")

    def members(self, rows: Sequence[int]) -> list[Member]:
        """The members of some rows."""
        names = [name for name in self.frame.columns if not name.startswith("_")]
        wanted = pl.DataFrame({ROW: rows}, schema={ROW: self.frame.schema[ROW]})
        own = self.frame.select(*names, pl.col(UNIT), self._code.cast(pl.String).alias("_code"))
        found = wanted.join(own, on=ROW, how="left", maintain_order="left").drop(ROW)
        called = found["full_name"].fill_null("").to_list() if "full_name" in names else [""] * found.height
        recorded, codes, units = found.drop("_code", UNIT), found["_code"].to_list(), found[UNIT].to_list()
        said = zip(codes, called, units, strict=True)
        return [Member(RowFacts(recorded, n), unit, code, name) for n, (code, name, unit) in enumerate(said)]


def existing(frame: pl.DataFrame, ruleset: RuleSet, as_of: dt.date, tables: DayTables) -> pl.DataFrame:
    """The rows that are cases on a day at all."""
    backend, graph = PolarsBackend(), Graph(tables)
    recorded = recorded_nodes(ruleset, graph, frame.columns, {AS_OF: as_of})
    plan = Layers(graph, backend, {"exists": recorded.exists})
    needed = sorted(plan.needed())
    entered = backend.days_in(
        frame.lazy(), [n for n in needed if n in recorded.days], [n for n in needed if n not in recorded.days]
    )
    marks = plan.run(entered).collect() if needed else None
    return frame if marks is None else frame.filter(marks["exists"])
