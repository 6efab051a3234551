"""What a log says stands, in little room: of each thing what its lines come to, packed.

A log of a hundred thousand cases is gone through once, in some tens of megabytes.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import changed
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedChange


class PackedState:
    """The things that stand after the lines of a log, taken one after the other."""

    def __init__(self) -> None:
        self._things: dict[str, dict[int, bytes]] = {kind: {} for kind in KINDS}

    def take(self, change: LoggedChange) -> None:
        """Let a change happen."""
        of_kind, item = self._things[change.entity], change.item
        if change.after is None:  # taken out, or erased for ever
            of_kind.pop(item, None)
            return
        after = json.loads(change.after)
        if item in of_kind:
            before = json.loads(change.before) if change.before else {}
            after = changed(_unpacked(of_kind[item]), before, after)
        of_kind[item] = zlib.compress(json.dumps(after).encode(), 1)

    def strayed(self, things: Iterable[tuple[str, int, Flat]]) -> Iterator[tuple[str, int, Flat | None, Flat | None]]:
        """Of the things in the tables those that stand otherwise than here: how they stand here, and there."""
        rest = {entity: dict.fromkeys(numbers) for entity, numbers in self._things.items()}
        for entity, item, there in things:
            rest[entity].pop(item, None)
            packed = self._things[entity].get(item)
            here = None if packed is None else _unpacked(packed)
            if here != there:
                yield entity, item, here, there
        for entity, numbers in rest.items():
            for item in numbers:
                yield entity, item, _unpacked(self._things[entity][item]), None


def _unpacked(packed: bytes) -> dict[str, Any]:
    flat: dict[str, Any] = json.loads(zlib.decompress(packed))
    return flat
