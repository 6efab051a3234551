"""Whether the rules let a case there: a paper for a step that may not be taken is refused, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from desk.answers.planning import in_the_way, planned
from desk.rosters import evaluator, known_case
from desk.words.labels import label
from engine.findings import UNCONFIRMED_NOTE
from engine.language.parsing import parse_condition
from engine.language.scanning import Place
from engine.ruleset import load_ruleset
from rules.loader.errors import BadInput
from rules.loader.spelling.days import NotADay, shown_day, typed_day

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.question import Question
    from engine.planning import ComingStep
    from engine.single.closures import Situation
    from reports.papers.paper_loader import Paper

MEETING = ("meeting_on", "ngày họp", "ngay-hop", "ngay hop", "Ngày họp")
"""How the day of a meeting is typed: a meeting to come is judged by its own day."""


class TooEarly(BadInput):
    """A paper for a step that may be taken from a later day on: written for a meeting on such a day it is let there."""


def situation_of(roster: Roster, code: str, as_of: dt.date) -> Situation:
    """A case on a day; raises `UnknownName`, and `BadInput` where it has not begun."""
    situation = evaluator(load_ruleset()).situation(known_case(roster, code), as_of)
    if situation is None:
        raise BadInput(f"Hồ sơ {code} chưa có bước nào tính đến ngày {shown_day(as_of)}. Chọn ngày muộn hơn.")
    return situation


def require_let_there(
    roster: Roster, question: Question, code: str, paper: Paper, typed: Mapping[str, str]
) -> dict[str, str]:
    """Refuse a paper that the rules do not let the case have; gives the fields that the reasons for it make.

    Raises `BadInput` with the findings' own sentences.
    """
    situation, ruleset = situation_of(roster, code, question.as_of), question.ruleset
    decide = evaluator(ruleset)
    refused = f"Không soạn được “{paper.label}” cho hồ sơ {code}"
    if paper.when is not None:
        let = parse_condition(paper.when, ruleset.scope, Place(paper.name, 1))
        if decide.program.compiled(let)(situation) is not True:
            raise BadInput(f"{refused}: {paper.otherwise}")
    fields: dict[str, str] = {}
    if paper.findings:
        found = [one for one in decide.case(situation)[0] if one.rule in paper.findings]
        if not found:
            raise BadInput(f"{refused}: {paper.otherwise}")
        fields["consent_reasons"] = " ".join(one.message.removesuffix(UNCONFIRMED_NOTE).strip() for one in found)
    if paper.step is not None:
        steps = planned(ruleset, known_case(roster, code), question.as_of).steps
        coming = [step for step in steps if step.records == paper.step]
        done = situation.recorded.get(paper.step)
        if not coming and isinstance(done, dt.date):
            if paper.afterwards:
                return fields
            raise BadInput(f"{refused}: bước này đã làm ngày {shown_day(done)}.")
        if not coming:
            stage = label("stage", str(situation.value("stage"))).lower()
            raise BadInput(f"{refused}: hồ sơ đang ở giai đoạn “{stage}”, không có bước này.")
        _require_open(coming[0], refused, typed, in_the_way(coming[0], ruleset))
    return fields


def _require_open(step: ComingStep, refused: str, typed: Mapping[str, str], why: list[str]) -> None:
    if step.state == "held_back":
        raise BadInput(f"{refused}: bước “{step.label}” chưa làm được. {' '.join(why)}")
    earliest = step.earliest.day
    if step.state == "later" and earliest is not None:
        meeting = _day(next((typed[name] for name in MEETING if name in typed), ""))
        if meeting is None or meeting < earliest:
            raise TooEarly(f"{refused}: bước “{step.label}” chỉ làm được từ ngày {shown_day(earliest)}.")


def _day(text: str) -> dt.date | None:
    try:
        return typed_day(text)
    except NotADay:
        return None
