"""The typed tree as formulas of the solver z3, so that a property can be proven for all cases at once.

A value becomes three formulas: whether it is absent, whether it is unknown, and what it is. Days are numbers; codes
and texts are numbers that stand for them. z3 is a development dependency, imported only when a `Formulas` is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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
    folded,
)
from engine.proving.clock_formulas import ClockFormulas, Formula
from engine.ruleset import RuleSet
from rules.loader.errors import DubiError
from rules.loader.spelling.days import FIRST_DAY, LAST_DAY
from rules.loader.vocabulary import Fact

"""No date of a record lies after it."""
LARGEST = 1_000_000
"""No number of a record is larger."""


class SolverMissing(DubiError):
    """The solver is not installed; only the proofs need it."""


def solver() -> Any:
    """The module z3; raises `SolverMissing` where it is not installed."""
    try:
        import z3
    except ImportError as error:
        raise SolverMissing("Chưa cài z3-solver nên không chạy được phần chứng minh. Chạy: make setup") from error
    return z3


@dataclass(frozen=True, slots=True)
class Term:
    """A value as formulas; `absent` and `unknown` are never both true."""

    absent: Formula
    unknown: Formula
    value: Formula


class Formulas:
    """The facts and rules of one rule set as formulas over what can be recorded of a case."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.z3, self.ruleset = solver(), ruleset
        self.clock = ClockFormulas(self.z3, ruleset.calendar)
        self.bounds: list[Formula] = []
        """What is true of every record: its days, numbers and codes lie in their ranges."""
        self.beyond: list[Formula] = []
        """Where a limit lies beyond the table of working days."""
        self.inputs: dict[str, Term] = {}
        """The recorded facts that were asked for."""
        self.words: dict[str, int] = {}
        """Codes and texts, as they are compared, by the number that stands for them."""
        self._spelt: list[str] = []
        self._facts: dict[str, Term] = {}
        self._rules: dict[str, Term] = {}
        self._no, self._yes = self.z3.BoolVal(False), self.z3.BoolVal(True)

    # --- what is asked ----------------------------------------------------------------------------------

    def holds(self, expr: Expr) -> Formula:
        """A condition is certainly true."""
        return self._true(self.term(expr))

    def open(self, expr: Expr) -> Formula:
        """A condition cannot be decided."""
        return self.term(expr).unknown

    def fires(self, rule: str) -> Formula:
        """A rule holds."""
        return self._true(self._rule(rule))

    def undecided(self, rule: str) -> Formula:
        """A rule cannot be decided."""
        return self._rule(rule).unknown

    def has_severity(self, rule: str, severities: Sequence[str]) -> Formula:
        """The first severity of a rule whose condition holds is one of these."""
        chosen, reached = [], self._yes
        for word, condition in self.ruleset.rules[rule].severities:
            here = self._yes if condition is None else self.holds(condition)
            if word in severities:
                chosen.append(self.z3.And(reached, here))
            reached = self.z3.And(reached, self.z3.Not(here))
        return self.z3.Or(*chosen) if chosen else self._no

    def word(self, text: str) -> int:
        """The number of a code or text."""
        key = folded(text)
        if key not in self.words:
            self.words[key] = len(self._spelt)
            self._spelt.append(text)
        return self.words[key]

    # --- values -----------------------------------------------------------------------------------------

    def fact(self, name: str) -> Term:
        """A fact, recorded or computed."""
        if name not in self._facts:
            computed = self.ruleset.computed.get(name)
            self._facts[name] = self._recorded(name) if computed is None else self.term(computed)
        return self._facts[name]

    def _rule(self, name: str) -> Term:
        if name not in self._rules:
            self._rules[name] = self.term(self.ruleset.rules[name].when)
        return self._rules[name]

    def _recorded(self, name: str) -> Term:
        z3, fact = self.z3, self.ruleset.vocabulary.facts[name]
        empty = self._no if fact.type == "mark" or name == "as_of" else z3.Bool(f"{name} is empty")
        value = z3.Bool(name) if fact.type == "mark" else z3.Int(name)
        self.inputs[name] = Term(empty, self._no, value)
        self._facts[name] = Term(empty, self._no, value)
        self._bounds(fact, empty, value)
        if fact.unknown:
            return Term(self._no, empty, value)
        condition = self.ruleset.unknown_when.get(name)
        if condition is None:
            return self._facts[name]
        open_ = z3.And(empty, self.holds(condition))
        return Term(z3.And(empty, z3.Not(open_)), open_, value)

    def _bounds(self, fact: Fact, empty: Formula, value: Formula) -> None:
        z3 = self.z3
        match fact.type:
            case "date":
                self.bounds += [value >= FIRST_DAY.toordinal(), value <= LAST_DAY.toordinal()]
                if fact.name in self.ruleset.vocabulary.begun_on:
                    self.bounds.append(z3.Or(empty, value <= self.fact("as_of").value))
            case "number":
                self.bounds += [value >= 0, value <= LARGEST]
            case "code":
                codes = self.ruleset.vocabulary.codes[fact.codes or ""]
                self.bounds.append(z3.Or(*(value == self.word(code) for code in codes)))
            case "text":
                self.bounds.append(value >= -1)

    def _literal(self, value: Scalar) -> Formula:
        match value:
            case bool():
                return self.z3.BoolVal(value)
            case dt.date():
                return self.z3.IntVal(value.toordinal())
            case Fraction():
                return self.z3.Q(value.numerator, value.denominator)
            case str():
                return self.z3.IntVal(self.word(value))
            case _:
                return self.z3.IntVal(value)

    def _true(self, term: Term) -> Formula:
        return self.z3.And(self.z3.Not(term.absent), self.z3.Not(term.unknown), term.value)

    def _sure(self, value: Formula) -> Term:
        return Term(self._no, self._no, value)

    def _each(self, parts: Sequence[Term], value: Formula) -> Term:
        """A function of values: absent where one is absent, unknown where one is unknown."""
        absent = self.z3.Or(*(part.absent for part in parts))
        unknown = self.z3.And(self.z3.Not(absent), self.z3.Or(*(part.unknown for part in parts)))
        return Term(absent, unknown, value)

    def term(self, expr: Expr) -> Term:
        """An expression."""
        z3 = self.z3
        match expr:
            case Literal(value=value):
                return self._sure(self._literal(value))
            case FactRef(name):
                return self.fact(name)
            case Found(rule):
                return self._rule(rule)
            case ParameterAt():
                return self._parameter(expr)
            case Shift():
                return self._shift(expr)
            case Pick(how, options):
                return self._pick(how, [self.term(option) for option in options])
            case Elapsed(since, until, how):
                a, b = self.term(since), self.term(until)
                return self._each((a, b), self.clock.elapsed(how, a.value, b.value))
            case WorkingDays(since, until):
                a, b = self.term(since), self.term(until)
                count, leaves = self.clock.working_days(a.value, b.value)
                return self._within_table(self._each((a, b), count), leaves)
            case Share(part, whole):
                a, b = self.term(part), self.term(whole)
                term = self._each((a, b), z3.ToReal(a.value) / z3.ToReal(b.value))
                nothing = z3.Or(term.absent, z3.And(z3.Not(term.unknown), b.value == 0))
                return Term(nothing, term.unknown, term.value)
            case If(condition, then, otherwise):
                return self._if(self.term(condition), self.term(then), self.term(otherwise))
            case Compare(op, left, right):
                return self._compare(op, self.term(left), self.term(right))
            case OneOf(value, members):
                found = self.term(value)
                equal = z3.Or(*(found.value == self._literal(member) for member in members))
                return Term(self._no, found.unknown, z3.And(z3.Not(found.absent), equal))
            case Missing(value):
                found = self.term(value)
                return Term(self._no, found.unknown, found.absent)
            case And(parts):
                return self._all([self.term(part) for part in parts], stop=False)
            case Or(parts):
                return self._all([self.term(part) for part in parts], stop=True)
            case Not(part):
                found = self.term(part)
                return Term(self._no, found.unknown, z3.Or(found.absent, z3.Not(found.value)))

    def _all(self, parts: Sequence[Term], *, stop: bool) -> Term:
        z3 = self.z3
        true = [self._true(part) for part in parts]
        false = [z3.And(z3.Not(part.unknown), z3.Or(part.absent, z3.Not(part.value))) for part in parts]
        decided = z3.Or(*(true if stop else false))
        unknown = z3.And(z3.Not(decided), z3.Or(*(part.unknown for part in parts)))
        return Term(self._no, unknown, decided if stop else z3.Not(decided))

    def _if(self, condition: Term, then: Term, otherwise: Term) -> Term:
        z3, chosen = self.z3, self._true(condition)
        absent, unknown, value = (
            z3.If(chosen, one, other)
            for one, other in zip(
                (then.absent, then.unknown, then.value),
                (otherwise.absent, otherwise.unknown, otherwise.value),
                strict=True,
            )
        )
        return Term(z3.And(z3.Not(condition.unknown), absent), z3.Or(condition.unknown, unknown), value)

    def _compare(self, op: str, left: Term, right: Term) -> Term:
        z3, a, b = self.z3, left.value, right.value
        holds = {
            "eq": lambda: a == b,
            "ne": lambda: a != b,
            "lt": lambda: a < b,
            "le": lambda: a <= b,
            "gt": lambda: a > b,
            "ge": lambda: a >= b,
        }[op]()
        absent = z3.Or(left.absent, right.absent)
        unknown = z3.And(z3.Not(absent), z3.Or(left.unknown, right.unknown))
        return Term(self._no, unknown, z3.And(z3.Not(absent), holds))

    def _pick(self, how: str, options: Sequence[Term]) -> Term:
        z3, last = self.z3, options[-1]
        if how == "first":
            chosen = last
            for option in reversed(options[:-1]):
                chosen = Term(
                    z3.And(option.absent, chosen.absent),
                    z3.If(option.absent, chosen.unknown, option.unknown),
                    z3.If(option.absent, chosen.value, option.value),
                )
            return chosen
        value, absent = options[0].value, options[0].absent
        for option in options[1:]:
            better = option.value < value if how == "earliest" else option.value > value
            value = z3.If(z3.Or(absent, z3.And(z3.Not(option.absent), better)), option.value, value)
            absent = z3.And(absent, option.absent)
        unknown = z3.Or(*(option.unknown for option in options))
        return Term(z3.And(absent, z3.Not(unknown)), unknown, value)

    # --- the law ----------------------------------------------------------------------------------------

    def _by_version(self, expr: ParameterAt, day: Formula, form: Callable[[Any], Formula]) -> Formula:
        """A form of the parameter's value, by the version in force on a day."""
        first, *later = expr.parameter.timeline
        chosen = form(first.value)
        for entry in later:
            chosen = self.z3.If(day >= entry.begins.toordinal(), form(entry.value), chosen)
        return chosen

    def _parameter(self, expr: ParameterAt) -> Term:
        day = self.term(expr.day)
        return Term(day.absent, day.unknown, self._by_version(expr, day.value, self._literal))

    def _shift(self, shift: Shift) -> Term:
        day, on, amount = self.term(shift.day), self._sure(self._yes), shift.amount
        if isinstance(amount, ParameterAt):
            on = self.term(amount.day)

        def by_amount(form: Callable[[int], Formula]) -> Formula:
            if isinstance(amount, ParameterAt):
                return self._by_version(amount, on.value, form)
            assert isinstance(amount.value, int)
            return form(amount.value)

        moved = by_amount(lambda count: self.clock.shifted(shift.unit, shift.sign * count, day.value))
        term = self._each((day, on), moved)
        if shift.unit != "working_day":
            return term
        return self._within_table(term, self.clock.beyond(day.value, by_amount(self.clock.first_beyond)))

    def _within_table(self, term: Term, leaves: Formula) -> Term:
        """The value, unknown also where working days are counted beyond the table."""
        beyond = self.z3.And(self.z3.Not(term.absent), self.z3.Not(term.unknown), leaves)
        self.beyond.append(beyond)
        return Term(term.absent, self.z3.Or(term.unknown, beyond), term.value)

    # --- from a model back to a record ------------------------------------------------------------------

    def recorded(self, model: Formula) -> dict[str, Scalar]:
        """What a model says was recorded, without the empty facts."""
        facts: dict[str, Scalar] = {}
        for name, term in self.inputs.items():
            if self.z3.is_true(model.eval(term.absent, model_completion=True)):
                continue
            value, kind = model.eval(term.value, model_completion=True), self.ruleset.types[name]
            if kind == "mark":
                if self.z3.is_true(value):
                    facts[name] = True
            elif kind == "date":
                facts[name] = dt.date.fromordinal(value.as_long())
            elif kind == "number":
                facts[name] = value.as_long()
            else:
                place = value.as_long()
                facts[name] = self._spelt[place] if 0 <= place < len(self._spelt) else "…"
        return facts
