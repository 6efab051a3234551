"""The desk while recording: what a change of one case would do to its findings, before it is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.judging.doubts import Doubt
from desk.rosters import evaluator
from engine.comparison import Difference, compare_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.values.records import Record
    from desk.question import Question
    from engine.findings import Finding, UnknownRule


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: the stage before and after, the findings that go and come, and what stays undecided."""

    as_of: dt.date
    stage_before: str | None
    stage_after: str | None
    findings: Difference
    unknown: tuple[UnknownRule, ...]


def effect(before: Record | None, after: Record, question: Question) -> Effect:
    """Compare one case as it is with the case as it would be."""
    stage_before, was, _ = _judged(before, question)
    stage_after, now, unknown = _judged(after, question)
    return Effect(question.as_of, stage_before, stage_after, compare_findings(was, now), tuple(unknown))


def _judged(record: Record | None, question: Question) -> tuple[str | None, Sequence[Finding], Sequence[UnknownRule]]:
    decide = evaluator(question.ruleset)
    situation = None if record is None else decide.situation(record, question.as_of)
    if situation is None:
        return None, (), ()
    return str(situation.value("stage")), *decide.case(situation)


def blocks(found: Effect) -> list[Doubt]:
    """A doubt for everything that a change would newly block."""
    return [Doubt("comes_blocked", needed=one.message) for one in found.findings.come if one.severity == "blocked"]
