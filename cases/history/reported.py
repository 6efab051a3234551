"""Reports that were sent: each is a line of the log that keeps its receipt, so that what moves its figures is seen.

The line holds no change of a case, and is not taken back: to report anew is another line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.history.receipts import as_line, receipt_of
from cases.log.batches import REPORTED, read_batches
from cases.log.clock import require_plausible
from cases.store.connection import querying, writing

if TYPE_CHECKING:
    from cases.history.receipts import Asked, Receipt
    from cases.log.batches import LoggedBatch


_NUMBER = f"SELECT count(*) FROM batches WHERE action = '{REPORTED}'"  # noqa: S608  # our own word


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was sent: the line of the log, the receipt, and the line that reported the same anew."""

    batch: LoggedBatch
    receipt: Receipt
    replaced_by: str | None = None


def mark(url: str, receipt: Receipt, who: str | None) -> LoggedBatch:
    """Write down that the answer of a receipt was sent; raises `StoreProblem`, `ClockDoubted`."""
    from cases.store.writing import new_batch, write_down

    asked = receipt.question
    batch = new_batch(who, asked.form or asked.command, REPORTED)
    with writing(url) as store:
        require_plausible(store.execute, batch.made_at)
        return write_down(store, [], replace(batch, details=as_line(receipt)))


def reports(url: str) -> list[Reported]:
    """Every report that was sent, in the order of the log; raises `StoreProblem`."""
    with querying(url) as execute:
        ((number,),) = execute(_NUMBER)
        return reported(read_batches(execute)) if number else []


def reported(batches: list[LoggedBatch]) -> list[Reported]:
    """The reports among the entries of a log, each with the name of the one that has taken its place."""
    found: list[Reported] = []
    later: dict[Asked, str] = {}
    for batch in reversed(batches):
        if batch.action == REPORTED and batch.details:
            receipt = receipt_of(batch.details)
            what = same_report(receipt.question)
            found.append(Reported(batch, receipt, later.get(what)))
            later.setdefault(what, batch.name)
    return found[::-1]


def same_report(asked: Asked) -> Asked:
    """What makes two reports one: all but by when it was known."""
    return replace(asked, known_on=None)
