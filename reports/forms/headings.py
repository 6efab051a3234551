"""The headings of a table as cells of a grid: headings over several columns, headings, and their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from reports.forms.model import Table


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of the headings: its text, its place, and how far it reaches."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    numbers: bool = False


def head_cells(table: Table) -> list[HeadCell]:
    """The cells of the headings, row by row."""
    two = any(column.over for column in table.columns)
    cells, at = list[HeadCell](), 0
    while at < len(table.columns):
        column = table.columns[at]
        if not column.over:
            cells.append(HeadCell(column.label, 0, at, rows=2 if two else 1))
            at += 1
            continue
        end = at
        while end < len(table.columns) and table.columns[end].over == column.over:
            cells.append(HeadCell(table.columns[end].label, 1, end))
            end += 1
        cells.append(HeadCell(column.over, 0, at, columns=end - at))
        at = end
    if has_numbers(table):
        row = 2 if two else 1
        cells += [HeadCell(c.number or "", row, place, numbers=True) for place, c in enumerate(table.columns)]
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def has_numbers(table: Table) -> bool:
    """Whether the columns are numbered."""
    return table.numbered and any(column.number for column in table.columns)


def head_rows(table: Table) -> int:
    """How many rows the headings take."""
    return 1 + any(column.over for column in table.columns) + has_numbers(table)
