"""From the tables of a store to columns: cases in batches, without an object a row.

The database itself puts each column of a batch together as one long text, which is taken apart faster than rows could
be fetched. Memory holds a batch or two, however large the store.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

import polars as pl

from cases.log.execute import quoted
from cases.store.connection import querying, sqlite_path
from cases.store.reading import Execute
from rules.loader import vocabulary

BATCH = 60_000
"""So many cases make a part: of more the memory grows, of fewer the time."""
FEW = 5_000
"""So many cases are asked for by their codes at a time."""
_END = "\x1e"
"""Stands between two values of a column; there is none in what people write."""
_OWN = {"code": "cases.code", "unit": "units.code", "person_code": "persons.code", "full_name": "persons.full_name"}
_OWN |= {"born_on": "persons.born_on", "sex": "persons.sex"}
_PEOPLE = """cases JOIN persons ON persons.id = cases.person_id LEFT JOIN units ON units.id = cases.unit_id"""
_STAYS = "memberships JOIN units ON units.id = memberships.unit_id"
_NEVER_NULL = {"case_id", "kind", "happened_on", "name", "cases.id", "cases.code", "id"}
_FREE_TEXT = {"persons.full_name", "value"}
"""What people write as they like; everything else is a key, a code, a number or a day."""
TYPES: dict[str, Any] = {
    "date": pl.Date,
    "number": pl.Int64,
    "mark": pl.Boolean,
    "code": pl.Categorical,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns are read of every case, in the order of a frame: its own, those of attributes, all steps."""

    own: tuple[str, ...]
    attributes: tuple[str, ...]
    kinds: tuple[str, ...]
    types: Mapping[str, str]
    """The type of each of the first two."""

    @classmethod
    def of(cls, facts: Iterable[str]) -> Columns:
        """The columns behind some facts; what a case is called by is always among them."""
        known, wanted = vocabulary.load().facts, set(facts) | {"code", "full_name", "unit"}
        kept = {n: fact for n, fact in known.items() if n in wanted and fact.kind not in ("computed", "given")}
        return cls(
            tuple(name for name in _OWN if name in kept),
            tuple(n for n, fact in kept.items() if fact.kind in ("attribute", "mark") and n not in _OWN),
            tuple(name for name, fact in known.items() if fact.kind == "step"),
            {name: str(fact.type) for name, fact in kept.items()},
        )

    def typed(self, name: str) -> pl.Expr:
        """The column `value`, of texts, as the type of a fact has it."""
        value = pl.col("value")
        match self.types[name]:
            case "mark":
                return value == "1"
            case "date":
                return value.str.to_date("%Y-%m-%d")
            case kind:
                return value.cast(TYPES[kind])


@cache
def all_columns() -> Columns:
    """Everything that a store can hold of a case."""
    return Columns.of(vocabulary.load().facts)


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases in columns; `row` is the number of the case, in its history too."""

    cases: pl.DataFrame
    """`row`, what is wanted of a case, the latest step of each kind; by `row`."""
    earlier: pl.DataFrame
    """Earlier steps of a kind: `row`, `kind`, `on`."""
    dated: pl.DataFrame
    """Values of attributes through time, as texts: `row`, `entry`, `name`, `value`, `since`."""
    stays: pl.DataFrame
    """`row`, `entry`, `value`, `since`, `until`."""
    measures: pl.DataFrame
    """Disciplinary measures: `row`, `entry`, `value`, `since`."""


PARTS = ("cases", "earlier", "dated", "stays", "measures")
State = tuple[int, str, int | None, int | None]
"""What tells one state of a store from another: its last write and that one's hash, its first and last case."""


