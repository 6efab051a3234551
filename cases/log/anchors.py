"""Anchors of a log outside its store: up to which entry it stood and with which hash, sealed with a key of this user.

Whoever can write the store alone can rewrite its whole log with new hashes, and it holds together again; it does not
hold to its anchor. An anchor may lag behind, for a command can be killed after it wrote: it is looked for among all
entries. It proves nothing to somebody else, who has not the key, nor against whoever has this user's folder too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases.log.batches import Head, stood_at
from cases.values.places import private_folder
from cases.values.refusals import TargetExists
from cases.values.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cases.log.execute import Execute

FORM = 1
ENDING = ".anchor"
"""Of the anchor that stands beside a backup."""
_MOST_BYTES = 10_000
_SHOWN = 16
"""Letters of the code that is printed: 64 bits."""


class Forged(Exception):
    """A file of an anchor that is damaged, or that nobody with the key has written."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a log stood; two places or more while a backup takes the store's place."""

    heads: tuple[Head, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows each table had then."""

    def held_by(self, execute: Execute) -> bool:
        """Whether a log once stood there."""
        return any(stood_at(execute, head) for head in self.heads)


def key_in(folder: Path, *, make: bool) -> bytes | None:
    """The key of this user: 32 random bytes, made where there is none yet and one is to be made."""
    file = folder / "key"
    if make and not file.exists():
        private_folder(folder)
        try:
            with whole_file(file, replace=False) as draft:
                draft.write_text(os.urandom(32).hex(), encoding="ascii")
        except TargetExists:  # another command was quicker
            pass
    try:
        return bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def keep(file: Path, key: bytes, anchor: Anchor) -> None:
    """Write an anchor down in the place of an earlier one; raises what `whole_file` raises."""
    said: dict[str, object] = {"form": FORM, "heads": [[head.store, head.number, head.hash] for head in anchor.heads]}
    said["rows"] = dict(anchor.rows)
    with whole_file(file, replace=True) as draft:
        draft.write_text(json.dumps({**said, "seal": _seal(key, said)}) + "\n", encoding="ascii")


def read(file: Path, key: bytes | None) -> Anchor | None:
    """The anchor of a file; None where there is none, or no key to tell by. Raises `Forged`."""
    try:
        if not file.is_file():
            return None
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES)
    except OSError:
        return None
    if key is None:
        return None
    try:
        said = json.loads(text)
        seal = said.pop("seal")
        if not hmac.compare_digest(str(seal), _seal(key, said)) or said["form"] != FORM:
            raise Forged
        heads = tuple(Head(str(store), int(number), str(head)) for store, number, head in said["heads"])
        return Anchor(heads, {str(name): int(number) for name, number in said["rows"].items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Forged from error


def code_of(key: bytes, head: Head) -> str:
    """What is printed beside a head, for this user to tell later that the head was printed by this program."""
    return hmac.digest(key, f"{head.store} {head.number} {head.hash}".encode(), "sha256").hex()[:_SHOWN]


def _seal(key: bytes, said: object) -> str:
    return hmac.digest(key, json.dumps(said, sort_keys=True).encode(), hashlib.sha256).hex()
