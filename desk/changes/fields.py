"""The fields and steps that can be recorded, by the names that people type."""

from __future__ import annotations

from typing import Any

from cases.changes.values import known_column, read_setting, read_value
from cases.judging.steps import kinds, spelt
from cases.workbook import schema as layout


def known_name(setting: str) -> tuple[str, str]:
    """The field and the text of `column=value`; raises `UnknownName`, `BadInput`."""
    column, text = read_setting(setting)
    return column.field, text


def unit_setting(setting: str) -> tuple[str, str]:
    """The field of a unit and the text of `column=value`; raises `UnknownName`, `BadInput`."""
    column, text = read_setting(setting, layout.UNITS)
    return column.field, text


def is_named(fields: list[tuple[str, str]]) -> bool:
    """Whether a full name is among the fields."""
    return any(known_column(name).field == "full_name" for name, _ in fields)


def header_of(field: str) -> str:
    """How the workbook heads a field; raises `UnknownName`."""
    return known_column(field).header


def require_value(field: str, text: str) -> None:
    """Refuse a text that a field cannot take; raises `UnknownName`, `BadInput`."""
    read_value(known_column(field), text)


def step_kinds() -> list[tuple[str, str, str]]:
    """Every kind of step: the name to type, the column of the workbook, the name in English."""
    return [
        (spelt(kind.names[0] if kind.names else kind.label).replace(" ", "-"), kind.label, kind.name)
        for kind in kinds().values()
    ]


def steps_json() -> dict[str, Any]:
    """The kinds of steps in the form that programs rely on."""
    return {"steps": [{"step": kind.name, "label": kind.label, "names": list(kind.names)} for kind in kinds().values()]}
