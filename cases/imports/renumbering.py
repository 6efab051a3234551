"""A new code for the second bearer of a code, so that workbooks can be put together and nobody is dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.values.codes import looks_like
from cases.values.kinds import beside_cases

if TYPE_CHECKING:
    from cases.values.records import Record, Roster


def renumbered(
    parts: Sequence[tuple[str, Roster]], same_person: Callable[[Record, Record], bool]
) -> tuple[list[tuple[str, Roster]], dict[str, str]]:
    """The workbooks with each second bearer of a code under a new one; and the new codes by workbook and old code."""
    taken = {looks_like(record.code) for _, roster in parts for record in roster.records}
    first: dict[str, Record] = {}
    told: dict[str, str] = {}
    done = []
    for name, roster in parts:
        new: dict[str, str] = {}
        for record in roster.records:
            bearer = first.setdefault(record.code, record)
            if bearer is not record and not same_person(bearer, record):
                new[record.code] = _new_code(record, taken)
        told |= {f"{name}: {old}": code for old, code in new.items()}
        done.append((name, recoded(roster, new) if new else roster))
    return done, told


def recoded(roster: Roster, new: dict[str, str]) -> Roster:
    """A roster in which cases bear other codes, and everything that names them too."""
    records = tuple(
        replace(one, code=new[one.code], fields={**one.fields, "code": new[one.code]}) if one.code in new else one
        for one in roster.records
    )
    others: dict[str, Any] = {
        kind.things: tuple(
            replace(one, **{name: new[code]}) if (code := getattr(one, name)) in new else one for one in kind.of(roster)
        )
        for kind in beside_cases()
        for name, named in kind.names.items()
        if named == "case"
    }
    return replace(roster, records=records, **others)


def _new_code(record: Record, taken: set[str]) -> str:
    """The code with its unit before it, and a number behind where that is taken too."""
    unit = record.fields.get("unit")
    plain = f"{unit}-{record.code}" if unit else f"{record.code}-2"
    code, turn = plain, 2
    while looks_like(code) in taken:
        code, turn = f"{plain}-{turn}", turn + 1
    taken.add(looks_like(code))
    return code
