"""Comparisons with a known day, solved for the recorded day: what need not be computed for a row is not computed.

"Today is after the limit" means "the clock began before such a day": the tables of days are read backwards once, while
the graph is built, instead of forwards in every row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.sweep.days import HIGHEST, LOWEST, DayTable

if TYPE_CHECKING:
    from engine.sweep.graph import Graph, Node

_MOST_STRETCHES = 4
"""More than so many are dearer than looking the table up."""


def solved_for_column(graph: Graph, op: str, left: Node, number: int) -> Node | None:
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


def within_reach(graph: Graph, lookup: Node) -> Node:
    """Where a table has an answer for a day that is present."""
    table, day = lookup.detail, lookup.args[0]
    assert isinstance(table, DayTable)
    if table.total:
        return graph.present(day)
    first, last = (graph.const(edge, "whole") for edge in graph.tables.reach(table))
    return graph.all_of([graph.compare("ge", day, first), graph.compare("le", day, last)])


def _until(graph: Graph, op: str, day: Node, last: int, number: int) -> Node:
    """A day that counts only up to the last day, compared with another."""
    if op in ("lt", "le"):
        bound = min(last, number - 1 if op == "lt" else number)
        return graph.compare("le", day, graph.const(bound, "whole"))
    known = graph.compare("le", day, graph.const(last, "whole"))
    return graph.all_of([known, graph.compare(op, day, graph.const(number, "whole"))])


def _lookup(graph: Graph, op: str, lookup: Node, number: int) -> Node | None:
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
