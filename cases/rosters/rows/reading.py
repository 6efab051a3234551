"""The rows of one sheet, read one after another into drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cases.files.grids import blank
from cases.files.xlsx_reading import column_letter
from cases.rosters.columns.column_kinds import NAME_KINDS
from cases.rosters.outcome.contradictions import cross_check
from cases.rosters.rows.cell_readers import read_cell
from cases.rosters.rows.date_cells import ADMISSION, RECOGNITION
from cases.rosters.rows.draft import Draft
from cases.rosters.rows.settling import settle
from cases.values.sheets import LONGEST_KEY
from cases.workbook import cells
from rules.loader.spelling.days import from_1904
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.files.grids import Grid
    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.rows.draft import SheetContext
    from cases.rosters.tables.rows import Sorted


Progress = Callable[[int, int], None]
"""Told how many rows of how many have been read."""

_ROWS_A_STEP = 500


def read_rows(grid: Grid, rows: Sorted, context: SheetContext, progress: Progress | None = None) -> list[Draft]:
    """A draft for every person of the sheet, each read and checked by itself."""
    columns = [column for column in context.header.columns if column.fields]
    broken: dict[int, dict[int, str]] = {}
    for (row, position), error in grid.broken.items():
        broken.setdefault(row, {})[position] = error
    units = _merged_units(grid, columns)
    days = {column.position for column in columns if context.counts_from_1904 and column.is_of_days}
    drafts = []
    previous = -2
    for row in rows.persons:
        draft = Draft(row + 1, context, cells=grid.rows[row], heading=rows.statuses.get(row))
        group = rows.units.get(row)
        if previous == row - 1:
            draft.above = dict(enumerate(grid.rows[previous]))
        line = grid.rows[row]
        failed = broken.get(row, {})
        for column in columns:
            raw = units.get((row, column.position), line[column.position])
            if column.position in failed:
                _miss_result(draft, column, failed[column.position])
            elif blank(raw):
                continue
            elif (row, column.position) in context.garbled:
                _miss_letters(draft, column, raw)
            elif column.compared:
                _compare(draft, column, raw)
            else:
                read_cell(draft, column, from_1904(raw) if column.position in days else raw)
        settle(draft)
        cross_check(draft)
        if group is not None:
            _under_group(draft, group.name, is_unit=group.is_unit)
        if context.answers.unit and "unit" not in draft.fields:
            draft.fields["unit"] = context.answers.unit
        drafts.append(draft)
        previous = row
        if progress is not None and len(drafts) % _ROWS_A_STEP == 0:
            progress(len(drafts), len(rows.persons))
    return drafts


def _compare(draft: Draft, column: RosterColumn, raw: Any) -> None:
    """One of two columns of one meaning: what both say is taken, what they say differently is in question."""
    field = column.fields[0]
    before, pieces = draft.fields.pop(field.name, None), draft.pieces.pop(field.name, None)
    read_cell(draft, column, raw)
    if field.name in draft.differing:
        draft.fields.pop(field.name, None)
        draft.pieces.pop(field.name, None)
        return
    after, piece = draft.fields.get(field.name), draft.pieces.get(field.name)
    if before is None and pieces is None:
        return
    one, other = before or cells.shown(pieces.raw if pieces else ""), after or cells.shown(piece.raw if piece else "")
    if after is None and piece is None:
        if before is not None:
            draft.fields[field.name] = before
        if pieces is not None:
            draft.pieces[field.name] = pieces
    elif (fold(one) != fold(other)) if isinstance(one, str) and isinstance(other, str) else one != other:
        draft.fields.pop(field.name, None)
        draft.pieces.pop(field.name, None)
        draft.differing.add(field.name)
        details = {"label": field.label, "letter": column_letter(column.position)}
        draft.warn("values_differ", field.name, column, raw, one=cells.shown(one), other=cells.shown(other), **details)
        _guard(draft, column, field.name, raw)


def _merged_units(grid: Grid, columns: list[RosterColumn]) -> dict[tuple[int, int], Any]:
    """A unit merged over several persons is the unit of each; nothing else spreads."""
    at = {column.position for column in columns if [one.kind for one in column.fields] == ["unit"]}
    return {
        (row, merge.left): grid.rows[merge.top][merge.left]
        for merge in grid.merges
        if merge.left in at and merge.left == merge.right
        for row in range(merge.top, min(merge.bottom + 1, len(grid.rows)))
    }


def _under_group(draft: Draft, name: str, *, is_unit: bool) -> None:
    if not is_unit:
        draft.fields.setdefault("area", name)
    elif "unit" not in draft.fields:
        if len(name) <= LONGEST_KEY:
            draft.fields["unit"] = name
        else:
            draft.warn("too_long", "unit", raw=name, longest=LONGEST_KEY)


def _miss_result(draft: Draft, column: RosterColumn, error: str) -> None:
    """A formula without a result leaves its cell empty; a name or a code without one refuses the row."""
    code = "formula_error" if error else "formula_empty"
    for one in column.fields:
        if one.kind in NAME_KINDS or one.kind == "code":
            draft.refuse(code, one.name, column, error)
        elif one.kind not in ("row_number", "skipped"):
            draft.warn(code, one.name, column, error)
            _guard(draft, column, one.name, error)
            draft.sex_settled = draft.sex_settled or one.name in ("sex", "male", "female")
            draft.birth_settled = draft.birth_settled or one.name.startswith(("born_on", "birth_"))


def _miss_letters(draft: Draft, column: RosterColumn, raw: Any) -> None:
    """Text that could not be decoded: a name of it would be a person that does not exist."""
    for one in column.fields:
        if one.kind in NAME_KINDS or one.kind == "code":
            draft.refuse("legacy_text", one.name, column, raw)
        elif one.kind not in ("row_number", "skipped"):
            draft.warn("legacy_text", one.name, column, raw)
            _guard(draft, column, one.name, raw)
            draft.sex_settled = draft.sex_settled or one.kind == "sex"


def _guard(draft: Draft, column: RosterColumn, name: str, raw: Any) -> None:
    """Something stood under a day of admission or recognition: whoever it is of is no candidate."""
    if name in ADMISSION | RECOGNITION:
        draft.happened(column, name, raw)
