"""The store written out as a workbook that it knows again: with a stamp of the entry of the log at which it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.history.receipts import StateHash
from cases.log.batches import head
from cases.store.connection import querying
from cases.store.reading import all_but_cases, each_record, facts_said_kept, without_collector
from cases.workbook import schema as layout
from cases.workbook.exporting import CaseSheets
from cases.workbook.stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Set as Collection
    from pathlib import Path


@without_collector()
def export_store(url: str, path: Path | str, *, left_out: Collection[str] = frozenset(), force: bool = False) -> int:
    """Write everything that the store holds, but for some facts, as a stamped workbook; gives the number of cases.

    Raises `TargetExists`, `BadInput`, `StoreProblem`.
    """
    sheets, state, filled, number = CaseSheets(left_out), StateHash(), set[str](), 0
    with querying(url) as execute:
        last, beside = head(execute), all_but_cases(execute)
        for record in each_record(execute):
            sheets.take(record)
            state.take(record)
            filled |= record.fields.keys()
            number += 1
        filled |= facts_said_kept(execute)
    kept = tuple(column.field for column in layout.case_sheet().columns if column.field in filled)
    stamp = Stamp(last.store, last.number, last.hash, state.with_beside(beside), kept)
    sheets.write(beside, path, stamp=stamp, force=force)
    return number
