"""Reading a filled form back from a workbook: which form it is, for which period, and the number in each cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from cases.values.apart import apart
from reports.forms.form_loader import Form, load
from reports.forms.form_parts import ByUnit, RowTable, SlotPart, TableColumn
from reports.forms.numbers import NOT_TYPED
from reports.render.template import folded, open_workbook
from rules.loader.errors import BadInput
from rules.loader.spelling.days import whole_day

_BRACES = re.compile(r"\{[^{}]*\}")
_FOOTNOTE = re.compile(r"\s*\(\d+\)\s*$")
_DAY = r"(\d{1,2}/\d{1,2}/\d{4})"
_PERIOD = re.compile(rf"{_DAY}\s*(?:–|-|đến)\s*{_DAY}")
_AS_OF = re.compile(rf"tính đến ngày {_DAY}", re.IGNORECASE)
_UNIT = re.compile(rf"tính đến ngày {_DAY}; đơn vị: ([^;]+);")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[-−]?\d[\d., \u00a0]*")
_EMPTY = {"", "-", "–", "…", "...", NOT_TYPED}
_HEAD_ROWS = 60

TOTAL = "*"
"""The line for all units."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as somebody wrote it: exact as written, with the digits shown."""

    cell: str
    text: str
    value: Fraction | None
    digits: int = 0
    readable: bool = True


@dataclass(frozen=True)
class FormRead:
    """A form read back: the typed cells by row and column of its table."""

    form: Form
    sheet: str
    part: RowTable | ByUnit | SlotPart
    """The table, with a column for each year where the form has such; or the sentences with their figures."""
    number: int
    """Which of the form's tables it is."""
    cells: dict[tuple[str, int], Typed]
    labels: dict[str, str]
    """What stands in front of each row."""
    period: tuple[dt.date, dt.date] | None = None
    as_of: dt.date | None = None
    unit: str | None = None
    lines: list[str] = field(default_factory=list)
    """The units of a table by unit, in their order."""


def read_back(path: Path, wanted: Form | None = None) -> FormRead:
    """Read a filled form; raises `BadInput` where the file is none of the forms."""
    return apart(path, _read_back, wanted)


def _read_back(path: Path, wanted: Form | None) -> FormRead:
    book = open_workbook(path, results=True)
    best: FormRead | None = None
    for form in [wanted] if wanted else load().values():
        tables = [part for part in form.parts if isinstance(part, RowTable | ByUnit)]
        sentences = [part for part in form.parts if isinstance(part, SlotPart)]
        for sheet in book.worksheets:
            found = [_read(form, number, part, sheet) for number, part in enumerate(tables)]
            found += [_read_slots(form, number, part, sheet) for number, part in enumerate(sentences)]
            for read in found:
                if read and (best is None or len(read.cells) > len(best.cells)):
                    best = read
    if best is None:
        name = f"biểu {wanted.name}" if wanted else "biểu mẫu nào"
        raise BadInput(f"Không nhận ra {name} trong “{path}”. Kiểm tra tiêu đề cột và nhãn các dòng.")
    return best


def _with_years(part: RowTable, sheet: Any) -> RowTable:
    """A table whose columns by year are spelt out as the sheet has them."""
    if not any(column.by_year for column in part.columns):
        return part
    found = dict[str, None]()
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _HEAD_ROWS), values_only=True):
        found.update(dict.fromkeys(str(value) for value in row if _YEAR.fullmatch(str(value))))
    columns = list[TableColumn]()
    for column in part.columns:
        years = [replace(column, label=year, by_year=False) for year in found]
        columns.extend(years if column.by_year else [column])
    return replace(part, columns=tuple(columns))


def _read(form: Form, number: int, part: RowTable | ByUnit, sheet: Any) -> FormRead | None:
    if isinstance(part, RowTable):
        part = _with_years(part, sheet)
    head = _head(sheet, part)
    if head is None:
        return None
    top, label_column, columns = head
    if isinstance(part, RowTable):
        cells, labels, lines = _rows(sheet, part, top, label_column, columns)
    else:
        cells, labels, lines = _unit_rows(sheet, part, top, label_column, columns)
    if not cells:
        return None
    words = list(_words(sheet))
    return FormRead(form, sheet.title, part, number, cells, labels, _period(words), _as_of(words), _unit(words), lines)


