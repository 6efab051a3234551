"""What comes next for a case and when; and what would become of it if something were recorded otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.comparison import Difference, compare_findings
from engine.findings import Finding, Support, support
from engine.language.parsing import parse_condition, parse_day
from engine.language.scanning import Place
from engine.language.tree import Expr, Scalar
from engine.projection import CaseRecord
from engine.ruleset import Citation, RuleSet
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
from engine.supposing import supposed
from engine.unknowns import Unknown, UnknownRule
from rules.loader.errors import LawFileError
from rules.loader.law import worst
from rules.loader.plan import PlanText


@dataclass(frozen=True, slots=True)
class Bound:
    """The earliest or latest day of a step: the day, or what is missing to tell; neither = the texts name none."""

    day: dt.date | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComingStep:
    """A step that comes next: between which days, by whom, by which clause."""

    step: str
    label: str
    earliest: Bound
    latest: Bound
    days_late: int | None
    """Calendar days by which the latest day has passed."""
    held_by: str | None
    document: str
    clause: str | None
    certainty: str
    forecast: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The coming steps of a case as of a day; `exists` False = there is no case yet."""

    case: str
    name: str
    unit: str | None
    as_of: dt.date
    stage: str | None
    exists: bool
    steps: tuple[ComingStep, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A case as it is and as it would be."""

    changes: Mapping[str, Scalar | None]
    was: Mapping[str, Scalar]
    """What is recorded of the facts that are changed."""
    ignored: tuple[str, ...]
    """Steps set to a day after the as-of day: they have not happened by then."""
    before: Plan
    after: Plan
    """As of the last of those days, so that what follows from them is seen."""
    findings: Difference
    unknown: tuple[UnknownRule, ...]
    """What cannot be decided afterwards."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step that can come next: when it does, between which days, and the clause."""

    text: PlanText
    when: Expr
    earliest: Expr | None
    latest: Expr | None
    cites: Citation


def compile_plan(ruleset: RuleSet, texts: Mapping[str, PlanText]) -> tuple[PlanStep, ...]:
    """The steps, parsed and checked; raises `LawFileError` with file and line."""
    return tuple(_compiled(ruleset, text) for text in texts.values())


def _compiled(ruleset: RuleSet, text: PlanText) -> PlanStep:
    def place(key: str) -> Place:
        return Place(str(text.file), text.lines[key])

    def day(key: str, expression: str | None) -> Expr | None:
        return parse_day(expression, ruleset.scope, place(key)) if expression else None

    parameter = ruleset.law.parameters.get(text.cites.parameter)
    if parameter is None:
        raise LawFileError(
            text.file, text.cites.line, f"Căn cứ “{text.cites.parameter}” không có trong luật.", "Xem tên trong law/."
        )
    return PlanStep(
        text=text,
        when=parse_condition(text.when, ruleset.scope, place("when")),
        earliest=day("earliest", text.earliest),
        latest=day("latest", text.latest),
        cites=Citation(parameter, parse_day(text.cites.on, ruleset.scope, place("cites"))),
    )


class Planner:
    """Plans cases with one evaluator; keep one and use it for many."""

    def __init__(self, evaluator: CaseEvaluator, texts: Mapping[str, PlanText]) -> None:
        self.evaluator, self.program = evaluator, evaluator.program
        self._steps = compile_plan(evaluator.ruleset, texts)

    def plan(self, record: CaseRecord, as_of: dt.date) -> Plan:
        """The coming steps of a case, in the order of the process."""
        situation = self.evaluator.situation(record, as_of)
        facts = record.fields if situation is None else situation.recorded
        unit = facts.get("unit")
        return Plan(
            case=record.code,
            name=str(facts.get("full_name", "")),
            unit=None if unit is None else str(unit),
            as_of=as_of,
            stage=None if situation is None else str(situation.value("stage")),
            exists=situation is not None,
            steps=() if situation is None else tuple(self._coming(situation, as_of)),
        )

    def what_if(self, record: CaseRecord, changes: Mapping[str, Scalar | None], as_of: dt.date) -> WhatIf:
        """The case as it is against the case with the changes; nothing is stored."""
        changed = supposed(record, changes)
        before, _ = self._findings(record, as_of)
        after, unknown = self._findings(changed, as_of)
        steps = self.evaluator.projector.step_kinds
        late = {n: v for n, v in changes.items() if n in steps and isinstance(v, dt.date) and v > as_of}
        return WhatIf(
            changes=changes,
            was={name: value for name, value in self._recorded(record, as_of).items() if name in changes},
            ignored=tuple(late),
            before=self.plan(record, as_of),
            after=self.plan(changed, max([as_of, *late.values()])),
            findings=compare_findings(before, after),
            unknown=tuple(unknown),
        )

    def _recorded(self, record: CaseRecord, as_of: dt.date) -> Mapping[str, Scalar]:
        situation = self.evaluator.situation(record, as_of)
        return record.fields if situation is None else situation.recorded

    def _findings(self, record: CaseRecord, as_of: dt.date) -> tuple[Sequence[Finding], Sequence[UnknownRule]]:
        situation = self.evaluator.situation(record, as_of)
        return ((), ()) if situation is None else self.evaluator.case(situation)

    def _coming(self, situation: Situation, as_of: dt.date) -> list[ComingStep]:
        return [
            self._step(step, situation, as_of)
            for step in self._steps
            if self.program.compiled(step.when)(situation) is True
        ]

    def _step(self, step: PlanStep, situation: Situation, as_of: dt.date) -> ComingStep:
        earliest, latest = self._bound(step.earliest, situation), self._bound(step.latest, situation)
        on = self.program.compiled(step.cites.on)(situation)
        cited = step.cites.parameter.at(on if isinstance(on, dt.date) else as_of)
        rests = Support()
        for expr in (step.earliest, step.latest):
            if expr is not None:
                support(self.program, expr, situation, rests)
        certainties = [cited.certainty, *(entry.certainty for entry in rests.versions)]
        return ComingStep(
            step=step.text.step,
            label=step.text.label,
            earliest=earliest,
            latest=latest,
            days_late=(as_of - latest.day).days if latest.day and latest.day < as_of else None,
            held_by=step.text.held_by,
            document=cited.version.document.id,
            clause=cited.version.clause,
            certainty="unconfirmed" if rests.forecast else worst(certainties),
            forecast=rests.forecast,
            note=step.text.note,
        )

    def _bound(self, expr: Expr | None, situation: Situation) -> Bound:
        if expr is None:
            return Bound(None)
        value = self.program.compiled(expr)(situation)
        if isinstance(value, Unknown):
            return Bound(None, tuple(sorted(value.missing)))
        return Bound(value if isinstance(value, dt.date) else None)
