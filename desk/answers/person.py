"""One person as somebody opens her: what is found about her, her way so far, what comes next, what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.values.evaluated import alone
from cases.values.records import Roster
from desk.answers.checking import check
from desk.answers.finding import CasePage, about, case_page
from desk.answers.matters import one_a_matter
from desk.answers.work import PRESSING
from desk.question import Question
from engine.findings import Finding
from engine.unknowns import UnknownRule


@dataclass(frozen=True, slots=True)
class Person:
    """Everything about one case on a day; its JSON is that of the command `show`."""

    page: CasePage
    findings: tuple[Finding, ...]
    """The most pressing first, one a matter."""
    unknown: tuple[UnknownRule, ...]
    recorded: tuple[tuple[str, str], ...]
    """What is recorded besides steps, as header and value."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return self.page.as_json()


def person(roster: Roster, question: Question, code: str) -> Person:
    """One case of a roster that may hold it alone; raises `UnknownName`."""
    page = case_page(roster, question, code)
    evaluation = check(alone(roster, page.record), question)
    findings = sorted(
        one_a_matter(evaluation.findings, question.ruleset.rules),
        key=lambda one: (PRESSING.index(one.severity), -(one.days_late or 0), one.rule),
    )
    return Person(page, tuple(findings), tuple(evaluation.unknown), tuple(about(page.record)))
