"""Records as the rules read them: with what other sheets say of a case beside its own row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from cases.values.records import AttributeEntry, Discipline, Record, Roster, StepEntry


def evaluated(roster: Roster) -> tuple[Record, ...]:
    """All records of a roster, those of disciplined people with the day and form of each measure."""
    if not roster.disciplines:
        return roster.records
    of_case: dict[str, list[Discipline]] = defaultdict(list)
    for discipline in roster.disciplines:
        of_case[discipline.case].append(discipline)
    return tuple(with_disciplines(record, of_case.get(record.code, ())) for record in roster.records)


def with_disciplines(record: Record, disciplines: Iterable[Discipline]) -> Record:
    """The record with its disciplinary measures as dated facts: the latest by a day counts."""
    disciplines = tuple(disciplines)
    if not disciplines:
        return record
    return replace(
        record,
        steps=(*record.steps, *(StepEntry("disciplined_on", discipline.on) for discipline in disciplines)),
        attributes=(
            *record.attributes,
            *(AttributeEntry("discipline_form", discipline.form, discipline.on) for discipline in disciplines),
        ),
    )
