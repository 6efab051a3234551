"""Nodes of a graph worked out on some rows, each only when it is asked for and only where it can matter.

A value is its data beside a mark where there is one. Conditions that few rows still meet are followed on these rows
alone, and what nobody meets is not followed at all.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import polars as pl

from engine.language.tree import folded
from engine.sweep.backends.polars_backend import found_alike
from engine.sweep.nodes import Node
from engine.sweep.running.sources import COMPARED, FEW, STRICT, Source
from engine.sweep.running.values import ABSENT, Mark, Value, both, either, opposite, plain, repeated, sure
from engine.sweep.running.working_out import chosen, extreme, worked_out

_MANY = 50
"""Where one row of so many is taken or more, all are gone through; else those taken are fetched."""
_AT_HAND = ("const", "col", "until")
"""Values that are made anew sooner than they are taken over from the part above."""
_SMALL = 1_000
"""For so few rows nothing is gained by leaving out those that lack something."""


class Part:
    """Some rows of a source, or all of them."""

    def __init__(self, source: Source, above: Part | None = None, chosen: pl.Series | None = None) -> None:
        """`chosen` marks its rows in the part above."""
        self.source, self.above, self.chosen = source, above, chosen
        self.height = source.rows.len() if chosen is None else int(chosen.sum())
        self._places: pl.Series | None = None
        self._rows: pl.Series | None = None
        self._marks: dict[Node, Mark] = {}
        self._values: dict[Node, Value] = {}
        self._columns: dict[str, pl.Series] = {}
        self._rare: dict[Node, Node | None] = {}
        self._together: dict[tuple[Node, ...], Mark] = {}
        self._within: dict[tuple[Node, ...], Part] = {}

    def _chosen_of(self) -> tuple[Part, pl.Series]:
        assert self.above is not None, "all rows are chosen by nothing"
        assert self.chosen is not None, "rows of a part are chosen"
        return self.above, self.chosen

    @property
    def places(self) -> pl.Series:
        """Where its rows stand in the part above."""
        if self._places is None:
            above, chosen = self._chosen_of()
            self._places = self.source.rows.head(above.height).filter(chosen)
        return self._places

    @property
    def rows(self) -> pl.Series:
        """Where its rows stand in the source."""
        if self._rows is None:
            above = self.above
            if above is None:
                self._rows = self.source.rows
            else:
                self._rows = self.places if above.above is None else self.own(above.rows)
        return self._rows

    def own(self, of_above: pl.Series) -> pl.Series:
        """The rows of this part, of a column of the part above."""
        above, chosen = self._chosen_of()
        if self.height * _MANY > above.height:
            return of_above.filter(chosen)
        return of_above[self.places]

    def grant(self, marks: Mapping[Node, bool]) -> None:
        """Take for granted what is known of all rows."""
        self._marks.update(marks)

    def holders(self, conditions: tuple[Node, ...]) -> Part | None:
        """The rows in which conditions hold together, if there are any."""
        part, mark = self._followed(conditions)
        return part.where(mark)

    def forget(self) -> None:
        """Everything that was worked out goes at once: parts know one another, and would wait to be collected."""
        for within in self._within.values():
            within.forget()
        for kept in (self._within, self._marks, self._values, self._columns, self._rare, self._together):
            kept.clear()

    def where(self, mark: Mark) -> Part | None:
        """The rows that have a mark, if there are any."""
        if isinstance(mark, bool):
            return self if mark else None
        return Part(self.source, self, mark)

    def mark(self, node: Node) -> Mark:
        """A condition, no where it is absent."""
        found = self._known_mark(node)
        if found is None:
            found = self._marks[node] = plain(self._where_it_can_be(node))
        return found

    def _where_it_can_be(self, node: Node) -> Mark:
        """A condition; of a column that few rows have, worked out for these alone."""
        rare = None if self.height < _SMALL or self.source.few(node) > FEW else self._rarely(node)
        if rare is None:
            return self._condition(node)
        within = self._having(rare)
        return within is not None and within._spread(within.mark(node))  # noqa: SLF001  # a part of its own

    def _rarely(self, node: Node) -> Node | None:
        """A column that few rows have and without which a node has no value."""
        if node not in self._rare:
            found = None
            if node.op == "col":
                filled = self.height - self._raw(str(node.detail)).null_count()
                found = node if 0 < filled * FEW < self.height else None
            elif node.op in STRICT:
                found = next(filter(None, map(self._rarely, node.args)), None)
            self._rare[node] = found
        return self._rare[node]

    def _having(self, column: Node) -> Part | None:
        """The rows that have something in a column, if there are any."""
        within = self._within.get((column,))
        if within is None:
            there = plain(self._raw(str(column.detail)).is_not_null())
            if isinstance(there, bool):
                return self if there else None
            within = self._within[column,] = Part(self.source, self, there)
        return within

    def _known_mark(self, node: Node) -> Mark | None:
        found = self._marks.get(node)
        if found is None and self.above is not None:
            known = self.above._known_mark(node)  # noqa: SLF001  # the part above is one of its own
            if known is not None:
                found = self._marks[node] = known if isinstance(known, bool) else plain(self.own(known))
        return found

    def value(self, node: Node) -> Value:
        """A value."""
        found = self._known_value(node)
        if found is None:
            found = self._values[node] = self._worked_out(node)
        return found

    def _known_value(self, node: Node) -> Value | None:
        found = self._values.get(node)
        if found is None and self.above is not None and node.op not in _AT_HAND:
            known = self.above._known_value(node)  # noqa: SLF001  # the part above is one of its own
            if known is not None:
                data, there = known.data, known.there
                data = self.own(data) if isinstance(data, pl.Series) else data
                there = there if isinstance(there, bool) else plain(self.own(there))
                found = self._values[node] = Value(data, there)
        return found

    def _ordered(self, node: Node) -> tuple[Node, ...]:
        """What has to hold together, begun with what other conditions ask as well."""
        if node.op != "and":
            return (node,)
        return tuple(sorted(node.args, key=lambda part: -self.source.uses.get(part, 0)))

    def _followed(self, parts: tuple[Node, ...]) -> tuple[Part, Mark]:
        """The part of which a mark says where all hold: this one, or one in it that was left with few rows."""
        held: Mark = True
        for place, node in enumerate(parts):
            known = self._together.get(parts[: place + 1])
            if known is None:
                if (
                    not isinstance(held, bool)
                    and self._known_mark(node) is None
                    and self._leaves_few(int(held.sum()), node)
                ):
                    within = self._within.get(parts[:place])
                    if within is None:
                        within = self._within[parts[:place]] = Part(self.source, self, held)
                    return within._followed(parts[place:])  # a part of its own
                known = self._together[parts[: place + 1]] = plain(both(held, self.mark(node)))
            held = known
            if held is False:
                break
        return self, held

    def _leaves_few(self, rows: int, node: Node) -> bool:
        """Whether a condition is better followed on so many rows alone."""
        return rows * self.source.few(node) < self.height

    def leaves_many(self, node: Node) -> bool:
        """Whether a condition does not hold in many rows."""
        mark = self.mark(node)
        return mark is False or (not isinstance(mark, bool) and (self.height - int(mark.sum())) * FEW >= self.height)

    def _all(self, node: Node) -> Mark:
        part, mark = self._followed(self._ordered(node))
        while part is not self:
            assert part.above is not None
            part, mark = part.above, part._spread(mark)  # noqa: SLF001  # a part of its own
        return mark

    def _any(self, parts: tuple[Node, ...]) -> Mark:
        """Where one holds; once few rows are left in which none does, the others are followed on these alone."""
        found: Mark = False
        for place, node in enumerate(parts):
            if found is True:
                break
            if not isinstance(found, bool) and self._leaves_few(self.height - int(found.sum()), node):
                left = Part(self.source, self, ~found)
                return either(found, left._spread(left._any(parts[place:])))  # a part of its own
            found = plain(either(found, self.mark(node)))
        return found

    def _spread(self, mark: Mark) -> Mark:
        """The mark in the part above, whose other rows do not have it."""
        if mark is False:
            return False
        assert self.above is not None
        places = self.places if mark is True else self.places.filter(mark)
        return repeated(False, pl.Boolean, self.above.height).scatter(places, True)  # what Polars calls so

    def _condition(self, node: Node) -> Mark:
        match node.op:
            case "const":
                return bool(node.detail)
            case "and":
                return self._all(node)
            case "or":
                return self._any(node.args)
            case "not":
                return opposite(self.mark(node.args[0]))
            case "absent" if node.args[0].op == "col":
                raw = self._raw(str(node.args[0].detail))
                return raw.is_null() if 0 < raw.null_count() < self.height else raw.null_count() > 0
            case "sure" if node.args[0].op == "col":
                return sure(self._raw(str(node.args[0].detail)))
            case "absent":
                return opposite(self.value(node.args[0]).there)
            case "sure":
                value = self.value(node.args[0])
                return both(value.data, value.there) if value.there is not False else False
            case "in":
                value = self.value(node.args[0])
                members: Sequence[object] = node.detail  # type: ignore[assignment]  # what it is made with
                return both(reduce(operator.or_, (value.data == member for member in members)), value.there)
            case "alike":
                value = self.value(node.args[0])
                wanted: Iterable[str] = node.detail  # type: ignore[assignment]  # folded texts
                if isinstance(value.data, pl.Series):
                    return found_alike(frozenset(wanted))(value.data)
                return value.there is not False and folded(str(value.data)) in wanted
            case op if op in COMPARED and self.source.few(node) > FEW:
                return sure(COMPARED[op](self._raw(str(node.args[0].detail)), node.args[1].detail))
            case op if op in COMPARED:
                left, right = self.value(node.args[0]), self.value(node.args[1])
                if left.there is False or right.there is False:
                    return False
                return both(both(COMPARED[op](left.data, right.data), left.there), right.there)
            case _:
                value = self.value(node)
                return both(value.data, value.there) if value.there is not False else False

    def _worked_out(self, node: Node) -> Value:
        match node.op:
            case "const":
                return Value(node.detail, there=node.detail is not None)
            case "col":
                return self._read(node)
            case "steps":
                return self.value(self.source.unfolded(node))
            case "when":
                test, then, otherwise = self.mark(node.args[0]), *node.args[1:]
                if isinstance(test, bool):
                    return self.value(then if test else otherwise)
                return chosen(node.kind, test, self.value(then), self.value(otherwise))
            case "until":
                return Value(self.value(node.args[0]).data, self.mark(self.source.not_after(*node.args)))
            case "least" | "greatest":
                return extreme(node, [self.value(part) for part in node.args], self.height)
            case _ if node.kind == "mark" and not node.nullable:
                return Value(self.mark(node), there=True)
        return worked_out(node, [self.value(part) for part in node.args], self.source.graph.tables)

    def _read(self, node: Node) -> Value:
        data = self._raw(str(node.detail))
        if not data.null_count():
            return Value(data, there=True)
        there = plain(data.is_not_null())
        return ABSENT if there is False else Value(data, there)

    def has_column(self, name: str) -> bool:
        """Whether a column has been taken out for its rows."""
        return name in self._columns

    def _raw(self, name: str) -> pl.Series:
        """A column as it is recorded."""
        found = self._columns.get(name)
        if found is None:
            above = self.above
            if above is None:
                found = self.source.column(name)
            elif above.has_column(name) or self.height * _MANY > above.height:
                found = self.own(above._raw(name))  # noqa: SLF001  # the part above is one of its own
            else:
                found = self.source.column(name)[self.rows]
            self._columns[name] = found
        return found
