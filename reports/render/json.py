"""A filled form as JSON for programs: every cell with its value, its fraction and the figure it is."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

from cases.values.whole_file import whole_file
from reports.forms.model import Cell, Number, Report, Slots, Table


def write(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write a form as .json."""
    import json

    with whole_file(path, suffix=".json", replace=replace) as draft:
        draft.write_text(json.dumps(values(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def values(report: Report) -> dict[str, Any]:
    """The form as plain values."""
    return {
        "form": report.form,
        "label": report.label,
        **report.facts,
        "blocks": [_table(block) if isinstance(block, Table) else _slots(block) for block in report.blocks],
        "notes": list(report.notes),
        "people": [
            {
                "figure": people.source,
                "label": people.label,
                "withheld": people.withheld,
                "cases": [{"case": code, "name": name, "unit": unit} for code, name, unit in people.rows],
            }
            for people in report.people
        ],
    }


def _table(block: Table) -> dict[str, Any]:
    return {
        "columns": [{"label": column.label, "over": column.over, "number": column.number} for column in block.columns],
        "rows": [
            {"row": line.code, "kind": line.kind, "cells": [_cell(cell) for cell in line.cells]} for line in block.lines
        ],
    }


def _slots(block: Slots) -> dict[str, Any]:
    return {
        "slots": [
            {
                "row": slot.code,
                "asked": slot.asked,
                "sentence": slot.sentence,
                "figures": [{"label": label, **_number(number)} for label, number in slot.figures],
            }
            for slot in block.slots
        ]
    }


def _cell(cell: Cell) -> Any:
    match cell:
        case Number():
            return _number(cell)
        case dt.date():
            return cell.isoformat()
        case _:
            return cell


def _number(number: Number) -> dict[str, Any]:
    from engine.statistics.figure import half_up

    value = number.value
    if isinstance(value, Fraction) or (value is not None and number.digits is not None):
        value = half_up(Fraction(value), number.digits if number.digits is not None else 2)  # type: ignore[assignment]  # rounded
    found: dict[str, Any] = {"value": value}
    if number.source:
        found["figure"] = number.source
    if number.typed or number.missing:
        found["typed" if number.typed else "missing"] = True
    if number.fraction:
        found["numerator"], found["denominator"] = map(_plain, number.fraction)
    return found


def _plain(value: int | Fraction) -> int | float:
    return value if isinstance(value, int) else float(value)
