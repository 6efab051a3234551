"""The desk's eye on people: the stage of those found, and the way of one case as a time line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.changes.changing import entries_of
from cases.changes.saving import Scene, known_head
from cases.history.telling import PLACES, step_label
from cases.store.connection import querying, store_url
from cases.store.reading import disciplines_of, heads, records_of
from cases.values.records import PAPERS, Discipline, Record
from cases.values.refusals import without_numbers
from cases.workbook import schema as layout
from desk import desk
from engine.findings import show
from engine.ruleset import load_ruleset

_PLACE_FIELDS = {"moved_to", "moved_from"}
_IN_THE_HEADING = {"code", "full_name", "unit"}


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


def stages(records: Iterable[Record], as_of: dt.date) -> dict[str, str | None]:
    """The stage of each case on a day; None where there was no case yet."""
    evaluator = desk.evaluator(load_ruleset())
    found: dict[str, str | None] = {}
    for record in records:
        situation = evaluator.situation(record, as_of)
        found[record.code] = None if situation is None else str(situation.value("stage"))
    return found


def stored_case(store: str | None, code: str) -> tuple[Record, list[Discipline]]:
    """One case of the store with its disciplinary measures; raises `UnknownName`."""
    with querying(store_url(store)) as execute:
        head = known_head(Scene(heads(execute)), code)
        (record,) = records_of(execute, [head.id])
        return record, [one for one in disciplines_of(execute) if one.case == head.code]


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
