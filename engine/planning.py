"""What comes next for a case and when; and what would become of it if something were recorded otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.comparison import Difference, compare_findings
from engine.findings import Finding
from engine.language.parsing import parse_condition, parse_day
from engine.language.scanning import Place
from engine.language.tree import Expr, Scalar
from engine.projection import CaseRecord
from engine.ruleset import Citation, RuleSet
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
from engine.single.grounds import Support, support
from engine.supposing import supposed
from engine.unknowns import Outcome, Unknown, UnknownRule
from rules.loader.errors import LawFileError
from rules.loader.law import worst
from rules.loader.plan import PlanText


@dataclass(frozen=True, slots=True)
class Bound:
    """The earliest or latest day of a step: the day, or what is missing to tell; neither = the texts name none."""

    day: dt.date | None
    missing: tuple[str, ...] = ()


HOLDING = ("blocked", "confirm")
"""The severities of a finding that stands before a step."""


@dataclass(frozen=True, slots=True)
class ComingStep:
    """A step that comes next: whether it may be taken, between which days, by whom, by which clause."""

    step: str
    label: str
    state: str
    """open = may be done on the as-of day; later = only from the earliest day; held_back = something stands before."""
    records: str | None
    """The step that is recorded when it is taken; None = a day that comes."""
    stands: tuple[Finding, ...]
    """The findings that stand before it."""
    brings: tuple[Finding, ...]
    """Where nothing stands before it and nothing is missing: what recording it on the as-of day would bring."""
    missing: tuple[str, ...]
    """The earlier steps and the facts without which it is not taken."""
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
            steps=() if situation is None else tuple(self._coming(record, situation, as_of)),
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

    def _coming(self, record: CaseRecord, situation: Situation, as_of: dt.date) -> Iterator[ComingStep]:
        """The steps whose condition holds, and every step that a blocked finding stands before, in their order."""
        findings, _ = self.evaluator.case(situation)
        coming = [step for step in self._steps if self.program.compiled(step.when)(situation) is True]
        stuck = list(self._stuck(findings, {step.text.records for step in coming}))
        for step in self._steps:
            if step in coming:
                yield self._step(step, record, situation, findings, as_of)
            elif step in stuck:
                # When it will be possible cannot be told before what stands in its way is gone.
                bare = replace(step, earliest=None, latest=None)
                yield self._step(bare, record, situation, findings, as_of)

    def _stuck(self, findings: Sequence[Finding], coming: set[str | None]) -> Iterator[PlanStep]:
        """A step for each blocked finding of whose steps none is coming."""
        for finding in findings:
            before = self.evaluator.ruleset.rules[finding.rule].before
            if finding.severity == "blocked" and before.isdisjoint(coming):
                yield from [step for step in self._steps if step.text.records in before][:1]

    def _standing(self, findings: Sequence[Finding], step: str | None) -> tuple[Finding, ...]:
        """The findings that stand before a step."""
        rules = self.evaluator.ruleset.rules
        return tuple(one for one in findings if one.severity in HOLDING and step in rules[one.rule].before)

    def _brought(
        self, record: CaseRecord, step: str, findings: Sequence[Finding], as_of: dt.date
    ) -> tuple[Finding, ...]:
        """What `check` would newly say against a step that is recorded on the day."""
        known = {finding.rule for finding in findings}
        now, _ = self._findings(supposed(record, {step: as_of}), as_of)
        come = [one for one in now if one.rule not in known]
        against = self._standing(come, step)
        return tuple(one for one in come if one.severity == "blocked" or one in against)

    def _step(
        self, step: PlanStep, record: CaseRecord, situation: Situation, findings: Sequence[Finding], as_of: dt.date
    ) -> ComingStep:
        earliest, latest = self._bound(step.earliest, situation), self._bound(step.latest, situation)
        missing = {*earliest.missing, *(name for name in step.text.needs if not _there(situation.value(name)))}
        stands, later = self._standing(findings, step.text.records), earliest.day is not None and earliest.day > as_of
        brings: tuple[Finding, ...] = ()
        if step.text.records and not (stands or missing or later):
            brings = self._brought(record, step.text.records, findings, as_of)
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
            state="held_back" if stands or missing or brings else "later" if later else "open",
            records=step.text.records,
            stands=stands,
            brings=brings,
            missing=tuple(sorted(missing)),
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


def _there(value: Outcome) -> bool:
    return value is not None and not isinstance(value, Unknown)
