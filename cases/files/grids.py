"""A sheet as it came in, before anybody knows what its columns mean: the same form for every kind of file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cases.files.xlsx_reading import RawCell

FileKind = Literal["xlsx", "xls", "ods", "csv"]
Place = tuple[int, int]
"""Row and column, both counted from 0."""

HEADER_SEARCHED = 30
"""How many rows deep a header is looked for, in our workbook as in anybody's list."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one, all four edges included and counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """One sheet: `rows[0][0]` is A1, every row is equally long, an empty cell is ''."""

    name: str | None
    rows: Sequence[list[RawCell]]
    broken: Mapping[Place, str] = field(default_factory=dict)
    """The cells whose formula has no result: the error's text, or '' where nothing is stored."""
    merges: tuple[Merge, ...] = ()
    fonts: Mapping[Place, str] = field(default_factory=dict)
    """The font of the cells that are set in a font of an old encoding."""
    struck_rows: tuple[int, ...] = ()
    """Rows, as shown, with a cell that is struck through."""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class SpreadFile:
    """A file with its visible sheets, and what else is in it."""

    file: Path
    kind: FileKind
    grids: tuple[Grid, ...]
    hidden_sheets: tuple[str, ...] = ()
    comments: int = 0
    counts_from_1904: bool = False
    encoding: str | None = None
    """Of a text file; `8-bit` for one that is not Unicode."""
    separator: str | None = None


def blank(raw: RawCell) -> bool:
    """Whether a cell holds nothing that can be seen; unseen signs have gone at the door."""
    return raw == "" or (isinstance(raw, str) and not raw.strip())


def column_values(grid: Grid, position: int, first_row: int) -> list[RawCell]:
    """The filled cells of a column from a row on."""
    return [row[position] for row in grid.rows[first_row:] if position < len(row) and row[position] != ""]


def make_even(rows: list[list[RawCell]]) -> list[list[RawCell]]:
    """The rows, each filled up with empty cells to the length of the longest."""
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return rows
