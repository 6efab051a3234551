"""Finding a sheet's header row and which column fills which field, whatever the order and spelling of the headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.files.grids import HEADER_SEARCHED
from cases.files.xlsx_reading import column_letter
from cases.values.refusals import HeaderProblem
from cases.workbook.cells import is_empty, shown
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import nearest

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from cases.files.xlsx_reading import RawCell, RawSheet
    from cases.values.sheets import Sheet, SheetColumn

_ENDS = re.compile(r"[\s*:]+$")
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class SheetHeader:
    """Where a sheet's header stands (counted from 0), its columns by position, and what did not fit."""

    row: int
    columns: tuple[tuple[int, SheetColumn], ...]
    absent: tuple[SheetColumn, ...]
    unknown: tuple[tuple[int, str], ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the sheet has a column for."""
        return frozenset(column.field for _, column in self.columns)


def folded_header(text: str) -> str:
    """A header as it is compared: without case, spaces, diacritics, or the star and colon that offices add."""
    return _ENDS.sub("", fold(text)).replace(" ", "")


def known_headers(sheet: Sheet) -> dict[str, SheetColumn]:
    """The columns of a sheet by their headers as they are compared."""
    return {folded_header(column.header): column for column in sheet.columns}


def find_sheet_header(raw: RawSheet, sheet: Sheet, file: Path) -> SheetHeader | None:
    """The header of a sheet, None for a sheet without a filled cell; raises `HeaderProblem`."""
    known = known_headers(sheet)
    row = header_row(raw.rows, known)
    if row is None:
        return None
    places: dict[str, list[int]] = {}
    unknown: list[tuple[int, str]] = []
    for position, cell in enumerate(raw.rows[row]):
        if is_empty(cell):
            continue
        if folded_header(shown(cell)) in known:
            places.setdefault(folded_header(shown(cell)), []).append(position)
        else:
            unknown.append((position, shown(cell)))
    absent = tuple(column for name, column in known.items() if name not in places)
    _require(sheet, file, places, absent, unknown)
    columns = tuple(sorted((positions[0], known[name]) for name, positions in places.items()))
    return SheetHeader(row, columns, absent, tuple(unknown))


def header_row(rows: Sequence[list[RawCell]], known: Container[str]) -> int | None:
    """The row with most known headers among the first; when none has any, the first row that is not empty."""
    best, most, first = None, 0, None
    for number, row in enumerate(rows[:HEADER_SEARCHED]):
        cells = [cell for cell in row if not is_empty(cell)]
        if cells and first is None:
            first = number
        hits = sum(text in known for text in {folded_header(shown(cell)) for cell in cells})
        if hits > most:
            best, most = number, hits
    if best is None and first is None:
        filled = (number for number, row in enumerate(rows) if any(not is_empty(cell) for cell in row))
        return next(filled, None)
    return first if best is None else best


def _require(
    sheet: Sheet,
    file: Path,
    places: dict[str, list[int]],
    absent: tuple[SheetColumn, ...],
    unknown: list[tuple[int, str]],
) -> None:
    problems = []
    by_name = known_headers(sheet)
    for name, positions in places.items():
        if len(positions) > 1:
            letters = ", ".join(column_letter(position) for position in positions)
            problems.append(f"cột “{by_name[name].header}” có ở nhiều chỗ ({letters}): giữ một cột")
    for column in absent:
        alike = None if column.optional else _alike(column.header, unknown)
        if alike:
            position, text = alike
            where = f"cột {column_letter(position)} “{text}”"
            problems.append(f"thiếu cột “{column.header}”; có phải là {where}? Nếu phải, sửa lại tên cột cho đúng")
        elif column.needed:
            problems.append(f"thiếu cột bắt buộc “{column.header}”")
    if problems:
        raise HeaderProblem(
            file,
            f"có sheet “{sheet.name}” chưa đúng mẫu: {'; '.join(problems)}.",
            "Xem mẫu bằng lệnh: dubi template so-theo-doi.xlsx",
        )


def nearest_column(text: str, absent: tuple[SheetColumn, ...]) -> SheetColumn | None:
    """The column of ours that a header which is not read was probably meant for."""
    names = {fold(column.header): column for column in absent}
    near = nearest(text, names, alike=_ALIKE)
    return None if near is None else names[near]


def _alike(header: str, unknown: list[tuple[int, str]]) -> tuple[int, str] | None:
    names = {fold(text): (position, text) for position, text in unknown}
    near = nearest(header, names, alike=_ALIKE)
    return None if near is None else names[near]
