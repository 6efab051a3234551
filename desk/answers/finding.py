"""The desk's eye on people: the stage of those found, and the way of one case as a time line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.changes.changing import entries_of
from cases.changes.saving import Scene, known_head
from cases.changes.values import read_code
from cases.history.telling import PLACES, step_label
from cases.judging.steps import spelt
from cases.log.execute import equal, in_parts
from cases.store import search
from cases.store.connection import querying
from cases.store.reading import all_but_cases, kept_facts_now, records_of, said_beside, units_of
from cases.store.search import Hit
from cases.store.search import People as People
from cases.values.evaluated import evaluated
from cases.values.masking import left_out, without_facts
from cases.values.records import PAPERS, Discipline, Record, Roster
from cases.values.refusals import without_numbers
from cases.workbook import schema as layout
from desk.answers.planning import plan, step_json
from desk.question import Question
from desk.rosters import evaluator
from engine.findings import show
from engine.planning import Plan
from rules.loader import vocabulary

_PLACE_FIELDS = {"moved_to", "moved_from"}
_IN_THE_HEADING = {"code", "full_name", "unit"}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a case's way."""

    on: dt.date
    kind: str
    label: str
    document: str | None = None
    result: str | None = None
    note: str | None = None
    stored_at: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The people who may be meant, each with the stage of the case on the day."""

    question: Question
    hits: tuple[Hit, ...]
    stages: Mapping[str, str | None]
    """None where there was no case yet."""
    number: int
    """How many there are; fewer may be listed."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        found = [
            {
                "case": hit.code,
                "name": hit.name,
                "born_on": hit.born_on,
                "unit": hit.unit,
                "stage": self.stages[hit.code],
            }
            for hit in self.hits
        ]
        return {"as_of": self.question.as_of, "found": found}


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case: what is recorded, its way so far, and the steps that come."""

    question: Question
    record: Record
    line: tuple[Point, ...]
    plan: Plan
    masked: frozenset[str] = frozenset()
    """The facts that are left out because nobody has asked for them, whether the case has them or not."""

    @property
    def masked_labels(self) -> list[str]:
        """Their names as the workbook heads them."""
        facts = vocabulary.load().facts
        return [
            fact.column or fact.label for fact in facts.values() if fact.name in self.masked and fact.kind != "computed"
        ]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "as_of": self.plan.as_of,
            "case": self.record.code,
            "stage": self.plan.stage,
            "fields": dict(self.record.fields),
            "masked": sorted(self.masked),
            "steps": [
                {
                    "step": one.kind,
                    "label": one.label,
                    "on": one.on,
                    "document": one.document,
                    "result": one.result,
                    "stored_at": one.stored_at,
                }
                for one in self.line
            ],
            "next": [step_json(step) for step in self.plan.steps],
        }


def find(
    url: str,
    question: Question,
    text: str,
    stage: str | None,
    most: int | None,
    people: People | None = None,
    stages: Mapping[str, str | None] | None = None,
) -> Found:
    """The people whose name or code says the text; at most so many are listed (None = all).

    ``people`` and ``stages``: everybody, and the stage of everybody on the day, where they are known already.
    Raises `UnknownName` for a unit or a stage, and `StoreProblem`.
    """
    wanted = _known_stage(stage) if stage else None
    with querying(url) as execute:
        within = search.units_below(execute, question.unit) if question.unit else None
        if people is not None and stages is not None:
            hits, number = people.nearest(text, within, most, None if wanted is None else _in_stage(stages, wanted))
            return Found(question, tuple(hits), stages, number)
        hits = search.find(execute, text, within) if people is None else people.find(text, within)
        shown = hits if most is None or wanted else hits[:most]
        records = [] if stages is not None else records_of(execute, [hit.head.id for hit in shown])
    if stages is None:
        stages = _stages(records, question)
    if wanted:
        hits = [hit for hit in shown if stages[hit.code] == wanted]
        shown = hits if most is None else hits[:most]
    return Found(question, tuple(shown), stages, len(hits))


def _in_stage(stages: Mapping[str, str | None], wanted: str) -> Callable[[str], bool]:
    return lambda code: stages[code] == wanted


def _known_stage(text: str) -> str:
    shorts = {"quan chung": "candidate", "du bi": "probationary", "chinh thuc": "official", "da ra": "left"}
    shorts |= {"da co qd": "approved", "da chuyen": "moved_out"}
    return shorts.get(spelt(text)) or read_code(text, "stage", "Giai đoạn")


def stages_of_all(roster: Roster, question: Question) -> dict[str, str | None]:
    """The stage of every case on the day; None for one that is not there yet."""
    return _stages(evaluated(roster), question)


def _stages(records: Iterable[Record], question: Question) -> dict[str, str | None]:
    decide, as_of = evaluator(question.ruleset), question.as_of
    found: dict[str, str | None] = {}
    for record in records:
        situation = decide.situation(record, as_of)
        found[record.code] = None if situation is None else str(situation.value("stage"))
    return found


def case_page(roster: Roster, question: Question, code: str) -> CasePage:
    """One case on a page; raises `UnknownName`."""
    planned = plan(roster, question, code).plan
    masked = left_out(code)
    record = without_facts(next(one for one in roster.records if one.code == code), masked)
    disciplines = [one for one in roster.disciplines if one.case == code and "discipline_form" not in masked]
    return CasePage(question, record, tuple(time_line(record, disciplines)), planned, masked)


def stored_case(url: str, code: str, *, units: bool = False) -> Roster:
    """One case of a store with its disciplinary measures, alone or with ``units``.

    Raises `UnknownName`, `StoreProblem`.
    """
    with querying(url) as execute:
        head = known_head(Scene(execute), code)
        (record,) = records_of(execute, [head.id])
        tree = units_of(execute) if units else ()
        return replace(said_beside(execute, head.code), records=(record,), units=tree)


def some_stored_cases(url: str, codes: Iterable[str]) -> Iterator[Roster]:
    """Those of the cases of a store that are there, some at a time, with the measures; raises `StoreProblem`."""
    wanted = dict.fromkeys(codes)
    with querying(url) as execute:
        measures = all_but_cases(execute).disciplines
        for some in in_parts(wanted, _AT_ONCE):
            one_of = " OR ".join(equal("code", code) for code in some)
            there = execute(f"SELECT id, code FROM cases WHERE {one_of}")  # noqa: S608  # as `equal` says it
            numbers = [number for number, code in there if code in wanted]
            yield Roster(tuple(records_of(execute, numbers)), disciplines=measures, kept=kept_facts_now(execute))


def time_line(record: Record, disciplines: Iterable[Discipline] = ()) -> list[Point]:
    """Everything dated about a case, earliest first: steps, stays in units, discipline."""
    points = [
        Point(entry.on, entry.kind, step_label(entry.kind), *(getattr(entry, name) for name in PAPERS))
        for entry in entries_of(record).values()
    ]
    points += [Point(stay.since, "placement", f"Sinh hoạt tại {stay.unit}") for stay in record.placements if stay.since]
    forms = layout.choices("discipline_form")
    points += [Point(one.on, "discipline", f"Kỷ luật: {forms[one.form]}") for one in disciplines]
    return sorted(points, key=lambda point: point.on)


def about(record: Record) -> Iterator[tuple[str, str]]:
    """What is recorded of a person besides steps, as header and value; personal numbers are masked."""
    for column in layout.case_sheet().columns:
        value = record.fields.get(column.field)
        if value is None or column.field in _IN_THE_HEADING or column.field in layout.choices("step"):
            continue
        codes = layout.choices(column.codes) if column.codes else PLACES if column.field in _PLACE_FIELDS else None
        yield column.header, without_numbers(show(value, codes))
