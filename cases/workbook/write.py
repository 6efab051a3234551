"""The form of the workbooks that we write: headers, drop-down lists, dates and texts; equal data give equal bytes.

A file comes into being beside its place and is moved there whole; one that is there stays unless told otherwise.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.files.bounds import MOST_ROWS
from cases.values.whole_file import whole_file
from cases.workbook import schema as layout
from cases.workbook.cells import CODES_APART
from rules.loader.errors import BadInput
from rules.loader.spelling.days import FIRST_YEAR, LAST_YEAR, shown_day, shows_a_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from cases.workbook.column_sheet import ColumnSheet

_CREATED = datetime(2025, 1, 1)
"""Excel wants a day of creation; the same one always, or equal data would give unequal files."""

_WIDTHS = {
    "date": 13,
    "mark": 11,
    "number": 10,
    "decimal": 10,
    "code": 22,
    "key": 16,
    "text": 26,
    "partly": 13,
    "codes": 26,
}
_NAME_WIDTH = 28
_LAST_LISTED_ROW = 5_000


class Table:
    """Rows of a sheet by the fields of its columns, many in little room; a field without a value is None or absent."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        """Begin with some rows."""
        self.height = 0
        self._columns: dict[str, list[Any]] = {}
        self._texts: dict[str, str] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Mapping[str, Any]) -> None:
        """Put a row below the others."""
        height, columns, kept = self.height, self._columns, self._texts.setdefault
        for name, value in row.items():
            if value is None:
                continue
            column = columns.get(name)
            if column is None:
                column = columns[name] = []
            if len(column) < height:
                column.extend(repeat(None, height - len(column)))
            column.append(kept(value, value) if type(value) is str else value)
        self.height += 1

    @property
    def fields(self) -> Iterable[str]:
        """The fields that some row has a value for."""
        return self._columns.keys()

    def column(self, name: str) -> Iterator[Any]:
        """The values of a field from the first row to the last."""
        values = self._columns.get(name, [])
        return chain(values, repeat(None, self.height - len(values)))


class BookWriter:
    """One workbook being written: its formats, its lists, its sheets."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        framed = {"border": 1, "text_wrap": True, "valign": "top"}
        self.header = book.add_format({**framed, "bold": True, "bg_color": "#DDE8CB"})
        self.optional = book.add_format({**framed, "italic": True, "bg_color": "#E4E4E4"})
        self.bold = book.add_format({"bold": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.text = book.add_format({"num_format": "@"})
        self.lists: dict[str, str] = {}

    def add(
        self, sheet: layout.Sheet, rows: Table, columns: Sequence[layout.SheetColumn], *, notes: bool = False
    ) -> None:
        """Write a sheet with its header and its rows."""
        from cases.workbook.column_sheet import ColumnSheet

        if rows.height >= MOST_ROWS:
            raise BadInput(
                f"Trang “{sheet.name}” sẽ có {rows.height + 1} dòng, Excel chỉ nhận {MOST_ROWS}. Chưa ghi tệp nào."
            )
        page: ColumnSheet = self.book.add_worksheet(sheet.name, ColumnSheet)
        page.freeze_panes(1, 2 if sheet.name == layout.case_sheet().name else 1)
        page.set_row(0, 45)
        last = max(rows.height, _LAST_LISTED_ROW)
        for place, column in enumerate(columns):
            page.write_string(0, place, column.header, self.optional if column.optional else self.header)
            width = _NAME_WIDTH if column.longest == layout.LONGEST_NAME else _WIDTHS[column.type]
            page.set_column(place, place, width, self._cell_format(column))
            self._restrict(page, column, place, last)
            if notes and (note := _note(column)):
                page.write_comment(0, place, note, {"author": "dubi", "x_scale": 2})
            page.set_cells(place, self._cells(page, column, rows))
        page.autofilter(0, 0, max(rows.height, 1), len(columns) - 1)

    def _cell_format(self, column: layout.SheetColumn) -> Format | None:
        return self.day if column.type == "date" else None if column.type in ("number", "decimal") else self.text

    def _cells(self, page: ColumnSheet, column: layout.SheetColumn, rows: Table) -> list[str | None]:
        """The cells of a column from its first row to the last, those that are equal made once."""
        labels = layout.choices(column.codes) if column.codes and column.labelled else {}
        made: dict[Any, str | None] = {}
        cells: list[str | None] = []
        for value in rows.column(column.field):
            if value is None or value is False:
                cells.append(None)
                continue
            kind = type(value)
            key = value if kind is str or kind is date else (kind, value)  # 1 and True are equal
            if key not in made:
                made[key] = self._cell(page, column, labels, value)
            cells.append(made[key])
        return cells

    def _cell(self, page: ColumnSheet, column: layout.SheetColumn, labels: Mapping[str, str], value: Any) -> str:
        if isinstance(value, bool):
            return page.text_cell("x", self.text)
        if column.type == "codes":
            return page.text_cell(CODES_APART.join(labels[one] for one in value.split(CODES_APART)), self.text)
        if isinstance(value, date) and shows_a_year(value):
            return page.text_cell(shown_day(value), self.text)
        if isinstance(value, date):
            return page.day_cell(datetime(value.year, value.month, value.day), self.day)
        if column.type == "decimal":
            return page.number_cell(float(value), self._cell_format(column))
        if isinstance(value, int):
            return page.number_cell(value, self._cell_format(column))
        return page.text_cell(labels.get(value, value), self.text)

    def _restrict(self, page: Worksheet, column: layout.SheetColumn, place: int, last: int) -> None:
        """Offer a list or ask for a day. Excel warns and lets pass, for a code or a text date is as good."""
        rule: dict[str, Any]
        if column.type == "code" and column.codes:
            rule = {"validate": "list", "source": self.lists[column.codes], "error_message": "Chọn trong danh sách."}
        elif column.type == "mark":
            rule = {"validate": "list", "source": ["x"], "error_message": "Ghi x nếu có, để trống nếu không."}
        elif column.type == "date":
            rule = {
                "validate": "date",
                "criteria": "between",
                "minimum": datetime(FIRST_YEAR, 1, 1),
                "maximum": datetime(LAST_YEAR, 12, 31),
                "error_message": "Ghi ngày/tháng/năm, ví dụ 03/02/2024.",
            }
        else:
            return
        page.data_validation(1, place, last, place, {**rule, "error_title": "Kiểm tra lại", "error_type": "warning"})

    def prepare_lists(self, sheets: Iterable[layout.Sheet]) -> None:
        """Settle where each list of codes will stand in the sheet of lists, before any cell refers to it."""
        for number, codes in enumerate(_lists_of(sheets)):
            last = len(layout.choices(codes)) + 1
            letter = _letter(2 * number)
            self.lists[codes] = f"='{layout.LISTS_SHEET}'!${letter}$2:${letter}${last}"

    def add_lists(self) -> None:
        """Write the sheet of lists: for each list its labels and its codes side by side."""
        page = self.book.add_worksheet(layout.LISTS_SHEET)
        columns = [column for sheet in layout.all_sheets() for column in sheet.columns]
        titles = {column.codes: column.header for column in columns if column.codes}
        for number, codes in enumerate(self.lists):
            page.set_column(2 * number, 2 * number, 34)
            page.set_column(2 * number + 1, 2 * number + 1, 20)
            page.write_string(0, 2 * number, titles[codes], self.header)
            page.write_string(0, 2 * number + 1, "Mã", self.header)
            for row, (code, label) in enumerate(layout.choices(codes).items(), 1):
                page.write_string(row, 2 * number, label)
                page.write_string(row, 2 * number + 1, code)
        page.freeze_panes(1, 0)


def _lists_of(sheets: Iterable[layout.Sheet]) -> list[str]:
    return list(dict.fromkeys(column.codes for sheet in sheets for column in sheet.columns if column.codes))


def _letter(place: int) -> str:
    from cases.files.xlsx_reading import column_letter

    return column_letter(place)


def _note(column: layout.SheetColumn) -> str:
    words = {
        "date": "Ngày/tháng/năm, ví dụ 03/02/2024. Chưa có thì để trống.",
        "mark": "Ghi x nếu có, để trống nếu không.",
        "code": "Chọn trong danh sách.",
        "number": "Ghi một số nguyên.",
        "decimal": "Ghi một số, ví dụ 12 hoặc 3,5.",
        "partly": "Ví dụ 2019, 03/2019, hoặc x.",
    }
    parts = ["Bắt buộc." if column.filled else "", column.note or "", words.get(column.type, "")]
    if column.optional:
        parts.append("Cột không bắt buộc; không dùng thì xoá cả cột.")
    return " ".join(part for part in parts if part)


def write_book(path: Path | str, fill: Callable[[BookWriter], None], *, force: bool) -> Path:
    """Write a workbook whole or not at all; raises what `whole_file` raises."""
    from cases.workbook.column_sheet import ColumnBook

    path = Path(path)
    with whole_file(path, suffix=".xlsx", replace=force) as draft:
        # no files of its parts: they would be plain on the disk, and on Windows end their lines by CR LF; and no zip
        # that is still open when the disk is full
        content = io.BytesIO()
        book = ColumnBook(content, {"in_memory": True})
        book.set_properties({"title": "dubi", "created": _CREATED})
        fill(BookWriter(book))
        book.close()
        draft.write_bytes(content.getbuffer())
    return path


def shown_columns(sheet: layout.Sheet, rows: Table) -> list[layout.SheetColumn]:
    """The contract's columns, and of the optional ones those that hold something."""
    used = set(rows.fields)
    return [column for column in sheet.columns if not column.optional or column.field in used]
