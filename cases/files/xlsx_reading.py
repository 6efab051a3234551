"""The one door through which an .xlsx file comes in: raw sheets, or a named refusal, whatever the bytes are."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from cases.files.xlsx_parts import Parts
from cases.files.xlsx_parts import column_index as column_index
from cases.files.xlsx_parts import column_letter as column_letter
from cases.values.refusals import (
    BadFile,
    DamagedWorkbook,
    LockedFile,
    MissingFile,
    NotAWorkbook,
    PasswordProtected,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

RawCell = Any  # what calamine hands out: str, float, int, bool, date, datetime, time, timedelta

_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and the envelope of a workbook with a password
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 600_000_000  # unpacked; a country's largest unit needs a tenth of it
_SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    LookupError,  # a part that another part names is not there, or an encoding that nobody knows
    ValueError,  # a number or a letter that is none
    NotImplementedError,  # a way of packing that nobody uses
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands: `rows[0][0]` is A1; ``broken`` holds, by row and column from 0, the cells without a value.

    The value in ``broken`` is the error's text (`#N/A`), or '' for a formula whose result is not stored.
    """

    name: str
    rows: Sequence[list[RawCell]]
    broken: Mapping[tuple[int, int], str] = field(default_factory=dict)


Keep = Callable[[str, "Iterator[list[RawCell]]"], "Sequence[list[RawCell]]"]
"""How the rows of a sheet are kept, given its name."""


def all_rows(_: str, rows: Iterator[list[RawCell]]) -> Sequence[list[RawCell]]:
    """Rows as a list."""
    return list(rows)


def read_sheets(path: Path, wanted: Callable[[list[str]], list[str]], keep: Keep = all_rows) -> list[RawSheet]:
    """Read the sheets that ``wanted`` picks from the workbook's sheet names; raises a `BadFile`."""
    _refuse_open_elsewhere(path)
    _refuse_foreign(path)
    try:
        return _read(path, wanted, keep)
    except (BadFile, MemoryError):
        raise
    except PermissionError as error:
        raise LockedFile(path) from error
    except _SIGNS_OF_DAMAGE as error:
        raise DamagedWorkbook(path) from error


def _refuse_open_elsewhere(path: Path) -> None:
    """Excel leaves a file `~$name` beside a workbook that it holds; to read past it is to miss what is not saved."""
    owner = path.with_name("~$" + path.name)
    if owner.exists() and path.exists() and _held(path):
        raise LockedFile(
            path, advice=f"Lưu và đóng tệp rồi thử lại. Nếu Excel đã đóng, xoá tệp “{owner.name}” còn sót bên cạnh."
        )


def _held(path: Path) -> bool:
    """Whether somebody holds the file: Windows tells a file left behind after a crash from one in use."""
    if os.name != "nt":
        return True
    try:
        with path.open("r+b"):
            return False
    except OSError:
        return True


def _refuse_foreign(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(8)
            if start == _COMPOUND_FILE:
                if _ENCRYPTED_PART in file.read(_MOST_BYTES):
                    raise PasswordProtected(path)
                raise NotAWorkbook(path, "là sổ Excel kiểu cũ (.xls).")
    except PermissionError as error:
        raise LockedFile(
            path,
            "không mở được: đang mở trong Excel hoặc không có quyền đọc.",
            "Đóng tệp trong Excel rồi thử lại; nếu vẫn không được, kiểm tra quyền của tệp.",
        ) from error
    except (OSError, ValueError) as error:
        raise MissingFile(path) from error
    if not start:
        raise NotAWorkbook(path, "trống, không có gì bên trong.", "Có thể tệp chép chưa xong; chép lại từ bản gốc.")
    if start[:2] != b"PK":
        raise NotAWorkbook(
            path, advice=f"{NotAWorkbook.advice} Nếu là danh sách của đơn vị, đọc bằng lệnh: dubi import “{path}”."
        )


def _read(path: Path, wanted: Callable[[list[str]], list[str]], keep: Keep) -> list[RawSheet]:
    import python_calamine as calamine

    with zipfile.ZipFile(path) as archive:
        parts = Parts(archive, path)
        places = parts.sheet_places()
        names = wanted(list(places))
        broken = {name: parts.broken_cells(places[name]) for name in names}
        parts.check_rest()
    try:
        with path.open("rb") as file:  # by its content: a path is read by its ending, and that is often another
            book = calamine.CalamineWorkbook.from_filelike(file)
            return [RawSheet(name, keep(name, _rows(book.get_sheet_by_name(name))), broken[name]) for name in names]
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise DamagedWorkbook(path) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # not an Exception: raised where the Rust side gives up
            raise DamagedWorkbook(path) from error
        raise


def _rows(sheet: Any) -> Iterator[list[RawCell]]:
    """The rows of a sheet from A1 on, made one after the other."""
    left = sheet.start[1] if sheet.start else 0
    rows: Iterator[list[RawCell]] = sheet.iter_rows()
    return ([""] * left + row for row in rows) if left else rows
