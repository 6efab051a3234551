"""Canonical workbooks among the files that come in: they are read by their own reader, and shown the same way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cases.rosters.outcome.outcome import Ignored, Outcome, RosterPreview, RowOutcome, Why, worst
from cases.values.refusals import HeaderProblem
from cases.workbook import schema as layout
from cases.workbook.cells import is_empty, shown
from cases.workbook.read import Examination, examine
from cases.workbook.sheet_header import folded_header, header_row, known_headers
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from cases.files.grids import Grid, SpreadFile
    from cases.files.mending import Mended
    from cases.files.sources import RawBook
    from cases.rosters.rows.reading import Progress
    from cases.values.refusals import Remark

_FEWEST_HEADERS = 4


def canonical_grid(book: SpreadFile) -> Grid | None:
    """The sheet `Hồ sơ` of a workbook, when most of its header is the contract's."""
    grid = next((one for one in book.grids if one.name and is_case_sheet(one.name)), None)
    if grid is None:
        return None
    known = known_headers(layout.case_sheet())
    row = header_row(grid.rows, known)
    texts = [] if row is None else [folded_header(shown(raw)) for raw in grid.rows[row] if not is_empty(raw)]
    hits = sum(text in known for text in texts)
    return grid if hits >= _FEWEST_HEADERS and 2 * hits >= len(texts) else None


def is_case_sheet(name: str) -> bool:
    """Whether a sheet bears the name of sheet `Hồ sơ`, as people spell it."""
    return fold(name).replace(" ", "") == fold(layout.case_sheet().name).replace(" ", "")


def read_canonical(
    path: Path,
    grid: Grid,
    today: date | None,
    progress: Progress | None = None,
    mended: Mended | None = None,
    book: RawBook | None = None,
) -> RosterPreview | HeaderProblem:
    """The preview of a canonical workbook, or why its header is none; raises any other `BadFile`.

    ``book``: its sheets, where they were read already.
    """
    try:
        seen = examine(path, progress, today, mended or {}, book)
    except HeaderProblem as problem:
        return problem
    return _preview(seen, grid)


def _preview(seen: Examination, grid: Grid) -> RosterPreview:
    sheet = layout.case_sheet().name
    whys: dict[tuple[str, int], list[Why]] = defaultdict(list)
    of_file: list[Remark] = []
    for outcome, remarks in _said(seen):
        for remark in remarks:
            if remark.code in _OF_THE_FILE:
                of_file.append(remark)
            else:
                whys[remark.sheet, remark.row].append(Why(outcome, remark))
    records = {record.code: record for record in seen.roster.records}
    rows = []
    for number, code in seen.cases:
        own = whys.pop((sheet, number), [])
        outcome = worst(own)
        record = records.get(code or "") if outcome != "refused" else None
        rows.append(RowOutcome(number, outcome, record.fields if record else {}, tuple(own), record=record))
    others = [RowOutcome(number, worst(own), {}, tuple(own)) for (_, number), own in whys.items()]
    return RosterPreview(
        file=seen.file,
        sheet=sheet,
        header_rows=(seen.header_row,),
        rows=(*rows, *others),
        ignored=tuple(Ignored(number, "blank") for number in seen.blank),
        remarks=tuple(of_file),
        profile="canonical",
        whole=seen.roster,
        covered=seen.covered,
        stamp=seen.stamp,
        shown=seen.shown,
        places=seen.places,
        grid=grid,
    )


_OF_THE_FILE = ("column_absent", "column_unknown", "sheet_unknown")
"""What is said of columns and sheets, and of no row."""


def _said(seen: Examination) -> tuple[tuple[Outcome, tuple[Remark, ...]], ...]:
    return ("refused", seen.refused), ("warned", seen.warned)
