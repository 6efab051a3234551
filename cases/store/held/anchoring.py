"""The anchors of a store: one in the user's own folder, and one beside each of its backups."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cases.log.anchors import ENDING, Anchor, Forged, code_of, key_in, read
from cases.log.anchors import keep as keep_in
from cases.log.batches import ERASE, RESTORE, Head, store_id
from cases.store.problems import without_password
from cases.values.places import home, sqlite_path
from rules.loader.errors import DubiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cases.log.execute import Execute

State = Literal["held", "none", "lost", "forged"]


@dataclass(frozen=True, slots=True)
class Anchored:
    """How a log stands to its anchors: held by them, not anchored here, lost, or with an anchor that was altered."""

    state: State
    number: int = 0
    """The entry up to which the anchor holds, or should."""
    place: str = field(default="", compare=False)
    """The file of the anchor."""
    rows: Mapping[str, int] = field(default_factory=dict, compare=False)
    """How many rows each table had then."""

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the log."""
        return self.state in ("held", "none")


NOT_ANCHORED = Anchored("none")
"""A copy on another machine, or a store that nothing was written to here yet."""


def _name_of_place(url: str) -> str:
    """A name for the place that a store is at, fit for a file: the same however the address is written."""
    path = sqlite_path(url)
    place = without_password(url) if path is None else str(path.expanduser().resolve())
    return hashlib.sha256(place.encode(errors="surrogateescape")).hexdigest()[:16]


def _folder() -> Path:
    return home() / "anchors"


def _file(url: str) -> Path:
    return _folder() / f"{_name_of_place(url)}.json"


def beside(backup: Path) -> Path:
    """The anchor that belongs to a backup."""
    return backup.with_name(f"{backup.name}{ENDING}")


def keep(url: str, stands: Head, rows: Mapping[str, int], *, at: Path | None = None) -> None:
    """Anchor a store where it stands now, in the user's folder or ``at`` a place beside a backup.

    A folder that takes no file is no reason to fail: the anchor lags behind then, and is told to do so.
    """
    with suppress(OSError, DubiError):
        key = key_in(_folder(), make=True)
        if key is not None:
            keep_in(at or _file(url), key, Anchor((stands,), rows))


def expect(url: str, now: Head | None, coming: Head) -> None:
    """Let a store be held to its anchor or to where it will stand: before a backup takes its place.

    ``now`` is where a store stands that is not anchored yet.
    """
    with suppress(OSError, DubiError):
        key = key_in(_folder(), make=True)
        if key is None:
            return
        try:
            before = read(_file(url), key)
        except Forged:
            before = None
        heads = before.heads if before is not None else (now,) if now is not None else ()
        keep_in(_file(url), key, Anchor((*heads, coming)))


def code(head: Head) -> str | None:
    """The code to be printed beside a head; None where this user has no key yet."""
    key = key_in(_folder(), make=False)
    return None if key is None else code_of(key, head)


def anchored(url: str, execute: Execute) -> Anchored:
    """How the log of a store stands to the anchor in this user's folder, or beside it where it is a backup."""
    path = sqlite_path(url)
    key = key_in(_folder(), make=False)
    for file in (_file(url), *((beside(path),) if path is not None else ())):
        try:
            anchor = read(file, key)
        except Forged:
            if file.parent == _folder():
                return Anchored("forged", place=str(file))
            continue  # beside a backup of somebody else, whose key is not here
        if anchor is not None:
            number = max(one.number for one in anchor.heads)
            return Anchored("held" if anchor.held_by(execute) else "lost", number, str(file), anchor.rows)
    return NOT_ANCHORED


def held_to_backups(execute: Execute, backups: Iterable[Path]) -> Anchored:
    """How a log stands to the anchors beside its backups: it has all they had, or says that a restore took it back."""
    key = key_in(_folder(), make=False)
    taken = taken_back(execute)
    for backup in backups:
        with suppress(Forged):
            anchor = read(beside(backup), key)
            if anchor is None or anchor.heads[0].store != store_id(execute) or anchor.held_by(execute):
                continue
            if not any(one.hash in taken for one in anchor.heads):
                return Anchored("lost", max(one.number for one in anchor.heads), str(backup))
    return NOT_ANCHORED


def taken_back(execute: Execute) -> set[str]:
    """The hashes of the entries that restores took back; an erasure carries on those of headings that it emptied."""
    rows = execute(f"SELECT details FROM batches WHERE action IN ('{RESTORE}', '{ERASE}') AND details IS NOT NULL")  # noqa: S608  # our own words
    told = [json.loads(details) for (details,) in rows]
    lost = {str(entry["hash"]) for one in told for entry in one.get("lost", ())}
    return lost | {str(said) for one in told for said in one.get("taken_back", ())}
