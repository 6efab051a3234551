"""Which things others name: a unit that cases are in, a course that has learners, a case in a course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.history.verification import key_of
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.history.replay import State
    from cases.history.snapshots import Flat


def named_by(entity: str, flat: Flat) -> Iterator[tuple[str, str]]:
    """The kind and code of each thing that a thing names."""
    for name, kind in KINDS[entity].names.items():
        if flat.get(name):
            yield kind, str(flat[name])
    for unit, *_ in flat.get("placements", ()):
        yield "unit", unit
    for parent, _, merged_into in flat.get("history", ()):
        yield from (("unit", code) for code in (parent, merged_into) if code)


def dangling(before: State, after: State) -> Iterator[tuple[str, int, str, str]]:
    """What is gone in ``after`` and still named there: its kind, number and code, and a thing that names it."""
    gone: dict[tuple[str, str], int] = {}
    for entity in dict.fromkeys(named for kind in KINDS.values() for named in kind.names.values()):
        for item, flat in before.things[entity].items():
            if item not in after.things[entity]:
                gone[entity, flat["code"]] = item
    if not gone:
        return
    for entity, things in after.things.items():
        for flat in list(things.values()):
            for kind, code in named_by(entity, flat):
                number = gone.get((kind, code))
                if number is not None:
                    yield kind, number, code, f"{KINDS[entity].label.lower()} “{key_of(entity, flat)}”"
