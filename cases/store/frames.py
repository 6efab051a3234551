"""From the store to columns: cases in batches of frames, without an object a row.

The database itself puts each column of a batch together as one long text, which is taken apart faster than rows could
be fetched. Memory holds a batch or two, however large the store.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

import polars as pl

from cases.store.connection import querying, sqlite_path
from cases.store.reading import Execute, kept_facts
from rules.loader import vocabulary

BATCH = 200_000
FEW = 5_000
"""So many cases are asked for by their codes at a time."""
_END = "\x1e"
"""Stands between two values of a column; there is none in what people write."""
_OWN = {"code": "cases.code", "unit": "units.code", "person_code": "persons.code", "full_name": "persons.full_name"}
_OWN |= {"born_on": "persons.born_on", "sex": "persons.sex"}
_PEOPLE = """cases JOIN persons ON persons.id = cases.person_id LEFT JOIN units ON units.id = cases.unit_id"""
_STAYS = "memberships JOIN units ON units.id = memberships.unit_id"
_MEASURE_STEP, _MEASURE_FORM = "disciplined_on", "discipline_form"
_AFTER_ALL_ENTRIES = 1 << 40
_NEVER_NULL = {"case_id", "kind", "happened_on", "name", "cases.id", "cases.code", "id"}
_FREE_TEXT = {"persons.full_name", "value"}
"""What people write as they like; everything else is a key, a code, a number or a day."""
_TYPES: dict[str, Any] = {
    "date": pl.Date,
    "number": pl.Int64,
    "mark": pl.Boolean,
    "code": pl.Categorical,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True)
class StoredCases:
    """A batch of cases in columns; `row` is the number of the case, in its history too."""

    cases: pl.DataFrame
    steps: pl.DataFrame | None = None
    """Earlier steps of a kind: `row`, `kind`, `on`."""
    attributes: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Values of an attribute through time: `row`, `entry`, `value`, `since`."""
    placements: pl.DataFrame | None = None


def stored_cases(
    url: str,
    facts: Iterable[str],
    size: int = BATCH,
    codes: Iterable[str] | None = None,
    *,
    measures: bool = True,
) -> Iterator[StoredCases]:
    """All cases of a store, or those of some codes, in batches with the columns of some facts; raises `StoreProblem`.

    With `measures`, disciplinary measures are history of the cases, as `cases.values.evaluated` has it.

    While one batch is worked on, the next is read, by two connections side by side that see the same state.
    """
    facts = set(facts)
    reader = _Reader(url, facts, size, None if codes is None else tuple(codes), measures=measures)
    marks = facts.intersection(vocabulary.load().kept.values())
    filled = kept_columns(url) if marks else frozenset()
    kept = [pl.lit(True if mark in filled else None, dtype=pl.Boolean).alias(mark) for mark in sorted(marks)]
    while True:
        people, steps = _one_ahead(reader.people), _one_ahead(reader.steps)
        if next(people) == next(steps):
            break
        people.close()
        steps.close()
    for (cases, attributes, placements), (latest, earlier) in zip(people, steps, strict=True):
        if cases.height:
            joined = cases.join(latest, on="row", how="left", maintain_order="left")
            yield StoredCases(joined.with_columns(kept), earlier, attributes, placements)


def kept_columns(url: str) -> frozenset[str]:
    """The marks of the columns that the office keeps, as `cases.values.evaluated` has them."""
    marks = vocabulary.load().kept
    with querying(url) as execute:
        return frozenset(marks[fact] for fact in kept_facts(execute))


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


