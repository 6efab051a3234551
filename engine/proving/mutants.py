"""Small wrong changes of the rules, one at a time: what a slip of the hand could make of them.

Of every expression: a comparison that takes the day itself or leaves it out, a number or a day by one, a member of a
list, a paper or a part of a condition dropped, a condition turned round, a start a day early, another unit of time, a
citation by another day. Of the law: a value, a unit, the first day of a document. Where one document is all there is, a
value is the same by whatever day it is taken: that is no change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.language.tree import (
    And,
    Compare,
    Elapsed,
    Expr,
    FactRef,
    If,
    Literal,
    Missing,
    Not,
    OneOf,
    Or,
    ParameterAt,
    Pick,
    Share,
    Shift,
    WorkingDays,
)
from engine.ruleset import Citation, Rule, RuleSet
from rules.loader.law import Document, Parameter, Value

TODAY = FactRef("as_of", "date")
_SWAPPED = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt", "eq": "ne", "ne": "eq"}
_OTHER_UNIT = {"day": "working_day", "working_day": "day", "month": "year", "year": "month"}

Made = tuple[str, Expr]
"""What was changed, by its place in the expression, and the expression with that change."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule set with one thing wrong."""

    name: str
    """Where and what: the same on every run."""
    ruleset: RuleSet
    rule: str | None
    """The rule that was changed; None where a fact was."""
    fact: str | None


def _day_before(day: Expr) -> Shift:
    return Shift(day, Literal(1, "number"), "day", -1)


def _other_day(day: Expr) -> Expr:
    """Another day by which a version of the law is taken: the as-of day, or long before it."""
    return TODAY if day != TODAY else Shift(TODAY, Literal(10, "number"), "year", -1)


def _by_one(value: Literal) -> Literal | None:
    if isinstance(value.value, dt.date):
        return replace(value, value=value.value + dt.timedelta(days=1))
    if isinstance(value.value, int) and not isinstance(value.value, bool):
        return replace(value, value=value.value + 1)
    return None


def variants(expr: Expr, at: str = "") -> Iterator[Made]:
    """An expression with one thing wrong, for each thing that can be."""
    yield from ((f"{at} {what}".strip(), made) for what, made in _own(expr))
    for place, (part, put) in enumerate(_parts(expr)):
        for what, made in variants(part, f"{at}/{place}"):
            yield what, put(made)


def _own(expr: Expr) -> Iterator[Made]:
    """What can be wrong with an expression itself, its parts left as they are."""
    match expr:
        case Compare(op):
            yield f"{op}→{_SWAPPED[op]}", replace(expr, op=_SWAPPED[op])  # type: ignore[arg-type]  # an operator
            if isinstance(expr.right, Literal) and (other := _by_one(expr.right)) is not None:
                yield f"{expr.right.value}+1", replace(expr, right=other)
        case OneOf(_, members) if len(members) > 1:
            for member in members:
                yield f"−{member}", replace(expr, members=tuple(one for one in members if one != member))
        case Pick(_, options):
            for place, option in enumerate(options):
                rest = tuple(one for one in options if one is not option)
                yield f"−{place}", rest[0] if len(rest) == 1 else replace(expr, options=rest)
        case And(parts) | Or(parts):
            for place, part in enumerate(parts):
                rest = tuple(one for one in parts if one is not part)
                yield f"−{place}", rest[0] if len(rest) == 1 else replace(expr, parts=rest)
        case Not(part):
            yield "not", part
        case Missing():
            yield "not", Not(expr)
        case If(_, then, otherwise):
            yield "then↔else", replace(expr, then=otherwise, otherwise=then)
        case Shift(day, amount, unit):
            yield "start−1", replace(expr, day=_day_before(day))
            yield f"{unit}→{_OTHER_UNIT[unit]}", replace(expr, unit=_OTHER_UNIT[unit])
            if isinstance(amount, Literal) and (other := _by_one(amount)) is not None:
                yield f"{amount.value}+1", replace(expr, amount=other)
        case ParameterAt(parameter, day) if len(parameter.timeline) > 1:
            yield "other day", replace(expr, day=_other_day(day))
        case Elapsed(since, until) | WorkingDays(since, until):
            yield "since−1", replace(expr, since=_day_before(since))
            yield "until−1", replace(expr, until=_day_before(until))
        case _:
            pass


