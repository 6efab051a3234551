"""The tables of one sheet: a list may go on beside itself, and another with a header of its own may stand below."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.files.grids import blank
from cases.rosters.columns.column_kinds import NAME_KINDS
from cases.rosters.columns.settled import block_starts
from cases.rosters.tables.pairs import join_continued
from cases.rosters.tables.rows import Sorted, sort_rows
from rules.loader.spelling.folding import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cases.files.grids import Grid
    from cases.rosters.columns.roster_header import RosterHeader

_MAYBE_NAME = re.compile(r"(t[êe]n|đảng viên|quần chúng)\b", re.IGNORECASE)
_FEWEST_LABELS = 3
_MOST_CELLS_OF_A_TITLE = 2


@dataclass(frozen=True, slots=True)
class Table:
    """A header with the rows that are read by it; ``block`` counts the tables beside each other, from 1."""

    grid: Grid
    header: RosterHeader
    rows: Sorted
    block: int = 1


def tables_of(grid: Grid, header: RosterHeader, find: Callable[[int], RosterHeader | None]) -> list[Table]:
    """The tables of a sheet; ``find`` reads a header that begins at a row."""
    headers = [header, *_further_headers(grid, header, find)]
    begins = [0, *(_first_title(grid, one.top) for one in headers[1:])]
    ends = [*begins[1:], len(grid.rows)]
    found = []
    for one, begin, end in zip(headers, begins, ends, strict=True):
        for block, (view, own) in enumerate(_blocks(grid, one), 1):
            view, rows = join_continued(view, own, sort_rows(view, own, begin, end))
            found.append(Table(view, own, rows, block))
    return found


def _further_headers(
    grid: Grid, header: RosterHeader, find: Callable[[int], RosterHeader | None]
) -> Iterator[RosterHeader]:
    """Headers below the first one that say something else than the one above them."""
    last, row = header, header.bottom + 1
    while row < len(grid.rows):
        found = find(row) if _may_head(grid, row) else None
        if found is not None and _is_other(found, last):
            yield found
            last, row = found, found.bottom
        row += 1


def _may_head(grid: Grid, row: int) -> bool:
    """Whether a row of words only holds what may be the heading of names."""
    filled = [raw for raw in grid.rows[row] if not blank(raw)]
    return (
        len(filled) >= _FEWEST_LABELS
        and all(isinstance(raw, str) and not tidy(raw).isdecimal() for raw in filled)
        and any(isinstance(raw, str) and _MAYBE_NAME.search(raw) for raw in filled)
    )


def _is_other(found: RosterHeader, last: RosterHeader) -> bool:
    """Whether a row is a header, with three meanings at least, and not that of the table above once more."""
    named = any(one.kind in NAME_KINDS for column in found.columns for one in column.fields)
    own = [fold(column.header) for column in found.columns if column.header]
    if not named or len({name for name in found.fields if name}) < _FEWEST_LABELS:
        return False
    return own != [fold(column.header) for column in last.columns if column.header]


def _first_title(grid: Grid, top: int) -> int:
    """The first of the title rows right above a header."""
    first = top
    while first > 0:
        filled = [raw for raw in grid.rows[first - 1] if not blank(raw)]
        if not filled or len(filled) > _MOST_CELLS_OF_A_TITLE or not all(isinstance(raw, str) for raw in filled):
            break
        first -= 1
    return first


def _blocks(grid: Grid, header: RosterHeader) -> Iterator[tuple[Grid, RosterHeader]]:
    """The header cut where it begins anew to the right, each part with the cells of its own columns only."""
    starts = block_starts(header.columns)
    if len(starts) == 1:
        yield grid, header
        return
    of_all = [column for column in header.columns if any(one.kind == "reasons" for one in column.fields)]
    own = [column for column in header.columns if column not in of_all]
    ends = [*starts[1:], len(own)]
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        columns = [*own[start:end], *of_all]
        left = 0 if place == 0 else columns[0].position
        right = own[end].position if end < len(own) else max(map(len, grid.rows))
        shared = {column.position for column in of_all}
        rows = [
            [raw if left <= position < right or position in shared else "" for position, raw in enumerate(row)]
            for row in grid.rows
        ]
        fields = frozenset(one.name for column in columns for one in column.fields)
        yield replace(grid, rows=rows), replace(header, columns=tuple(columns), fields=fields)
