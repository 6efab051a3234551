"""Shares of whole numbers as columns, compared crosswise: no rounding decides a vote."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.sweep.graph import Graph, Node

OPPOSITE = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
"""The comparison that says the same with its sides exchanged, or multiplied by a number below zero."""


def compare_shares(graph: Graph, op: str, left: Node, right: Node) -> Node:
    """A comparison of two shares; false where one is absent."""
    if left.op in ("when", "steps"):
        return graph.over_leaves(left, lambda leaf: graph.compare(op, leaf, right), "mark")
    if right.op in ("when", "steps"):
        return graph.over_leaves(right, lambda leaf: graph.compare(op, left, leaf), "mark")
    if any(side.op == "const" and side.detail is None for side in (left, right)):
        return graph.no
    (part, whole), (other_part, other_whole) = _ratio(graph, left), _ratio(graph, right)
    zero = graph.const(0, "whole")
    sides = graph.arithmetic("times", part, other_whole), graph.arithmetic("times", other_part, whole)
    above, below = ([graph.compare(sign, x, zero) for x in (whole, other_whole)] for sign in ("gt", "lt"))
    alike = graph.any_of([graph.all_of(above), graph.all_of(below)])
    opposed = graph.any_of([graph.all_of([above[0], below[1]]), graph.all_of([below[0], above[1]])])
    straight, turned = graph.compare(op, *sides), graph.compare(OPPOSITE[op], *sides)
    return graph.any_of([graph.all_of([alike, straight]), graph.all_of([opposed, turned])])


def extreme_share(graph: Graph, op: Literal["least", "greatest"], options: Sequence[Node]) -> Node:
    """The least or greatest of the shares that are not absent."""
    found = options[0]
    for option in options[1:]:
        chosen = graph.when(graph.compare("le" if op == "least" else "ge", found, option), found, option)
        chosen = graph.when(graph.absent(option), found, chosen)
        found = graph.when(graph.absent(found), option, chosen)
    return found


def _ratio(graph: Graph, share: Node) -> tuple[Node, Node]:
    """A share as a part and a whole."""
    if share.op == "share":
        return share.args[0], share.args[1]
    assert isinstance(share.detail, Fraction)
    return graph.const(share.detail.numerator, "whole"), graph.const(share.detail.denominator, "whole")