def _parts(expr: Expr) -> Iterator[tuple[Expr, Callable[[Expr], Expr]]]:
    """The parts of an expression, each with what puts another in its place."""

    def named(name: str) -> Callable[[Expr], Expr]:
        return lambda made: replace(expr, **{name: made})  # type: ignore[arg-type]  # a field that holds an expression

    def member(name: str, parts: tuple[Expr, ...], place: int) -> Callable[[Expr], Expr]:
        return lambda made: replace(expr, **{name: (*parts[:place], made, *parts[place + 1 :])})  # type: ignore[arg-type]  # as above

    match expr:
        case And(parts) | Or(parts):
            yield from ((part, member("parts", parts, place)) for place, part in enumerate(parts))
        case Pick(_, options):
            yield from ((option, member("options", options, place)) for place, option in enumerate(options))
        case Compare():
            yield from ((expr.left, named("left")), (expr.right, named("right")))
        case If():
            yield from ((getattr(expr, name), named(name)) for name in ("condition", "then", "otherwise"))
        case Not(part):
            yield part, named("part")
        case OneOf(value) | Missing(value):
            yield value, named("value")
        case Shift(day, amount):
            yield day, named("day")
            if isinstance(amount, ParameterAt):
                yield amount, named("amount")
        case ParameterAt(_, day):
            yield day, named("day")
        case Elapsed(since, until) | WorkingDays(since, until):
            yield from ((since, named("since")), (until, named("until")))
        case Share(part, whole):
            yield from ((part, named("part")), (whole, named("whole")))
        case _:
            pass


def of_rules(ruleset: RuleSet) -> Iterator[Mutant]:
    """Every mutant of every rule."""
    for rule in ruleset.rules.values():
        for what, made in _of_rule(rule):
            changed = replace(ruleset, rules={**ruleset.rules, rule.name: made})
            yield Mutant(f"{rule.name} {what}", changed, rule.name, None)


def of_facts(ruleset: RuleSet) -> Iterator[Mutant]:
    """Every mutant of every computed fact."""
    for name, expr in ruleset.computed.items():
        for what, made in variants(expr):
            changed = replace(ruleset, computed={**ruleset.computed, name: made})
            yield Mutant(f"{name} {what}", changed, None, name)


def of_law(
    parameters: Iterable[Parameter], documents: Iterable[Document]
) -> Iterator[tuple[str, Parameter | Document]]:
    """Every value of the law that is no text, every unit and every first day, by one thing wrong."""
    for parameter in parameters:
        for place, version in enumerate(parameter.versions):
            if version.value is not None and parameter.unit != "text":
                wrong = replace(version, value=_other_value(version.value))
                versions = (*parameter.versions[:place], wrong, *parameter.versions[place + 1 :])
                yield f"{parameter.name} {version.document.id} value", replace(parameter, versions=versions)
        if parameter.unit in _OTHER_UNIT:
            yield f"{parameter.name} unit", replace(parameter, unit=_OTHER_UNIT[parameter.unit])
        if parameter.from_event:
            yield f"{parameter.name} start", replace(parameter, from_event=f"{parameter.from_event}?")
    for document in documents:
        yield f"{document.id} first day", replace(document, begins=document.begins + dt.timedelta(days=1))


def _other_value(value: Value) -> Value:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case Fraction():
            return value / 2
        case _:
            return f"{value}?"


def _of_rule(rule: Rule) -> Iterator[tuple[str, Rule]]:
    for what, made in variants(rule.when):
        yield f"when {what}", replace(rule, when=made)
    for key in ("due", "late_on"):
        expr = getattr(rule, key)
        if expr is not None:
            for what, made in variants(expr):
                yield f"{key} {what}", replace(rule, **{key: made})  # type: ignore[arg-type]  # an expression
    for key in ("severities", "holders"):
        yield from _of_choices(rule, key)
    for place, citation in enumerate(rule.cites):
        if len(citation.parameter.timeline) == 1:
            continue
        changed = Citation(citation.parameter, _other_day(citation.on))
        cites = (*rule.cites[:place], changed, *rule.cites[place + 1 :])
        yield f"cites/{place} other day", replace(rule, cites=cites)
    if rule.unsure is not None:
        yield "unsure dropped", replace(rule, unsure=None)


def _of_choices(rule: Rule, key: str) -> Iterator[tuple[str, Rule]]:
    """A severity or a holder left out, or one by a condition with something wrong."""
    choices: tuple[tuple[str, Expr | None], ...] = getattr(rule, key)
    for place, (word, condition) in enumerate(choices):
        if condition is None:
            continue
        yield f"{key} −{word}", replace(rule, **{key: (*choices[:place], *choices[place + 1 :])})  # type: ignore[arg-type]  # choices
        for what, made in variants(condition):
            others = (*choices[:place], (word, made), *choices[place + 1 :])
            yield f"{key}/{place} {what}", replace(rule, **{key: others})  # type: ignore[arg-type]  # choices
