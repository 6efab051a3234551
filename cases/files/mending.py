"""Single cells typed anew over what a file says: the file stays as it is, every reader of it sees the new text.

One place for every format, so that a row can be mended in a list that came as .xls, .ods or text as in one of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cases.files.grids import Place, SpreadFile

if TYPE_CHECKING:
    from cases.files.grids import Grid
    from cases.files.sources import RawBook
    from cases.files.xlsx_reading import RawCell, RawSheet

Mended = Mapping[str, Mapping[Place, str]]
"""By the name of a sheet ('' for a text file, which has none): the new text of each cell."""


def mended_book(book: SpreadFile, cells: Mended) -> SpreadFile:
    """The file with these texts in these cells; a cell beyond its sheet is left out."""
    if not cells:
        return book
    return replace(book, grids=tuple(_grid(grid, cells.get(grid.name or "", {})) for grid in book.grids))


def mended_raw(book: RawBook, cells: Mended) -> RawBook:
    """The same for sheets that were picked from a workbook."""
    if not cells:
        return book
    return replace(book, sheets=[_sheet(sheet, cells.get(sheet.name, {})) for sheet in book.sheets])


def _grid(grid: Grid, texts: Mapping[Place, str]) -> Grid:
    """Typed text is Unicode whatever the font of the cell was, and no result is missing from it."""
    return replace(
        grid,
        rows=_rows(grid.rows, texts),
        broken={place: said for place, said in grid.broken.items() if place not in texts},
        fonts={place: font for place, font in grid.fonts.items() if place not in texts},
    )


def _sheet(sheet: RawSheet, texts: Mapping[Place, str]) -> RawSheet:
    broken = {place: said for place, said in sheet.broken.items() if place not in texts}
    return replace(sheet, rows=_rows(sheet.rows, texts), broken=broken)


def _rows(rows: Sequence[list[RawCell]], texts: Mapping[Place, str]) -> Sequence[list[RawCell]]:
    if not texts:
        return rows
    made = [list(row) for row in rows]
    for (row, column), text in texts.items():
        if row >= len(made) or (not made[row] and not text):
            continue
        width = max(map(len, made))
        if column < width:
            made[row] += [""] * (column + 1 - len(made[row]))
            made[row][column] = text
    return made
