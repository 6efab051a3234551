"""The stamp of a workbook that a store wrote: from which store and which entry of its log, so that it can come again.

It stands on a hidden sheet. Whatever is wrong with it, the workbook counts as one without a stamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.workbook import schema as layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook

_STORE, _NUMBER, _HASH, _CONTENT, _KEPT = (
    "Mã kho",
    "Lần ghi",
    "Mã băm của lần ghi",
    "Mã băm của nội dung",
    "Các cột được theo dõi",
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a workbook is from: the store, the number and hash of its last log entry, the hash of what was written."""

    store: str
    number: int
    hash: str
    content: str
    kept: tuple[str, ...] = ()
    """The columns of sheet `Hồ sơ` that the office uses, whether a cell of them is filled or not."""


def add_stamp(book: Workbook, stamp: Stamp) -> None:
    """Write the hidden sheet."""
    page = book.add_worksheet(layout.STAMP_SHEET)
    rows = (
        (_STORE, stamp.store),
        (_NUMBER, str(stamp.number)),
        (_HASH, stamp.hash),
        (_CONTENT, stamp.content),
        (_KEPT, ", ".join(stamp.kept)),
    )
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    page.hide()


def read_stamp(rows: Sequence[Sequence[Any]]) -> Stamp | None:
    """The stamp of the rows of its sheet; None where they are no stamp."""
    said = {str(row[0]).strip(): str(row[1]).strip() for row in rows if len(row) > 1}
    number = said.get(_NUMBER, "")
    if not number.isascii() or not number.isdigit() or not said.get(_STORE) or not said.get(_HASH):
        return None
    known = {column.field for column in layout.case_sheet().columns}
    kept = (name.strip() for name in said.get(_KEPT, "").split(","))
    return Stamp(
        said[_STORE], int(number), said[_HASH], said.get(_CONTENT, ""), tuple(name for name in kept if name in known)
    )
