"""Reading workbooks of the old kind (.xls), with the fonts that old Vietnamese encodings are told by.

xlrd reads them in Python itself: a damaged file raises, where a faster reader takes the whole process with it, and it
tells failed formulas, fonts and hidden rows, which text of that time needs.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from cases.files.grids import Grid, Merge, Place, SpreadFile, make_even
from cases.files.sheet_marks import is_old_font
from cases.files.xlsx_reading import column_letter
from cases.values.refusals import BadFile, DamagedWorkbook, PasswordProtected, SheetMissing, TooLarge

if TYPE_CHECKING:
    from pathlib import Path

    from cases.files.xlsx_reading import RawCell

_MOST_BYTES = 300_000_000
_MOST_CELLS = 4_000_000
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5


def read_old_excel(path: Path) -> SpreadFile:
    """Every visible sheet of an .xls file; raises a `BadFile`."""
    import xlrd
    from xlrd.biffh import XLRDError

    if path.stat().st_size > _MOST_BYTES:
        raise TooLarge(path)
    content = path.read_bytes()
    if _ENCRYPTED_PART in content:
        raise PasswordProtected(path)
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        return _book(path, book)
    except BadFile:
        raise
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise PasswordProtected(path) from error
        raise DamagedWorkbook(path) from error
    except MemoryError as error:
        raise TooLarge(path) from error
    except Exception as error:
        raise DamagedWorkbook(path) from error  # a damaged file leads the reader into any exception


def _book(path: Path, book: Any) -> SpreadFile:
    visible = [sheet for sheet in book.sheets() if sheet.visibility == 0]
    hidden = tuple(sheet.name for sheet in book.sheets() if sheet.visibility != 0)
    if not visible:
        raise SheetMissing(path, "không có trang tính nào đang hiện.", "Bỏ ẩn trang có danh sách rồi lưu lại.")
    if any(sheet.nrows * sheet.ncols > _MOST_CELLS for sheet in visible):
        raise TooLarge(path)
    fonts = {number: font.name for number, font in enumerate(book.font_list) if is_old_font(font.name)}
    struck = {number for number, font in enumerate(book.font_list) if font.struck_out}
    of_style = [style.font_index for style in book.xf_list]
    grids = tuple(_grid(sheet, book.datemode, of_style, fonts, struck) for sheet in visible)
    comments = sum(len(sheet.cell_note_map) for sheet in visible)
    return SpreadFile(path, "xls", grids, hidden, comments, book.datemode == 1)


def _grid(sheet: Any, datemode: Literal[0, 1], of_style: list[int], fonts: dict[int, str], struck: set[int]) -> Grid:
    rows: list[list[RawCell]] = []
    broken: dict[Place, str] = {}
    old: dict[Place, str] = {}
    struck_rows: set[int] = set()
    for number in range(sheet.nrows):
        row: list[RawCell] = []
        for position, cell in enumerate(sheet.row(number)):
            row.append(_value(cell, datemode))
            if cell.ctype == _ERROR:
                broken[number, position] = _error_text(cell.value)
            elif row[-1] != "" and (fonts or struck) and cell.xf_index is not None and cell.xf_index < len(of_style):
                font = of_style[cell.xf_index]
                if font in fonts:
                    old[number, position] = fonts[font]
                if font in struck:
                    struck_rows.add(number + 1)
        rows.append(row)
    for (number, _), runs in sheet.rich_text_runlist_map.items():
        if any(font in struck for _, font in runs):
            struck_rows.add(number + 1)
    return Grid(
        name=sheet.name,
        rows=make_even(rows),
        broken=broken,
        merges=tuple(
            Merge(top, left, below - 1, right - 1) for top, below, left, right in sheet.merged_cells if below > top
        ),
        fonts=old,
        struck_rows=tuple(sorted(struck_rows)),
        hidden_rows=tuple(row + 1 for row, shown in sorted(sheet.rowinfo_map.items()) if shown.hidden),
        hidden_columns=tuple(
            column_letter(column)
            for column, shown in sorted(sheet.colinfo_map.items())
            if shown.hidden and column < 256
        ),
    )


def _value(cell: Any, datemode: Literal[0, 1]) -> RawCell:
    if cell.ctype == _DATE:
        return _day(cell.value, datemode)
    if cell.ctype == _BOOLEAN:
        return bool(cell.value)
    return cell.value if cell.ctype in (_TEXT, _NUMBER) else ""


def _day(number: float, datemode: Literal[0, 1]) -> RawCell:
    """A date cell as a date; a number that is none stays a number."""
    from xlrd.xldate import XLDateError, xldate_as_datetime

    try:
        found: datetime = xldate_as_datetime(number, datemode)
    except (XLDateError, ValueError, OverflowError):
        return number
    if number < 1:
        return number
    return date(found.year, found.month, found.day) if found.time() == time() else found


def _error_text(code: int) -> str:
    from xlrd.biffh import error_text_from_code

    return str(error_text_from_code.get(code, "#LỖI"))
