"""Which stretches of the way are timed, what waits since when, and which limits are counted ahead (`timings.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.coming_up import Deadline, load_deadlines
from engine.language.parsing import parse_condition, parse_day
from engine.language.scanning import Place
from engine.language.tree import Compare, Expr, FactRef, WorkingDays
from engine.ruleset import Rule, RuleSet
from rules.loader.rules import HERE
from rules.loader.yaml_nodes import Node, read_yaml

WAITS = ("overdue", "due")
"""The severities of a finding that somebody is waited for; an overlay may give a rule another."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The way from one step to another, in expressions over a case."""

    from_step: str
    to_step: str
    first: Expr
    second: Expr
    working_days: Expr
    """How many working days lie after the first step, up to and including the second."""
    late: Expr | None
    """Whether the second step lies after the last day of the limit; None where no limit runs."""


@dataclass(frozen=True, slots=True)
class WaitingRule:
    """A rule whose findings are waited for, and the day since when."""

    rule: Rule
    since: Expr


@dataclass(frozen=True, slots=True)
class Asking:
    """What a limit to come asks for, such as a meeting."""

    name: str
    limits: tuple[Deadline, ...]
    after: Expr | None
    """The day after which it can be done; None = at once."""
    when: Expr | None
    """Of which cases it is asked; None = of all that have the limit."""


@dataclass(frozen=True, slots=True)
class TimedSteps:
    """All that is timed."""

    stretches: tuple[Stretch, ...]
    waiting: tuple[WaitingRule, ...]
    ahead: Mapping[str, frozenset[str]]
    """For each number of a month to come, the names of the limits that it counts."""
    asks: tuple[Asking, ...]


@cache
def load_timed_steps(ruleset: RuleSet, path: Path = HERE / "timings.yaml") -> TimedSteps:
    """Read what is timed; raises `LawFileError` with file and line."""
    keys = read_yaml(path).mapping(["transitions", "waiting", "ahead", "asks"])
    deadlines = {deadline.name: deadline for deadline in load_deadlines(ruleset)}
    asked = keys["asks"].mapping(["cell_meetings", "committee_meetings", "classes"])
    counted = keys["ahead"].mapping(["probations_ending", "cell_limits", "decision_limits"])
    return TimedSteps(
        stretches=tuple(_stretch(node, ruleset) for node in keys["transitions"].items()),
        waiting=tuple(_waiting(node, ruleset) for node in keys["waiting"].items()),
        ahead={name: frozenset(item.one_of(deadlines) for item in node.items()) for name, node in counted.items()},
        asks=tuple(_asking(name, node, ruleset, deadlines) for name, node in asked.items()),
    )


def _day(node: Node, ruleset: RuleSet) -> Expr:
    return parse_day(node.text(), ruleset.scope, Place(str(node.file), node.line))


def _step(node: Node, ruleset: RuleSet) -> FactRef:
    """A step is a day by its name alone, for the name is what answers call it by."""
    day = _day(node, ruleset)
    if not isinstance(day, FactRef):
        raise node.error(f"“{node.text()}” không phải là tên một bước.", "Ghi tên một dữ kiện kiểu ngày.")
    return day


def _stretch(node: Node, ruleset: RuleSet) -> Stretch:
    keys = node.mapping(["from", "to"], ["limit"])
    first, second = _step(keys["from"], ruleset), _step(keys["to"], ruleset)
    limit = keys.read("limit", lambda limit: _day(limit, ruleset))
    late = None if limit is None else Compare("gt", second, limit)
    return Stretch(first.name, second.name, first, second, WorkingDays(first, second), late)


def _waiting(node: Node, ruleset: RuleSet) -> WaitingRule:
    keys = node.mapping(["rule", "since"])
    rule = ruleset.rules[keys["rule"].one_of(ruleset.rules)]
    return WaitingRule(rule, _day(keys["since"], ruleset))


def _asking(name: str, node: Node, ruleset: RuleSet, deadlines: Mapping[str, Deadline]) -> Asking:
    keys = node.mapping(["limit"], ["after", "when"])
    return Asking(
        name=name,
        limits=tuple(deadlines[item.one_of(deadlines)] for item in keys["limit"].items()),
        after=keys.read("after", lambda after: _day(after, ruleset)),
        when=keys.read("when", lambda when: _condition(when, ruleset)),
    )


def _condition(node: Node, ruleset: RuleSet) -> Expr:
    return parse_condition(node.text(), ruleset.scope, Place(str(node.file), node.line))
