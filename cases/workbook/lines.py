"""The rows of one sheet, each cell parsed, and the remarks that gather while they are read and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from cases.files.xlsx_reading import column_letter
from cases.judging.doubts import CATALOGUE
from cases.judging.reasons import explain
from cases.values.masking import sensitive
from cases.values.refusals import Remark, masked
from cases.workbook import cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.files.xlsx_reading import RawCell, RawSheet
    from cases.judging.doubts import Doubt
    from cases.store.rows.row_writing import Progress
    from cases.values.records import Value
    from cases.values.sheets import Sheet, SheetColumn
    from cases.workbook.sheet_header import SheetHeader

_ROWS_A_STEP = 500
_ALIKE = frozenset({str, float, date, datetime})
"""The types of cells of which two are alike where they are equal."""
_EMPTY = ""
"""What nearly every empty cell is; others are seen to be empty when nobody knows what they say."""
_MOST_KNOWN = 20_000
"""Of a column, and of all columns of days: cells whose values are kept; more different ones hardly come again."""

_MISSING = {"code": "missing_code", "full_name": "missing_name"}


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a sheet as they stand in its file, and which column fills which field."""

    rows: Sequence[list[RawCell]]
    places: Mapping[str, int]


@dataclass(slots=True)
class SheetLine:
    """One row that holds something: its number as Excel shows it, and the values of its cells that could be read."""

    sheet: Sheet
    number: int
    cells: _Cells
    values: dict[str, Value] = field(default_factory=dict)
    broken: Mapping[str, str | None] = field(default_factory=dict)
    """What stands in the place of a value that is lacking, by field."""
    refused: bool = False

    def cell(self, name: str) -> Any:
        """What stands in its cell for a field; None where that is empty. Looked up, for most rows are never asked."""
        if name in self.broken:
            return self.broken[name]
        place = self.cells.places.get(name)
        raw = None if place is None else self.cells.rows[self.number - 1][place]
        return None if raw is None or cells.is_empty(raw) else raw

    def has_cell(self, name: str) -> bool:
        """Whether something stands in its cell for a field, be it a formula without a value."""
        return name in self.broken or self.cell(name) is not None


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
    columns: dict[tuple[str, str], SheetColumn] = field(default_factory=dict)
    """Each column of the sheets read, found or not, by sheet and field."""

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
        column = self.columns[line.sheet.name, name]
        raw = line.cell(name)
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
    remarks.columns.update({(sheet.name, column.field): column for column in sheet.columns})
    for position, column in header.columns:
        remarks.letters[sheet.name, column.field] = column_letter(position)
    broken_rows: dict[int, list[int]] = {}
    for row, position in raw.broken:
        broken_rows.setdefault(row, []).append(position)
    positions = {position for position, _ in header.columns}
    own = _Cells(raw.rows, {column.field: position for position, column in header.columns})
    reader = _RowReader(sheet, header, own, remarks)
    lines: list[SheetLine] = []
    blank: list[int] = []
    for number, row_cells in enumerate(islice(iter(raw.rows), header.row + 1, None), header.row + 1):
        line = reader.read(number + 1, row_cells)
        if broken := positions.intersection(broken_rows.get(number, ())):
            line = line or reader.line(number + 1)
            _refuse_broken(line, header, {place: raw.broken[number, place] for place in broken}, remarks)
        if line is not None:
            reader.require_filled(line)
            lines.append(line)
        else:
            blank.append(number + 1)
        if progress is not None and number % _ROWS_A_STEP == 0:
            progress(number, len(raw.rows))
    last = lines[-1].number if lines else 0
    return LineSet(sheet, header, lines, tuple(number for number in blank if number < last))


class _RowReader:
    """Reads the rows of one sheet; what a cell of a column says is worked out once, however often it stands there."""

    def __init__(self, sheet: Sheet, header: SheetHeader, own: _Cells, remarks: Remarks) -> None:
        self.sheet, self.own, self.remarks = sheet, own, remarks
        days = dict[Any, Any]()  # what a day says is the same in every column of days
        self.columns = [
            (place, column.field, column, days if column.type == "date" else dict[Any, Any]())
            for place, column in header.columns
        ]
        self.needed = [column.field for column in sheet.columns if column.filled]

    def line(self, number: int) -> SheetLine:
        return SheetLine(self.sheet, number, self.own)

    def read(self, number: int, row: list[RawCell]) -> SheetLine | None:
        """The line of a row; None for one without a cell that holds something."""
        line, found = self.line(number), False
        values = line.values
        for place, name, column, known in self.columns:
            raw = row[place]
            if raw is _EMPTY:
                continue
            value = known.get(raw) if type(raw) in _ALIKE else None
            if value is None:
                if cells.is_empty(raw):
                    continue
                value = self._parsed(line, column, raw, known)
            found = True
            if value is not None:
                values[name] = value
        return line if found else None

    def _parsed(self, line: SheetLine, column: SheetColumn, raw: Any, known: dict[Any, Any]) -> Value | None:
        """The value of a cell; None where it has none, or a mark says no."""
        name = column.field
        try:
            value = cells.parse(raw, column)
        except cells.CellError as bad:
            if name == "born_on" and (year := cells.birth_year(raw)) is not None:
                line.values.setdefault("birth_year", year)
                self.remarks.warn(line, name, bad.code)
            else:
                self.remarks.refuse(line, name, bad.code, **bad.details)
            return None
        if column.type == "date" and cells.has_time(raw):
            self.remarks.warn(line, name, "time_of_day")
        elif len(known) < _MOST_KNOWN and type(raw) in _ALIKE:
            known[raw] = value
        return value

    def require_filled(self, line: SheetLine) -> None:
        """Refuse a row that lacks what every row of its sheet has to say."""
        for name in self.needed:
            if name not in line.values and not line.has_cell(name):
                self.remarks.refuse(line, name, _MISSING.get(name, "missing_value"))


def _refuse_broken(line: SheetLine, header: SheetHeader, broken: dict[int, str], remarks: Remarks) -> None:
    fields = [(position, column.field) for position, column in header.columns if position in broken]
    for position, name in fields:
        line.values.pop(name, None)
        line.broken = {**line.broken, name: broken[position] or None}
        remarks.refuse(line, name, "formula_error" if broken[position] else "formula_empty")
