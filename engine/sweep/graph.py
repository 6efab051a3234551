"""A graph of column operations in which equal parts exist once; it knows no table library.

Days are whole numbers counted from 1970-01-01. A null is an absent value; a comparison with one is false, so that every
condition is plainly true or false. What is known before any row is seen is worked out while the graph is built.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from engine.language.tree import folded as fold
from engine.sweep.days import EPOCH, YEAR_CODE, DayTable, DayTables
from engine.sweep.nodes import Constant, Kind, Node
from engine.sweep.rewriting import OPPOSITE, compare_shares, extreme_share, solved_for_column, within_reach

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    op: getattr(operator, op) for op in ("eq", "ne", "lt", "le", "gt", "ge")
}
_COMPUTED: dict[str, Callable[[int, int], int]] = {
    "plus": operator.add,
    "minus": operator.sub,
    "times": operator.mul,
    "whole_years": lambda a, b: (a - b) // YEAR_CODE,
}


def day_number(day: dt.date) -> int:
    """A day as the columns count it."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> dt.date:
    """The day of a number."""
    return dt.date.fromordinal(number + EPOCH)


def constant(value: dt.date | int | bool | str | Fraction) -> Constant:
    """A value of the tree as it stands in a column."""
    return day_number(value) if isinstance(value, dt.date) else value


@dataclass(frozen=True, slots=True)
class Steps:
    """Values through time: the first holds until the first day of `begins`, each next one from its day on."""

    begins: tuple[int, ...]
    values: tuple[Constant, ...]


