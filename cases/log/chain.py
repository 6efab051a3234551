"""The chain that makes tampering with the log show: each link holds a hash of itself and of all links before it.

A batch is one link for its heading and one for each of its changes. Whoever alters, inserts or takes out a line
breaks the chain there; whoever rewrites all that follows gets another last hash than the one on earlier receipts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.log.logbook import LoggedBatch, LoggedChange

START = "0" * 64
"""What the first link follows."""

_Part = str | int | None


def link(previous: str, parts: tuple[_Part, ...]) -> str:
    """The hash of a link that says ``parts`` and follows ``previous``."""
    said = json.dumps([previous, *parts], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def batch_parts(batch: LoggedBatch) -> tuple[_Part, ...]:
    """What the heading of a batch says."""
    made_at = batch.made_at.isoformat()
    return (batch.name, made_at, batch.who, batch.action, batch.source, batch.undoes, batch.size)


def change_parts(change: LoggedChange) -> tuple[_Part, ...]:
    """What a change says."""
    return (change.entity, change.item, change.key, change.before, change.after)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the chain does not hold; ``change`` is the number of the line, None = the heading."""

    batch: str
    change: int | None
    why: str


def first_break(batches: Iterable[tuple[LoggedBatch, list[LoggedChange]]]) -> Broken | None:
    """The first place where the log is not what was written; None where all of it holds."""
    previous = START
    for batch, changes in batches:
        previous = link(previous, batch_parts(batch))
        for change in changes:
            previous = link(previous, change_parts(change))
            if previous != change.hash:
                return Broken(batch.name, change.id, "dòng này hoặc dòng đứng ngay trước nó đã bị sửa, thêm hay xoá")
        if len(changes) != batch.size:
            return Broken(batch.name, None, f"lần ghi này phải có {batch.size} dòng, nay còn {len(changes)}")
        if previous != batch.hash:
            return Broken(batch.name, None, "phần đầu của lần ghi này đã bị sửa")
    return None
