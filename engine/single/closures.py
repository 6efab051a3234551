"""Evaluating facts and conditions for one case: expressions become closures over a `Situation`.

A value is a day, number, mark, code or text; None where it is absent; `Unknown` where something decisive was not
recorded, with the names of what is missing. Logic is strong Kleene; an absent side makes a comparison false.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.language.time_limits import ELAPSED, Calendar, add_months
from engine.language.tree import (
    And,
    Compare,
    Elapsed,
    Expr,
    FactRef,
    Found,
    If,
    Literal,
    Missing,
    Not,
    OneOf,
    Or,
    ParameterAt,
    Pick,
    Scalar,
    Share,
    Shift,
    WorkingDays,
    children,
    folded,
    walk,
)
from engine.ruleset import RuleSet
from engine.unknowns import (
    CALENDAR,
    Outcome,
    Unknown,
    all_parts,
    chosen,
    compared,
    each,
    folding,
    is_missing,
    negated,
    one_of,
    picked,
)
from rules.loader.vocabulary import Fact

Evaluate = Callable[["Situation"], Outcome]
_DAYS_KEPT = 10_000
"""Of so many days it is kept which version of the law they have."""

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


class Situation:
    """One case as of a day: its recorded facts, and the computed ones, each worked out once when asked for."""

    __slots__ = ("known", "program", "recorded")

    def __init__(self, program: Program, recorded: Mapping[str, Scalar]) -> None:
        self.program, self.recorded = program, recorded
        self.known: dict[str, Outcome] = {}

    def value(self, name: str) -> Outcome:
        """The value of a fact."""
        if name in self.known:
            return self.known[name]
        outcome = self.known[name] = self.program.facts[name](self)
        return outcome


class Closures(Mapping[str, Evaluate]):
    """Closures by name, each made when it is first asked for: most cases meet few of the rules."""

    def __init__(self, names: Collection[str], make: Callable[[str], Evaluate]) -> None:
        self._names, self._make = names, make
        self._made: dict[str, Evaluate] = {}

    def __getitem__(self, name: str) -> Evaluate:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make(name)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def but(self, name: str, made: Evaluate) -> Closures:
        """The same with another closure under one name."""
        other = Closures(self._names, self._make)
        other._made = {**self._made, name: made}
        return other


class Program:
    """All facts and rules of a rule set, each compiled to a closure once."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self._compiled: dict[int, Evaluate] = {}
        self._rests: dict[int, bool] = {}
        self._kept: list[Expr] = []  # so that no id is ever reused
        self.facts = Closures(ruleset.vocabulary.facts, self._fact)
        self.rules = Closures(ruleset.rules, lambda name: self.compile(ruleset.rules[name].when))

    def _fact(self, name: str) -> Evaluate:
        computed = self.ruleset.computed.get(name)
        return self._recorded(self.ruleset.vocabulary.facts[name]) if computed is None else self.compile(computed)

    def compiled(self, expr: Expr) -> Evaluate:
        """The closure of an expression, compiled once for each expression object."""
        closure = self._compiled.get(id(expr))
        if closure is None:
            closure = self._compiled[id(expr)] = self.compile(expr)
            self._kept.append(expr)
        return closure

    def plainly_recorded(self, name: str) -> bool:
        """Whether a fact is what was recorded and nothing else: neither computed nor ever unknown."""
        return name not in self.ruleset.computed and name not in self.ruleset.uncertain

    def can_be_unknown(self, expr: Expr) -> bool:
        """Whether the value of an expression can be unknown."""
        for node in walk(expr):
            if isinstance(node, FactRef) and node.name in self.ruleset.uncertain:
                return True
            if isinstance(node, Found) and self.can_be_unknown(self.ruleset.rules[node.rule].when):
                return True
            if isinstance(node, WorkingDays) or (isinstance(node, Shift) and node.unit == "working_day"):
                return True
        return False

    def rests_on_law(self, expr: Expr) -> bool:
        """Whether the value of an expression can rest on a value of the law or on the calendar at all."""
        known = self._rests.get(id(expr))
        if known is None:
            self._kept.append(expr)
            match expr:
                case ParameterAt() | Shift(unit="working_day"):
                    known = True
                case FactRef(name):
                    computed = self.ruleset.computed.get(name)
                    known = computed is not None and self.rests_on_law(computed)
                case _:
                    known = any(self.rests_on_law(child) for child in children(expr))
            self._rests[id(expr)] = known
        return known

    def situation(self, recorded: Mapping[str, Scalar]) -> Situation:
        """The situation of one case; `recorded` holds no empty values."""
        return Situation(self, recorded)

    def _recorded(self, fact: Fact) -> Evaluate:
        name = fact.name
        if fact.type == "mark":
            return lambda s: s.recorded.get(name, False)
        if fact.unknown:
            nothing = Unknown(frozenset({name}))
            return lambda s: s.recorded.get(name, nothing)
        condition = self.ruleset.unknown_when.get(name)
        if condition is None:
            return lambda s: s.recorded.get(name)
        hangs, nothing = self.compile(condition), Unknown(frozenset({name}))

        def conditional(s: Situation) -> Outcome:
            value = s.recorded.get(name)
            return nothing if value is None and hangs(s) is True else value

        return conditional

    def compile(self, expr: Expr) -> Evaluate:
        """The closure of an expression."""
        match expr:
            case Literal(value=constant):
                return lambda _: constant
            case FactRef(name):
                if self.plainly_recorded(name):
                    return self._recorded(self.ruleset.vocabulary.facts[name])
                return lambda s: s.known[name] if name in s.known else s.value(name)
            case Found(rule):
                return lambda s: s.program.rules[rule](s)
            case ParameterAt(parameter, day):
                return each((self.compile(day),), lru_cache(_DAYS_KEPT)(lambda on: parameter.at(on).value))
            case Shift():
                return self._shift(expr)
            case Pick(how, options):
                return picked(how, tuple(self.compile(option) for option in options))
            case Elapsed(since, until, how):
                return each((self.compile(since), self.compile(until)), ELAPSED[how])
            case WorkingDays(since, until):
                return self._working_days(self.compile(since), self.compile(until))
            case Share(part, whole):
                return each((self.compile(part), self.compile(whole)), lambda a, b: Fraction(a, b) if b else None)
            case If(condition, then, otherwise):
                return chosen(self.compile(condition), self.compile(then), self.compile(otherwise))
            case Compare(op, left, right):
                return compared(_OPERATORS[op], *self._compared(left, right))
            case OneOf(value, members):
                if value.type == "text":
                    return one_of(folding(self.compile(value)), frozenset(folded(str(m)) for m in members))
                return one_of(self.compile(value), frozenset(members))
            case Missing(value):
                return is_missing(self.compile(value))
            case And(parts):
                return all_parts(tuple(self.compile(part) for part in parts), stop=False)
            case Or(parts):
                return all_parts(tuple(self.compile(part) for part in parts), stop=True)
            case Not(part):
                return negated(self.compile(part))

    def _compared(self, left: Expr, right: Expr) -> tuple[Evaluate, Evaluate]:
        """The two sides of a comparison; texts are compared without regard to capitals."""
        sides = self.compile(left), self.compile(right)
        if "text" not in (left.type, right.type):
            return sides
        return folding(sides[0]), folding(sides[1])

    def _shift(self, shift: Shift) -> Evaluate:
        sign, day, amount = shift.sign, self.compile(shift.day), self.compile(shift.amount)
        match shift.unit:
            case "day":
                return each((day, amount), lambda d, n: d + dt.timedelta(days=sign * n))
            case "month":
                return each((day, amount), lambda d, n: add_months(d, sign * n))
            case "year":
                return each((day, amount), lambda d, n: add_months(d, sign * 12 * n))
            case _:
                return each((day, amount), _working_day_adder(self.ruleset.calendar))

    def _working_days(self, since: Evaluate, until: Evaluate) -> Evaluate:
        calendar, beyond = self.ruleset.calendar, Unknown(frozenset({CALENDAR}))

        def count(a: dt.date, b: dt.date) -> Outcome:
            number = calendar.working_days_between(a, b)
            return beyond if number is None else number

        return each((since, until), count)


@lru_cache(maxsize=8)
def program_of(ruleset: RuleSet) -> Program:
    """The closures of a rule set, compiled for the first question and kept for the next."""
    return Program(ruleset)


def _working_day_adder(calendar: Calendar) -> Callable[[dt.date, int], Outcome]:
    beyond = Unknown(frozenset({CALENDAR}))

    def add(day: dt.date, number: int) -> Outcome:
        end = calendar.add_working_days(day, number)
        return beyond if end is None else end

    return add
