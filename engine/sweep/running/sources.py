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
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    op: getattr(operator, op) for op in ("eq", "ne", "lt", "le", "gt", "ge")
}
_STRICT = {
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
        self._rare: dict[Node, Node | None] = {}

    def column(self, name: str) -> pl.Series:
        """A column, days as numbers."""
        column = self.frame[name]
        return column.cast(pl.Int32) if name in self.days else column

    def rare(self, node: Node) -> Node | None:
        """A column that few rows have and without which a node has no value."""
        if node not in self._rare:
            found = None
            if node.op == "col":
                filled = self.frame.height - self.frame[str(node.detail)].null_count()
                found = node if filled * FEW < self.frame.height else None
            elif node.op in _STRICT:
                found = next(filter(None, map(self.rare, node.args)), None)
            self._rare[node] = found
        return self._rare[node]

    def unfolded(self, node: Node) -> Node:
        """A value through time as choices."""
        with self._lock:
            return self.graph.unfolded(node)

    def not_after(self, day: Node, last: Node) -> Node:
        """Whether a day is not after another."""
        with self._lock:
            return self.graph.compare("le", day, last)
