"""A person over two rows, as registers are typed: the second line of each stacked column in a row of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.files.grids import blank
from cases.workbook.cells import shown

if TYPE_CHECKING:
    from cases.files.grids import Grid
    from cases.rosters.columns.roster_header import RosterHeader
    from cases.rosters.tables.rows import Sorted


def join_continued(grid: Grid, header: RosterHeader, rows: Sorted) -> tuple[Grid, Sorted]:
    """The sheet with every second line put under the first one's, and the rows without those lines."""
    stacked = {column.position: len(column.fields) for column in header.columns if len(column.fields) > 1}
    number_at = header.position("row_number")
    if not stacked or number_at is None:
        return grid, rows
    people = set(rows.persons)
    continued = {row for row in rows.persons if row - 1 in people and _continues(grid, row, header, stacked, number_at)}
    if not continued:
        return grid, rows
    made = [list(row) for row in grid.rows]
    for row in rows.persons:
        if row in continued:
            continue
        lines = [grid.rows[row], *([grid.rows[row + 1]] if row + 1 in continued else [])]
        for column in header.columns:
            cells = [line[column.position] for line in lines]
            if column.position in stacked:
                made[row][column.position] = _one_under_another(cells, stacked[column.position])
            elif blank(cells[0]):
                made[row][column.position] = cells[-1]
    rows.persons = [row for row in rows.persons if row not in continued]
    return replace(grid, rows=made), rows


def _continues(grid: Grid, row: int, header: RosterHeader, stacked: dict[int, int], number_at: int) -> bool:
    """Whether a row goes on with the person above it: no number, and only what is stacked or was blank."""
    above, own = grid.rows[row - 1], grid.rows[row]
    if blank(above[number_at]) or not blank(own[number_at]):
        return False
    positions = [column.position for column in header.columns if not blank(own[column.position])]
    return any(place in stacked for place in positions) and all(
        place in stacked or blank(above[place]) for place in positions
    )


def _one_under_another(cells: list[Any], parts: int) -> Any:
    """The lines of a stacked cell; a line that is empty keeps its place."""
    texts = [raw if isinstance(raw, str) else shown(raw) for raw in cells]
    if not any(texts) or any("\n" in text for text in texts):
        return "\n".join(text for text in texts if text)
    return "\n".join((*texts, *[""] * (parts - len(texts))))
