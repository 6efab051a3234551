"""Findings: what a rule says about a case on a day, as frozen values with clause, certainty and Vietnamese message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.language.tree import Expr, FactRef, If, ParameterAt, Pick, Shift, children
from engine.ruleset import PLACEHOLDER, Rule, RuleSet
from engine.single.closures import Outcome, Program, Situation, Unknown
from rules.loader.law import SURE, InForce, worst
from rules.loader.spelling.days import shown_day

UNCONFIRMED_NOTE = "(chưa đối chiếu văn bản)"
FORECAST_NOTE = "(có ngày nghỉ mới là dự kiến)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `days_late` counts calendar days and is None when nothing is late."""

    case: str
    name: str
    unit: str | None
    rule: str
    severity: str
    due: dt.date | None
    days_late: int | None
    held_by: str | None
    document: str
    clause: str | None
    certainty: str
    message: str
    forecast: bool = False
    """The due day rests on a holiday that is only foreseen."""
    overlay: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownRule:
    """A rule that cannot be decided for a case, and the facts that would decide it."""

    case: str
    rule: str
    missing: tuple[str, ...]


_WHERE_FOUND = frozenset({"undated"})
"""Stages that are named only where somebody is in them."""


def stages_found(counted: Mapping[str, int], ruleset: RuleSet) -> dict[str, int]:
    """How many cases are in each stage, in the order of the process; a rare stage only where somebody is in it."""
    numbers = {stage: counted.get(stage, 0) for stage in ruleset.vocabulary.codes["stage"]}
    return {stage: number for stage, number in numbers.items() if number or stage not in _WHERE_FOUND}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings about a set of cases on a day, sorted by case, then rule."""

    as_of: dt.date
    stages: dict[str, int]
    findings: Sequence[Finding]
    unknown: Sequence[UnknownRule]

    @property
    def cases(self) -> int:
        """How many cases there are on the day."""
        return sum(self.stages.values())


@dataclass(slots=True)
class Support:
    """What a day rests on: the versions of the law used, and whether a foreseen holiday was counted."""

    versions: list[InForce] = field(default_factory=list)
    forecast: bool = False


def support(program: Program, expr: Expr, situation: Situation, found: Support | None = None) -> Support:
    """The versions and foreseen holidays behind the value of an expression, along the branches that were taken."""
    found = Support() if found is None else found
    match expr:
        case FactRef(name) if name in program.ruleset.computed:
            support(program, program.ruleset.computed[name], situation, found)
        case ParameterAt(parameter, day):
            on = program.compiled(day)(situation)
            if isinstance(on, dt.date):
                found.versions.append(parameter.at(on))
            support(program, day, situation, found)
        case If(condition, then, otherwise):
            chosen = then if program.compiled(condition)(situation) is True else otherwise
            support(program, condition, situation, found)
            support(program, chosen, situation, found)
        case Pick(options=options):
            value = program.compiled(expr)(situation)
            for option in options:
                if program.compiled(option)(situation) == value:
                    support(program, option, situation, found)
                    break
        case Shift(day=day, unit="working_day"):
            start, end = program.compiled(day)(situation), program.compiled(expr)(situation)
            if isinstance(start, dt.date) and isinstance(end, dt.date):
                found.forecast |= program.ruleset.calendar.forecast_between(start, end)
            for child in children(expr):
                support(program, child, situation, found)
        case _:
            for child in children(expr):
                support(program, child, situation, found)
    return found


def show(value: Outcome, codes: dict[str, str] | None = None) -> str:
    """A value as a person reads it."""
    match value:
        case None:
            return "chưa có"
        case Unknown():
            return "chưa rõ"
        case bool():
            return "có" if value else "không"
        case dt.date():
            return shown_day(value)
        case str():
            return (codes or {}).get(value, value)
        case _:
            return str(value)


class Describer:
    """Turns "this rule holds for this case" into a finding."""

    def __init__(self, program: Program) -> None:
        self.program = program
        vocabulary = program.ruleset.vocabulary
        self._codes = {name: vocabulary.codes[fact.codes] for name, fact in vocabulary.facts.items() if fact.codes}

    def _day(self, expr: Expr | None, situation: Situation) -> dt.date | None:
        value = self.program.compiled(expr)(situation) if expr is not None else None
        return value if isinstance(value, dt.date) else None

    def severity(self, rule: Rule, situation: Situation) -> str:
        """The first severity whose condition holds; an unknown condition does not."""
        for word, condition in rule.severities:
            if condition is None or self.program.compiled(condition)(situation) is True:
                return word
        raise AssertionError("the loader sees to it that the last severity has no condition")

    def severity_as_sure(self, rule: Rule, situation: Situation, certainty: str) -> str:
        """The severity, softened where only a read or quoted text may block and this one was neither."""
        word = self.severity(rule, situation)
        return rule.unsure if rule.unsure and word == "blocked" and certainty not in SURE else word

    def citations(self, rule: Rule, situation: Situation) -> Iterator[InForce]:
        """The versions a rule cites; a day that is not known is taken as the as-of day."""
        for citation in rule.cites:
            day = self._day(citation.on, situation) or self._day(FactRef("as_of", "date"), situation)
            assert day is not None
            yield citation.parameter.at(day)

    def message(self, rule: Rule, situation: Situation, due: dt.date | None, days_late: int | None) -> str:
        """The rule's sentence with the case's own days."""

        def fill(name: str) -> str:
            if name == "due":
                return show(due)
            if name == "days_late":
                return str(days_late or 0)
            return show(situation.value(name), self._codes.get(name))

        return PLACEHOLDER.sub(lambda match: fill(match[1]), rule.say)

    def finding(self, rule: Rule, situation: Situation) -> Finding:
        """The finding of a rule that holds."""
        due, late_on = self._day(rule.due, situation), self._day(rule.late_on, situation)
        days_late = (late_on - due).days if due and late_on and late_on > due else None
        cited = list(self.citations(rule, situation))
        rests = support(self.program, rule.due, situation) if rule.due is not None else Support()
        certainty = worst([entry.certainty for entry in (*cited, *rests.versions)])
        message = self.message(rule, situation, due, days_late)
        if rests.forecast:
            certainty, message = "unconfirmed", f"{message} {FORECAST_NOTE}"
        if certainty == "unconfirmed":
            message = f"{message} {UNCONFIRMED_NOTE}"
        recorded = situation.recorded
        unit = recorded.get("unit")
        return Finding(
            case=str(recorded.get("code", "")),
            name=str(recorded.get("full_name", "")),
            unit=None if unit is None else str(unit),
            rule=rule.name,
            severity=self.severity_as_sure(rule, situation, certainty),
            due=due,
            days_late=days_late,
            held_by=rule.held_by,
            document=cited[0].version.document.id,
            clause=cited[0].version.clause,
            certainty=certainty,
            message=message,
            forecast=rests.forecast,
            overlay=rule.text.overlay,
        )
