"""When an answer may change by itself: the first day on which the passing of time can turn a condition of the graph.

The answer is never too late; it may be too early, so whoever asks looks again on that day. A conjunction that fails
cannot turn before all that fail have turned: the bounds are as close as that. Where nothing better is known, it is
the next day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from engine.sweep.days import AGE_CODE, BIRTH_CODE, EPOCH, DayTable
from engine.sweep.graph import Graph
from engine.sweep.nodes import Node
from engine.sweep.rewriting import OPPOSITE

FARTHEST = dt.date(2200, 1, 1).toordinal() - EPOCH
"""Nobody waits for a later day; the tables of days reach farther."""


NEVER = FARTHEST + 1


class Events:
    """The next events of nodes of a graph, `passing` being the node of the day that passes."""

    def __init__(self, graph: Graph, passing: Node) -> None:
        self.graph, self.passing = graph, passing
        self._moving: dict[Node, bool] = {passing: True}
        self._next: dict[Node, Node] = {}
        self._never = graph.const(NEVER, "whole")
        self._tomorrow = graph.arithmetic("plus", passing, graph.const(1, "whole"))

    def next(self, nodes: Iterable[Node]) -> Node:
        """The first day ahead on which one of the nodes may change; absent where none ever will."""
        graph = self.graph
        day = self._first([self.of(node) for node in nodes])
        return graph.when(graph.compare("lt", day, self._never), day, graph.const(None, "whole"))

    def moves(self, node: Node) -> bool:
        """Whether a node rests on the day at all."""
        known = self._moving.get(node)
        if known is None:
            known = self._moving[node] = any(self.moves(part) for part in node.args)
        return known

    def of(self, node: Node) -> Node:
        """The first day on which a node may change; `NEVER` where it will not."""
        found = self._next.get(node)
        if found is None:
            found = self._next[node] = self._of(node) if self.moves(node) else self._never
        return found

    def _first(self, days: Iterable[Node]) -> Node:
        kept = [day for day in dict.fromkeys(days) if day is not self._never]
        return self.graph.extreme("least", kept) if kept else self._never

    def _of(self, node: Node) -> Node:
        graph = self.graph
        match node.op:
            case "until":
                day, last = node.args
                return self._first([self.of(day), self._turning("ge", last, day)])
            case "steps":
                return self.of(graph.unfolded(node))
            case "and" | "or":
                return self._joined(node)
            case "when":
                test, then, otherwise = node.args
                return self._first([self.of(test), graph.when(test, self.of(then), self.of(otherwise))])
            case "eq" | "ne" | "lt" | "le" | "gt" | "ge":
                return self._turning(node.op, *node.args)
            case "absent" if node.args[0].op == "lookup":
                table, day = node.args[0].detail, node.args[0].args[0]
                assert isinstance(table, DayTable)
                return self._running_out(table, day)
            case _:
                return self._tomorrow if node is self.passing else self._first(map(self.of, node.args))

    def _joined(self, node: Node) -> Node:
        """Conditions joined turn when one that holds it up turns, or when all that hold it back have turned."""
        graph, conjunction = self.graph, node.op == "and"
        soonest, latest = [], []
        for part in node.args:
            day = self.of(part)
            soonest.append(day)
            holding_back = graph.none_of(part) if conjunction else part
            latest.append(graph.when(holding_back, day, self.passing))
        together = graph.extreme("greatest", latest)
        unhindered = node if conjunction else graph.none_of(node)
        return graph.when(unhindered, self._first(soonest), together)

    def _ahead(self, days: Iterable[Node]) -> Node:
        """The first of some days that lies ahead."""
        graph, found = self.graph, []
        for day in dict.fromkeys(days):
            counts = [graph.compare("gt", day, self.passing), graph.compare("le", day, graph.const(FARTHEST, "whole"))]
            found.append(graph.when(graph.all_of(counts), day, self._never))
        return self._first(found)

    def _turning(self, op: str, left: Node, right: Node) -> Node:
        """The first day on which a comparison may turn."""
        graph = self.graph
        left, right = self._lifted(left), self._lifted(right)
        for side, other, reading in ((left, right, op), (right, left, OPPOSITE[op])):
            if side.op == "when" and self.moves(side):
                test, then, otherwise = side.args
                branches = self._turning(reading, then, other), self._turning(reading, otherwise, other)
                return self._first([self.of(test), graph.when(test, *branches)])
        for side, other, reading in ((left, right, op), (right, left, OPPOSITE[op])):
            if self._passes(side):
                return self._first([self.of(other), self._passing(reading, side, other)])
        return self._first([self.of(left), self.of(right)])

    def _lifted(self, node: Node) -> Node:
        """A moving value with the choices it rests on made first."""
        if not self.moves(node):
            return node
        graph = self.graph
        match node.op:
            case "steps":
                return graph.unfolded(node)
            case "lookup":
                table = node.detail
                assert isinstance(table, DayTable)
                return self._over(node.args[0], lambda day: graph.lookup(table, day), node)
            case "plus" | "minus" | "times" | "whole_years":
                one, two = node.args
                lifted = self._over(one, lambda leaf: graph.arithmetic(node.op, leaf, two), node)  # type: ignore[arg-type]  # as matched
                if lifted is not node:
                    return lifted
                return self._over(two, lambda leaf: graph.arithmetic(node.op, one, leaf), node)  # type: ignore[arg-type]  # as matched
            case _:
                return node

    def _over(self, operand: Node, apply: Callable[[Node], Node], node: Node) -> Node:
        lifted = self._lifted(operand)
        return self.graph.over_leaves(lifted, apply, node.kind) if lifted.op == "when" else node

    def _passes(self, node: Node) -> bool:
        """Whether a value is the passing day itself, or something that grows with it and with nothing else."""
        match node.op:
            case "lookup":
                return node.args[0] is self.passing
            case "plus" | "minus":
                one, two = node.args
                return (self._passes(one) and not self.moves(two)) or (self._passes(two) and not self.moves(one))
            case "whole_years":
                until, since = node.args
                return self._passes(until) and not self.moves(since)
            case _:
                return node is self.passing

    def _passing(self, op: str, value: Node, goal: Node) -> Node:
        """When a value that grows with the day reaches another, or goes beyond it."""
        graph = self.graph
        match value.op:
            case "plus":
                grows, fixed = value.args if self._passes(value.args[0]) else reversed(value.args)
                return self._passing(op, grows, graph.arithmetic("minus", goal, fixed))
            case "minus" if self._passes(value.args[0]):
                return self._passing(op, value.args[0], graph.arithmetic("plus", goal, value.args[1]))
            case "minus":
                return self._passing(OPPOSITE[op], value.args[1], graph.arithmetic("minus", value.args[0], goal))
            case "lookup":
                return self._reaching(op, value, goal)
            case "whole_years":
                return self._birthdays(op, value, goal)
            case _:
                return self._ahead(self._reached(op, goal))

    def _reached(self, op: str, day: Node) -> list[Node]:
        """When the passing day is another, and when that lies behind."""
        on = [day] if op in ("ge", "lt", "eq", "ne") else []
        behind = [self.graph.arithmetic("plus", day, self.graph.const(1, "whole"))]
        return [*on, *(behind if op in ("gt", "le", "eq", "ne") else [])]

    def _reaching(self, op: str, lookup: Node, goal: Node) -> Node:
        """When a table's answer about the passing day reaches a number, or goes beyond it."""
        table = lookup.detail
        assert isinstance(table, DayTable)
        if not self.graph.tables.ascends(table):
            return self._tomorrow
        inverse = DayTable("reached", table.unit, table.begins, table.amounts, of=table.what)
        turns = [self.graph.lookup(inverse, day) for day in self._reached(op, goal)]
        return self._first([self._ahead(turns), self._running_out(table, self.passing)])

    def _running_out(self, table: DayTable, day: Node) -> Node:
        """When a table has no more answer about a day."""
        day = self._lifted(day)
        if day.op == "when":
            test, then, otherwise = day.args
            branches = self._running_out(table, then), self._running_out(table, otherwise)
            return self._first([self.of(test), self.graph.when(test, *branches)])
        if day is not self.passing:
            return self.of(day)
        if table.total:
            return self._never
        first, last = self.graph.tables.reach(table)
        return self._ahead([self.graph.const(first, "whole"), self.graph.const(last + 1, "whole")])

    def _birthdays(self, op: str, years: Node, number: Node) -> Node:
        """When somebody completes a number of years, or one more."""
        until, since = years.args
        plain = until.op == since.op == "lookup" and until.detail == AGE_CODE and since.detail == BIRTH_CODE
        if not plain or not isinstance(number.detail, int):
            return self._tomorrow
        more = (0, 1) if op in ("eq", "ne") else (op in ("gt", "le"),)
        completed = [self.graph.const(number.detail + extra, "whole") for extra in more]
        return self._ahead(self.graph.moved(since.args[0], count, "year", 1) for count in completed)
