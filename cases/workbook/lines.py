"""The rows of one sheet, each cell parsed, and the remarks that gather while they are read and compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.files.xlsx_reading import column_letter
from cases.judging.doubts import CATALOGUE
from cases.judging.reasons import explain
from cases.values.masking import sensitive
from cases.values.refusals import Remark, masked
from cases.workbook import cells

if TYPE_CHECKING:
    from cases.files.xlsx_reading import RawSheet
    from cases.judging.doubts import Doubt
    from cases.store.rows.row_writing import Progress
    from cases.values.records import Value
    from cases.values.sheets import Sheet, SheetColumn
    from cases.workbook.sheet_header import SheetHeader

_ROWS_A_STEP = 500

_MISSING = {"code": "missing_code", "full_name": "missing_name"}


@dataclass(slots=True)
class SheetLine:
    """One row that holds something: its number as Excel shows it, and the values of its cells that could be read."""

    sheet: Sheet
    number: int
    values: dict[str, Value] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    """The marks that say no in so many words; only a history has a use for them."""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class LineSet:
    """The rows of one sheet, and the numbers of the blank rows between them."""

    sheet: Sheet
    header: SheetHeader | None
    lines: list[SheetLine]
    blank: tuple[int, ...] = ()


@dataclass(slots=True)
class Remarks:
    """What was refused and what was taken with a doubt, over all sheets."""

    refused: list[Remark] = field(default_factory=list)
    warned: list[Remark] = field(default_factory=list)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    """The letter of each column found, by sheet and field."""

    def refuse(self, line: SheetLine, name: str, code: str, **details: object) -> None:
        """Refuse a row for what stands (or fails to stand) in one of its cells."""
        line.refused = True
        self.refused.append(self._remark(line, name, code, details))

    def warn(self, line: SheetLine, name: str, code: str, **details: object) -> None:
        """Take a row, and say what is doubtful about one of its cells."""
        self.warned.append(self._remark(line, name, code, details))

    def contradict(self, line: SheetLine, doubt: Doubt, name: str | None = None, *, refuse: bool = False) -> None:
        """Refuse a row, or take it and say so, for what the judge of records says of one of its cells."""
        code = CATALOGUE[doubt.code].book_code or doubt.code
        line.refused = line.refused or refuse
        remark = self._written(line, name or doubt.field, code, doubt.said, doubt.todo)
        (self.refused if refuse else self.warned).append(remark)

    def _remark(self, line: SheetLine, name: str, code: str, details: dict[str, object]) -> Remark:
        return self._written(line, name, code, *explain(code, **details))

    def _written(self, line: SheetLine, name: str, code: str, reason: str, suggestion: str) -> Remark:
        column = next(column for column in line.sheet.columns if column.field == name)
        raw = line.raw.get(name)
        private = name in sensitive() or (name == "value" and line.values.get("name") in sensitive())
        value = None if raw is None or private else masked(cells.shown(raw))
        return Remark(
            sheet=line.sheet.name,
            row=line.number,
            column=self.letters.get((line.sheet.name, name)),
            header=column.header,
            field=name,
            value=value,
            code=code,
            reason=reason,
            suggestion=suggestion,
        )


def read_lines(
    raw: RawSheet, sheet: Sheet, header: SheetHeader, remarks: Remarks, progress: Progress | None = None
) -> LineSet:
    """Parse every row below the header; what cannot be taken goes to ``remarks``."""
    for position, column in header.columns:
        remarks.letters[sheet.name, column.field] = column_letter(position)
    broken_rows: dict[int, list[int]] = {}
    for row, position in raw.broken:
        broken_rows.setdefault(row, []).append(position)
    positions = {position for position, _ in header.columns}
    lines: list[SheetLine] = []
    blank: list[int] = []
    for number in range(header.row + 1, len(raw.rows)):
        cells_of_row = raw.rows[number]
        broken = positions.intersection(broken_rows.get(number, ()))
        filled = [
            (column, cells_of_row[position]) for position, column in header.columns if cells_of_row[position] != ""
        ]
        if broken or any(not cells.is_empty(cell) for _, cell in filled):
            line = SheetLine(sheet, number + 1)
            _parse_row(line, filled, remarks)
            if broken:
                _refuse_broken(line, header, {place: raw.broken[number, place] for place in broken}, remarks)
            _require_filled(line, remarks)
            lines.append(line)
        else:
            blank.append(number + 1)
        if progress is not None and number % _ROWS_A_STEP == 0:
            progress(number, len(raw.rows))
    last = lines[-1].number if lines else 0
    return LineSet(sheet, header, lines, tuple(number for number in blank if number < last))


def _parse_row(line: SheetLine, filled: list[tuple[SheetColumn, Any]], remarks: Remarks) -> None:
    for column, raw in filled:
        if cells.is_empty(raw):
            continue
        name = column.field
        line.raw[name] = raw
        try:
            value = cells.parse(raw, column)
        except cells.CellError as bad:
            if name == "born_on" and (year := cells.birth_year(raw)) is not None:
                line.values.setdefault("birth_year", year)
                remarks.warn(line, name, bad.code)
            else:
                remarks.refuse(line, name, bad.code, **bad.details)
            continue
        if value is None:
            line.denied.add(name)
        else:
            line.values[name] = value
        if column.type == "date" and cells.has_time(raw):
            remarks.warn(line, name, "time_of_day")


def _refuse_broken(line: SheetLine, header: SheetHeader, broken: dict[int, str], remarks: Remarks) -> None:
    for position, column in header.columns:
        if position in broken:
            line.values.pop(column.field, None)
            line.raw[column.field] = broken[position] or None
            remarks.refuse(line, column.field, "formula_error" if broken[position] else "formula_empty")


def _require_filled(line: SheetLine, remarks: Remarks) -> None:
    for column in line.sheet.columns:
        if column.filled and column.field not in line.values and column.field not in line.raw:
            remarks.refuse(line, column.field, _MISSING.get(column.field, "missing_value"))
