"""From the graph to column expressions: what is used more than once becomes a column, layer upon layer.

Expressions are written in what Polars and Narwhals have in common, so that the same lines serve both: Polars takes them
as they are (Narwhals would cost 20 µs an operation, half a second for the whole law), other libraries through Narwhals.
"""

from __future__ import annotations

import datetime as dt
import operator
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, Protocol

from engine.language.tree import folded
from engine.sweep.days import YEAR_CODE, DayTable, DayTables
from engine.sweep.graph import Graph
from engine.sweep.nodes import Constant, Kind, Node

Frame = Any
"""A lazy frame of Polars or of Narwhals."""
Expression = Any
"""A column expression of either."""

Read = Callable[[str], str | dt.date | None]
"""Makes a text or a day of what is written; nothing where it cannot be read."""

_OPERATORS: dict[str, Callable[[Any, Any], Expression]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "plus": operator.add,
    "minus": operator.sub,
}
_DTYPES = {"mark": "Boolean", "whole": "Int32", "text": "String", "share": "Float64"}
_APART = ("lookup", "folded", "alike")
"""Operations that are the backend's own; they stand between two layers."""


class Backend(Protocol):
    """A library that runs the columns, with the few operations on frames that are not the same everywhere."""

    @property
    def api(self) -> Any:
        """The module with `col`, `lit`, `when` and the rest."""

    def days_in(self, frame: Frame, days: Iterable[str], others: Iterable[str]) -> Frame:
        """The columns asked for, days as numbers."""

    def where(self, frame: Frame, mark: str, read: Collection[str]) -> Frame:
        """The rows in which a mark is set; of their columns at least those that are read."""

    def narrowed(self, frame: Frame, spent: Sequence[str]) -> Frame:
        """The frame, without columns that are read no more where that saves more than it costs."""

    def lookup(self, frame: Frame, tables: DayTables, wanted: Mapping[str, tuple[str, DayTable]]) -> Frame:
        """The frame with new columns: for each, what a table says of the day in another column."""

    def read(self, frame: Frame, wanted: Mapping[str, tuple[str, Read]], *, days: bool = False) -> Frame:
        """The frame with new columns: for each, the texts of a column read by a function, each different one once.

        What is read is a text, or a day.
        """

    def counts(self, frame: Frame, marks: Sequence[str]) -> dict[str, int]:
        """In how many rows each mark is set."""

    def alike(self, frame: Frame, wanted: Mapping[str, tuple[str, tuple[str, ...]]]) -> Frame:
        """The frame with new marks: for each, whether a text column is one of some folded texts; false where null."""

    def settle(self, frame: Frame) -> Frame:
        """The frame worked out, so that it can be read many times."""

    def together(self, frames: Iterable[Frame], days: Sequence[str] = ()) -> Frame:
        """The rows of frames with the same columns, worked out, numbers in some columns made days again."""

    def release(self, frame: Frame) -> None:
        """A settled frame is read no more."""

    def rows(self, frame: Frame) -> Iterable[dict[str, Any]]:
        """The rows of a frame as values."""


@dataclass(slots=True)
class _Layer:
    """Columns that rest only on columns of earlier layers."""

    lookups: dict[str, tuple[str, DayTable]] = field(default_factory=dict)
    folds: dict[str, str] = field(default_factory=dict)
    alike: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    expressions: list[Expression] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)
    """The columns that are read no more once this layer is there."""


@lru_cache(maxsize=4096)
def _literal(api: Any, value: Constant, kind: Kind) -> Expression:
    """A constant as an expression: kept, for the same few stand in hundreds of plans."""
    return api.lit(float(value) if isinstance(value, Fraction) else value, dtype=getattr(api, _DTYPES[kind]))


