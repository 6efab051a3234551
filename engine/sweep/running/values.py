"""Values and conditions of many rows: data beside a mark where there is one, so that nothing has to look at nulls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from engine.sweep.nodes import Kind

Mark = bool | pl.Series
"""A condition: the same for all rows, or one without nulls for each."""

TYPES: Mapping[Kind, Any] = {"mark": pl.Boolean, "whole": pl.Int32, "text": pl.Categorical, "share": pl.Float64}
"""What stands in columns of a kind. Choosing among texts takes a hundred times as long as among categories."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in each row, or one for all; where there is none the data hold anything, or nothing."""

    data: Any
    there: Mark


ABSENT = Value(None, there=False)


@lru_cache(maxsize=4096)
def _one(value: Any, kind: Any) -> pl.Series:
    return pl.Series([value], dtype=kind)


def filled(data: pl.Series, there: Mark, nothing: object) -> pl.Series:
    """The data, with the same wherever there is nothing."""
    return data if isinstance(there, bool) else data.zip_with(there, _one(nothing, data.dtype))


def sure(marks: pl.Series) -> pl.Series:
    """Marks with nothing read as no."""
    return (
        _one(value=True, kind=pl.Boolean).zip_with(marks, _one(value=False, kind=pl.Boolean))
        if marks.null_count()
        else marks
    )


def both(one: Mark, other: Mark) -> Mark:
    """Where both hold."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return one & other


def opposite(mark: Mark) -> Mark:
    """Where it does not hold."""
    return not mark if isinstance(mark, bool) else ~mark


def either(one: Mark, other: Mark) -> Mark:
    """Where one holds."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return one | other


def plain(mark: Mark) -> Mark:
    """The mark, as one for all rows where it is."""
    if isinstance(mark, bool):
        return mark
    number = mark.sum()
    return number > 0 if number in (0, len(mark)) else mark


def repeated(value: object, kind: Any, height: int) -> pl.Series:
    """The same value in so many rows."""
    return _one(value, kind).new_from_index(0, height)


def series(data: Any, kind: Kind) -> pl.Series:
    """The data as a column, be it of one row for all."""
    return data if isinstance(data, pl.Series) else _one(data, TYPES[kind])


def alike_typed(one: pl.Series, other: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Two columns in a type that both have."""
    if one.dtype == other.dtype:
        return one, other
    kind = pl.Int64 if one.dtype.is_integer() and other.dtype.is_integer() else pl.String
    return one.cast(kind), other.cast(kind)
