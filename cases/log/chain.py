"""The chain that makes tampering with the log show: each entry holds a hash of itself and of all entries before it.

What an entry says of people enters the chain only through salted digests. When a person's values have to go for ever,
they go with their salt; the digest stays, says nothing any more, and the chain still holds. An entry that names
another store, another number or another order of its lines breaks the chain there; whoever rewrites all that follows
gets another head than the one that was written down outside the store.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.log.batches import START

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.log.batches import LoggedBatch, LoggedChange

_Part = str | int | None
_SALTS_AT_ONCE = 64
_CLOSE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def new_salt() -> str:
    """A salt of its own for one thing said: 128 bits, so that nobody finds what was erased by trying."""
    return secrets.token_hex(16)


def new_salts() -> Iterator[str]:
    """Such salts without end, drawn some at a time."""
    while True:
        drawn = secrets.token_hex(16 * _SALTS_AT_ONCE)
        yield from (drawn[first : first + 32] for first in range(0, len(drawn), 32))


def digest(salt: str, parts: tuple[_Part, ...]) -> str:
    """The salted digest of what is said; without the salt nobody can tell what was."""
    return _hash((salt, *parts))


def heading_values(batch: LoggedBatch) -> tuple[_Part, ...]:
    """What the heading of an entry says that may name somebody."""
    return (batch.source, batch.details)


def change_values(change: LoggedChange) -> tuple[_Part, ...]:
    """What a line says: about what, and how it stood before and after."""
    return (change.entity, change.item, change.key, change.before, change.after)


def batch_hash(previous: str, store: str, batch: LoggedBatch, changes: Iterable[LoggedChange | Line]) -> str:
    """The hash of an entry with its lines in their order, in one store, after all entries before it."""
    return entry_hash(previous, store, batch, (link(one.entity, one.item, one.digest) for one in changes))


def entry_hash(previous: str, store: str, batch: LoggedBatch, links: Iterable[bytes | bytearray]) -> str:
    """The same, of what its lines add: of each by itself, or of many together."""
    made_at = batch.made_at.isoformat()
    heading = (batch.id, batch.name, made_at, batch.who, batch.action, batch.digest, batch.undoes, batch.size)
    chained = hashlib.sha256(_hash((previous, store, *heading)).encode())
    for some in links:
        chained.update(some)
    return chained.hexdigest()


def link(entity: str, item: int, digest: str) -> bytes:
    """What a line adds to the chain."""
    return f"\n{entity} {item} {digest}".encode()


def _hash(parts: tuple[_Part, ...]) -> str:
    """The hash of the parts as one list in JSON, put together here: that is a third of the encoder's time."""
    said = ["null" if part is None else _CLOSE(part) if isinstance(part, str) else str(part) for part in parts]
    return hashlib.sha256(f"[{','.join(said)}]".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the chain does not hold; ``change`` is the number of the line, None = the heading."""

    batch: str
    change: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """What the chain needs of a line: not what it says, which an entry may have a million of."""

    id: int
    batch: int
    entity: str
    item: int
    digest: str
    holds: bool
    """Whether it says what was written, or was erased for ever."""

    @classmethod
    def of(cls, change: LoggedChange) -> Line:
        """A line that was read."""
        holds = change.erased or digest(change.salt, change_values(change)) == change.digest
        return cls(change.id, change.batch, change.entity, change.item, change.digest, holds)


def first_break(store: str, batches: Iterable[tuple[LoggedBatch, list[Line]]]) -> Broken | None:
    """The first place where the log is not what was written; None where all of it holds."""
    previous = START
    for batch, changes in batches:
        for change in changes:
            if not change.holds:
                return Broken(batch.name, change.id, "dòng này đã bị sửa")
        if len(changes) != batch.size:
            return Broken(batch.name, None, f"lần ghi này phải có {batch.size} dòng, nay còn {len(changes)}")
        if not batch.erased and digest(batch.salt, heading_values(batch)) != batch.digest:
            return Broken(batch.name, None, "nguồn hoặc phần ghi thêm của lần ghi này đã bị sửa")
        previous = batch_hash(previous, store, batch, changes)
        if previous != batch.hash:
            return Broken(
                batch.name,
                None,
                "phần đầu hay thứ tự các dòng của lần ghi này đã bị sửa, hoặc một lần ghi ngay trước nó đã bị xoá, "
                "hoặc nhật ký là của kho khác",
            )
    return None
