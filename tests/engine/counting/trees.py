"""Random expressions of every kind over the facts of a rule set, typed as the parser would type them."""

from __future__ import annotations

import datetime as dt
from random import Random

from engine.language.scope import BETWEEN_DAYS
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
    Scalar,
    Share,
    Shift,
    Type,
    WorkingDays,
)
from engine.ruleset import RuleSet
from rules.loader.law import DURATIONS

PARAMETER_TYPES: dict[str, Type] = {"fraction": "fraction", "flag": "mark", "code": "code", "text": "text"}
WORDS = ("primary", "Không", "KHÔNG", "issued")
DAYS = (dt.date(2024, 2, 29), dt.date(2016, 7, 25), dt.date(2025, 7, 1), dt.date(2027, 12, 20))


class Trees:
    """Grows expressions of a wanted type."""

    def __init__(self, ruleset: RuleSet, random: Random) -> None:
        self.ruleset, self.random = ruleset, random
        self.facts: dict[Type, list[str]] = {}
        for name, type_ in ruleset.types.items():
            if not name.startswith("period_"):
                self.facts.setdefault(type_, []).append(name)
        self.parameters = list(ruleset.law.parameters.values())

    def grow(self, type_: Type, depth: int) -> Expr:
        """An expression of the type, at most so deep."""
        if depth <= 0 or self.random.random() < 0.15:
            return self.leaf(type_)
        if type_ != "fraction" and self.random.random() < 0.2:
            return If(self.grow("mark", depth - 1), self.grow(type_, depth - 1), self.grow(type_, depth - 1), type_)
        if self.random.random() < 0.15:
            how = self.random.choice(("first", "earliest", "latest") if type_ in ("date", "number") else ("first",))
            options = tuple(self.grow(type_, depth - 1) for _ in range(self.random.choice((2, 3))))
            return Pick(how, options, type_)  # type: ignore[arg-type]  # one of the three
        match type_:
            case "date":
                return self.shift(depth)
            case "number":
                how = self.random.choice(BETWEEN_DAYS)
                since, until = self.grow("date", depth - 1), self.grow("date", depth - 1)
                return WorkingDays(since, until) if how == "working_days" else Elapsed(since, until, how)  # type: ignore[arg-type]  # one of the others
            case "mark":
                return self.condition(depth)
            case "fraction":
                return Share(self.grow("number", depth - 1), self.grow("number", depth - 1))
            case _:
                return self.leaf(type_)

    def leaf(self, type_: Type) -> Expr:
        """A fact, a parameter or a literal."""
        chance = self.random.random()
        if chance < 0.6 and type_ in self.facts:
            return FactRef(self.random.choice(self.facts[type_]), type_)
        fitting = [p for p in self.parameters if PARAMETER_TYPES.get(p.unit, "number") == type_]
        if fitting and (chance < 0.75 or type_ == "fraction"):
            return ParameterAt(self.random.choice(fitting), self.leaf("date"), type_)
        match type_:
            case "date":
                return Literal(self.random.choice(DAYS), type_)
            case "number":
                return Literal(self.random.choice((0, 1, 2, 18, 60)), type_)
            case "mark":
                return Literal(self.random.random() < 0.5, type_)
            case _:
                return Literal(self.random.choice(WORDS), type_)

    def shift(self, depth: int) -> Shift:
        """A day moved by a number or by a duration of the law."""
        day = self.grow("date", depth - 1)
        if self.random.random() < 0.4:
            unit = self.random.choice(DURATIONS)
            amount: Literal | ParameterAt = Literal(self.random.choice((1, 3, 12)), "number")
        else:
            parameter = self.random.choice([p for p in self.parameters if p.unit in DURATIONS])
            unit = parameter.unit
            amount = ParameterAt(parameter, self.random.choice((day, self.grow("date", depth - 2))), "number")
        return Shift(day, amount, unit, 1 if unit == "working_day" else self.random.choice((1, -1)))

    def condition(self, depth: int) -> Expr:
        """A comparison or several conditions joined."""
        match self.random.randrange(8):
            case 0 | 1:
                return And(tuple(self.grow("mark", depth - 1) for _ in range(self.random.choice((2, 3)))))
            case 2 | 3:
                return Or(tuple(self.grow("mark", depth - 1) for _ in range(self.random.choice((2, 3)))))
            case 4:
                return Not(self.grow("mark", depth - 1))
            case 5:
                return Missing(self.grow(self.random.choice(("date", "number", "code", "text")), depth - 1))
            case 6:
                type_: Type = self.random.choice(("code", "text", "number"))
                members: tuple[Scalar, ...] = (0, 1, 18, 60) if type_ == "number" else WORDS
                chosen: tuple[Scalar, ...] = tuple(self.random.sample(members, self.random.choice((1, 2))))
                return OneOf(self.grow(type_, depth - 1), chosen)
            case _:
                return self.comparison(depth)

    def comparison(self, depth: int) -> Compare:
        """Two values of one type, or a code with a text."""
        left: Type = self.random.choice(("date", "date", "number", "fraction", "mark", "code", "text"))
        right: Type = self.random.choice(("code", "text")) if left in ("code", "text") else left
        ordered = ("eq", "ne", "lt", "le", "gt", "ge") if left in ("date", "number", "fraction") else ("eq", "ne")
        op = self.random.choice(ordered)
        return Compare(op, self.grow(left, depth - 1), self.grow(right, depth - 1))  # type: ignore[arg-type]  # listed
