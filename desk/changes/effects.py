"""The desk while recording: what a change of one case would do to its findings, before it is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from cases.judging.doubts import Doubt
from cases.judging.judging import steps_of
from cases.judging.steps import kinds
from cases.values.evaluated import evaluated_case
from desk.answers.matters import listed
from desk.rosters import evaluator
from engine.comparison import Difference, compare_findings
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cases.changes.saving import Draft
    from cases.values.records import Record, Roster
    from desk.question import Question
    from engine.findings import Finding
    from engine.unknowns import UnknownRule


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: the stage before and after, the findings that go and come, and what stays undecided."""

    as_of: dt.date
    stage_before: str | None
    stage_after: str | None
    findings: Difference
    listed: Difference
    """The same as a screen lists it, one line a matter."""
    unknown: tuple[UnknownRule, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        findings = self.findings
        return {
            "stage_before": self.stage_before,
            "stage": self.stage_after,
            "gone": [asdict(finding) for finding in findings.gone],
            "come": [asdict(finding) for finding in findings.come],
            "changed": [{"before": asdict(one), "after": asdict(two)} for one, two in findings.changed],
            "unknown": [{"rule": entry.rule, "missing": list(entry.missing)} for entry in self.unknown],
        }


def doubts_json(doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    """Doubts in the form that programs rely on; ``case`` where many are changed at once."""
    return [
        {"code": one.code, "refused": one.refused, "message": str(one), **({"case": one.whose} if one.whose else {})}
        for one in doubts
    ]


def effect(draft: Draft, beside: Roster, question: Question) -> Effect:
    """Compare one case as it is with the case as it would be, judged as among all the others.

    ``beside`` holds what is said of the case elsewhere: its measures, and the columns that the office keeps.
    """
    measures = (*beside.disciplines, *draft.added)
    stage_before, was, _ = _judged(draft.before, beside, question)
    stage_after, now, unknown = _judged(draft.after, replace(beside, disciplines=measures), question)
    found = compare_findings(was, now)
    shown = listed(found, question.ruleset.rules)
    return Effect(question.as_of, stage_before, stage_after, found, shown, tuple(unknown))


def _judged(
    record: Record | None, beside: Roster, question: Question
) -> tuple[str | None, Sequence[Finding], Sequence[UnknownRule]]:
    decide = evaluator(question.ruleset)
    situation = None
    if record is not None:
        whole = evaluated_case(replace(beside, records=(record,)), record)
        situation = decide.situation(whole, question.as_of)
    if situation is None:
        return None, (), ()
    return str(situation.value("stage")), *decide.case(situation)


STAGES = ("candidate", "approved", "probationary", "official")
"""The stages of the way, in its order."""
CEREMONY_LIMIT = "admission.past_ceremony_limit"


def blocks(draft: Draft, found: Effect, beside: Roster, question: Question) -> list[Doubt]:
    """A doubt for what stands against new steps, for what a change would newly block, and for a way back."""
    doubts = [*_held_back(draft.before, draft.after, beside, question), *_backwards(found)]
    said = {doubt.needed for doubt in doubts}
    doubts += [
        Doubt("comes_blocked", needed=one.message)
        for one in found.findings.come
        if one.severity == "blocked" and one.message not in said
    ]
    return list(dict.fromkeys(doubts))


def _held_back(before: Record | None, after: Record, beside: Roster, question: Question) -> Iterator[Doubt]:
    """What `check` says on the day of a deciding step against that step of the case as it stands before it."""
    if before is None:
        return
    recorded = steps_of(before)
    agreed = "late_ceremony_consent_on" in recorded
    for name, days in steps_of(after).items():
        kind = kinds()[name]
        if not kind.decides or name in recorded:
            continue
        for day in days:
            _, findings, _ = _judged(before, beside, replace(question, as_of=day))
            for one in findings:
                if one.severity == "blocked" and name in question.ruleset.rules[one.rule].before:
                    yield Doubt("held_back", needed=one.message)
                elif one.rule == CEREMONY_LIMIT and one.due and name == "admitted_on" and not agreed:
                    days_said = shown_day(day), shown_day(one.due)
                    yield Doubt("ceremony_late", kind.label, *days_said, field=name, day=day)


def _backwards(found: Effect) -> Iterator[Doubt]:
    """A change after which somebody has come less far than before."""
    before, after = found.stage_before, found.stage_after
    if before in STAGES and after in STAGES and STAGES.index(after) < STAGES.index(before):
        labels = vocabulary.load().codes["stage"]
        yield Doubt("goes_back", needed=labels[after], other=labels[before])