class Layers:
    """Some nodes of a graph as layers of expressions for a backend, those that are `given` being columns already."""

    def __init__(
        self, graph: Graph, backend: Backend, roots: Mapping[str, Node], given: Mapping[Node, str] | None = None
    ) -> None:
        self.graph, self.backend, self.roots = graph, backend, dict(roots)
        self.columns: dict[Node, str] = dict(given or {})
        """Every node that is a column of the frame once the plan has run."""
        self._given = frozenset(self.columns)
        self._order = self._reachable()
        self._layers: list[_Layer] = []
        self._arrange()
        self._outcome: list[Expression] | None = None
        self._lock = threading.Lock()
        self._read: set[str] = set()
        self._needed: frozenset[str] | None = None

    def _parts(self, node: Node) -> tuple[Node, ...]:
        return (self.graph.unfolded(node),) if node.op == "steps" else node.args

    def _reachable(self) -> list[Node]:
        """All nodes behind the roots, each after those it rests on."""
        order: dict[Node, None] = {}
        stack = [(node, False) for node in reversed(self.roots.values())]
        while stack:
            node, done = stack.pop()
            if done:
                order[node] = None
            elif node not in order:
                stack.append((node, True))
                if node not in self._given:
                    stack += [(part, False) for part in self._parts(node)]
        return list(order)

    def _arrange(self) -> None:
        """Name every node that becomes a column, in the first layer in which all it rests on is there."""
        uses: dict[Node, int] = dict.fromkeys(self._order, 0)
        for node in self._order:
            if node not in self._given:
                for part in self._parts(node):
                    uses[part] += 2 if node.op in _APART else 1
        ready: dict[Node, int] = {}
        number = len(self.columns)
        for node in self._order:
            if node in self._given or node.op in ("col", "const"):
                ready[node] = 0
                continue
            layer = max((ready[part] for part in self._parts(node)), default=0)
            if node.op in _APART or uses[node] > 1:
                while len(self._layers) <= layer:
                    self._layers.append(_Layer())
                self._place(node, f"_{number}", self._layers[layer])
                number += 1
                layer += 1
            ready[node] = layer

    def _place(self, node: Node, name: str, layer: _Layer) -> None:
        self.columns[node] = name
        if node.op == "lookup":
            assert isinstance(node.detail, DayTable)
            layer.lookups[name] = (self._name(node.args[0]), node.detail)
        elif node.op == "folded":
            layer.folds[name] = self._name(node.args[0])
        elif node.op == "alike":
            layer.alike[name] = (self._name(node.args[0]), node.detail)  # type: ignore[assignment]  # folded texts
        else:
            layer.nodes.append(node)

    def needed(self) -> frozenset[str]:
        """The columns that are read: of those that were given, and of the first frame."""
        if self._needed is None:
            read = (node for node in self._order if node in self._given or node.op == "col")
            self._needed = frozenset(self._name(node) for node in read)
        return self._needed

    def run(self, frame: Frame, keep: Sequence[str | Expression] = ()) -> Frame:
        """The frame of the roots, with the columns to `keep` before them; a frame that is not lazy stays so."""
        with self._lock:
            outcome = self._express() if self._outcome is None else self._outcome
        kept = {name for name in keep if isinstance(name, str)}
        for layer in self._layers:
            if layer.lookups:
                frame = self.backend.lookup(frame, self.graph.tables, layer.lookups)
            if layer.folds:
                frame = self.backend.read(frame, {name: (source, folded) for name, source in layer.folds.items()})
            if layer.alike:
                frame = self.backend.alike(frame, layer.alike)
            if layer.expressions:
                frame = frame.with_columns(*layer.expressions)
            spent = [name for name in layer.spent if name not in kept]
            if spent:
                frame = self.backend.narrowed(frame, spent)
        return frame.select(*keep, *outcome)

    def _express(self) -> list[Expression]:
        """Write the expressions, and find out after which layer a column is read no more."""
        last: dict[str, int] = {}
        for place, layer in enumerate(self._layers):
            self._read = {source for source, _ in (*layer.lookups.values(), *layer.alike.values())}
            self._read |= set(layer.folds.values())
            layer.expressions = [self._operation(node).alias(self.columns[node]) for node in layer.nodes]
            made = [*layer.lookups, *layer.folds, *layer.alike, *(self.columns[node] for node in layer.nodes)]
            last |= dict.fromkeys(made, place)
            last |= {name: place for name in self._read if name in last}
        self._read = set()
        self._outcome = [self._expression(node).alias(name) for name, node in self.roots.items()]
        for name, place in last.items():
            if name not in self._read:
                self._layers[place].spent.append(name)
        return self._outcome

    def _name(self, node: Node) -> str:
        return self.columns[node] if node in self.columns else str(node.detail)

    def _expression(self, node: Node) -> Expression:
        name = self.columns.get(node)
        if name is None:
            return self._operation(node)
        self._read.add(name)
        return self.backend.api.col(name)

    def _operation(self, node: Node) -> Expression:
        api = self.backend.api
        match node.op:
            case "col":
                return api.col(node.detail)
            case "const":
                return _literal(api, node.detail, node.kind)
            case "steps":
                return self._expression(self._parts(node)[0])
            case "when":
                return self._when(node)
        parts = [self._expression(part) for part in node.args]
        match node.op:
            case "eq" | "ne" | "lt" | "le" | "gt" | "ge":
                return self._decided(node, _OPERATORS[node.op](*self._plain(node, parts)))
            case "plus" | "minus":
                return _OPERATORS[node.op](*parts)
            case "times":
                return reduce(operator.mul, (part.cast(api.Int64) for part in parts))
            case "in":
                members: tuple[object, ...] = node.detail  # type: ignore[assignment]  # what it is made with
                return self._decided(node, reduce(operator.or_, (parts[0] == member for member in members)))
            case "and":
                return reduce(operator.and_, parts)
            case "or":
                return reduce(operator.or_, parts)
            case "not":
                return ~parts[0]
            case "sure":
                return parts[0].fill_null(value=False)
            case "absent":
                return parts[0].is_null()
            case "until":
                return api.when(parts[0] <= parts[1]).then(parts[0])
            case "whole_years":
                return (parts[0] - parts[1]) // YEAR_CODE
            case "share":
                return api.when(parts[1] != 0).then(parts[0] / parts[1])
            case "least":
                return api.min_horizontal(*parts)
            case "greatest":
                return api.max_horizontal(*parts)
            case _:
                raise AssertionError(f"no expression for {node.op}")

    @staticmethod
    def _plain(node: Node, parts: list[Expression]) -> list[Any]:
        """The sides of a comparison, a constant as it is: so it takes the type of the other side."""
        sides = zip(node.args, parts, strict=True)
        return [arg.detail if arg.op == "const" and arg.kind != "mark" else part for arg, part in sides]

    def _decided(self, node: Node, expression: Expression) -> Expression:
        """A comparison, false where a side is null."""
        return expression.fill_null(value=False) if any(part.nullable for part in node.args) else expression

    def _when(self, node: Node) -> Expression:
        when, (test, then, otherwise) = self.backend.api.when, node.args
        if then.op == "const" and then.detail is None:
            return when(~self._expression(test)).then(self._expression(otherwise))
        chosen = when(self._expression(test)).then(self._expression(then))
        if otherwise.op == "const" and otherwise.detail is None:
            return chosen
        return chosen.otherwise(self._expression(otherwise))
