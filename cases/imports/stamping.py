"""The store written out as a workbook that it knows again: with a stamp of the entry of the log at which it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.history.receipts import state_hash
from cases.log.batches import head
from cases.store.connection import querying
from cases.store.reading import facts_said_kept, roster_from
from cases.workbook import schema as layout
from cases.workbook.exporting import write_workbook
from cases.workbook.stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Set as Collection
    from pathlib import Path

    from cases.store.reading import Execute
    from cases.values.records import Roster


def export_store(url: str, path: Path | str, *, left_out: Collection[str] = frozenset(), force: bool = False) -> int:
    """Write everything that the store holds, but for some facts, as a stamped workbook; gives the number of cases.

    Raises `TargetExists`, `BadInput`, `StoreProblem`.
    """
    with querying(url) as execute:
        roster = roster_from(execute)
        last = head(execute)
        stamp = Stamp(last.store, last.number, last.hash, state_hash(roster), kept_columns(execute, roster))
    write_workbook(roster, path, stamp=stamp, left_out=left_out, force=force)
    return len(roster.records)


def kept_columns(execute: Execute, roster: Roster) -> tuple[str, ...]:
    """The columns of sheet `Hồ sơ` that the store keeps: filled somewhere, or said to be kept."""
    filled = {name for record in roster.records for name in record.fields} | facts_said_kept(execute)
    return tuple(column.field for column in layout.case_sheet().columns if column.field in filled)