def _read_slots(form: Form, number: int, part: SlotPart, sheet: Any) -> FormRead | None:
    """The figures under the sentences of a form, each in a row of its own with its label and its value."""
    codes, label_column, value_column = {slot.code for slot in part.slots}, 3, 4
    cells: dict[tuple[str, int], Typed] = {}
    labels: dict[str, str] = {}
    slot = None
    for row in range(1, sheet.max_row + 1):
        code = str(sheet.cell(row, 1).value or "").strip()
        if code:
            slot = code if code in codes else None
            continue
        label = _label(sheet, row, label_column)
        if slot is not None and label:
            key = slot_row(slot, label)
            labels.setdefault(key, f"{slot}, {label}")
            cells.setdefault((key, value_column), _typed(sheet.cell(row, value_column), ratio="%" in label))
    if not cells:
        return None
    words = list(_words(sheet))
    return FormRead(form, sheet.title, part, number, cells, labels, _period(words), _as_of(words), _unit(words))


def slot_row(code: str, label: str) -> str:
    """How a figure of a sentence is named among the cells read."""
    return f"{code} {folded(label)}"


def _pattern(label: str) -> re.Pattern[str]:
    """What a label with placeholders looks like when it is filled."""
    return re.compile(".*".join(re.escape(folded(piece)) for piece in _BRACES.split(label)).replace(r"\ ", r" ?"))


def _head(sheet: Any, part: RowTable | ByUnit) -> tuple[int, int, dict[int, int]] | None:
    """The last row of the headings, the column of the labels, and the column of each figure."""
    if isinstance(part, RowTable):
        wanted = {place: _pattern(c.label) for place, c in enumerate(part.columns)}
        labels = next(place for place, column in enumerate(part.columns) if column.kind == "label")
        figures = {place for place, column in enumerate(part.columns) if column.kind not in ("label", "note")}
    else:
        wanted = {place: _pattern(column.label) for place, column in enumerate(part.columns)}
        labels = next(place for place, column in enumerate(part.columns) if column.what == "name")
        figures = {place for place, column in enumerate(part.columns) if column.what == "figure"}
    found: dict[int, tuple[int, int]] = {}
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _HEAD_ROWS)):
        for cell in row:
            text = folded(cell.value)
            for place, pattern in wanted.items():
                taken = {at[1] for at in found.values()}
                if text and place not in found and cell.column not in taken and pattern.fullmatch(text):
                    found[place] = (cell.row, cell.column)
    places = {place: column for place, (_, column) in found.items() if place in figures}
    if labels not in found or not places:
        return None
    return max(row for row, _ in found.values()), found[labels][1], places


Rows = tuple[dict[tuple[str, int], Typed], dict[str, str], list[str]]


def _rows(sheet: Any, part: RowTable, top: int, label_column: int, columns: dict[int, int]) -> Rows:
    cells: dict[tuple[str, int], Typed] = {}
    labels: dict[str, str] = {}
    lines = list(_stacked_lines(sheet, top, label_column))
    at = 0
    for row_text in part.rows:
        pattern = _pattern(row_text.label)
        found = next((n for n, line in enumerate(lines[at:], at) if pattern.fullmatch(folded(line.label))), None)
        if found is None:
            continue
        at, line = found + 1, lines[found]
        labels[row_text.code] = line.label
        if row_text.figure is not None:
            for place, column in columns.items():
                ratio = part.columns[place].kind in ("share", "compare")
                cells[row_text.code, place] = _typed(sheet.cell(line.row, column), ratio=ratio, line=line.number)
    return cells, labels, []


@dataclass(frozen=True, slots=True)
class _LabelLine:
    """A line of a label: which row it stands in, and which of several lines of the cell it is."""

    row: int
    number: int | None
    label: str


