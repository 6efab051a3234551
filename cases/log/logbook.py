"""The log of changes as plain values, and how it is read: every write with who, when, why, before and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.store.reading import Execute


@dataclass(frozen=True, slots=True)
class LoggedBatch:
    """The heading of one write: ``undoes`` names the write that this one takes back."""

    id: int
    name: str
    made_at: dt.datetime
    """In UTC."""
    who: str
    action: str
    source: str | None
    undoes: str | None
    size: int
    hash: str
    """The hash of the log up to the last change of this write."""


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """What one write did to one thing; ``item`` is the number of its row, ``before`` and ``after`` are JSON."""

    id: int
    batch: int
    entity: str
    item: int
    key: str
    before: str | None
    after: str | None
    hash: str


_BATCHES = """
    SELECT batches.id, batches.name, batches.made_at, batches.who, batches.action, batches.source, taken.name,
        batches.size, batches.hash
    FROM batches LEFT JOIN batches AS taken ON taken.id = batches.undoes_id"""
_CHANGES = "SELECT id, batch_id, entity, item, key, before, after, hash FROM changes"


def read_batches(execute: Execute) -> list[LoggedBatch]:
    """The headings of all writes, in their order."""
    return [_batch(row) for row in execute(f"{_BATCHES} ORDER BY batches.id")]


def last_batch(execute: Execute) -> LoggedBatch | None:
    """The heading of the latest write."""
    rows = list(execute(f"{_BATCHES} ORDER BY batches.id DESC LIMIT 1"))
    return _batch(rows[0]) if rows else None


def read_changes(execute: Execute, *, first: int = 1, last: int | None = None) -> Iterator[LoggedChange]:
    """The changes of the batches from one number to another, in their order."""
    upper = "" if last is None else f" AND batch_id <= {int(last)}"
    for row in execute(f"{_CHANGES} WHERE batch_id >= {int(first)}{upper} ORDER BY id"):
        yield LoggedChange(*row)


def with_changes(
    batches: Iterable[LoggedBatch], changes: Iterable[LoggedChange]
) -> Iterator[tuple[LoggedBatch, list[LoggedChange]]]:
    """Each batch with its changes; changes whose batch is not there are given to the batch that follows."""
    groups = groupby(changes, key=lambda change: change.batch)
    number, group = next(groups, (None, None))
    for batch in batches:
        own: list[LoggedChange] = []
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
    return LoggedBatch(number, name, _moment(made_at), *rest)


def _moment(stored: str | dt.datetime) -> dt.datetime:
    """The moment: SQLite keeps text, other databases moments."""
    return dt.datetime.fromisoformat(stored) if isinstance(stored, str) else stored
