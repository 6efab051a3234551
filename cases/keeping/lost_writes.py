"""Which writes of a store are not in a backup of it: what restoring from the backup would take back."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cases.log.batches import RESTORE, SEAL, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.store.reading import Execute

NO_WRITES = (SEAL, RESTORE)
"""Entries by which nobody recorded anything."""


@dataclass(frozen=True, slots=True)
class Write:
    """One entry of a log of whatever form, as far as it is told: when (UTC), by whom, how many changes."""

    number: int
    name: str
    made_at: dt.datetime
    who: str
    action: str
    source: str | None
    size: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        """The entry for the line that a log keeps of what was taken back."""
        return {**asdict(self), "made_at": self.made_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Lost:
    """What a backup lacks; ``whole`` where it has no entry in common with the store: it is of another one."""

    entries: tuple[Write, ...] = ()
    whole: bool = False
    head: str = ""
    """The last hash of the store that was looked at."""
    erased_again: int = 0
    """How many cases the backup still had of people whom the store had let go for ever: they are gone from it too."""

    @property
    def writes(self) -> tuple[Write, ...]:
        """Those of the entries by which somebody recorded something."""
        return tuple(one for one in self.entries if one.action not in NO_WRITES)


def entries(execute: Execute) -> list[Write]:
    """The entries of a log in their order, whatever the form of the store."""
    rows = execute("SELECT id, name, made_at, who, action, source, size, hash FROM batches ORDER BY id")
    return [Write(number, name, moment(made_at), *rest) for number, name, made_at, *rest in rows]


def lost(stored: list[Write], backup: Iterable[Write]) -> Lost:
    """What of a store's log is not in a backup's: everything from the first entry on that they do not share."""
    shared = 0
    for one, other in zip(stored, backup, strict=False):
        if one.name != other.name:
            break
        shared += 1
    return Lost(tuple(stored[shared:]), bool(stored) and not shared, stored[-1].hash if stored else "")
