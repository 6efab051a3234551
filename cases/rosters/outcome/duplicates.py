"""Rows of one file that cannot both be right: one code, one personal id, or one name and birth date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cases.rosters.rows.people import compared_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.rosters.rows.draft import Draft

Identity = tuple[str, date]

_KEYS = (("code", "duplicate_code"), ("personal_id", "duplicate_id"))


def refuse_shared_keys(drafts: list[Draft]) -> None:
    """Refuse every row whose code or personal id another row has too, naming the others."""
    for name, code in _KEYS:
        rows: dict[str, list[Draft]] = {}
        for draft in drafts:
            if (key := draft.fields.get(name)) is not None:
                rows.setdefault(str(key), []).append(draft)
        for same in rows.values():
            if len(same) > 1:
                for draft in same:
                    draft.refuse(code, name, rows=shown_rows(other.row for other in same if other is not draft))


def identity(draft: Draft) -> Identity | None:
    """Name and full birth date as they are compared; None where one is missing."""
    name, born_on = draft.fields.get("full_name"), draft.fields.get("born_on")
    return (compared_name(name), born_on) if isinstance(name, str) and isinstance(born_on, date) else None


def doubles(drafts: list[Draft]) -> dict[tuple[int, int], Draft]:
    """By row: the first row above with the same name and birth date; rows that are refused resemble nobody."""
    first: dict[Identity, Draft] = {}
    found: dict[tuple[int, int], Draft] = {}
    for draft in drafts:
        own = identity(draft)
        if own is None or draft.refused:
            continue
        if (earlier := first.setdefault(own, draft)) is not draft:
            found[draft.key] = earlier
    return found


_MOST_ROWS_SHOWN = 10


def shown_rows(rows: Iterable[int]) -> str:
    """Row numbers in a sentence, not too many of them."""
    numbers = [str(row) for row in rows]
    rest = len(numbers) - _MOST_ROWS_SHOWN
    return ", ".join(numbers[:_MOST_ROWS_SHOWN]) + (f" và {rest} dòng nữa" if rest > 0 else "")
