"""From parsed rows to a roster: each row becomes a plain value, and histories join the records they belong to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from cases.values.history import settle_steps
from cases.values.kinds import beside_cases, roster_of
from cases.values.records import (
    AttributeEntry,
    Placement,
    Record,
    StepEntry,
    UnitStanding,
)
from cases.workbook import cells
from cases.workbook import schema as layout
from cases.workbook.contradictions import Judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.values.records import Roster
    from cases.workbook.lines import LineSet, Remarks, SheetLine

_Entry = TypeVar("_Entry")


def assemble(sets: Mapping[str, LineSet], remarks: Remarks, today: date) -> Roster:
    """The roster of the rows that were not refused; what only the whole record shows goes to ``remarks``."""

    def lines(sheet: layout.Sheet) -> list[SheetLine]:
        return sets[sheet.name].lines if sheet.name in sets else []

    steps = _by_case(lines(layout.STEPS), StepEntry)
    attributes = _attributes_by_case(lines(layout.ATTRIBUTES), remarks)
    placements = _by_case(lines(layout.PLACEMENTS), Placement)
    standings: dict[str, list[UnitStanding]] = defaultdict(list)
    for line in lines(layout.UNIT_HISTORY):
        if not line.refused:
            standings[str(line.values["unit"])].append(_made(UnitStanding, line, leave_out=("unit",)))
    things: dict[str, list[Any]] = {kind.name: _all(kind.made, lines(kind.sheet)) for kind in beside_cases()}
    things["unit"] = [replace(unit, history=tuple(standings.get(unit.code, ()))) for unit in things["unit"]]
    judge = Judge(remarks, {unit.code: unit for unit in things["unit"]}, today)
    records = []
    for line in lines(layout.case_sheet()):
        code = str(line.values.get("code", ""))
        record = _record(line, steps.get(code, []), tuple(attributes.get(code, ())), placements.get(code, []), judge)
        if record is not None:
            records.append(record)
    return roster_of({**things, "case": records})


def _made(entry: type[_Entry], line: SheetLine, leave_out: tuple[str, ...] = ()) -> _Entry:
    values: dict[str, Any] = {name: value for name, value in line.values.items() if name not in leave_out}
    return entry(**values)


def _all(entry: type[_Entry], lines: list[SheetLine]) -> list[_Entry]:
    return [_made(entry, line) for line in lines if not line.refused]


def _record(
    line: SheetLine,
    steps: list[tuple[SheetLine, StepEntry]],
    attributes: tuple[AttributeEntry, ...],
    stays: list[tuple[SheetLine, Placement]],
    judge: Judge,
) -> Record | None:
    kept = line.values.pop(layout.DATES_KEPT.field, None) is not None
    code, placements = str(line.values.get("code", "")), tuple(stay for _, stay in stays)
    # a row without a history says all there is: its values are not written out a second time
    fields, history = settle_steps(line.values, (entry for _, entry in steps)) if steps else (line.values, ())
    record = Record(code, fields, history, attributes, placements)
    judge.say(record, line, steps, stays, kept=kept)
    if line.refused:
        return None
    if any(step_line.refused for step_line, _ in steps):
        fields, history = settle_steps(line.values, (entry for step_line, entry in steps if not step_line.refused))
        record = Record(code, fields, history, attributes, placements)
    return record


def _by_case(lines: list[SheetLine], entry: type[_Entry]) -> dict[str, list[tuple[SheetLine, _Entry]]]:
    """The entries of a sheet of history by the code of their case, each with its row."""
    by_case: dict[str, list[tuple[SheetLine, _Entry]]] = defaultdict(list)
    for line in lines:
        if not line.refused:
            by_case[str(line.values["case"])].append((line, _made(entry, line, leave_out=("case",))))
    return by_case


def _attributes_by_case(lines: list[SheetLine], remarks: Remarks) -> dict[str, list[AttributeEntry]]:
    columns = {column.field: column for column in layout.case_sheet().columns}
    by_case: dict[str, list[AttributeEntry]] = defaultdict(list)
    for line in lines:
        column = columns.get(str(line.values.get("name")))
        if line.refused or column is None:
            continue
        raw = line.cell("value")
        if column.type == "mark" and raw is None:
            value: Any = None
        elif raw is None:
            remarks.refuse(line, "value", "missing_value")
            continue
        else:
            try:
                value = cells.parse(raw, column)
            except cells.CellError as bad:
                remarks.refuse(line, "value", bad.code, **bad.details)
                continue
        since = line.values.get("since")
        value = False if value is None else value
        entry = AttributeEntry(column.field, value, since if isinstance(since, date) else None)
        by_case[str(line.values["case"])].append(entry)
    return by_case
