"""Canonical workbooks among the files that come in: they are read by their own reader, and shown the same way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cases.log.plan import compare
from cases.rosters.outcome.outcome import Change, Ignored, Outcome, RosterPreview, RowOutcome, Why
from cases.values.folding import fold
from cases.values.records import Roster
from cases.values.refusals import HeaderProblem
from cases.workbook import schema as layout
from cases.workbook.cells import is_empty, shown
from cases.workbook.headers import folded_header
from cases.workbook.read import Examination, examine

if TYPE_CHECKING:
    from pathlib import Path

    from cases.rosters.files.grids import Book, Grid
    from cases.values.refusals import Remark

_ROWS_SEARCHED = 30
_FEWEST_HEADERS = 4


def canonical_grid(book: Book) -> Grid | None:
    """The sheet `Hồ sơ` of a workbook, when most of its header is the contract's."""
    if book.kind != "xlsx":
        return None
    grid = next((one for one in book.grids if one.name and is_case_sheet(one.name)), None)
    if grid is None:
        return None
    known = {folded_header(column.header) for column in layout.case_sheet().columns}
    for row in grid.rows[:_ROWS_SEARCHED]:
        texts = [folded_header(shown(raw)) for raw in row if isinstance(raw, str) and not is_empty(raw)]
        hits = sum(text in known for text in texts)
        if hits >= _FEWEST_HEADERS and 2 * hits >= len(texts):
            return grid
    return None


def is_case_sheet(name: str) -> bool:
    """Whether a sheet bears the name of sheet `Hồ sơ`, as people spell it."""
    return fold(name).replace(" ", "") == fold(layout.case_sheet().name).replace(" ", "")


def read_canonical(path: Path, grid: Grid, existing: Roster | None) -> RosterPreview | HeaderProblem:
    """The preview of a canonical workbook, or why its header is none; raises any other `BadFile`."""
    try:
        seen = examine(path)
    except HeaderProblem as problem:
        return problem
    return _preview(seen, grid, existing)


def _preview(seen: Examination, grid: Grid, existing: Roster | None) -> RosterPreview:
    sheet = layout.case_sheet().name
    refused, warned = _by_row(seen.refused, sheet), _by_row(seen.warned, sheet)
    records = {record.code: record for record in seen.roster.records}
    plan = compare(existing or Roster(), seen.roster, seen.covered)
    altered: dict[str, Change] = {one.key: "new" if one.before is None else "changed" for one in plan.cases.altered}
    rows = []
    for number, code in seen.cases:
        whys = [Why("refused", remark) for remark in refused[number]]
        whys += [Why("warned", remark) for remark in warned[number]]
        outcome: Outcome = "refused" if refused[number] else "warned" if warned[number] else "accepted"
        record = records.get(code or "") if outcome != "refused" else None
        rows.append(
            RowOutcome(
                number,
                outcome,
                record.fields if record else {},
                tuple(whys),
                altered.get(record.code, "unchanged") if record else None,
                record,
            )
        )
    other = [
        RowOutcome(remark.row, "refused", {}, (Why("refused", remark),))
        for remark in seen.refused
        if remark.sheet != sheet
    ]
    return RosterPreview(
        file=seen.file,
        sheet=sheet,
        header_rows=(seen.header_row,),
        rows=(*rows, *other),
        ignored=tuple(Ignored(number, "blank") for number in seen.blank),
        profile="canonical",
        whole=seen.roster,
        covered=seen.covered,
        grid=grid,
    )


def _by_row(remarks: tuple[Remark, ...], sheet: str) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.sheet == sheet and not remark.code.startswith(("column_", "sheet_")):
            found[remark.row].append(remark)
    return found
