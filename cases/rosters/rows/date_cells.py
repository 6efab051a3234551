"""Date cells of a row: a birth may be a year alone, a step of the process needs its whole date.

What stands under a step and is less than a day is kept as such (`Draft.happened`), so that nobody who was admitted
becomes a candidate because the day could not be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cases.rosters.rows.day_cells import CellReading, Happened, NotYet, Remarked, read_day_cell
from cases.workbook import cells
from rules.loader.spelling.days import Day, Partial, Unread
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from datetime import date

    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.rows.draft import Draft

_IMPOSSIBLE = frozenset({"impossible_date", "month_first"})

ADMISSION = frozenset({"admitted_on", "admission_decided_on", "joined_on"})
RECOGNITION = frozenset({"recognised_from", "recognition_decided_on"})
"""The steps under whose headings whatever stands makes somebody more than a candidate."""

_OF_OTHERS = (
    # words beside a date that say it is the day of another step, and the steps that they do belong to
    (re.compile(r"\b(chinh thuc|cong nhan)\b"), RECOGNITION | {"cell_proposed_recognition_on"}),
    (re.compile(r"\b(ket nap|vao dang)\b"), ADMISSION | {"cell_proposed_admission_on", "second_admission_on"}),
    (re.compile(r"\bsinh ngay|ngay sinh\b"), frozenset({"born_on"})),
    (re.compile(r"\b(tu tran|mat|qua doi|khai tru|xoa ten|xin ra|ra khoi)\b"), frozenset({"left_on", "ended_on"})),
    (
        re.compile(r"\b(chuyen di|chuyen den|chuyen sinh hoat)\b"),
        frozenset({"moved_out_on", "moved_in_on", "ended_on"}),
    ),
)


def read_birth(draft: Draft, column: RosterColumn, raw: Any) -> None:
    """A birth date, or as much of it as stands there."""
    found = _read(column, "born_on", raw)
    if isinstance(found, NotYet) and not found.words:
        return
    draft.birth_settled = True
    if isinstance(found, Day):
        _take(draft, column, "born_on", found, raw)
    elif isinstance(found, Partial):
        draft.put(column, "birth_year", found.year, raw)
        if found.month is not None:
            draft.put(column, "birth_month", found.month, raw)
        draft.warn("year_only" if found.month is None else "month_only", "born_on", column, raw)
    elif isinstance(found, NotYet | Happened):
        draft.warn("birth_date_unread", "born_on", column, raw)
    elif not _take_number(draft, column, "born_on", found, raw):
        code = found.code
        if code in _IMPOSSIBLE or code == "two_dates":
            draft.refuse(code, "born_on", column, raw, example=found.example)
        elif code in ("two_digit_year", "year_out_of_range"):
            draft.warn(code, "born_on", column, raw, example=found.example)
        else:
            draft.warn("birth_date_unread", "born_on", column, raw)


def read_step(draft: Draft, column: RosterColumn, name: str, raw: Any) -> date | None:
    """A step of the process: anything but a whole date starts no clock, and anything but a date is refused."""
    found = _read(column, name, raw)
    if isinstance(found, Day):
        return _take(draft, column, name, found, raw)
    if isinstance(found, NotYet):
        _say_not_yet(draft, column, name, found, raw)
    elif isinstance(found, Happened):
        if name in ADMISSION | RECOGNITION:
            draft.happened(column, name, raw)
            draft.warn("step_undated", name, column, raw)
        else:
            draft.refuse("not_a_date", name, column, raw)
    elif isinstance(found, Partial):
        draft.happened(column, name, raw, year=found.year, month=found.month)
        draft.warn("step_year_only" if found.month is None else "step_month_only", name, column, raw)
    elif found.code == "year_out_of_range":
        draft.happened(column, name, raw)
        draft.warn(found.code, name, column, raw)
    elif not _take_number(draft, column, name, found, raw):
        draft.refuse(found.code, name, column, raw, example=found.example)
    elif name not in draft.fields:
        draft.happened(column, name, raw)
    value = draft.fields.get(name)
    return value if not isinstance(value, str | int) else None


def _say_not_yet(draft: Draft, column: RosterColumn, name: str, found: NotYet, raw: Any) -> None:
    """“Chưa” leaves the cell empty; so does “dự bị” under a day of recognition, but not under one of admission."""
    if found.is_probation:
        if name in ADMISSION:
            draft.happened(column, name, raw)
            draft.warn("step_undated", name, column, raw)
        else:
            draft.said_probationary = True


def read_other_day(draft: Draft, column: RosterColumn, name: str, raw: Any) -> None:
    """A date that no clock starts from: kept when it is one, refused when the calendar has no such day."""
    found = _read(column, name, raw)
    if isinstance(found, Day):
        _take(draft, column, name, found, raw)
    elif isinstance(found, NotYet | Happened):
        if isinstance(found, Happened) or found.words:
            draft.warn("day_unread", name, column, raw)
    elif isinstance(found, Partial):
        draft.put(column, name, cells.shown(raw), raw)
    elif found.code in _IMPOSSIBLE:
        draft.refuse(found.code, name, column, raw, example=found.example)
    elif not _take_number(draft, column, name, found, raw):
        draft.warn("day_unread", name, column, raw)


def _read(column: RosterColumn, name: str, raw: Any) -> CellReading:
    """What a cell says as a day of this step: a remark that names another step makes it no day of this one."""
    found = read_day_cell(column.in_order(raw))
    if isinstance(found, Remarked):
        beside = fold(cells.shown(raw))
        if any(words.search(beside) and name not in steps for words, steps in _OF_OTHERS):
            return Unread("not_a_date")
    return found


def _take(draft: Draft, column: RosterColumn, name: str, found: Day, raw: Any) -> date:
    draft.put(column, name, found.on, raw)
    if found.has_time:
        draft.warn("time_of_day", name, column, raw)
    if isinstance(found, Remarked):
        draft.remark(f"{column.header}: {cells.shown(raw)}")
        draft.warn("date_remark", name, column, raw)
    return found.on


def _take_number(draft: Draft, column: RosterColumn, name: str, found: Unread, raw: Any) -> bool:
    """A bare number that may be a date: taken only when somebody has said so."""
    if found.maybe is None:
        return False
    if draft.accepts(found.code):
        draft.put(column, name, found.maybe, raw)
    else:
        draft.warn(found.code, name, column, raw, example=found.example)
    return True
