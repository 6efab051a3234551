"""From parsed rows to a roster: each row becomes a plain value, and histories join the records they belong to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from cases.judging.checks import doubts_about, doubts_about_step
from cases.values.history import settle_steps
from cases.values.records import (
    AttributeEntry,
    Course,
    Discipline,
    Enrolment,
    Placement,
    Record,
    Roster,
    StepEntry,
    Target,
    TypedFigure,
    Unit,
    UnitStanding,
)
from cases.workbook import cells
from cases.workbook import schema as layout
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.workbook.lines import Line, LineSet, Remarks

_Entry = TypeVar("_Entry")


def assemble(sets: Mapping[str, LineSet], remarks: Remarks) -> Roster:
    """The roster of the rows that were not refused; what only the whole record shows goes to ``remarks``."""

    def lines(sheet: layout.Sheet) -> list[Line]:
        return sets[sheet.name].lines if sheet.name in sets else []

    steps = _steps_by_case(lines(layout.STEPS))
    attributes = _attributes_by_case(lines(layout.ATTRIBUTES), remarks)
    placements: dict[str, list[Placement]] = defaultdict(list)
    for line in lines(layout.PLACEMENTS):
        if not line.refused:
            placements[str(line.values["case"])].append(_made(Placement, line, leave_out=("case",)))
    standings: dict[str, list[UnitStanding]] = defaultdict(list)
    for line in lines(layout.UNIT_HISTORY):
        if not line.refused:
            standings[str(line.values["unit"])].append(_made(UnitStanding, line, leave_out=("unit",)))
    units = _all(Unit, lines(layout.UNITS))
    records = []
    for line in lines(layout.case_sheet()):
        code = str(line.values.get("code", ""))
        record = _record(line, steps.get(code, []), remarks)
        if record is not None:
            history = tuple(attributes.get(code, ())), tuple(placements.get(code, ()))
            records.append(Record(record.code, record.fields, record.steps, *history))
    return Roster(
        records=tuple(records),
        units=tuple(replace(unit, history=tuple(standings.get(unit.code, ()))) for unit in units),
        courses=_all(Course, lines(layout.COURSES)),
        enrolments=_all(Enrolment, lines(layout.ENROLMENTS)),
        targets=_all(Target, lines(layout.TARGETS)),
        disciplines=_all(Discipline, lines(layout.DISCIPLINES)),
        figures=_all(TypedFigure, lines(layout.FIGURES)),
    )


def _made(entry: type[_Entry], line: Line, leave_out: tuple[str, ...] = ()) -> _Entry:
    values: dict[str, Any] = {name: value for name, value in line.values.items() if name not in leave_out}
    return entry(**values)


def _all(entry: type[_Entry], lines: list[Line]) -> tuple[_Entry, ...]:
    return tuple(_made(entry, line) for line in lines if not line.refused)


def _record(line: Line, steps: list[tuple[Line, StepEntry]], remarks: Remarks) -> Record | None:
    kept = line.values.pop(layout.DATES_KEPT.field, None) is not None
    fields, history = settle_steps(line.values, (entry for _, entry in steps))
    for doubt in doubts_about(line.values):
        if doubt.refused and not kept:
            remarks.refuse(line, doubt.name, doubt.code, **doubt.details)
        elif doubt.code != "missing_birth_date" or "born_on" not in line.raw:
            remarks.warn(line, doubt.name, doubt.code, **doubt.details)
    for step_line, entry in steps:
        for doubt in doubts_about_step(entry, fields):
            say = remarks.warn if kept else remarks.refuse
            say(step_line, doubt.name, doubt.code, **doubt.details)
    for name, day in fields.items():
        shown = line.values.get(name)
        if isinstance(shown, date) and isinstance(day, date) and shown != day:
            remarks.warn(line, name, "later_step", on=shown_day(day))
    if line.refused:
        return None
    if any(step_line.refused for step_line, _ in steps):
        fields, history = settle_steps(line.values, (entry for step_line, entry in steps if not step_line.refused))
    return Record(str(line.values["code"]), fields, history)


def _steps_by_case(lines: list[Line]) -> dict[str, list[tuple[Line, StepEntry]]]:
    by_case: dict[str, list[tuple[Line, StepEntry]]] = defaultdict(list)
    for line in lines:
        if not line.refused:
            by_case[str(line.values["case"])].append((line, _made(StepEntry, line, leave_out=("case",))))
    return by_case


def _attributes_by_case(lines: list[Line], remarks: Remarks) -> dict[str, list[AttributeEntry]]:
    columns = {column.field: column for column in layout.case_sheet().columns}
    by_case: dict[str, list[AttributeEntry]] = defaultdict(list)
    for line in lines:
        column = columns.get(str(line.values.get("name")))
        if line.refused or column is None:
            continue
        raw = line.raw.get("value")
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
