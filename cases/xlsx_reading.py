"""The one door through which an .xlsx file comes in: raw sheets, or a named refusal, whatever the bytes are.

python-calamine reads fast but gives '' for an error cell and for a formula without a stored result, so the sheets'
XML is looked through first: a bad date must not become a missing one. That look also checks that every part is whole,
that no part declares entities, and that the sheet is not larger in memory than it is on paper.
"""

from __future__ import annotations

import os
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from cases.refusals import (
    BadFile,
    DamagedWorkbook,
    LockedFile,
    MissingFile,
    NotAWorkbook,
    PasswordProtected,
    TooLarge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

RawCell = Any  # what calamine hands out: str, float, int, bool, date, datetime, time, timedelta

_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and the envelope of a workbook with a password
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 600_000_000  # unpacked; a country's largest unit needs a tenth of it
_MOST_EMPTY_CELLS = 4_000_000

_SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    KeyError,  # a part that another part names is not there
    ValueError,  # a number or a letter that is none
    NotImplementedError,  # a way of packing that nobody uses
    RecursionError,
)

_ERROR_CELL = re.compile(rb"""\st\s*=\s*["']e["']""")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands: `rows[0][0]` is A1; ``broken`` holds, by row and column from 0, the cells without a value.

    The value in ``broken`` is the error's text (`#N/A`), or '' for a formula whose result is not stored.
    """

    name: str
    rows: list[list[RawCell]]
    broken: Mapping[tuple[int, int], str] = field(default_factory=dict)


def column_letter(index: int) -> str:
    """The letter of a column counted from 0, as Excel shows it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The column counted from 0 that bears these letters."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def read_sheets(path: Path, wanted: Callable[[list[str]], list[str]]) -> list[RawSheet]:
    """Read the sheets that ``wanted`` picks from the workbook's sheet names; raises a `BadFile`."""
    _refuse_open_elsewhere(path)
    _refuse_foreign(path)
    try:
        return _read(path, wanted)
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
    except FileNotFoundError as error:
        raise MissingFile(path) from error
    except IsADirectoryError as error:
        raise NotAWorkbook(path, "là một thư mục.", "Ghi tên một tệp .xlsx trong thư mục đó.") from error
    except PermissionError as error:
        if path.is_dir():  # how Windows answers for a folder
            raise NotAWorkbook(path, "là một thư mục.", "Ghi tên một tệp .xlsx trong thư mục đó.") from error
        raise LockedFile(
            path,
            "không mở được: đang mở trong Excel hoặc không có quyền đọc.",
            "Đóng tệp trong Excel rồi thử lại; nếu vẫn không được, kiểm tra quyền của tệp.",
        ) from error
    except (OSError, ValueError) as error:
        raise MissingFile(path, "không mở được.") from error
    if not start:
        raise NotAWorkbook(path, "trống, không có gì bên trong.")
    if start[:2] != b"PK":
        raise NotAWorkbook(path)


def _read(path: Path, wanted: Callable[[list[str]], list[str]]) -> list[RawSheet]:
    import python_calamine as calamine

    with zipfile.ZipFile(path) as archive:
        parts = _Parts(archive, path)
        places = parts.sheet_places()
        names = wanted(list(places))
        broken = {name: _look_through(parts.read(places[name]), path) for name in names}
        parts.check_rest()
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        return [
            RawSheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), broken[name])
            for name in names
        ]
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise DamagedWorkbook(path) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # not an Exception: raised where the Rust side gives up
            raise DamagedWorkbook(path) from error
        raise


class _Parts:
    """The parts of a workbook's archive, each read whole so that its checksum is compared, within bounds."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self.archive, self.path = archive, path
        self.infos = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}
        if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
            raise TooLarge(path)
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise PasswordProtected(path)
        if "xl/workbook.xml" not in self.infos:
            raise NotAWorkbook(path)

    def read(self, name: str) -> bytes:
        info = self.infos[name.lower()]
        with self.archive.open(info) as part:
            content = part.read(_MOST_BYTES)
        _require_whole_xml(content)
        return content

    def sheet_places(self) -> dict[str, str]:
        """The part of each sheet by the sheet's name, in the order of the tabs."""
        targets = {
            attributes.get("Id", ""): posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")))
            for tag, attributes in _elements(self.read("xl/_rels/workbook.xml.rels"))
            if tag == "Relationship"
        }
        places = {}
        for tag, attributes in _elements(self.read("xl/workbook.xml")):
            if tag == "sheet":
                place = targets[next((value for key, value in attributes.items() if key.endswith(":id")), "")]
                if "worksheets" in place:  # a sheet that is one chart holds no cells
                    places[attributes.get("name", "")] = place.lstrip("/").removeprefix("../")
        return places

    def check_rest(self) -> None:
        """The parts that every sheet draws on."""
        for name in ("xl/sharedstrings.xml", "xl/styles.xml"):
            if name in self.infos:
                self.read(name)


def _parser() -> Any:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise expat.ExpatError("a workbook declares no document type")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _require_whole_xml(content: bytes) -> None:
    _parser().Parse(content, True)


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(content, True)
    return found


def _look_through(content: bytes, path: Path) -> dict[tuple[int, int], str]:
    """The cells without a value; refuses a sheet whose far corners would fill the memory with empty cells."""
    places = _PLACE.findall(content)
    if places:
        last_row = max(int(row) for _, row in places)
        last_column = max(column_index(letters.decode()) for letters in {letters for letters, _ in places})
        if last_row * (last_column + 1) > len(places) * 20 + _MOST_EMPTY_CELLS:
            raise TooLarge(path)
    if _ERROR_CELL.search(content) or _FORMULA.search(content):
        return _broken_cells(content)
    return {}


def _broken_cells(content: bytes) -> dict[tuple[int, int], str]:
    broken: dict[tuple[int, int], str] = {}
    row, column = -1, -1
    kind, formula, value = "", False, None
    collecting = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, value, collecting
        tag = tag.rpartition(":")[2]
        if tag == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif tag == "c":
            column += 1
            if place := re.fullmatch(r"([A-Za-z]+)(\d+)", attributes.get("r", "")):
                column, row = column_index(place[1]), int(place[2]) - 1
            kind, formula, value = attributes.get("t", ""), False, None
        elif tag == "f":
            formula = True
        elif tag == "v":
            value, collecting = "", True

    def text(piece: str) -> None:
        nonlocal value
        if collecting:
            value = (value or "") + piece

    def end(tag: str) -> None:
        nonlocal collecting
        tag = tag.rpartition(":")[2]
        if tag == "v":
            collecting = False
        elif tag == "c":
            if kind == "e":
                broken[row, column] = value or "#LỖI"
            elif formula and not value and not (kind == "str" and value is not None):
                broken[row, column] = ""

    parser = _parser()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.Parse(content, True)
    return broken
