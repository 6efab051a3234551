"""Date cells of a row: a birth may be a year alone, a step of the process needs its whole date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.workbook import cells
from rules.loader.spelling.days import Day, Partial, Unread, read_day

if TYPE_CHECKING:
    from datetime import date

    from cases.rosters.columns.headers import RosterColumn
    from cases.rosters.rows.draft import Draft

_IMPOSSIBLE = frozenset({"impossible_date", "month_first"})


def read_birth(draft: Draft, column: RosterColumn, raw: Any) -> None:
    """A birth date, or as much of it as stands there."""
    found = read_day(raw)
    draft.birth_settled = True
    if isinstance(found, Day):
        _take(draft, column, "born_on", found, raw)
    elif isinstance(found, Partial):
        draft.put(column, "birth_year", found.year, raw)
        if found.month is not None:
            draft.put(column, "birth_month", found.month, raw)
        draft.warn("year_only" if found.month is None else "month_only", "born_on", column, raw)
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
    found = read_day(raw)
    if isinstance(found, Day):
        return _take(draft, column, name, found, raw)
    if isinstance(found, Partial):
        draft.warn("step_year_only" if found.month is None else "step_month_only", name, column, raw)
    elif found.code == "year_out_of_range":
        draft.warn(found.code, name, column, raw)
    elif not _take_number(draft, column, name, found, raw):
        draft.refuse(found.code, name, column, raw, example=found.example)
    value = draft.fields.get(name)
    return value if not isinstance(value, str | int) else None


def read_other_day(draft: Draft, column: RosterColumn, name: str, raw: Any) -> None:
    """A date that no clock starts from: kept when it is one, refused when the calendar has no such day."""
    found = read_day(raw)
    if isinstance(found, Day):
        _take(draft, column, name, found, raw)
    elif isinstance(found, Partial):
        draft.put(column, name, cells.shown(raw), raw)
    elif found.code in _IMPOSSIBLE:
        draft.refuse(found.code, name, column, raw, example=found.example)
    elif not _take_number(draft, column, name, found, raw):
        draft.warn("day_unread", name, column, raw)


def _take(draft: Draft, column: RosterColumn, name: str, found: Day, raw: Any) -> date:
    draft.put(column, name, found.on, raw)
    if found.has_time:
        draft.warn("time_of_day", name, column, raw)
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