class _Reader:
    """Reads batches with the same columns."""

    def __init__(
        self, url: str, facts: Iterable[str], size: int, codes: tuple[str, ...] | None, *, measures: bool
    ) -> None:
        known, wanted = vocabulary.load().facts, set(facts) | {"code", "full_name", "unit"}
        kept = {n: fact for n, fact in known.items() if n in wanted and fact.kind not in ("computed", "given")}
        self.url, self.size, self.codes, self.sqlite = url, size, codes, sqlite_path(url) is not None
        self.measures = measures
        self.own = [name for name in _OWN if name in kept]
        self.kinds = [name for name, fact in known.items() if fact.kind == "step"]
        self.types = {name: str(fact.type) for name, fact in kept.items()}
        self.attributes = [n for n, fact in kept.items() if fact.kind in ("attribute", "mark") and n not in _OWN]

    def _ranges(self, execute: Execute) -> Iterator[Any]:
        """First what tells one state of the store from another, then the ranges of the cases' numbers."""
        ((state, first, last),) = execute("SELECT (SELECT max(id) FROM batches), min(id), max(id) FROM cases")
        yield state, first, last
        if self.codes is not None:
            yield from self._listed(execute, self.codes)
        elif first is not None:
            yield from (f"BETWEEN {start} AND {start + self.size - 1}" for start in range(first, last + 1, self.size))

    def _listed(self, execute: Execute, codes: tuple[str, ...]) -> Iterator[str]:
        """The numbers of the cases of some codes."""
        percent = "%" if self.sqlite else "%%"
        for start in range(0, len(codes), FEW):
            quoted = ", ".join(
                "'" + code.replace("'", "''").replace("%", percent) + "'" for code in codes[start : start + FEW]
            )
            numbers = [str(row[0]) for row in execute(f"SELECT id FROM cases WHERE code IN ({quoted}) ORDER BY id")]  # noqa: S608  # quoted
            if numbers:
                yield f"IN ({', '.join(numbers)})"

    def people(self) -> Iterator[Any]:
        """The state read from, then for each batch the cases with their attributes, and the history of these."""
        with querying(self.url) as execute:
            ranges = self._ranges(execute)
            yield next(ranges)
            for where in ranges:
                columns = {"row": "cases.id", **{name: _OWN[name] for name in self.own}}
                cases = self._table(execute, columns, _PEOPLE, f"cases.id {where}", self._schema(self.own)).sort("row")
                cases = self._with_attributes(execute, cases, where)
                yield cases, self._dated(execute, where), self._stays(execute, where)

    def steps(self) -> Iterator[Any]:
        """The state read from, then for each batch the latest step of each kind, and the earlier ones."""
        with querying(self.url) as execute:
            ranges = self._ranges(execute)
            yield next(ranges)
            for where in ranges:
                yield self._steps(execute, where)

    def _schema(self, names: Iterable[str]) -> dict[str, Any]:
        return {"row": pl.UInt32, **{name: _TYPES[self.types[name]] for name in names}}

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

    def _steps(self, execute: Execute, where: str) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        columns = {"row": "case_id", "kind": "kind", "on": "happened_on"}
        schema = {"row": pl.UInt32, "kind": pl.Categorical, "on": pl.Date}
        steps = self._table(execute, columns, "steps", f"case_id {where}", schema).sort("row", "kind", "on")
        last = (pl.col("row") != pl.col("row").shift(-1)) | (pl.col("kind") != pl.col("kind").shift(-1))
        steps = steps.with_columns(last.fill_null(value=True).alias("last"))
        wide = steps.select("row").unique(maintain_order=True)
        for (kind,), part in steps.filter("last").partition_by("kind", as_dict=True).items():
            latest = part.select("row", pl.col("on").alias(str(kind)))
            wide = wide.join(latest, on="row", how="left", maintain_order="left")
        wide = wide.with_columns(pl.lit(None, dtype=pl.Date).alias(n) for n in self.kinds if n not in wide.columns)
        earlier = steps.filter(~pl.col("last")).select("row", pl.col("kind").cast(pl.String), "on")
        measures = self._measures(execute, where).select(
            "row", pl.lit(_MEASURE_STEP).alias("kind"), pl.col("since").alias("on")
        )
        earlier = pl.concat([earlier, measures])
        return wide.select("row", *self.kinds), earlier if earlier.height else None

    def _with_attributes(self, execute: Execute, cases: pl.DataFrame, where: str) -> pl.DataFrame:
        """The cases with the value of each attribute that is asked for."""
        wide = cases
        free = f"CASE type WHEN 'text' THEN {self._written('value')} ELSE value END"
        columns = {"row": "case_id", "name": "name", "value": free}
        schema = {"row": pl.UInt32, "name": pl.Categorical, "value": pl.String}
        listed = ", ".join(f"'{name}'" for name in self.attributes)
        rows = self._table(execute, columns, "attributes", f"case_id {where} AND name IN ({listed})", schema)
        for (name,), part in rows.partition_by("name", as_dict=True).items():
            values = part.select("row", self._typed(pl.col("value"), str(name)).alias(str(name)))
            wide = wide.join(values, on="row", how="left", maintain_order="left")
        missing = {name: _TYPES[self.types[name]] for name in self.attributes if name not in wide.columns}
        wide = wide.with_columns(pl.lit(None, dtype=type_).alias(name) for name, type_ in missing.items())
        return wide.select(*cases.columns, *self.attributes)

    def _typed(self, value: pl.Expr, name: str) -> pl.Expr:
        match self.types[name]:
            case "mark":
                return value == "1"
            case "date":
                return value.str.to_date("%Y-%m-%d")
            case kind:
                return value.cast(_TYPES[kind])

    def _dated(self, execute: Execute, where: str) -> dict[str, pl.DataFrame]:
        """The values that attributes took through time; the form of a disciplinary measure is one."""
        columns = {"row": "case_id", "entry": "id", "name": "name", "value": "value", "since": "since"}
        schema = {"row": pl.UInt32, "entry": pl.Int64, "name": pl.String, "value": pl.String, "since": pl.Date}
        listed = ", ".join(f"'{name}'" for name in (*self.attributes, *self.own))
        rows = self._table(execute, columns, "dated_attributes", f"case_id {where} AND name IN ({listed})", schema)
        found = {
            str(name): part.select("row", "entry", self._typed(pl.col("value"), str(name)).alias("value"), "since")
            for (name,), part in rows.partition_by("name", as_dict=True).items()
        }
        measures = self._measures(execute, where)
        if measures.height and _MEASURE_FORM in self.attributes:
            later = measures.with_columns(pl.col("entry") + _AFTER_ALL_ENTRIES)
            found[_MEASURE_FORM] = pl.concat([*([found[_MEASURE_FORM]] if _MEASURE_FORM in found else []), later])
        return found

    def _measures(self, execute: Execute, where: str) -> pl.DataFrame:
        """The disciplinary measures on cases, as `cases.values.evaluated` reads them."""
        columns = {"row": "case_id", "entry": "id", "value": "form", "since": "decided_on"}
        schema = {"row": pl.UInt32, "entry": pl.Int64, "value": pl.Categorical, "since": pl.Date}
        if not self.measures:
            return pl.DataFrame(schema=schema)
        return self._table(execute, columns, "disciplines", f"case_id {where}", schema)

    def _stays(self, execute: Execute, where: str) -> pl.DataFrame | None:
        columns = {"row": "memberships.case_id", "entry": "memberships.id", "value": "units.code"}
        columns |= {"since": "since", "until": "until"}
        schema = {"row": pl.UInt32, "entry": pl.Int64, "value": pl.String, "since": pl.Date, "until": pl.Date}
        rows = self._table(execute, columns, _STAYS, f"memberships.case_id {where}", schema)
        return rows if rows.height else None


def _taken_apart(text: str, name: str, type_: Any) -> pl.Series:
    """The values of a column from one text."""
    values = pl.Series(name, [text]).str.split(_END).explode()
    values = values.set(values == "", None)
    return values.str.to_date("%Y-%m-%d") if type_ == pl.Date else values.cast(type_)
