"""Values worked out of others, for all rows at once: days looked up, sums, choices, extremes."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any

import polars as pl

from engine.language.tree import folded
from engine.sweep.backends.polars_backend import read_by
from engine.sweep.days import LOWEST, YEAR_CODE, DayTable, DayTables
from engine.sweep.nodes import Kind, Node
from engine.sweep.running.values import (
    ABSENT,
    Mark,
    Value,
    alike_typed,
    both,
    either,
    filled,
    opposite,
    plain,
    series,
)

_EXTREMES = {"least": (operator.le, 2**31 - 1), "greatest": (operator.ge, -(2**31))}
_folded = read_by(folded, pl.String())


def worked_out(node: Node, parts: Sequence[Value], tables: DayTables) -> Value:
    """What an operation makes of its parts; there is nothing where one of them is not there."""
    there = plain(reduce(both, (part.there for part in parts)))
    if there is False:
        return ABSENT
    one = parts[0].data
    match node.op:
        case "lookup":
            assert isinstance(node.detail, DayTable)
            return _looked_up(tables, node.detail, one, there)
        case "folded":
            return Value(_folded(one.cast(pl.String)) if isinstance(one, pl.Series) else folded(one), there)
        case "plus":
            return Value(one + parts[1].data, there)
        case "minus":
            return Value(one - parts[1].data, there)
        case "times":
            wide = (part.data.cast(pl.Int64) if isinstance(part.data, pl.Series) else part.data for part in parts)
            return Value(reduce(operator.mul, wide), there)
        case "whole_years":
            return Value((one - parts[1].data) // YEAR_CODE, there)
        case "share":
            whole = series(parts[1].data, "whole")
            return Value(series(one, "whole") / whole, plain(both(there, whole != 0)))
        case _:
            raise AssertionError(f"no way to work out {node.op}")


def _looked_up(tables: DayTables, table: DayTable, day: Any, there: Mark) -> Value:
    if not isinstance(day, pl.Series):
        found = tables.at(table, day)
        return Value(found, both(there, found is not None))
    if not table.total:
        first, last = tables.reach(table)
        there = plain(both(there, (day >= first) & (day <= last)))
    known = filled(day, there, 0) if day.null_count() else day  # nothing is no place in a table
    return Value(tables.filled(table)[(known - LOWEST).cast(pl.UInt32, wrap_numerical=True)], there)


def chosen(kind: Kind, test: pl.Series, one: Value, other: Value) -> Value:
    """One of two values by a condition."""
    there = plain(either(both(test, one.there), both(opposite(test), other.there)))
    if one.there is False or other.there is False:
        return Value((other if one.there is False else one).data, there)
    if not isinstance(one.data, pl.Series) and not isinstance(other.data, pl.Series) and one.data == other.data:
        return Value(one.data, there)
    sides = alike_typed(series(one.data, kind), series(other.data, kind))
    return Value(sides[0].zip_with(test, sides[1]), there)


def extreme(node: Node, options: Sequence[Value], height: int) -> Value:
    """The least or greatest of the values that are there in so many rows."""
    beyond, none = _EXTREMES[node.op]
    values = [value for value in options if value.there is not False]
    if not values:
        return ABSENT
    found = None
    for value in values:
        data = series(value.data, node.kind)
        if not isinstance(value.there, bool):
            data = data.zip_with(value.there, pl.Series([none], dtype=data.dtype))
        if found is None:
            found = data
        else:
            found, data = alike_typed(found, data)
            found = found.zip_with(beyond(found, data), data)
    there = plain(reduce(either, (value.there for value in values)))
    assert found is not None
    return Value(filled(found, there, 0) if len(found) == height else found[0], there)
