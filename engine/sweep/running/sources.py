"""The columns of a slice of cases, as the parts of it read them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Any

import polars as pl

from engine.sweep.graph import Graph
from engine.sweep.nodes import Node

FEW = 4
"""Where no more than one row of so many is left, conditions are followed on these rows alone."""
_EASY_FEW = 50
"""The same of conditions that cost no more than taking out the rows of a column."""
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    op: getattr(operator, op) for op in ("eq", "ne", "lt", "le", "gt", "ge")
}
STRICT = {
    *COMPARED,
    "in",
    "sure",
    "alike",
    "until",
    "lookup",
    "folded",
    "plus",
    "minus",
    "times",
    "whole_years",
    "share",
}
"""Operations that have no answer, or the answer no, where one of their parts has none."""


class Source:
    """The columns of a frame, and what all parts of it share."""

    def __init__(
        self, graph: Graph, lock: Lock, uses: Mapping[Node, int], frame: pl.DataFrame, days: Collection[str]
    ) -> None:
        """`lock` is held while the graph grows; `uses` tells how many others rest on a node."""
        self.graph, self._lock, self.uses, self.frame, self.days = graph, lock, uses, frame, days
        self.rows = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
        self._columns: dict[str, pl.Series] = {}
        self._few: dict[Node, int] = {}

    def column(self, name: str) -> pl.Series:
        """A column in one piece, days as numbers."""
        found = self._columns.get(name)
        if found is None:
            column = self.frame[name]
            found = self._columns[name] = column.cast(pl.Int32) if name in self.days else column
        return found

    def few(self, node: Node) -> int:
        """Where no more than one row of so many is left, a condition is followed on these rows alone."""
        found = self._few.get(node)
        if found is None:
            found = self._few[node] = self._how_few(node)
        return found

    def _how_few(self, node: Node) -> int:
        match node.op:
            case "and" | "or" | "not":
                return min(map(self.few, node.args))
            case "absent" | "sure":
                return _EASY_FEW if node.args[0].op == "col" else FEW
            case op if op in COMPARED:
                one, other = node.args
                return _EASY_FEW if (one.op, one.kind, other.op) == ("col", "whole", "const") else FEW
            case _:
                return FEW

    def unfolded(self, node: Node) -> Node:
        """A value through time as choices."""
        with self._lock:
            return self.graph.unfolded(node)

    def not_after(self, day: Node, last: Node) -> Node:
        """Whether a day is not after another."""
        with self._lock:
            return self.graph.compare("le", day, last)
