"""What is not known: where a value is decided to be unknown, what it hangs on, and the list of undecided rules.

Absent and unknown are two things. A step that is not recorded has not happened; a birth date that is not recorded is
unknown, and what hangs on it is decided only where the answer is the same whatever it is (strong Kleene logic). The
reading in columns (`engine/sweep/reading.py`) follows these definitions row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from engine.language.tree import Expr, Scalar, Shift, facts_read, folded, walk
from rules.loader.vocabulary import Vocabulary

CALENDAR = "calendar"
"""The name of what is missing where a limit lies beyond the table of working days."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that hangs on facts nobody recorded."""

    missing: frozenset[str]


class UnknownRule(NamedTuple):
    """A rule that cannot be decided for a case, and the facts that would decide it."""

    case: str
    rule: str
    missing: tuple[str, ...]

    @classmethod
    def of(cls, case: str, rule: str, outcome: Unknown) -> UnknownRule:
        """The entry of the list for a rule whose condition came out unknown."""
        return cls(case, rule, tuple(sorted(outcome.missing)))


Outcome = Scalar | Unknown | None
S = TypeVar("S")
Evaluate = Callable[[S], Outcome]
"""How a value is found in a situation."""


def uncertain_facts(vocabulary: Vocabulary, computed: Mapping[str, Expr]) -> frozenset[str]:
    """The facts that can be unknown: marked so, or computed from such, or by working days (a year without a table)."""
    found = {name for name, fact in vocabulary.facts.items() if fact.unknown or fact.unknown_when}
    for name, expr in computed.items():
        by_calendar = any(isinstance(node, Shift) and node.unit == "working_day" for node in walk(expr))
        if by_calendar or facts_read(expr) & found:
            found.add(name)
    return frozenset(found)


def _hanging(values: Iterable[Any]) -> Unknown | None:
    """What several values hang on together; None where all are known."""
    missing = [value.missing for value in values if isinstance(value, Unknown)]
    return Unknown(frozenset().union(*missing)) if missing else None


def each(parts: tuple[Evaluate[S], ...], apply: Callable[..., Outcome]) -> Evaluate[S]:
    """A function of values that is absent where one of them is absent, and unknown where one is unknown."""
    if len(parts) == 1:
        return _of_one(parts[0], apply)
    if len(parts) == 2:
        return _of_two(parts[0], parts[1], apply)

    def evaluate(s: S) -> Outcome:
        values = [part(s) for part in parts]
        if None in values:
            return None
        return _hanging(values) or apply(*values)

    return evaluate


def _of_one(part: Evaluate[S], apply: Callable[..., Outcome]) -> Evaluate[S]:
    def evaluate(s: S) -> Outcome:
        value = part(s)
        return value if value is None or isinstance(value, Unknown) else apply(value)

    return evaluate


def _of_two(one: Evaluate[S], other: Evaluate[S], apply: Callable[..., Outcome]) -> Evaluate[S]:
    def evaluate(s: S) -> Outcome:
        a, b = one(s), other(s)
        if a is None or b is None:
            return None
        return apply(a, b) if type(a) is not Unknown and type(b) is not Unknown else _hanging((a, b))

    return evaluate


def picked(how: str, parts: tuple[Evaluate[S], ...]) -> Evaluate[S]:
    """The first, earliest or latest value that is not absent; an unknown one makes the earliest and latest unknown."""

    def first(s: S) -> Outcome:
        for part in parts:
            value = part(s)
            if value is not None:
                return value
        return None

    if how == "first":
        return first
    choose: Callable[[list[Any]], Any] = min if how == "earliest" else max

    def extreme(s: S) -> Outcome:
        values = [value for part in parts if (value := part(s)) is not None]
        outcome: Outcome = _hanging(values) or (choose(values) if values else None)
        return outcome

    return extreme


def chosen(condition: Evaluate[S], then: Evaluate[S], otherwise: Evaluate[S]) -> Evaluate[S]:
    """One of two values by a condition; unknown where the condition is."""

    def evaluate(s: S) -> Outcome:
        holds = condition(s)
        if isinstance(holds, Unknown):
            return holds
        return then(s) if holds else otherwise(s)

    return evaluate


def compared(compare: Callable[[Any, Any], bool], left: Evaluate[S], right: Evaluate[S]) -> Evaluate[S]:
    """A comparison: false where a side is absent, unknown where one is unknown."""

    def evaluate(s: S) -> Outcome:
        a, b = left(s), right(s)
        if a is None or b is None:
            return False
        if isinstance(a, Unknown):
            return Unknown(a.missing | b.missing) if isinstance(b, Unknown) else a
        return b if isinstance(b, Unknown) else compare(a, b)

    return evaluate


def folding(value: Evaluate[S]) -> Evaluate[S]:
    """A text as it is compared; absent and unknown stay so."""

    def evaluate(s: S) -> Outcome:
        found = value(s)
        return folded(found) if isinstance(found, str) else found

    return evaluate


def one_of(value: Evaluate[S], members: frozenset[Scalar]) -> Evaluate[S]:
    """Whether a value is one of several; unknown where the value is."""

    def evaluate(s: S) -> Outcome:
        found = value(s)
        return found if isinstance(found, Unknown) else found in members

    return evaluate


def is_missing(value: Evaluate[S]) -> Evaluate[S]:
    """Whether a value is absent; unknown where the value is, for it may well be there."""

    def evaluate(s: S) -> Outcome:
        found = value(s)
        return found if isinstance(found, Unknown) else found is None

    return evaluate


def all_parts(parts: tuple[Evaluate[S], ...], *, stop: bool) -> Evaluate[S]:
    """`and` (stop = False) or `or` (stop = True): the first part that equals `stop` decides, else an unknown part."""

    def evaluate(s: S) -> Outcome:
        missing: frozenset[str] | None = None
        for part in parts:
            found = part(s)
            if isinstance(found, Unknown):
                missing = found.missing if missing is None else missing | found.missing
            elif bool(found) is stop:
                return stop
        return (not stop) if missing is None else Unknown(missing)

    return evaluate


def negated(part: Evaluate[S]) -> Evaluate[S]:
    """The opposite; unknown stays unknown."""

    def evaluate(s: S) -> Outcome:
        found = part(s)
        return found if isinstance(found, Unknown) else not found

    return evaluate
