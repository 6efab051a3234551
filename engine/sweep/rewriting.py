"""Comparisons put another way while the graph is built, so that less is computed for a row.

Shares of whole numbers are compared crosswise: no rounding decides a vote. A comparison with a known day is solved for
the recorded day: "today is after the limit" means "the clock began before such a day", so that the tables of days are
read backwards once instead of forwards in every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from engine.sweep.days import HIGHEST, LOWEST, DayTable
from engine.sweep.nodes import Builder, Node

OPPOSITE = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
"""The comparison that says the same with its sides exchanged, or multiplied by a number below zero."""

_MOST_STRETCHES = 4
"""More than so many are dearer than looking the table up."""


def compare_shares(graph: Builder, op: str, left: Node, right: Node) -> Node:
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


def extreme_share(graph: Builder, op: Literal["least", "greatest"], options: Sequence[Node]) -> Node:
    """The least or greatest of the shares that are not absent."""
    found = options[0]
    for option in options[1:]:
        chosen = graph.when(graph.compare("le" if op == "least" else "ge", found, option), found, option)
        chosen = graph.when(graph.absent(option), found, chosen)
        found = graph.when(graph.absent(found), option, chosen)
    return found


def _ratio(graph: Builder, share: Node) -> tuple[Node, Node]:
    """A share as a part and a whole."""
    if share.op == "share":
        return share.args[0], share.args[1]
    assert isinstance(share.detail, Fraction)
    return graph.const(share.detail.numerator, "whole"), graph.const(share.detail.denominator, "whole")


def solved_for_column(graph: Builder, op: str, left: Node, number: int) -> Node | None:
    """A comparison of something that rests on one column with a number, as a comparison of that column."""
    match left.op:
        case "plus" if left.args[1].op == "const" and isinstance(left.args[1].detail, int):
            return graph.compare(op, left.args[0], graph.const(number - left.args[1].detail, "whole"))
        case "until" if left.args[1].op == "const" and isinstance(left.args[1].detail, int):
            return _until(graph, op, left.args[0], left.args[1].detail, number)
        case "lookup":
            return _lookup(graph, op, left, number)
        case _:
            return None


def within_reach(graph: Builder, lookup: Node) -> Node:
    """Where a table has an answer for a day that is present."""
    table, day = lookup.detail, lookup.args[0]
    assert isinstance(table, DayTable)
    if table.total:
        return graph.present(day)
    first, last = (graph.const(edge, "whole") for edge in graph.tables.reach(table))
    return graph.all_of([graph.compare("ge", day, first), graph.compare("le", day, last)])


def _until(graph: Builder, op: str, day: Node, last: int, number: int) -> Node:
    """A day that counts only up to the last day, compared with another."""
    if op in ("lt", "le"):
        bound = min(last, number - 1 if op == "lt" else number)
        return graph.compare("le", day, graph.const(bound, "whole"))
    known = graph.compare("le", day, graph.const(last, "whole"))
    return graph.all_of([known, graph.compare(op, day, graph.const(number, "whole"))])


def _lookup(graph: Builder, op: str, lookup: Node, number: int) -> Node | None:
    """A table compared with a number holds on a few stretches of days, or it is looked up after all."""
    table, day = lookup.detail, lookup.args[0]
    assert isinstance(table, DayTable)
    stretches = graph.tables.days_where(table, op, number)
    if len(stretches) > _MOST_STRETCHES:
        return None
    found = []
    for first, last in stretches:
        since = graph.present(day) if first == LOWEST else graph.compare("ge", day, graph.const(first, "whole"))
        until = graph.yes if last == HIGHEST else graph.compare("le", day, graph.const(last, "whole"))
        found.append(graph.all_of([until, since] if first > LOWEST or last == HIGHEST else [until]))
    return graph.any_of(found)
