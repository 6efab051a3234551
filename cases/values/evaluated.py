"""Records as the rules read them: with what other rows and sheets say of a case beside its own row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from cases.values.records import AttributeEntry, Discipline, Record, Roster, StepEntry
from rules.loader import vocabulary


def evaluated(roster: Roster) -> tuple[Record, ...]:
    """All records of a roster, with the measures against each and with the columns that the office keeps."""
    of_case: dict[str, list[Discipline]] = defaultdict(list)
    for discipline in roster.disciplines:
        of_case[discipline.case].append(discipline)
    kept = kept_columns(roster)
    return tuple(with_kept(with_disciplines(r, of_case.get(r.code, ())), kept) for r in roster.records)


def marked(roster: Roster) -> tuple[Record, ...]:
    """All records of a roster with the columns that the office keeps, and nothing else beside their own rows."""
    kept = kept_columns(roster)
    return tuple(with_kept(record, kept) for record in roster.records) if kept else roster.records


def evaluated_case(roster: Roster, record: Record) -> Record:
    """One record of a roster, as `evaluated` has it."""
    own = (measure for measure in roster.disciplines if measure.case == record.code)
    return with_kept(with_disciplines(record, own), kept_columns(roster))


def alone(roster: Roster, record: Record) -> Roster:
    """One record of a roster by itself, to be judged as it is among all the others."""
    return replace(roster, records=(record,), kept=kept_facts(roster))


def kept_columns(roster: Roster) -> frozenset[str]:
    """The marks of those columns that the office keeps."""
    marks = vocabulary.load().kept
    return frozenset(marks[fact] for fact in kept_facts(roster))


def kept_facts(roster: Roster) -> frozenset[str]:
    """Those columns that the office keeps: somebody's cell is, or once was, filled; or it says that it keeps them."""
    known = vocabulary.load().kept
    found = roster.kept.union(*(unit.keeps for unit in roster.units)).intersection(known)
    for record in roster.records:
        if len(found) == len(known):
            break
        own = {*record.fields, *(step.kind for step in record.steps), *(entry.name for entry in record.attributes)}
        found |= own.intersection(known)
    return found


def with_kept(record: Record, marks: frozenset[str]) -> Record:
    """The record with the marks of the columns that are kept."""
    return replace(record, fields={**record.fields, **dict.fromkeys(marks, True)}) if marks else record


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
