"""Cells of numbers that are names: taken, proposed with a zero put back, or left empty and told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.rosters.rows import numbers
from cases.workbook import cells
from rules.loader.spelling.folding import tidy

if TYPE_CHECKING:
    from cases.rosters.columns.labels import Field
    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.rows.draft import Draft
    from cases.rosters.rows.numbers import Number


def read_personal_id(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """A personal identification number."""
    _take_number(draft, column, field, raw, numbers.read_personal_id(raw))


def read_old_id(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """An identity card number of the old kind."""
    _take_number(draft, column, field, raw, numbers.read_old_id(raw))


def read_card(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """A Party card number."""
    own_column = draft.context.header.has("card_no_old")
    _take_number(draft, column, field, raw, numbers.read_card(raw, old_has_own_column=own_column))


def read_phone(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """A phone number."""
    _take_number(draft, column, field, raw, numbers.read_phone(raw))


_MOVED_BY_PROPOSAL = {"old_id": "old_id", "old_card": "card_no_old"}


def _take_number(draft: Draft, column: RosterColumn, field: Field, raw: Any, number: Number) -> None:
    if number.value is not None:
        if not isinstance(raw, str) or number.value != raw:
            draft.changed("numbers")
        draft.put(column, field.name, number.value, raw)
    elif number.said is not None:
        draft.remark(f"{field.label}: {number.said}")
    elif number.code is not None:
        if number.proposed is not None and draft.accepts(number.code):
            draft.put(column, _MOVED_BY_PROPOSAL.get(number.code, field.name), number.proposed, raw)
        details = {"digits": numbers.digits_in(cells.shown(raw)), "example": _power(raw)}
        draft.warn(number.code, field.name, column, raw, **details)


def _power(raw: Any) -> str:
    return f"{raw:.1E}" if isinstance(raw, float) else tidy(str(raw))
