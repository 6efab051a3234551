"""Whose belonging needs a look at all: of most people one row says everything, and nothing but steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cases.values.records import Record
from desk.counting.belonging import READ
from engine.units import UnitTree


def persons(
    records: Iterable[Record], tree: UnitTree, named: Collection[str], *, by_decision: bool
) -> list[list[Record]]:
    """The rows that need a look, person by person: who came, went or left, has more than one row, or lacks a day.

    Those of units that have changed their place in the tree are among them, and those who are ``named`` by code.
    """
    by_person: dict[str, list[Record]] = {}
    for record in records:
        by_person.setdefault(str(record.fields.get("person_code", record.code)), []).append(record)
    restless, counted = tree.restless, "admission_decided_on" if by_decision else "admitted_on"
    return [
        rows
        for rows in by_person.values()
        if len(rows) > 1 or rows[0].code in named or _needs_a_look(rows[0], restless, counted)
    ]


TELLING = ("moved_in_on", "moved_out_on", "left_on", *sorted(name for name in READ if name.endswith("_partly")))


def _needs_a_look(record: Record, restless: Collection[str], counted: str) -> bool:
    fields = record.fields
    if any(name in fields for name in TELLING) or record.placements or fields.get("unit") in restless:
        return True
    if any(step.kind in TELLING for step in record.steps):
        return True
    return counted not in fields and any(name in fields for name in MEMBER_BY)


MEMBER_BY = ("recognition_decided_on", "recognised_from", "admitted_on")
"""The steps that make a member of somebody whose admission has no day."""
