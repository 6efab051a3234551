"""Which cases a log's later entries may have changed, as they stand in columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cases.log.batches import Head, read_changes, stood_at, store_id
from cases.log.execute import in_parts
from cases.store.search import numbers_with

if TYPE_CHECKING:
    from cases.store.reading import Execute

_AT_ONCE, _CODES_AT_ONCE = 5_000, 500


def touched_since(execute: Execute, number: int, whole: str) -> set[int] | None:
    """The numbers of the cases written to after an entry, with the other cases of their people.

    None where that entry is not in the log, or a unit was given another code: everybody in it stands otherwise then.
    """
    if number == 0 or not stood_at(execute, Head(store_id(execute), number, whole)):
        return None
    touched, measured = set[int](), set[str]()
    for change in read_changes(execute, first=number + 1):
        flats = [json.loads(side) for side in (change.before, change.after) if side]
        if change.entity == "unit" and len(flats) == 2 and "code" in flats[0]:
            return None
        if change.entity == "case":
            touched.add(change.item)
        elif change.entity == "discipline":
            measured |= {change.key.partition(" · ")[0]} | {flat["case"] for flat in flats if "case" in flat}
    for codes in in_parts(sorted(measured - {""}), _CODES_AT_ONCE):
        touched.update(numbers_with(execute, codes))
    for some in in_parts(sorted(touched), _AT_ONCE):
        listed = ", ".join(map(str, some))
        theirs = f"SELECT person_id FROM cases WHERE id IN ({listed})"  # noqa: S608  # numbers
        touched.update(case for (case,) in execute(f"SELECT id FROM cases WHERE person_id IN ({theirs})"))  # noqa: S608  # numbers
    return touched
