"""A thing in words with nothing left out or masked: what is told to the person herself about what is kept of her."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.history.snapshots import DECLARED, step_of
from cases.history.telling import PLACES, step_label
from cases.values.kinds import KINDS
from cases.values.records import PAPERS
from cases.workbook import schema as layout
from rules.loader.spelling.days import shown_day, stored_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.history.snapshots import Flat

_PLACES_OF = ("moved_to", "moved_from")


def wholly(entity: str, flat: Flat) -> Iterator[str]:
    """Every field of a thing with its value, line by line."""
    for name, value in flat.items():
        if (step := step_of(name)) is not None:
            kind, on = step
            papers = "; ".join(str(value[paper]) for paper in PAPERS if value.get(paper))
            yield f"{step_label(kind)}: {shown_day(on)}{f' ({papers})' if papers else ''}"
        elif name == "attributes":
            for of, said, since in value:
                yield f"Quá trình, {_label(entity, of)}: {_shown(entity, of, said)}{_from(since)}"
        elif name == "placements":
            for unit, since, until in value:
                yield f"Nơi sinh hoạt: {unit}{_from(since)}{f' đến {_day(until)}' if until else ''}"
        elif name != DECLARED:
            yield f"{_label(entity, name)}: {_shown(entity, name, value)}"


def _from(day: str | None) -> str:
    return f" từ {_day(day)}" if day else ""


def _day(text: str) -> str:
    return shown_day(stored_day(text))


def _label(entity: str, name: str) -> str:
    return next((column.header for column in KINDS[entity].sheet.columns if column.field == name), name)


def _shown(entity: str, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    column = next((one for one in KINDS[entity].sheet.columns if one.field == name), None)
    if column is None or not isinstance(value, str):
        return str(value)
    if column.type == "date":
        return _day(value)
    codes = PLACES if name in _PLACES_OF else layout.choices(column.codes) if column.codes else {}
    return codes.get(value, value)
