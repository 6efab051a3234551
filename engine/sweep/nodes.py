"""The nodes of a graph of column operations, and what can be asked of whoever builds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from engine.sweep.days import DayTables

Kind = Literal["mark", "whole", "text", "share"]
Constant = int | bool | str | Fraction | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation: its operands, what else it needs to know, and whether it can be null."""

    op: str
    args: tuple[Node, ...]
    detail: object
    kind: Kind
    nullable: bool


class Builder(Protocol):
    """Makes nodes: what the rewriting of comparisons needs of the graph."""

    tables: DayTables
    yes: Node
    no: Node

    def const(self, value: Constant, kind: Kind) -> Node:
        """A value that is the same in every row."""

    def all_of(self, parts: Iterable[Node]) -> Node:
        """Whether all of the parts hold."""

    def any_of(self, parts: Iterable[Node]) -> Node:
        """Whether one of the parts holds."""

    def absent(self, value: Node) -> Node:
        """Whether there is no value."""

    def present(self, value: Node) -> Node:
        """Whether there is a value."""

    def when(self, test: Node, then: Node, otherwise: Node) -> Node:
        """One of two values."""

    def compare(self, op: str, left: Node, right: Node) -> Node:
        """A comparison; false where a side is absent."""

    def over_leaves(self, value: Node, apply: Callable[[Node], Node], kind: Kind) -> Node:
        """The same done to each of the values that are chosen between."""

    def arithmetic(self, op: Literal["plus", "minus", "times", "whole_years"], left: Node, right: Node) -> Node:
        """Sums and products of whole numbers."""
