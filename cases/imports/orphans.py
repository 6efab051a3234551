"""What of a workbook cannot be stored because the row that it names was not taken: it stays out, and is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.values.kinds import KINDS, Kind, beside_cases

if TYPE_CHECKING:
    from collections.abc import Collection

    from cases.values.records import Roster


def without_orphans(roster: Roster, stored: Roster, held_back: Collection[str] = ()) -> tuple[Roster, tuple[str, ...]]:
    """The roster without what names a case or a class that is neither in it nor stored, and a line for each.

    ``held_back``: codes of cases in the file that are not taken, whoever bears them in the store.

    A unit is never missing: what names one that nobody lists makes it known by its code.
    """
    known = {
        kind.name: {one.code for one in (*kind.of(stored), *kind.of(roster))}
        for kind in KINDS.values()
        if kind.has_code and kind.name != "unit"
    }
    known["case"] -= set(held_back)
    told: list[str] = []
    kept: dict[str, Any] = {}
    for kind in beside_cases():
        lacking = [(one, _missing(kind, one, known)) for one in kind.of(roster)]
        kept[kind.things] = tuple(one for one, what in lacking if what is None)
        told += [
            f"Sheet “{kind.sheet.name}”: chưa nhập dòng của {what}, vì {what} chưa vào kho."
            for _, what in lacking
            if what
        ]
    return replace(roster, **kept), tuple(told)


def _missing(kind: Kind, thing: Any, known: dict[str, set[str]]) -> str | None:
    """The first thing that this one names and that is not there, in words."""
    for name, named in kind.names.items():
        code = getattr(thing, name)
        if code is not None and named in known and code not in known[named]:
            return f"{KINDS[named].label.lower()} {code}"
    return None