class Graph:
    """Makes nodes; asks for the same operation twice give the same node."""

    def __init__(self, tables: DayTables) -> None:
        self.tables = tables
        self._known: dict[tuple[object, ...], Node] = {}
        self._nots: dict[Node, Node] = {}
        self._unfolded: dict[Node, Node] = {}
        self.yes, self.no = self.const(True, "mark"), self.const(False, "mark")

    def _node(self, op: str, args: tuple[Node, ...], kind: Kind, *, nullable: bool, detail: object = None) -> Node:
        key = (op, kind, type(detail), detail, args)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = Node(op, args, detail, kind, nullable)
        return node

    def const(self, value: Constant, kind: Kind) -> Node:
        """A value that is the same in every row."""
        return self._node("const", (), kind, nullable=value is None, detail=value)

    def col(self, name: str, kind: Kind, *, nullable: bool = True) -> Node:
        """A column of the frame."""
        return self._node("col", (), kind, nullable=nullable, detail=name)

    def folded(self, text: Node) -> Node:
        """A text without regard to case."""
        if text.op == "const":
            return self.const(None if text.detail is None else fold(str(text.detail)), "text")
        if text.op in ("when", "steps"):
            return self.over_leaves(text, self.folded, "text")
        return self._node("folded", (text,), "text", nullable=text.nullable)

    def until(self, day: Node, last: Node) -> Node:
        """A day where it is not after another, else absent."""
        return self._node("until", (day, last), "whole", nullable=True)

    def all_of(self, parts: Iterable[Node]) -> Node:
        """All conditions hold."""
        return self._joined("and", parts, self.yes, self.no)

    def any_of(self, parts: Iterable[Node]) -> Node:
        """At least one condition holds."""
        return self._joined("or", parts, self.no, self.yes)

    def _joined(self, op: str, parts: Iterable[Node], neutral: Node, decisive: Node) -> Node:
        found: dict[Node, None] = {}
        for part in parts:
            for member in part.args if part.op == op else (self.sure(part),):
                if member is decisive or (member.args[0] if member.op == "not" else self._nots.get(member)) in found:
                    return decisive
                if member is not neutral:
                    found[member] = None
        members = tuple(found)
        if len(members) < 2:
            return members[0] if members else neutral
        return self._node(op, members, "mark", nullable=False)

    def none_of(self, part: Node) -> Node:
        """A condition does not hold."""
        part = self.sure(part)
        if part is self.yes or part is self.no:
            return self.no if part is self.yes else self.yes
        if part.op == "not":
            return part.args[0]
        node = self._nots.get(part)
        if node is None:
            node = self._nots[part] = self._node("not", (part,), "mark", nullable=False)
        return node

    def sure(self, mark: Node) -> Node:
        """A mark with its absence read as no."""
        if not mark.nullable:
            return mark
        if mark.op == "const":
            return self.no
        return self._node("sure", (mark,), "mark", nullable=False)

    def absent(self, value: Node) -> Node:
        """Nothing is recorded there."""
        if not value.nullable:
            return self.no
        match value.op:
            case "const":
                return self.yes
            case "until":
                return self.none_of(self.compare("le", *value.args))
            case "when":
                test, then, otherwise = value.args
                return self.either(test, self.absent(then), self.absent(otherwise))
            case "plus" | "minus" | "times" | "whole_years" | "folded":
                return self.any_of(self.absent(arg) for arg in value.args)
            case "steps":
                return self.over_leaves(value, self.absent, "mark")
            case "lookup":
                return self.none_of(within_reach(self, value))
            case _:
                return self._node("absent", (value,), "mark", nullable=False)

    def present(self, value: Node) -> Node:
        """Something is recorded there."""
        return self.none_of(self.absent(value))

    def either(self, test: Node, then: Node, otherwise: Node) -> Node:
        """One of two conditions by a third."""
        return self.any_of([self.all_of([test, then]), self.all_of([self.none_of(test), otherwise])])

    def when(self, test: Node, then: Node, otherwise: Node) -> Node:
        """One of two values by a condition."""
        test = self.sure(test)
        if test.op == "const" or then is otherwise:
            return then if test.detail or then is otherwise else otherwise
        if test.op == "not":
            test, then, otherwise = test.args[0], otherwise, then
        if then.kind == "mark" and not then.nullable and not otherwise.nullable:
            return self.either(test, then, otherwise)
        # A branch that is only taken where it is present brings no absence.
        bare = then.nullable and self.present(then) is not test
        bare |= otherwise.nullable and self.absent(otherwise) is not test
        return self._node("when", (test, then, otherwise), then.kind, nullable=bare)

    def compare(self, op: str, left: Node, right: Node) -> Node:
        """A comparison; false where a side is absent."""
        if left.kind == "share" and (left.op, right.op) != ("const", "const"):
            return compare_shares(self, op, left, right)
        if left.op == "const":
            if right.op == "const":
                known = left.detail is not None and right.detail is not None
                return self.yes if known and _COMPARED[op](left.detail, right.detail) else self.no
            return self.compare(OPPOSITE[op], right, left)
        if right.op == "const":
            if right.detail is None:
                return self.no
            if self._splits(left):
                return self.over_leaves(left, lambda leaf: self.compare(op, leaf, right), "mark")
            if left.op in ("lookup", "until", "plus") and isinstance(right.detail, int):
                solved = solved_for_column(self, op, left, right.detail)
                if solved is not None:
                    return solved
            if left.op == "folded":
                alike = self.one_of(left, [right.detail])  # type: ignore[list-item]  # a text
                return alike if op == "eq" else self.all_of([self.present(left), self.none_of(alike)])
        return self._node(op, (left, right), "mark", nullable=False)

    def one_of(self, value: Node, members: Iterable[Constant]) -> Node:
        """Whether a value is in a list; false where it is absent."""
        listed = tuple(members)
        if value.op == "const":
            return self.yes if value.detail in listed else self.no
        if self._splits(value):
            return self.over_leaves(value, lambda leaf: self.one_of(leaf, listed), "mark")
        if value.op == "folded":
            return self._node("alike", value.args, "mark", nullable=False, detail=listed)
        if len(listed) == 1:
            return self.compare("eq", value, self.const(listed[0], value.kind))
        return self._node("in", (value,), "mark", nullable=False, detail=listed)

    @staticmethod
    def _splits(value: Node) -> bool:
        """Whether a value is chosen among constants, so that a comparison is better made with each before."""
        return value.op == "steps" or (value.op == "when" and any(arg.op == "const" for arg in value.args[1:]))

    def over_leaves(self, value: Node, apply: Callable[[Node], Node], kind: Kind) -> Node:
        """A function of a value that is chosen among others, applied to each of them instead."""
        if value.op == "steps":
            assert isinstance(value.detail, Steps)
            leaves = [apply(self.const(leaf, value.kind)) for leaf in value.detail.values]
            return self._chosen(value.args[0], value.detail.begins, leaves, apply(self.const(None, value.kind)))
        if value.op == "when":
            test, then, otherwise = value.args
            return self.when(test, self.over_leaves(then, apply, kind), self.over_leaves(otherwise, apply, kind))
        return apply(value)

    def _chosen(self, day: Node, begins: Sequence[int], leaves: Sequence[Node], nothing: Node) -> Node:
        """The leaf whose time holds the day; neighbours that are alike count as one."""
        kept = [
            (begin, leaf) for begin, leaf, before in zip(begins, leaves[1:], leaves, strict=False) if leaf is not before
        ]
        node = leaves[0]
        if day.nullable:
            before_first = self.compare("lt", day, self.const(kept[0][0], "whole")) if kept else self.present(day)
            node = self.when(before_first, node, nothing)
        for begin, leaf in kept:
            node = self.when(self.compare("ge", day, self.const(begin, "whole")), leaf, node)
        return node

    def steps(self, day: Node, begins: Sequence[int], values: Sequence[Constant], kind: Kind) -> Node:
        """A value through time on a day; absent where the day is."""
        kept = [
            (begin, value) for begin, value, before in zip(begins, values[1:], values, strict=False) if value != before
        ]
        detail = Steps(tuple(begin for begin, _ in kept), (values[0], *(value for _, value in kept)))
        if day.op == "const":
            if day.detail is None:
                return self.const(None, kind)
            assert isinstance(day.detail, int)
            passed = sum(begin <= day.detail for begin in detail.begins)
            return self.const(detail.values[passed], kind)
        if not detail.begins and not day.nullable:
            return self.const(detail.values[0], kind)
        return self._node("steps", (day,), kind, nullable=day.nullable or None in detail.values, detail=detail)

    def unfolded(self, node: Node) -> Node:
        """A value through time as choices between its constants."""
        found = self._unfolded.get(node)
        if found is None:
            assert isinstance(node.detail, Steps)
            leaves = [self.const(value, node.kind) for value in node.detail.values]
            nothing = self.const(None, node.kind)
            found = self._unfolded[node] = self._chosen(node.args[0], node.detail.begins, leaves, nothing)
        return found

    def moved(self, day: Node, amount: Node, unit: str, sign: int) -> Node:
        """A day moved by an amount of days, working days, months or years."""
        match amount.op:
            case "const" if amount.detail is None:
                return self.const(None, "whole")
            case "const":
                assert isinstance(amount.detail, int)
                return self._moved_by(day, Steps((), (sign * amount.detail,)), unit)
            case "steps" if amount.args[0] is day:
                assert isinstance(amount.detail, Steps)
                signed = tuple(sign * value for value in amount.detail.values)  # type: ignore[operator]  # a duration
                return self._moved_by(day, Steps(amount.detail.begins, signed), unit)
            case "steps" | "when":
                return self.over_leaves(amount, lambda leaf: self.moved(day, leaf, unit, sign), "whole")
            case _:
                raise AssertionError("a duration is a number or a parameter of the law")

    def _moved_by(self, day: Node, amounts: Steps, unit: str) -> Node:
        if unit == "day" and not amounts.begins:
            return self.arithmetic("plus", day, self.const(amounts.values[0], "whole"))
        return self.lookup(DayTable("moved", unit, amounts.begins, amounts.values), day)  # type: ignore[arg-type]  # whole numbers

    def lookup(self, table: DayTable, day: Node) -> Node:
        """What a table of days says of a day."""
        if day.op == "const":
            found = None if day.detail is None else self.tables.at(table, day.detail)  # type: ignore[arg-type]  # a day
            return self.const(found, "whole")
        return self._node("lookup", (day,), "whole", nullable=day.nullable or not table.total, detail=table)

    def arithmetic(self, op: Literal["plus", "minus", "times", "whole_years"], left: Node, right: Node) -> Node:
        """A sum, a difference, a product, or how many years lie between two codes of days; absent where a side is."""
        if left.op == right.op == "const":
            if left.detail is None or right.detail is None:
                return self.const(None, "whole")
            assert isinstance(left.detail, int)
            assert isinstance(right.detail, int)
            return self.const(_COMPUTED[op](left.detail, right.detail), "whole")
        if op == "times" and any(side.op == "const" and side.detail == 1 for side in (left, right)):
            return right if left.op == "const" and left.detail == 1 else left
        return self._node(op, (left, right), "whole", nullable=left.nullable or right.nullable)

    def share(self, part: Node, whole: Node) -> Node:
        """A number as a share of another; absent where a side is, or where there is nothing to share."""
        if part.op == whole.op == "const":
            a, b = part.detail, whole.detail
            return self.const(Fraction(a, b) if isinstance(a, int) and isinstance(b, int) and b else None, "share")
        return self._node("share", (part, whole), "share", nullable=True)

    def extreme(self, op: Literal["least", "greatest"], options: Sequence[Node]) -> Node:
        """The least or greatest of the values that are not absent."""
        kept = list(dict.fromkeys(option for option in options if option.op != "const" or option.detail is not None))
        if len(kept) < 2:
            return kept[0] if kept else options[0]
        if kept[0].kind == "share":
            return extreme_share(self, op, kept)
        if all(option.op == "const" for option in kept):
            choose = min if op == "least" else max
            extreme: Constant = choose(option.detail for option in kept)  # type: ignore[type-var, assignment]  # ordered
            return self.const(extreme, kept[0].kind)
        return self._node(op, tuple(kept), kept[0].kind, nullable=all(option.nullable for option in kept))
