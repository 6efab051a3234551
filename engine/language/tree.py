"""The typed tree that facts and rules are parsed to; every evaluator compiles this one tree.

Values are days, numbers, marks (true/false), codes and texts. Every expression may also be *absent* (nothing was
recorded: comparisons with it are false) or *unknown* (something decisive was not recorded: strong Kleene logic).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal as Choice

from rules.loader.law import Parameter

Type = Choice["date", "number", "mark", "code", "text", "fraction"]
Scalar = dt.date | int | bool | str | Fraction


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text as it is compared: capitals and the Unicode form make no difference."""
    return unicodedata.normalize("NFC", text).casefold()


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule itself."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class FactRef:
    """The value of a fact."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class ParameterAt:
    """The value of a parameter of the law in the version in force on a day."""

    parameter: Parameter
    day: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Shift:
    """A day moved by an amount of days, working days, months or years (``sign`` -1 = back)."""

    day: Expr
    amount: Literal | ParameterAt
    unit: str
    sign: int
    type: Type = "date"


@dataclass(frozen=True, slots=True)
class Pick:
    """The first that is not missing, or the earliest or latest of those that are not missing."""

    how: Choice["first", "earliest", "latest"]
    options: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Elapsed:
    """What has passed from one day to another: full years (an age), the difference of the years, or days."""

    since: Expr
    until: Expr
    how: Choice["full_years", "calendar_years", "days_between"]
    type: Type = "number"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Working days after one day up to and including another."""

    since: Expr
    until: Expr
    type: Type = "number"


@dataclass(frozen=True, slots=True)
class If:
    """One of two values by a condition; an unknown condition makes the value unknown."""

    condition: Expr
    then: Expr
    otherwise: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Share:
    """A number as a share of another, exactly."""

    part: Expr
    whole: Expr
    type: Type = "fraction"


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; false where a side is absent."""

    op: Choice["eq", "ne", "lt", "le", "gt", "ge"]
    left: Expr
    right: Expr
    type: Type = "mark"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a code, text or number is in a list; false where absent."""

    value: Expr
    members: tuple[Scalar, ...]
    type: Type = "mark"


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether a value is absent (unknown where the value is unknown)."""

    value: Expr
    type: Type = "mark"


@dataclass(frozen=True, slots=True)
class And:
    """All hold."""

    parts: tuple[Expr, ...]
    type: Type = "mark"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds."""

    parts: tuple[Expr, ...]
    type: Type = "mark"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; an absent mark counts as no."""

    part: Expr
    type: Type = "mark"


@dataclass(frozen=True, slots=True)
class Found:
    """Whether another rule has fired for this case."""

    rule: str
    type: Type = "mark"


Expr = (
    Literal
    | FactRef
    | ParameterAt
    | Shift
    | Pick
    | Elapsed
    | WorkingDays
    | If
    | Share
    | Compare
    | OneOf
    | Missing
    | And
    | Or
    | Not
    | Found
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression."""
    match expr:
        case ParameterAt(day=day):
            return (day,)
        case Shift(day=day, amount=amount):
            return (day, amount)
        case Pick(options=options):
            return options
        case Elapsed(since, until) | WorkingDays(since, until):
            return (since, until)
        case Share(part, whole):
            return (part, whole)
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Compare(left=left, right=right):
            return (left, right)
        case OneOf(value=value) | Missing(value=value) | Not(part=value):
            return (value,)
        case And(parts) | Or(parts):
            return parts
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """An expression and all its parts, outermost first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def facts_read(expr: Expr) -> set[str]:
    """The names of the facts that an expression names itself."""
    return {node.name for node in walk(expr) if isinstance(node, FactRef)}


def rules_read(expr: Expr) -> set[str]:
    """The rules whose findings an expression rests on."""
    return {node.rule for node in walk(expr) if isinstance(node, Found)}
