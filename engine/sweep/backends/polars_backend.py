"""Polars, the library that runs the columns unless another is asked for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import polars as pl

from engine.language.tree import folded
from engine.sweep.days import LOWEST, DayTable, DayTables
from engine.sweep.layers import Read

_PLAIN = pl.QueryOptFlags(comm_subexpr_elim=False, comm_subplan_elim=False)
"""Equal parts are shared by the plan already; looking for them again only costs time."""

_FEW = 5_000
"""Rows of which a column is too small to be worth a pass over the frame that takes it out."""
_FIRST = 5_000
"""So many texts are looked at for the ways in which they are written."""
Frame = Any
"""A frame that is lazy, or one that is worked out layer by layer."""


class PolarsBackend:
    """Polars: days are numbers already, tables are gathered from."""

    api = pl

    def days_in(self, frame: pl.LazyFrame, days: Iterable[str], others: Iterable[str]) -> pl.LazyFrame:
        """The columns asked for, days as numbers."""
        return frame.select(*(pl.col(name).cast(pl.Int32) for name in days), *others)

    def where(self, frame: pl.LazyFrame, mark: str, read: Collection[str]) -> pl.LazyFrame:  # noqa: ARG002  # seen by itself
        """The rows in which a mark is set."""
        return frame.filter(pl.col(mark))

    def narrowed(self, frame: Frame, spent: Sequence[str]) -> Frame:
        """The frame without columns that are read no more; of few rows they are cheaper kept than taken out."""
        return frame if isinstance(frame, pl.DataFrame) and frame.height < _FEW else frame.drop(*spent)

    def lookup(
        self, frame: pl.LazyFrame, tables: DayTables, wanted: Mapping[str, tuple[str, DayTable]]
    ) -> pl.LazyFrame:
        """The frame with new columns: for each, what a table says of the day in another column."""
        return frame.with_columns(
            pl.lit(tables.values(table)).gather(pl.col(source) - LOWEST).alias(name)
            for name, (source, table) in wanted.items()
        )

    def read(self, frame: pl.LazyFrame, wanted: Mapping[str, tuple[str, Read]], *, days: bool = False) -> pl.LazyFrame:
        """The frame with new columns: for each, the texts of a column read by a function, each different one once."""
        kind = pl.Date() if days else pl.String()
        return frame.with_columns(
            pl.col(source).cast(pl.String).map_batches(read_by(reading, kind), return_dtype=kind).alias(name)
            for name, (source, reading) in wanted.items()
        )

    def alike(self, frame: pl.LazyFrame, wanted: Mapping[str, tuple[str, tuple[str, ...]]]) -> pl.LazyFrame:
        """The frame with new marks: for each, whether a text column is one of some folded texts; false where null."""
        return frame.with_columns(
            pl.col(source).map_batches(found_alike(frozenset(members)), return_dtype=pl.Boolean).alias(name)
            for name, (source, members) in wanted.items()
        )

    def settle(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame worked out, so that it can be read many times."""
        return frame.collect(optimizations=_PLAIN).lazy()

    def together(self, frames: Iterable[pl.LazyFrame], days: Sequence[str] = ()) -> pl.LazyFrame:
        """The rows of frames with the same columns, worked out, numbers in some columns made days again."""
        return self.settle(pl.concat(frames).with_columns(pl.col(name).cast(pl.Int32).cast(pl.Date) for name in days))

    def release(self, frame: pl.LazyFrame) -> None:
        """A frame that nobody holds any more goes by itself."""

    def counts(self, frame: pl.LazyFrame, marks: Sequence[str]) -> dict[str, int]:
        """In how many rows each mark is set."""
        found: dict[str, int] = frame.select(pl.col(marks).sum()).collect(optimizations=_PLAIN).row(0, named=True)
        return found

    def rows(self, frame: pl.LazyFrame) -> Iterable[dict[str, Any]]:
        """The rows of a frame as values."""
        return frame.collect(optimizations=_PLAIN).iter_rows(named=True)


def read_by(reading: Read, kind: pl.DataType) -> Callable[[pl.Series], pl.Series]:
    """Reads texts by a function, each different one once."""

    def read(texts: pl.Series) -> pl.Series:
        if texts.null_count() * 2 <= len(texts):
            return _answers(reading, kind, texts)
        # Most rows say nothing: the answers are put where there is one.
        places = pl.int_range(len(texts), dtype=pl.UInt32, eager=True).filter(texts.is_not_null())
        nothing = pl.repeat(None, len(texts), dtype=kind, eager=True)
        return nothing.scatter(places, _answers(reading, kind, texts[places])) if len(places) else nothing

    return read


def _answers(reading: Read, kind: pl.DataType, texts: pl.Series) -> pl.Series:
    """What each text is read as; the first texts mostly show every way of writing, else all are looked through."""
    for some in (texts.head(_FIRST), texts):
        ways = {text: reading(text) for text in some.unique().drop_nulls()}
        if kind != texts.dtype or any(text != other for text, other in ways.items()):
            numbers = texts.cast(pl.Enum(list(ways)), strict=False)
            if ways and numbers.null_count() == texts.null_count():
                return pl.Series(ways.values(), dtype=kind)[numbers.to_physical().cast(pl.UInt32)]
    return texts if kind == texts.dtype else pl.repeat(None, len(texts), dtype=kind, eager=True)


def found_alike(members: frozenset[str]) -> Callable[[pl.Series], pl.Series]:
    """Which texts are among the members once folded: the few ways they are written are looked up first."""

    def found(texts: pl.Series) -> pl.Series:
        written = [text for text in texts.unique().drop_nulls().cast(pl.String) if folded(text) in members]
        marks = reduce(operator.or_, (texts == text for text in written), pl.repeat(False, len(texts), eager=True))
        return marks.fill_null(value=False)

    return found
