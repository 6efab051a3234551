"""One person as somebody opens her: what is found about her, her way so far, what comes next, what is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.values.evaluated import alone
from cases.values.records import Record, Roster
from desk.answers.checking import check
from desk.answers.finding import CasePage, about, case_page
from desk.answers.matters import one_a_matter
from desk.answers.work import PRESSING
from desk.question import Question
from desk.rosters import evaluator, known_case
from engine.explanation import Explainer
from engine.findings import Finding
from engine.unknowns import UnknownRule


@dataclass(frozen=True, slots=True)
class Person:
    """Everything about one case on a day; its JSON is that of the command `show`."""

    page: CasePage
    findings: tuple[Finding, ...]
    """The most pressing first, one a matter."""
    unknown: tuple[UnknownRule, ...]
    days: Mapping[str, tuple[tuple[str, str], ...]]
    """The days that each finding was computed from, by its rule: what the day is, and the day as it is written."""
    recorded: tuple[tuple[str, str], ...]
    """What is recorded besides steps, as header and value."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return self.page.as_json()


def person(roster: Roster, question: Question, code: str) -> Person:
    """One case of a roster that may hold it alone; raises `UnknownName`."""
    page = case_page(roster, question, code)
    whole = known_case(roster, code)
    evaluation = check(alone(roster, whole), question)
    findings = sorted(
        one_a_matter(evaluation.findings, question.ruleset.rules),
        key=lambda one: (PRESSING.index(one.severity), -(one.days_late or 0), one.rule),
    )
    days = _days_behind(whole, question, page.masked)
    return Person(page, tuple(findings), tuple(evaluation.unknown), days, tuple(about(page.record)))


def _days_behind(record: Record, question: Question, masked: frozenset[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The days that the rule of each finding reads, or that these were computed from, where there are any."""
    decide, as_of = evaluator(question.ruleset), question.as_of
    situation = decide.situation(record, as_of)
    if situation is None:
        return {}
    return {
        trace.rule: tuple(
            (fact.label, fact.value)
            for fact in trace.facts
            if fact.name != "as_of" and fact.name not in masked and isinstance(situation.value(fact.name), dt.date)
        )
        for trace in Explainer(decide).explain(record, as_of).traces
        if trace.finding
    }
