"""A record as rows of the tables that hold its steps and attributes."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from cases.store.seeding import NOT_ATTRIBUTES
from cases.values.history import step_order
from rules.loader import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.values.records import AttributeEntry, Record, Value


@cache
def _kinds() -> dict[str, tuple[str, str | None]]:
    """The type and the code list of each attribute that has rows of its own."""
    return {
        fact.name: (fact.type or "text", fact.codes if fact.type == "code" else None)
        for fact in vocabulary.load().columns
        if fact.kind in ("attribute", "mark") and fact.name not in NOT_ATTRIBUTES
    }


def step_rows(case_id: int, record: Record) -> Iterator[dict[str, Any]]:
    """Every step of a record once: those of its columns with their papers, and the earlier ones."""
    papers = {(entry.kind, entry.on): entry for entry in record.steps}
    shown = {(kind, on) for kind in step_order() if (on := record.fields.get(kind)) is not None}
    for kind, on in dict.fromkeys((*papers, *sorted(shown - papers.keys()))):
        entry = papers.get((kind, on))  # type: ignore[arg-type]  # a step has a day
        yield {
            "case_id": case_id,
            "kind": kind,
            "happened_on": on,
            "document": entry.document if entry else None,
            "result": entry.result if entry else None,
            "note": entry.note if entry else None,
            "stored_at": entry.stored_at if entry else None,
        }


def attribute_row(case_id: int, name: str, value: Value) -> dict[str, Any]:
    """The row of a value that holds now; empty for what stands in a column of its own."""
    kind = _kinds().get(name)
    return {"case_id": case_id, "name": name, **_typed(*kind, value)} if kind else {}


def dated_row(case_id: int, entry: AttributeEntry) -> dict[str, Any]:
    """The row of a value with the day since when it held."""
    typed = _typed(*_kinds()[entry.name], entry.value)
    return {"case_id": case_id, "name": entry.name, **typed, "since": entry.since}


def _typed(type_: str, codes: str | None, value: Value) -> dict[str, str | None]:
    written = value.isoformat() if isinstance(value, date) else str(int(value) if isinstance(value, bool) else value)
    return {"type": type_, "code_list": codes, "value": written}