def _stacked_lines(sheet: Any, top: int, column: int) -> Iterator[_LabelLine]:
    """The lines of the labels: some offices put those of one number into one cell, with their figures beside them."""
    for row in range(top + 1, sheet.max_row + 1):
        lines = _label(sheet, row, column).split("\n")
        for number, line in enumerate(lines):
            if folded(line):
                yield _LabelLine(row, number if len(lines) > 1 else None, _FOOTNOTE.sub("", line).strip())


def _unit_rows(sheet: Any, part: ByUnit, top: int, label_column: int, columns: dict[int, int]) -> Rows:
    cells: dict[tuple[str, int], Typed] = {}
    labels: dict[str, str] = {}
    lines = list[str]()
    for row in range(top + 1, sheet.max_row + 1):
        name = _label(sheet, row, label_column)
        if not name or name.isdecimal():
            continue
        code = TOTAL if folded(name) in (folded(part.total), "tong so", "cong") else name
        for place, column in columns.items():
            cells[code, place] = _typed(
                sheet.cell(row, column), ratio=part.columns[place].digits is not None and _ratio(part, place)
            )
        labels[code] = name
        if code == TOTAL:
            return cells, labels, lines
        lines.append(code)
    return {}, {}, []


def _ratio(part: ByUnit, place: int) -> bool:
    figure = part.columns[place].figure or ""
    return "ratio" in figure


def _label(sheet: Any, row: int, column: int) -> str:
    value = sheet.cell(row, column).value
    return "" if value is None else _FOOTNOTE.sub("", str(value)).strip()


def _typed(cell: Any, *, ratio: bool, line: int | None = None) -> Typed:
    value, place = cell.value, cell.coordinate
    if line is not None:
        lines = str("" if value is None else value).split("\n")
        return number_in(lines[line] if line < len(lines) else "", place, ratio=ratio)
    if isinstance(value, bool) or value is None:
        return Typed(place, "", None)
    if isinstance(value, int | float):
        digits = _digits_shown(str(cell.number_format or ""), value)
        return Typed(place, str(value), Fraction(str(value)), digits)
    return number_in(str(value), place, ratio=ratio)


def _digits_shown(number_format: str, value: float) -> int:
    """How many digits a cell shows after the comma."""
    match = re.search(r"0\.(0+)", number_format)
    if match:
        return len(match[1])
    if isinstance(value, int) or number_format not in ("", "General"):
        return 0
    return len(str(value).partition(".")[2].rstrip("0"))


def number_in(text: str, cell: str = "", *, ratio: bool = False) -> Typed:
    """The number a text says; dots and commas as people mix them: in a ratio the last one is the decimal sign."""
    text = text.strip()
    if text in _EMPTY:
        return Typed(cell, text, None)
    match = _NUMBER.search(text)
    if match is None:
        return Typed(cell, text, None, readable=False)
    digits_text = re.sub(r"[ \u00a0]", "", match[0]).replace("−", "-").rstrip(".,")
    groups = re.split(r"[.,]", digits_text)
    separators = re.findall(r"[.,]", digits_text)
    thousands = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and not ratio
    if not separators or thousands:
        return Typed(cell, text, Fraction("".join(groups)))
    whole, decimals = "".join(groups[:-1]), groups[-1]
    return Typed(cell, text, Fraction(f"{whole}.{decimals}"), len(decimals))


def _words(sheet: Any) -> Iterator[str]:
    for row in sheet.iter_rows(values_only=True):
        yield from (value for value in row if isinstance(value, str))


def _period(words: list[str]) -> tuple[dt.date, dt.date] | None:
    for text in words:
        match = _PERIOD.search(text)
        if match:
            start, end = whole_day(match[1]), whole_day(match[2])
            if start and end:
                return start, end
    return None


def _as_of(words: list[str]) -> dt.date | None:
    found = (_AS_OF.search(text) for text in words)
    return next((whole_day(match[1]) for match in found if match), None)


def _unit(words: list[str]) -> str | None:
    found = (_UNIT.search(text) for text in words)
    return next((match[2] for match in found if match), None)
