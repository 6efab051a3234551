"""The desk while recording: what a change of one case would do to its findings, before it is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.judging.doubts import Doubt
from desk import desk
from engine.comparison import Difference, compare_findings
from engine.ruleset import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.changes.saving import Draft
    from cases.values.records import Record
    from engine.findings import Finding, UnknownRule


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: the stage before and after, the findings that go and come, and what stays undecided."""

    as_of: dt.date
    stage_before: str | None
    stage_after: str | None
    findings: Difference
    unknown: tuple[UnknownRule, ...]


def effect(before: Record | None, after: Record, as_of: dt.date) -> Effect:
    """Compare one case as it is with the case as it would be."""
    stage_before, was, _ = _judged(before, as_of)
    stage_after, now, unknown = _judged(after, as_of)
    return Effect(as_of, stage_before, stage_after, compare_findings(was, now), tuple(unknown))


def _judged(record: Record | None, as_of: dt.date) -> tuple[str | None, Sequence[Finding], Sequence[UnknownRule]]:
    evaluator = desk.evaluator(load_ruleset())
    situation = None if record is None else evaluator.situation(record, as_of)
    if situation is None:
        return None, (), ()
    return str(situation.value("stage")), *evaluator.case(situation)


def with_blocks(draft: Draft, found: Effect) -> Draft:
    """The draft with a doubt for everything that it would newly block."""
    blocks = [Doubt("comes_blocked", needed=one.message) for one in found.findings.come if one.severity == "blocked"]
    return replace(draft, doubts=(*draft.doubts, *blocks)) if draft.before is not None else draft
