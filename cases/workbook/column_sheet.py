"""A sheet of many rows, written column by column: what cells have in common is worked out once, not once a cell.

The part of the file comes out as the library writes it cell by cell, byte for byte; `test_exporting` holds it to that.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from xlsxwriter.format import Format

_ROWS_OF_A_SPAN = 16
"""So many rows share what they say of the columns that they reach over."""

_OF_TEXT = ' t="s"><v>'
_Cell = str
"""A cell behind its place, as the file has it: `" s="1" t="s"><v>7</v></c>`."""


class ColumnBook(Workbook):  # type: ignore[misc]  # the library says nothing of its types
    """A workbook that is put together in memory, each part of its file once and not thrice."""

    def _get_packager(self) -> Packager:
        return _Packager()


class _Packager(Packager):  # type: ignore[misc]  # the library ships no types
    def _filename(self, xml_filename: str) -> StringIO:
        part = _Part()
        self.filenames.append((part, xml_filename, True))
        return part


class _Part(StringIO):
    """A part of the file, as its bytes from the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.content = bytearray()

    def write(self, text: str) -> int:
        self.content += text.encode()
        return len(text)

    def getvalue(self) -> bytearray:  # type: ignore[override]  # what the library puts into the file as it is
        return self.content


class ColumnSheet(Worksheet):  # type: ignore[misc]  # the library says nothing of its types
    """A worksheet whose first row is written cell by cell, and the rows below it by columns."""

    dim_rowmax: int
    """The last row, from 0."""

    def __init__(self) -> None:
        """Begin with no column."""
        super().__init__()
        self._columns: dict[int, Sequence[_Cell | None]] = {}

    def text_cell(self, text: str, form: Format) -> _Cell:
        """What a cell with a text is."""
        number = self.str_table._get_shared_string_index(text)  # noqa: SLF001  # a part of this very sheet
        self.str_table.count -= 1  # counted when it stands in a column
        return f'"{_style(form)}{_OF_TEXT}{number}</v></c>'

    def day_cell(self, day: datetime, form: Format) -> _Cell:
        """What a cell with a day is."""
        return f'"{_style(form)}><v>{self._convert_date_time(day):.16G}</v></c>'

    def number_cell(self, number: float, form: Format | None) -> _Cell:
        """What a cell with a number is."""
        return f'"{_style(form)}><v>{number:.16G}</v></c>'

    def set_cells(self, place: int, cells: Sequence[_Cell | None]) -> None:
        """Fill a column from the second row on."""
        last = next((row for row in range(len(cells), 0, -1) if cells[row - 1] is not None), None)
        if last is not None:
            self._columns[place] = cells
            self.str_table.count += sum(_OF_TEXT in cell for cell in cells if cell is not None)
            self._check_dimensions(last, place)

    def _write_rows(self) -> None:
        last = self.dim_rowmax
        self.dim_rowmax = 0
        super()._write_rows()
        self.dim_rowmax = last
        columns, self._columns = self._columns, {}
        if columns:
            self._write_columns(columns)

    def _write_columns(self, columns: dict[int, Sequence[_Cell | None]]) -> None:
        places = sorted(columns)
        heads = [f'<c r="{xl_col_to_name(place)}' for place in places]
        rows: list[tuple[_Cell | None, ...]] = []
        # the first row is of the first span as well, and reaches over all columns
        span = f"{self.dim_colmin + 1}:{self.dim_colmax + 1}"
        first = 2
        for row in zip(*(columns[place] for place in places), strict=True):
            rows.append(row)
            if (first + len(rows) - 1) % _ROWS_OF_A_SPAN == 0:
                self.fh.write("".join(_rows(first, rows, span or _span(rows, places), heads)))
                first, span = first + len(rows), ""
                rows.clear()
        self.fh.write("".join(_rows(first, rows, span or _span(rows, places), heads)))


def _style(form: Format | None) -> str:
    return "" if form is None else f' s="{form._get_xf_index()}"'  # noqa: SLF001  # as the library numbers its formats


def _span(rows: Sequence[Sequence[_Cell | None]], places: Sequence[int]) -> str:
    """The columns that rows reach over, as the file says it."""
    filled = [place for place, cells in zip(places, zip(*rows, strict=True), strict=True) if any(cells)] if rows else []
    return f"{filled[0] + 1}:{filled[-1] + 1}" if filled else ""


def _rows(first: int, rows: Sequence[Sequence[_Cell | None]], span: str, heads: Sequence[str]) -> Iterator[str]:
    for number, row in enumerate(rows, first):
        shown = str(number)
        cells: list[Any] = [head + shown + cell for head, cell in zip(heads, row, strict=True) if cell]
        if cells:
            yield f'<row r="{shown}" spans="{span}">{"".join(cells)}</row>'
