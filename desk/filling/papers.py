"""The fields of papers: what is known of a case on a day, as the words that stand in a letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.values.masking import sensitive
from cases.values.records import Roster
from desk.counting.ledgers import ledger
from desk.filling.letting import MEETING, TooEarly, require_let_there, situation_of
from desk.question import Question
from desk.rosters import known_case, known_unit
from engine.language.tree import Scalar
from engine.projection import Projector
from engine.ruleset import RuleSet, load_ruleset
from engine.single.closures import Program, program_of
from engine.statistics.counting import Run
from engine.unknowns import Outcome, Unknown
from reports.papers import paper_loader
from reports.papers.paper_filling import fields_asked, fill_paper, words_of
from reports.papers.paper_loader import Paper
from reports.papers.template_words import PEOPLE
from rules.loader.errors import BadInput, BadQuestion
from rules.loader.spelling.days import shown_day

Fields = dict[str, str]

LEFT = {"place": "…………", "day_in_words": "ngày …… tháng …… năm ……"}
"""What may be left to the hand that signs."""


def fields_of_case(roster: Roster, code: str, as_of: dt.date) -> Fields:
    """Everything known of a case on a day; what is not known has no field. Raises `UnknownName` or `BadInput`."""
    ruleset = load_ruleset()
    record = known_case(roster, code)
    recorded = Projector(ruleset.vocabulary).project(record, as_of)
    if recorded is None:
        raise BadInput(f"Hồ sơ {code} chưa có bước nào tính đến ngày {shown_day(as_of)}. Chọn ngày muộn hơn.")
    return _fields(roster, ruleset, program_of(ruleset), recorded, as_of)


def fields_of_unit(roster: Roster, unit: str | None, as_of: dt.date) -> Fields:
    """The names of a unit and of the one above it; for no unit those of the one above all others."""
    code = known_unit(roster, unit)
    tops = [other.code for other in roster.units if other.parent is None]
    if code is None and len(tops) == 1:
        code = tops[0]
    return _unit_fields(roster, code) | {"as_of": shown_day(as_of)}


def people_fields(roster: Roster, figure: str, unit: str | None, as_of: dt.date) -> list[Fields]:
    """The fields of everybody behind a figure, each with a running number."""
    ruleset = load_ruleset()
    program = program_of(ruleset)
    members = ledger(roster, Run(as_of, as_of, as_of), unit).people(figure, unit)
    return [
        _fields(roster, ruleset, program, {k: v for k, v in member.recorded.items() if k in ruleset.types}, as_of)
        | {"number": str(number)}
        for number, member in enumerate(members, start=1)
    ]


def _fields(
    roster: Roster, ruleset: RuleSet, program: Program, recorded: Mapping[str, Scalar], as_of: dt.date
) -> Fields:
    situation = program.situation({**recorded, "as_of": as_of})
    found: Fields = {}
    for name in ruleset.vocabulary.facts:
        words = _value(ruleset, name, situation.value(name))
        if words is not None:
            found[name] = words
    unit = recorded.get("unit")
    found |= _unit_fields(roster, None if unit is None else str(unit))
    ended, window = situation.value("probation_ends_on"), situation.value("cell_window_ends_on")
    if isinstance(ended, dt.date):
        found["cell_window_law"] = _law(ruleset, "recognition.cell_window", ended)
    if isinstance(window, dt.date) and window < as_of:
        found["days_late"] = str((as_of - window).days)
    return found


def _law(ruleset: RuleSet, parameter: str, on: dt.date) -> str:
    """The document and clause of a parameter in force on a day."""
    entry = ruleset.law.parameters[parameter].at(on)
    clause = f"mục {entry.version.clause}, " if entry.version.clause else ""
    return f"{clause}{entry.document.number}"


def _value(ruleset: RuleSet, name: str, value: Outcome) -> str | None:
    """A fact as words; None where it is absent, unknown, or a mark."""
    if value is None or isinstance(value, Unknown | bool):
        return None
    if isinstance(value, dt.date):
        return shown_day(value)
    codes = ruleset.scope.codes.get(name) or {}
    return codes.get(str(value), str(value))


def _unit_fields(roster: Roster, code: str | None) -> Fields:
    units = {unit.code: unit for unit in roster.units}
    unit = units.get(code or "")
    found: Fields = {"heading_above": "…………", "heading_own": "…………", "signer_name": ""}
    if unit is not None:
        found["unit_name"] = found["heading_own"] = unit.name or unit.code
        parent = units.get(unit.parent or "")
        if parent is not None:
            found["parent_name"] = found["heading_above"] = parent.name or parent.code
        if unit.letterhead:
            found["heading_above"], _, own = unit.letterhead.partition("\n")
            found["heading_own"] = own.replace("\n", " – ") or found["heading_own"]
        found |= {"place": unit.place} if unit.place else {}
        found["signer_name"] = unit.signer or ""
    return found


def known_paper(name: str) -> Paper:
    """The paper of that name; raises `UnknownName` with the nearest."""
    return paper_loader.known_paper(name)


def papers() -> tuple[Paper, ...]:
    """All papers there are."""
    return tuple(paper_loader.load().values())


def papers_json() -> dict[str, Any]:
    """The papers there are, in the form that programs rely on."""
    return {
        "papers": [{"paper": one.name, "label": one.label, "of": "case" if one.of_case else "unit"} for one in papers()]
    }


@dataclass(frozen=True, slots=True)
class PaperOffered:
    """A paper of a case or a unit: why it is refused, or else what has to be typed for it, as field and words."""

    paper: Paper
    refused: str | None
    to_type: tuple[tuple[str, str], ...] = ()
    only_if: str | None = None
    """What is refused unless a meeting on a later day is typed."""


def papers_of_case(roster: Roster, question: Question, case: str) -> tuple[PaperOffered, ...]:
    """Every paper for one case; raises `UnknownName`, and `BadInput` where the case has not begun."""
    known = fields_of_case(roster, case, question.as_of)
    return tuple(_for_case(roster, question, case, paper, known) for paper in papers() if paper.of_case)


def papers_of_unit(roster: Roster, question: Question) -> tuple[PaperOffered, ...]:
    """Every list for a unit of the roster, or for all of it; raises `UnknownName`."""
    known = {*fields_of_unit(roster, question.unit, question.as_of), *LEFT, PEOPLE}
    return tuple(
        PaperOffered(paper, None, tuple((name, words_of(name)) for name in sorted(fields_asked(paper.file) - known)))
        for paper in papers()
        if not paper.of_case
    )


def _for_case(roster: Roster, question: Question, case: str, paper: Paper, known: Fields) -> PaperOffered:
    asked, made, only_if = fields_asked(paper.file), {}, None
    try:
        made = require_let_there(roster, question, case, paper, {})
    except TooEarly as error:
        if MEETING[0] not in asked:
            return PaperOffered(paper, str(error))
        only_if = str(error)
    except BadInput as error:
        return PaperOffered(paper, str(error))
    lacking = sorted(asked - {*known, *made, *LEFT})
    return PaperOffered(paper, None, tuple((name, words_of(name)) for name in lacking), only_if)


def sensitive_asked(name: str, template: Path | None) -> frozenset[str]:
    """The sensitive facts that a paper prints, whole as is its purpose; raises `UnknownName`."""
    return fields_asked(template or known_paper(name).file) & sensitive()


def write_paper(
    roster: Roster,
    question: Question,
    name: str,
    case: str | None,
    more: Mapping[str, str],
    template: Path | None,
    out: Path,
    *,
    replace: bool,
) -> list[str]:
    """Write a paper; place and day of signing may be left to the hand that signs.

    Returns what whoever signs should know. Raises `UnknownName`, `BadQuestion` where a case is needed, and `BadInput`
    where the rules do not let the case there, where nobody is to be written down, and for fields.
    """
    known, day = known_paper(name), question.as_of
    remarks: list[str] = []
    people: list[Fields] = []
    if known.of_case:
        if case is None:
            raise BadQuestion("Mẫu này soạn cho một người: ghi mã hồ sơ sau tên mẫu.")
        fields = fields_of_case(roster, case, day)
        fields |= require_let_there(roster, question, case, known, more)
        remarks = _doubts(roster, case, day)
    else:
        fields = fields_of_unit(roster, question.unit, day)
        people = people_fields(roster, known.rows_of or "", question.unit, day)
        if not people:
            raise BadInput("Không có ai để ghi vào danh sách này.")
    fill_paper(template or known.file, LEFT | fields, people, out, typed=more, replace=replace)
    return remarks


def _doubts(roster: Roster, case: str, as_of: dt.date) -> list[str]:
    """What whoever signs should know and the letter does not say: a clause that was not held against its document."""
    situation = situation_of(roster, case, as_of)
    ended = situation.value("probation_ends_on")
    if not isinstance(ended, dt.date):
        return []
    entry = load_ruleset().law.parameters["recognition.cell_window"].at(ended)
    return [f"Căn cứ “{entry.document.number}” chưa đối chiếu văn bản gốc."] if entry.certainty == "unconfirmed" else []
