"""What comes next for a case, what would be if something were otherwise, and whom a change of the law touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from cases.values.records import Record, Roster, Unit
from desk.answers.checking import check
from desk.answers.matters import listed, one_a_matter
from desk.question import Question
from desk.rosters import evaluator, known_case
from desk.words.labels import fact_label
from engine.comparison import Difference, compare_findings
from engine.findings import Evaluation
from engine.planning import ComingStep, Plan, Planner, WhatIf
from engine.ruleset import RuleSet
from engine.supposing import read_change
from rules.loader import plan as plan_loader


@dataclass(frozen=True, slots=True)
class Planned:
    """The coming steps of one case."""

    question: Question
    plan: Plan

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        steps = [step_json(step) for step in self.plan.steps]
        return {**_case_json(self.plan), "law": self.question.law, "steps": steps}


@dataclass(frozen=True, slots=True)
class Supposed:
    """One case beside what it would be."""

    question: Question
    found: WhatIf

    @property
    def listed(self) -> Difference:
        """What goes, comes, changes and stays as a screen lists it."""
        return listed(self.found.findings, self.question.ruleset.rules)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        found, difference = self.found, self.found.findings
        return {
            **_case_json(found.before),
            "law": self.question.law,
            "set": dict(found.changes),
            "ignored": list(found.ignored),
            "stage_then": found.after.stage,
            "gone": [asdict(finding) for finding in difference.gone],
            "come": [asdict(finding) for finding in difference.come],
            "changed": [{"before": asdict(one), "after": asdict(two)} for one, two in difference.changed],
            "same": [asdict(finding) for finding in difference.same],
            "unknown": [{"rule": entry.rule, "missing": list(entry.missing)} for entry in found.unknown],
            "steps_as_of": found.after.as_of,
            "steps": [step_json(step) for step in found.after.steps],
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """The same cases on the same day, judged by the law of one day and by that of another."""

    question: Question
    start: dt.date
    end: dt.date
    before: Evaluation
    after: Evaluation
    difference: Difference
    units: Sequence[Unit]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        asked, difference = self.question, self.difference
        values = {"as_of": asked.as_of, "from": self.start, "to": self.end, "unit": asked.unit}
        return {
            **values,
            "cases": self.before.cases,
            "gone": [asdict(finding) for finding in difference.gone],
            "come": [asdict(finding) for finding in difference.come],
            "changed": [{"before": asdict(before), "after": asdict(after)} for before, after in difference.changed],
            "same": len(difference.same),
        }


@cache
def _planner(ruleset: RuleSet) -> Planner:
    return Planner(evaluator(ruleset), plan_loader.load())


def plan(roster: Roster, question: Question, case: str) -> Planned:
    """The coming steps of one case; raises `UnknownName`."""
    return Planned(question, planned(question.ruleset, known_case(roster, case), question.as_of))


def what_if(roster: Roster, question: Question, case: str, settings: Sequence[str]) -> Supposed:
    """One case with some facts set otherwise (`fact=value`), nothing stored; raises `UnknownName`, `BadInput`."""
    ruleset = question.ruleset
    changes = dict(read_change(ruleset.vocabulary, setting) for setting in settings)
    return Supposed(question, _planner(ruleset).what_if(known_case(roster, case), changes, question.as_of))


def impact(roster: Roster, question: Question, start: dt.date, end: dt.date) -> Impact:
    """The findings by the law in force on one day, and by that on another; raises `UnknownName`."""
    before, after = (check(roster, replace(question, law=day)) for day in (start, end))
    difference = compare_findings(before.findings, after.findings)
    return Impact(question, start, end, before, after, difference, roster.units)


def planned(ruleset: RuleSet, record: Record, as_of: dt.date) -> Plan:
    """The coming steps of a record that is judged as among all the others."""
    return _planner(ruleset).plan(record, as_of)


def in_the_way(step: ComingStep, ruleset: RuleSet) -> list[str]:
    """Why a step is held back: the findings' own sentences, one a matter, and what is missing."""
    sentences = [finding.message for finding in one_a_matter(step.stands, ruleset.rules)]
    brought = one_a_matter(step.brings, ruleset.rules)
    sentences += [f"Làm ngay thì sẽ bị ghi là: “{finding.message}”" for finding in brought]
    if step.missing:
        sentences.append(f"Còn thiếu: {'; '.join(fact_label(name) for name in step.missing)}.")
    return sentences


def _case_json(plan: Plan) -> dict[str, Any]:
    return {
        "as_of": plan.as_of,
        "case": plan.case,
        "name": plan.name,
        "unit": plan.unit,
        "exists": plan.exists,
        "stage": plan.stage,
    }


def step_json(step: ComingStep) -> dict[str, Any]:
    """A coming step in the form for programs."""
    return {
        "step": step.step,
        "label": step.label,
        "state": step.state,
        "earliest": step.earliest.day,
        "latest": step.latest.day,
        "held_back": [finding.rule for finding in (*step.stands, *step.brings)],
        "because": [finding.message for finding in (*step.stands, *step.brings)],
        "missing": list(step.missing),
        "latest_missing": list(step.latest.missing),
        "days_late": step.days_late,
        "held_by": step.held_by,
        "document": step.document,
        "clause": step.clause,
        "certainty": step.certainty,
        "forecast": step.forecast,
        "note": step.note,
    }
