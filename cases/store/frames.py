"""From the store to columns: cases in batches of frames, as the engine takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from cases.store.columns.kept import kept_parts
from cases.store.columns.tables_read import BATCH as BATCH
from cases.store.columns.tables_read import Columns, Part, Reader
from cases.store.connection import querying
from cases.store.reading import kept_facts
from rules.loader import vocabulary

_MEASURE_STEP, _MEASURE_FORM = "disciplined_on", "discipline_form"
_AFTER_ALL_ENTRIES = 1 << 40


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

    With `measures`, disciplinary measures are history of the cases, as `cases.values.evaluated` has it. All cases of
    a large store are read from what is kept of it in columns.
    """
    facts = set(facts)
    columns = Columns.of(facts)
    marks = facts.intersection(vocabulary.load().kept.values())
    filled = kept_columns(url) if marks else frozenset()
    kept = [pl.lit(True if mark in filled else None, dtype=pl.Boolean).alias(mark) for mark in sorted(marks)]
    parts = kept_parts(url, columns) if codes is None and size == BATCH else None
    if parts is None:
        parts = Reader(url, columns, size, codes=codes, measures=measures).parts()
        next(parts)
    for part in parts:
        cases = part.cases.select("row", *columns.own, *columns.attributes, *columns.kinds).with_columns(kept)
        yield StoredCases(cases, *_history(part, columns, part.measures if measures else part.measures.clear()))


def _history(
    part: Part, columns: Columns, measures: pl.DataFrame
) -> tuple[pl.DataFrame | None, dict[str, pl.DataFrame], pl.DataFrame | None]:
    """Earlier steps, values through time and stays; a disciplinary measure is a step, and its form a value."""
    steps = measures.select("row", pl.lit(_MEASURE_STEP).alias("kind"), pl.col("since").alias("on"))
    earlier = pl.concat([part.earlier, steps])
    wanted = part.dated.filter(pl.col("name").is_in([*columns.attributes, *columns.own]))
    dated = {
        str(name): entries.select("row", "entry", columns.typed(str(name)).alias("value"), "since")
        for (name,), entries in wanted.partition_by("name", as_dict=True).items()
    }
    if measures.height and _MEASURE_FORM in columns.attributes:
        later = measures.with_columns(pl.col("entry") + _AFTER_ALL_ENTRIES)
        dated[_MEASURE_FORM] = pl.concat([*([dated[_MEASURE_FORM]] if _MEASURE_FORM in dated else []), later])
    return earlier if earlier.height else None, dated, part.stays if part.stays.height else None


def kept_columns(url: str) -> frozenset[str]:
    """The marks of the columns that the office keeps, as `cases.values.evaluated` has them."""
    marks = vocabulary.load().kept
    with querying(url) as execute:
        return frozenset(marks[fact] for fact in kept_facts(execute))
