"""What a log says stands, in little room: of a thing that one line alone tells of, the digest of what it says.

A log of a hundred thousand cases is gone through in a few megabytes; where a thing stands otherwise than the log says,
its lines are read once more.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from cases.history.replay import State
from cases.history.snapshots import changed
from cases.log.batches import read_changes
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedChange
    from cases.store.reading import Execute

_Thing = tuple[str, int]
"""The kind of a thing and the number of its row."""


class PackedState:
    """The things that stand after the lines of a log, taken one after the other."""

    def __init__(self, execute: Execute) -> None:
        """Before the first line; which things several lines tell of is asked of the log."""
        self._things: dict[str, dict[int, bytes | str]] = {kind: {} for kind in KINDS}
        self._several: dict[str, set[int]] = {kind: set() for kind in KINDS}
        many = "SELECT entity, item FROM changes GROUP BY entity, item HAVING count(*) > 1"
        for entity, item in execute(many):
            self._several.setdefault(entity, set()).add(item)

    def take(self, change: LoggedChange) -> None:
        """Let a change happen."""
        of_kind, item = self._things[change.entity], change.item
        if change.after is None:  # taken out, or erased for ever
            of_kind.pop(item, None)
            return
        after: Flat = json.loads(change.after)
        if item not in self._several[change.entity]:
            of_kind[item] = _digest(after)
            return
        stood = of_kind.get(item)
        flat: Flat = json.loads(stood) if stood is not None else {}
        of_kind[item] = json.dumps(changed(flat, json.loads(change.before) if change.before else {}, after))

    def held_to(self, things: Iterable[tuple[str, int, Flat]]) -> Iterator[tuple[str, int, Flat | None]]:
        """The things that stand otherwise than here, and those that are not there any more (None)."""
        rest = {entity: dict.fromkeys(numbers) for entity, numbers in self._things.items()}
        for entity, item, flat in things:
            rest[entity].pop(item, None)
            stands = self._things[entity].get(item)
            if stands != _digest(flat) if isinstance(stands, bytes) else stands is None or json.loads(stands) != flat:
                yield entity, item, flat
        for entity, numbers in rest.items():
            for item in numbers:
                yield entity, item, None

    def said_of(self, execute: Execute, things: Collection[_Thing]) -> dict[_Thing, Flat]:
        """How some of the things stand by their lines, which are read once more."""
        if not things:
            return {}
        state = State()
        for change in read_changes(execute):
            if (change.entity, change.item) in things:
                state.take(change)
        return {(entity, item): flat for entity, flats in state.things.items() for item, flat in flats.items()}


def _digest(flat: Flat) -> bytes:
    said = json.dumps(flat, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(said.encode(), digest_size=16).digest()
