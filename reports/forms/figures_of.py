"""The figures of a filled form by their places, as a receipt keeps them: numbers and days, codes of cases, no name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from reports.forms.model import Number, Report, ReportLine, Slots, Table
from reports.forms.numbers import in_table
from rules.loader.spelling.days import shown_day

PLACE = "|"
"""Stands between the parts of a place: block, line and column."""


def figures_of(report: Report) -> dict[str, str]:
    """Every figure of a form as it is printed, with what a ratio was made from; of a list who stands in it."""
    found: dict[str, str] = {}
    for block, part in enumerate(report.blocks, start=1):
        for place, figure in _of_slots(part) if isinstance(part, Slots) else _of_table(part):
            name = f"{block}{PLACE}{place}"
            found[name if name not in found else f"{name}{PLACE}{len(found)}"] = figure
    return found


def _of_slots(block: Slots) -> Iterator[tuple[str, str]]:
    for slot in block.slots:
        for number, (_, figure) in enumerate(slot.figures, start=1):
            yield f"{slot.code}{PLACE}{number}", _printed(figure)


def _of_table(block: Table) -> Iterator[tuple[str, str]]:
    for order, line in enumerate(block.lines, start=1):
        name = line.code or str(order)
        if line.kind == "group" and isinstance(line.cells[0], str):
            yield name, line.cells[0]
        elif not any(isinstance(cell, Number) for cell in line.cells):
            if line.kind == "row" and line.code:
                yield name, _days(line)
        else:
            for place, cell in enumerate(line.cells, start=1):
                if isinstance(cell, Number):
                    column = block.columns[place - 1].number if place <= len(block.columns) else None
                    yield f"{name}{PLACE}{column or place}", _printed(cell)


def _days(line: ReportLine) -> str:
    """Somebody who stands in a list, by the days that the list tells."""
    return "; ".join(shown_day(cell) for cell in line.cells if isinstance(cell, dt.date)) or "có"


def _printed(number: Number) -> str:
    made_of = f" ({number.fraction[0]}/{number.fraction[1]})" if number.fraction else ""
    return in_table(number) + made_of
