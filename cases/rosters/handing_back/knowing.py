"""What the store knows under a heading of an official sheet, and whether a cell of a list already says so.

A day of a step that has not come yet is not known. Names, codes, the organisation and the office's own columns are the
sheet's: the store has nothing to say there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from cases.files.grids import blank
from cases.rosters.columns import words
from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.rows.day_cells import NotYet, read_day_cell
from cases.workbook.cells import shown
from cases.workbook.office_words import word_key
from cases.workbook.schema import choices
from rules.loader import vocabulary
from rules.loader.spelling.days import Partial
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.rosters.columns.labels import Field
    from cases.rosters.outcome.answers import Joined
    from cases.values.records import Record, Value

Standing = Literal["same", "fill", "differs"]
"""What a cell is to the store's value: it says the same, says nothing or less, or says something else."""

_NEVER_WRITTEN = frozenset(
    {"row_number", "code", "name", "family_name", "middle_name", "given_name", "unit", "text", "reasons", "skipped"}
)
_MEMBERS = frozenset({"member", "probationary", "official", "apart"})


def known_of(field: Field, record: Record, today: date, joined: Joined, column: Sequence[Any]) -> str | None:
    """What the store knows of a person under a field, as it is written into a cell; None where it knows nothing.

    ``joined`` says what “Ngày vào Đảng” is the day of; ``column`` holds the cells of the column, whose own words for a
    status are used.
    """
    if field.kind == "status":
        effect = _effect(record.fields, today)
        return _status_word(effect, column) if effect is not None else None
    value = known_value(field, record.fields, today, joined)
    if value is None or value is False:
        return None
    if value is True:
        return "x"
    codes = _codes().get(field.name)
    return choices(codes).get(str(value), str(value)) if codes else shown(value)


def known_value(field: Field, fields: Mapping[str, Value], today: date, joined: Joined) -> Value | None:
    """The value of a person under a field; None where there is none, or where it is of a day to come."""
    if field.kind in _NEVER_WRITTEN:
        return None
    targets = _targets(field, fields, today, joined)
    value = next((found for name in targets if (found := fields.get(name)) is not None), None)
    return None if isinstance(value, date) and value > today else value


def stands(field: Field, raw: Any, own: Value | None, known: str, known_day: date | None) -> Standing:
    """What a cell is to what the store knows; ``own`` is what the cell was read as."""
    if blank(raw):
        return "fill"
    if field.kind in DATE_KINDS | BIRTH_KINDS and known_day is not None:
        return _day_stands(raw, own, known_day)
    if field.kind == "status":
        statuses = words.load().statuses
        said, knows = statuses.get(word_key(shown(raw))), statuses.get(word_key(known))
        return "same" if said == knows or (knows == "member" and said in _MEMBERS) else "differs"
    codes = _codes().get(field.name)
    text = choices(codes).get(str(own), str(own)) if codes and own is not None else "x" if own is True else shown(raw)
    return "same" if fold(text) == fold(known) else "differs"


def _day_stands(raw: Any, own: Value | None, known: date) -> Standing:
    """A day less exact than the store's, and of the same time, is filled up; another one differs."""
    if isinstance(own, date):
        return "same" if own == known else "differs"
    match read_day_cell(raw):
        case NotYet():
            return "fill"
        case Partial(year=year, month=month) if year == known.year and month in (None, known.month):
            return "fill"
    return "differs"


def _targets(field: Field, fields: Mapping[str, Value], today: date, joined: Joined) -> tuple[str, ...]:
    """The facts that a column shows, by its kind."""
    match field.kind:
        case "joined":
            return ("admission_decided_on" if joined == "decision" else "admitted_on",)
        case "died":
            return ("left_on",) if fields.get("exit_kind") == "died" else ()
        case "ended":
            effect = _effect(fields, today)  # whoever went away and came back has no such day
            return ("moved_out_on",) if effect == "moved" else () if effect in (None, "member") else ("left_on",)
        case "decided":
            return ("admission_decided_on",)
        case _:
            return (field.name,)


def _effect(fields: Mapping[str, Value], today: date) -> str | None:
    """The status of a person, as a word in a column of status would tell it."""

    def happened(name: str) -> bool:
        day = fields.get(name)
        return isinstance(day, date) and day <= today

    if happened("left_on") or "left_partly" in fields:
        return str(fields.get("exit_kind", "left"))
    moved_out, moved_in = fields.get("moved_out_on"), fields.get("moved_in_on")
    came_back = isinstance(moved_in, date) and isinstance(moved_out, date) and moved_out <= moved_in <= today
    if (happened("moved_out_on") and not came_back) or "moved_out_partly" in fields:
        return "moved"
    return "member" if happened("admitted_on") else None


def _status_word(effect: str, column: Sequence[Any]) -> str:
    """The word that the column has for a status, else the usual one."""
    tables = words.load()
    own = (shown(raw) for raw in column if isinstance(raw, str) and tables.statuses.get(word_key(raw)) == effect)
    return next(own, tables.status_word(effect))


def _codes() -> Mapping[str, str]:
    return {fact.name: fact.codes for fact in vocabulary.load().columns if fact.codes and fact.name != "sex"}
