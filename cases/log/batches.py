"""The log of changes as plain values, and how it is read: every write with who, when, why, before and after."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.log.execute import Execute


class _HasBatch(Protocol):
    @property
    def batch(self) -> int: ...


_OfBatch = TypeVar("_OfBatch", bound=_HasBatch)

SEAL, ERASE, RESTORE = "seal", "erase", "restore"
"""Entries that seal what was written in an earlier form of the log, that tell what was erased for ever, and that tell
from what the store was restored and which writes that took back."""
REPORTED = "report"
"""Entries that keep the receipt of a report that was sent."""

START = "0" * 64
"""The hash that the first entry follows."""


@dataclass(frozen=True, slots=True)
class LoggedBatch:
    """The heading of one write: ``undoes`` names the write that this one takes back."""

    id: int
    """Its number: the order of the log, whatever the clock said."""
    name: str
    made_at: dt.datetime
    """In UTC."""
    who: str
    action: str
    source: str | None
    undoes: str | None
    size: int
    details: str | None = None
    """What else it says, as JSON: what a restore took away, a report that was sent."""
    salt: str = ""
    """Without it, ``source`` and ``details`` were erased."""
    digest: str = ""
    hash: str = ""
    """The hash of the log up to the last change of this write."""

    @property
    def erased(self) -> bool:
        """Whether what it said of people was erased for ever."""
        return not self.salt

    @property
    def in_part(self) -> bool:
        """Whether it did something beside that the asker may not see."""
        return not self.digest


class LoggedChange(NamedTuple):
    """What one write did to one thing; ``item`` is the number of its row, ``before`` and ``after`` are JSON."""

    id: int
    batch: int
    entity: str
    item: int
    key: str
    before: str | None
    after: str | None
    salt: str = ""
    """Without it, the rest of what the line said was erased."""
    digest: str = ""

    @property
    def erased(self) -> bool:
        """Whether what it said was erased for ever."""
        return not self.salt


class Head(NamedTuple):
    """Where a log stands: its store, the number of its last entry and the hash up to it; 0 and zeros when empty."""

    store: str
    number: int
    hash: str


class Stamp(NamedTuple):
    """When the latest write was made and by whom; of one that the asker may not see, the moment alone."""

    name: str | None
    made_at: dt.datetime
    who: str | None


_BATCHES = """
    SELECT batches.id, batches.name, batches.made_at, batches.who, batches.action, batches.source, taken.name,
        batches.size, batches.details, coalesce(batches.salt, ''), coalesce(batches.digest, ''), batches.hash
    FROM batches LEFT JOIN batches AS taken ON taken.id = batches.undoes_id WHERE batches.name IS NOT NULL"""
"""Of a write that did nothing to what the asker may see, number, moment and hash are there and nothing else."""
_CHANGES = (
    "SELECT id, batch_id, entity, item, coalesce(key, ''), before, after, coalesce(salt, ''), digest FROM changes"
)


def store_id(execute: Execute) -> str:
    """The name that the store was given when it was made: copies of it share it, no other store has it."""
    ((store,),) = execute("SELECT store FROM identity")
    return str(store)


def head(execute: Execute) -> Head:
    """Where the log stands now."""
    last = list(execute("SELECT id, hash FROM batches ORDER BY id DESC LIMIT 1"))
    store = store_id(execute)
    return Head(store, int(last[0][0]), str(last[0][1])) if last else Head(store, 0, START)


def stood_at(execute: Execute, known: Head) -> bool:
    """Whether the log once stood there: that entry is in it, and so is all that led to it."""
    if known.store != store_id(execute):
        return False
    if known.number == 0:
        return known.hash == START
    there = execute(f"SELECT hash FROM batches WHERE id = {int(known.number)}")  # noqa: S608  # a number
    return known.hash in [row[0] for row in there]


def earlier_heads(batches: Iterable[LoggedBatch]) -> dict[int, str]:
    """The hashes by which older receipts know the entries that were sealed with a log's first form, by number."""
    heads: dict[int, str] = {}
    for batch in batches:
        if batch.action == SEAL and batch.details:
            heads |= {int(number): head for number, head in json.loads(batch.details)["heads"].items()}
    return heads


def read_batches(execute: Execute) -> list[LoggedBatch]:
    """The headings of all writes, in their order."""
    return [_batch(row) for row in execute(f"{_BATCHES} ORDER BY batches.id")]


def last_batch(execute: Execute) -> LoggedBatch | None:
    """The heading of the latest write."""
    rows = list(execute(f"{_BATCHES} ORDER BY batches.id DESC LIMIT 1"))
    return _batch(rows[0]) if rows else None


def last_stamp(execute: Execute) -> Stamp | None:
    """The stamp of the latest write."""
    rows = list(execute("SELECT name, made_at, who FROM batches ORDER BY id DESC LIMIT 1"))
    return Stamp(rows[0][0], moment(rows[0][1]), rows[0][2]) if rows else None


def broken_before(batches: Iterable[LoggedBatch]) -> str | None:
    """The entry at which a log of an earlier form did not hold when it was sealed; an erasure carries it on."""
    for batch in batches:
        if batch.action in (SEAL, ERASE) and batch.details and (name := json.loads(batch.details).get("broken")):
            return str(name)
    return None


def erased_by(execute: Execute, last: int) -> int:
    """How many cases of which the log told up to an entry were erased for ever, then or since."""
    told = f"entity = 'case' AND salt IS NULL AND batch_id <= {int(last)}"
    ((number,),) = execute(f"SELECT count(DISTINCT item) FROM changes WHERE {told}")  # noqa: S608  # a number
    return int(number)


def read_changes(execute: Execute, *, first: int = 1, last: int | None = None) -> Iterator[LoggedChange]:
    """The changes of the batches from one number to another, in their order."""
    upper = "" if last is None else f" AND batch_id <= {int(last)}"
    for row in execute(f"{_CHANGES} WHERE batch_id >= {int(first)}{upper} ORDER BY id"):
        yield LoggedChange(*row)


def with_changes(
    batches: Iterable[LoggedBatch], changes: Iterable[_OfBatch]
) -> Iterator[tuple[LoggedBatch, list[_OfBatch]]]:
    """Each batch with its changes; changes whose batch is not there are given to the batch that follows."""
    groups = groupby(changes, key=lambda change: change.batch)
    number, group = next(groups, (None, None))
    for batch in batches:
        own: list[_OfBatch] = []
        while number is not None and number <= batch.id:
            own += group or ()
            number, group = next(groups, (None, None))
        yield batch, own


def known_batch(batches: list[LoggedBatch], name: str) -> LoggedBatch:
    """The write of that name, number or unmistakable end of a name; raises `UnknownName`."""
    found = [batch for batch in batches if name in (batch.name, str(batch.id))]
    found = found or [batch for batch in batches if len(name) >= 4 and batch.name.endswith(name)]
    if len(found) == 1:
        return found[0]
    hint = did_you_mean(name, [batch.name for batch in batches], "Xem các lần ghi bằng lệnh: dubi log")
    raise UnknownName(f"Không có lần ghi “{name}”. {hint}")


def _batch(row: Iterable[Any]) -> LoggedBatch:
    number, name, made_at, *rest = row
    return LoggedBatch(number, name, moment(made_at), *rest)


def moment(stored: str | dt.datetime) -> dt.datetime:
    """A moment as the log keeps it: SQLite keeps text, other databases moments."""
    return dt.datetime.fromisoformat(stored) if isinstance(stored, str) else stored
