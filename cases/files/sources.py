"""One door for every kind of file a roster comes in: .xlsx, .xls, .ods and separated text.

What a file is shows in its first bytes, never in its name: lists are often saved under the wrong ending.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from xml.parsers import expat

from cases.files.bounds import LONGEST_CELL, MOST_FILLED, MOST_ROWS, MOST_SHEETS
from cases.files.delimited import NotARoster, read_delimited
from cases.files.grids import FileKind, Grid, Merge, SpreadFile, make_even
from cases.files.old_excel import read_old_excel
from cases.files.opendocument import OpenMarks, check_opendocument
from cases.files.packed_rows import PackedRows, packed
from cases.files.sheet_marks import book_marks, sheet_marks
from cases.files.xlsx_reading import RawCell, RawSheet, column_letter, read_sheets
from cases.values.apart import apart
from cases.values.refusals import (
    BadFile,
    DamagedWorkbook,
    LockedFile,
    MissingFile,
    PasswordProtected,
    Sealed,
    SheetMissing,
    TooLarge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cases.files.xlsx_reading import Keep

_Found = TypeVar("_Found")

SEALED = b"age-encryption.org/v1"
"""What a file begins with that was sealed for whoever it is meant for."""
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_MOST_BYTES = 300_000_000
_OTHER_FORMATS = ("ods", "xls")
_SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    NotImplementedError,
    OverflowError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class RawBook:
    """The sheets that were picked from a workbook, and the names of all that are in it."""

    names: tuple[str, ...]
    sheets: list[RawSheet]


def read_book(path: Path) -> SpreadFile:
    """Every visible sheet of a file; raises a `BadFile`."""
    return apart(path, _book)


def _book(path: Path) -> SpreadFile:
    kind = _kind_of(path)
    if kind == "csv":
        return _sound(read_delimited(path))
    return _sound(_whole({"xlsx": _read_xlsx, "xls": read_old_excel, "ods": _read_opendocument}[kind], path))


def _sound(book: SpreadFile) -> SpreadFile:
    _require_few_sheets(book)
    for grid in book.grids:
        _require_bounds(book.file, grid.name, grid.rows)
    return book


def _require_few_sheets(book: SpreadFile) -> None:
    if len(book.grids) > MOST_SHEETS:
        raise TooLarge(book.file, f"có {len(book.grids)} trang, nhiều nhất là {MOST_SHEETS}.", "Tách thành nhiều tệp.")


def _require_bounds(path: Path, sheet: str | None, rows: Sequence[Sequence[RawCell]], first: int = 0) -> None:
    """Refuse a cell with more text than Excel allows, and what is longer or wider than any list; raises `TooLarge`.

    ``first`` is the number of the first of these rows, from 0.
    """
    if first + len(rows) > MOST_ROWS:
        raise TooLarge(path, f"có {first + len(rows)} dòng, nhiều nhất là {MOST_ROWS}.", "Tách thành nhiều tệp.")
    for number, row in enumerate(rows, start=first + 1):
        if len(row) > MOST_FILLED and (filled := sum(cell != "" for cell in row)) > MOST_FILLED:
            raise TooLarge(
                path,
                f"có {filled} ô có chữ ở dòng {number}, nhiều nhất là {MOST_FILLED}.",
                "Kiểm tra có đúng là một danh sách không.",
            )
        position = next(
            (place for place, cell in enumerate(row) if type(cell) is str and len(cell) > LONGEST_CELL), None
        )
        if position is not None:
            place = f"trang “{sheet}”, " if sheet else ""
            raise TooLarge(
                path,
                f"có ô quá dài: {place}dòng {number}, cột {column_letter(position)} có {len(row[position])} ký tự, "
                f"nhiều nhất là {LONGEST_CELL}.",
                "Rút ngắn ô đó rồi lưu lại.",
            )


def read_raw(path: Path, wanted: Callable[[list[str]], list[str]]) -> RawBook:
    """The sheets that ``wanted`` picks by name from a workbook of any format; raises a `BadFile`.

    A sheet that is picked and hidden is refused where its cells are not handed out: nothing is left out in silence.
    ``wanted`` is asked in another process: what it gives depends on the names alone, and it keeps nothing.
    """
    return apart(path, _raw, wanted)


def _raw(path: Path, wanted: Callable[[list[str]], list[str]]) -> RawBook:
    found: list[str] = []

    def picked(names: list[str]) -> list[str]:
        found.extend(names)
        return wanted(names)

    sheets = _raw_sheets(path, picked, partial(_packed, path))
    return RawBook(tuple(found), sheets)


def _packed(path: Path, sheet: str, rows: Iterator[list[RawCell]]) -> PackedRows:
    def look(first: int, some: Sequence[list[RawCell]], longest: int) -> None:
        if longest > LONGEST_CELL or first + len(some) > MOST_ROWS or max(map(len, some)) > MOST_FILLED:
            _require_bounds(path, sheet, some, first)

    return packed(rows, look)


def _raw_sheets(path: Path, wanted: Callable[[list[str]], list[str]], keep: Keep) -> list[RawSheet]:
    try:
        kind = _kind_of(path)
    except Sealed:
        raise
    except BadFile:
        return read_sheets(path, wanted, keep)  # which says more of what is wrong
    if kind not in _OTHER_FORMATS:
        return read_sheets(path, wanted, keep)
    book = _book(path)
    grids = {grid.name or "": grid for grid in book.grids}
    names = wanted([*grids, *book.hidden_sheets])
    if hidden := next((name for name in names if name not in grids), None):
        raise SheetMissing(path, f"có trang “{hidden}” đang ẩn.", "Bỏ ẩn trang đó rồi lưu lại.")
    return [RawSheet(name, keep(name, iter(grids[name].rows)), grids[name].broken) for name in names]


def read_named(
    path: Path, chosen: Callable[[str], bool], wanted: Callable[[list[str]], list[str]]
) -> tuple[SpreadFile, RawBook | None] | None:
    """The visible sheets of a workbook that bear a chosen name, their cells only; None for a text file.

    Where there is one, what `read_raw` would give is read with it, unless that needs another look at the file.
    """
    return apart(path, _named, chosen, wanted)


def _named(
    path: Path, chosen: Callable[[str], bool], wanted: Callable[[list[str]], list[str]]
) -> tuple[SpreadFile, RawBook | None] | None:
    kind = _kind_of(path)
    if kind in _OTHER_FORMATS:
        book = _book(path)
        return replace(book, grids=tuple(grid for grid in book.grids if grid.name and chosen(grid.name))), None
    if kind != "xlsx":
        return None
    found, shown, whole = list[str](), list[str](), list[str]()

    def picked(names: list[str]) -> list[str]:
        hidden = book_marks(path).hidden
        found.extend(names)
        shown.extend(name for name in names if name not in hidden and chosen(name))
        with suppress(BadFile):  # said when the sheets are asked for in earnest
            whole.extend(wanted(names) if shown else ())
        return whole if set(shown) <= set(whole) else shown

    def read(path: Path) -> tuple[SpreadFile, RawBook | None]:
        sheets = read_sheets(path, picked, partial(_packed, path))
        grids = tuple(Grid(raw.name, raw.rows, raw.broken) for raw in sheets if raw.name in shown)
        raw = RawBook(tuple(found), sheets) if whole and sheets and len(sheets) == len(whole) else None
        return SpreadFile(path, "xlsx", grids), raw

    named, raw = _whole(read, path)
    _require_few_sheets(named)
    return named, raw


def _whole(read: Callable[[Path], _Found], path: Path) -> _Found:
    """What a reader gives, or a `BadFile` for whatever is broken in the file."""
    try:
        return read(path)
    except (BadFile, MemoryError):
        raise
    except PermissionError as error:
        raise LockedFile(path) from error
    except _SIGNS_OF_DAMAGE as error:
        raise DamagedWorkbook(path) from error


def kind_of(path: Path) -> FileKind:
    """What kind of file this is, by its first bytes; raises a `BadFile`."""
    return apart(path, _kind_of)


def _kind_of(path: Path) -> FileKind:
    try:
        with path.open("rb") as file:
            start = file.read(len(SEALED))
    except FileNotFoundError as error:
        raise MissingFile(path) from error
    except PermissionError as error:
        raise LockedFile(path) from error
    except (OSError, ValueError) as error:  # a folder; a name that no file can bear
        raise NotARoster(path, "không mở được.", "Kiểm tra lại tên tệp và thư mục.") from error
    if start == SEALED:
        raise Sealed(path)
    if start.startswith(_COMPOUND_FILE):
        return "xls"
    if start[:2] != b"PK":
        return "csv"
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()}
    except _SIGNS_OF_DAMAGE as error:
        raise DamagedWorkbook(path) from error
    if "content.xml" in names and "xl/workbook.xml" not in names:
        return "ods"
    return "xlsx"


def _read_xlsx(path: Path) -> SpreadFile:
    visible: list[str] = []

    def wanted(names: list[str]) -> list[str]:
        hidden = book_marks(path).hidden
        visible.extend(name for name in names if name not in hidden)
        return visible

    raw_sheets = read_sheets(path, wanted)
    book = book_marks(path)
    _require_sheets(path, visible)
    marks = sheet_marks(path, [book.parts[raw.name] for raw in raw_sheets])
    grids = tuple(
        Grid(
            raw.name,
            make_even(list(raw.rows)),
            raw.broken,
            own.merges,
            own.fonts,
            own.struck_rows,
            own.hidden_rows,
            own.hidden_columns,
            own.filtered,
        )
        for raw, own in zip(raw_sheets, marks, strict=True)
    )
    return SpreadFile(path, "xlsx", grids, book.hidden, book.comments, book.counts_from_1904)


def _read_opendocument(path: Path) -> SpreadFile:
    import python_calamine as calamine

    if path.stat().st_size > _MOST_BYTES:
        raise TooLarge(path)
    marks = check_opendocument(path)

    content = io.BytesIO(path.read_bytes())  # a path is read by its ending, and that is often another

    def read() -> SpreadFile:
        book = calamine.CalamineWorkbook.from_filelike(content)
        sheets = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        shown = [one.name for one in sheets if one.visible == calamine.SheetVisibleEnum.Visible]
        _require_sheets(path, shown)
        grids = []
        for name in shown:
            sheet = book.get_sheet_by_name(name)
            merges = tuple(Merge(*start, *end) for start, end in sheet.merged_cell_ranges or ())
            rows = make_even(sheet.to_python(skip_empty_area=False))
            own = marks.get(name, OpenMarks())
            grids.append(
                Grid(
                    name,
                    rows,
                    own.broken,
                    merges,
                    struck_rows=tuple(sorted(own.struck_rows)),
                    hidden_rows=tuple(own.hidden_rows),
                    hidden_columns=tuple(own.hidden_columns),
                    filtered=own.filtered,
                )
            )
        hidden = tuple(one.name for one in sheets if one.name not in shown)
        return SpreadFile(
            path, "ods", tuple(grids), hidden, sum(marks[name].comments for name in shown if name in marks)
        )

    return _guarded(read, path, calamine)


def _guarded(read: Callable[[], SpreadFile], path: Path, calamine: Any) -> SpreadFile:
    try:
        return read()
    except BadFile:
        raise
    except calamine.PasswordError as error:
        raise PasswordProtected(path) from error
    except calamine.CalamineError as error:
        raise DamagedWorkbook(path) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # not an Exception: raised where the Rust side gives up
            raise DamagedWorkbook(path) from error
        raise


def _require_sheets(path: Path, visible: list[str]) -> None:
    if not visible:
        raise SheetMissing(path, "không có trang tính nào đang hiện.", "Bỏ ẩn trang có danh sách rồi lưu lại.")