class Reader:
    """Reads a store in parts, every case or those of some codes or numbers; raises `StoreProblem`."""

    def __init__(
        self,
        url: str,
        columns: Columns,
        size: int,
        *,
        codes: Iterable[str] | None = None,
        numbers: Iterable[int] | None = None,
        measures: bool = True,
    ) -> None:
        self.url, self.columns, self.size, self.measures = url, columns, size, measures
        self.codes = None if codes is None else tuple(codes)
        self.numbers = None if numbers is None else sorted(numbers)
        self.sqlite = sqlite_path(url) is not None

    def parts(self) -> Iterator[Any]:
        """First the state read from, then its parts.

        While one part is worked on, the next is read, by two connections side by side that see the same state.
        """
        while True:
            people, steps = _one_ahead(self._people), _one_ahead(self._all_steps)
            state = next(people)
            if state == next(steps):
                break
            people.close()
            steps.close()
        yield state
        for (cases, dated, stays, measures), (latest, earlier) in zip(people, steps, strict=True):
            if cases.height:
                joined = cases.join(latest, on="row", how="left", maintain_order="left")
                yield Part(joined, earlier, dated, stays, measures)

    def _ranges(self, execute: Execute) -> Iterator[Any]:
        """First the state, then the ranges of the cases' numbers."""
        last_write = list(execute("SELECT id, hash FROM batches ORDER BY id DESC LIMIT 1"))
        ((first, last),) = execute("SELECT min(id), max(id) FROM cases")
        yield (*(last_write[0] if last_write else (0, "")), first, last)
        if self.numbers is not None:
            yield from self._in(self.numbers)
        elif self.codes is not None:
            yield from self._listed(execute, self.codes)
        elif first is not None:
            yield from (f"BETWEEN {start} AND {start + self.size - 1}" for start in range(first, last + 1, self.size))

    def _in(self, numbers: list[int]) -> Iterator[str]:
        for start in range(0, len(numbers), FEW):
            yield f"IN ({', '.join(map(str, numbers[start : start + FEW]))})"

    def _listed(self, execute: Execute, codes: tuple[str, ...]) -> Iterator[str]:
        """The numbers of the cases of some codes."""
        for start in range(0, len(codes), FEW):
            some = _one_of("code", codes[start : start + FEW])
            named = execute(f"SELECT id FROM cases WHERE {some} ORDER BY id")  # noqa: S608  # quoted
            yield from self._in([number for (number,) in named])

    def _people(self) -> Iterator[Any]:
        """The state, then for each part the cases with their attributes, and the history of these."""
        with querying(self.url) as execute:
            ranges = self._ranges(execute)
            yield next(ranges)
            for where in ranges:
                own = self.columns.own
                columns = {"row": "cases.id", **{name: _OWN[name] for name in own}}
                cases = self._table(execute, columns, _PEOPLE, f"cases.id {where}", self._schema(own)).sort("row")
                cases = self._with_attributes(execute, cases, where)
                history = self._dated(execute, where), self._stays(execute, where), self._measures(execute, where)
                yield cases, *history

    def _all_steps(self) -> Iterator[Any]:
        """The state, then for each part the latest step of each kind, and the earlier ones."""
        with querying(self.url) as execute:
            ranges = self._ranges(execute)
            yield next(ranges)
            for where in ranges:
                yield self._steps(execute, where)

    def _schema(self, names: Iterable[str]) -> dict[str, Any]:
        return {"row": pl.UInt32, **{name: TYPES[self.columns.types[name]] for name in names}}

    def _table(
        self, execute: Execute, columns: Mapping[str, str], source: str, where: str, schema: Mapping[str, Any]
    ) -> pl.DataFrame:
        """The rows of a query as a frame; empty texts do not occur in the store, so that an empty one is a null."""
        gather = "group_concat" if self.sqlite else "string_agg"
        texts = ", ".join(f"{gather}({self._written(column)}, '{_END}')" for column in columns.values())
        (row,) = execute(f"SELECT {texts} FROM {source} WHERE {where}")  # noqa: S608  # own words
        if row[0] is None:
            return pl.DataFrame(schema=schema)
        return pl.DataFrame([_taken_apart(text, name, schema[name]) for name, text in zip(columns, row, strict=True)])

    def _written(self, column: str) -> str:
        text = column if self.sqlite else f"CAST({column} AS VARCHAR)"
        if column in _FREE_TEXT:
            text = f"replace({text}, '{_END}', ' ')"
        return text if column in _NEVER_NULL else f"coalesce({text}, '')"

    def _steps(self, execute: Execute, where: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        columns = {"row": "case_id", "kind": "kind", "on": "happened_on"}
        schema = {"row": pl.UInt32, "kind": pl.Categorical, "on": pl.Date}
        steps = self._table(execute, columns, "steps", f"case_id {where}", schema).sort("row", "kind", "on")
        last = (pl.col("row") != pl.col("row").shift(-1)) | (pl.col("kind") != pl.col("kind").shift(-1))
        steps = steps.with_columns(last.fill_null(value=True).alias("last"))
        wide = steps.select("row").unique(maintain_order=True)
        for (kind,), part in steps.filter("last").partition_by("kind", as_dict=True).items():
            latest = part.select("row", pl.col("on").alias(str(kind)))
            wide = wide.join(latest, on="row", how="left", maintain_order="left")
        wide = wide.with_columns(
            pl.lit(None, dtype=pl.Date).alias(n) for n in self.columns.kinds if n not in wide.columns
        )
        earlier = steps.filter(~pl.col("last")).select("row", pl.col("kind").cast(pl.String), "on")
        return wide.select("row", *self.columns.kinds), earlier

    def _with_attributes(self, execute: Execute, cases: pl.DataFrame, where: str) -> pl.DataFrame:
        """The cases with the value of each attribute that is asked for."""
        wide = cases
        free = f"CASE type WHEN 'text' THEN {self._written('value')} ELSE value END"
        columns = {"row": "case_id", "name": "name", "value": free}
        schema = {"row": pl.UInt32, "name": pl.Categorical, "value": pl.String}
        named = _one_of("name", self.columns.attributes)
        rows = self._table(execute, columns, "attributes", f"case_id {where} AND {named}", schema)
        for (name,), part in rows.partition_by("name", as_dict=True).items():
            values = part.select("row", self.columns.typed(str(name)).alias(str(name)))
            wide = wide.join(values, on="row", how="left", maintain_order="left")
        missing = {
            name: TYPES[self.columns.types[name]] for name in self.columns.attributes if name not in wide.columns
        }
        wide = wide.with_columns(pl.lit(None, dtype=type_).alias(name) for name, type_ in missing.items())
        return wide.select(*cases.columns, *self.columns.attributes)

    def _dated(self, execute: Execute, where: str) -> pl.DataFrame:
        """The values that attributes took through time."""
        columns = {"row": "case_id", "entry": "id", "name": "name", "value": "value", "since": "since"}
        schema = {"row": pl.UInt32, "entry": pl.Int64, "name": pl.String, "value": pl.String, "since": pl.Date}
        named = _one_of("name", (*self.columns.attributes, *self.columns.own))
        return self._table(execute, columns, "dated_attributes", f"case_id {where} AND {named}", schema)

    def _measures(self, execute: Execute, where: str) -> pl.DataFrame:
        """The disciplinary measures on cases."""
        columns = {"row": "case_id", "entry": "id", "value": "form", "since": "decided_on"}
        schema = {"row": pl.UInt32, "entry": pl.Int64, "value": pl.Categorical, "since": pl.Date}
        if not self.measures:
            return pl.DataFrame(schema=schema)
        return self._table(execute, columns, "disciplines", f"case_id {where}", schema)

    def _stays(self, execute: Execute, where: str) -> pl.DataFrame:
        columns = {"row": "memberships.case_id", "entry": "memberships.id", "value": "units.code"}
        columns |= {"since": "since", "until": "until"}
        schema = {"row": pl.UInt32, "entry": pl.Int64, "value": pl.String, "since": pl.Date, "until": pl.Date}
        return self._table(execute, columns, _STAYS, f"memberships.case_id {where}", schema)


def _taken_apart(text: str, name: str, type_: Any) -> pl.Series:
    """The values of a column from one text."""
    values = pl.Series(name, [text]).str.split(_END).explode()
    values = values.set(values == "", None)
    return values.str.to_date("%Y-%m-%d") if type_ == pl.Date else values.cast(type_)


def _one_ahead(begin: Callable[[], Iterator[Any]]) -> Generator[Any]:
    """What an iterator gives, made in a thread of its own: a connection belongs to the thread that opened it."""
    line: Queue[tuple[bool, Any]] = Queue(1)
    enough = Event()

    def make() -> None:
        problem: BaseException | None = None
        try:
            for item in begin():
                line.put((True, item))
                if enough.is_set():
                    break
        except BaseException as raised:  # noqa: BLE001  # raised again where the items are awaited
            problem = raised
        line.put((False, problem))

    maker = Thread(target=copy_context().run, args=(make,), daemon=True)  # it sees with the same eyes
    maker.start()
    try:
        while (found := line.get())[0]:
            yield found[1]
        if found[1] is not None:
            raise found[1]
    finally:
        enough.set()
        while maker.is_alive():
            with suppress(Empty):
                line.get(timeout=0.01)


def _one_of(column: str, texts: Iterable[str]) -> str:
    """The condition that a column holds one of some texts; of none, the condition that no row meets."""
    return f"{column} IN ({', '.join(map(quoted, texts)) or 'NULL'})"
