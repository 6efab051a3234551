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

from cases.files.bounds import require_little_text
from cases.values.refusals import (
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
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of one sheet, as Excel allows

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

_ERROR_CELL = re.compile(rb"""\st\s*=\s*["']e["']""")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_PLACE = re.compile(rb'<(?:[\w.-]+:)?c\s+r="([A-Z]{1,3})([1-9]\d{0,6})"')


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


def _read(path: Path, wanted: Callable[[list[str]], list[str]]) -> list[RawSheet]:
    import python_calamine as calamine

    with zipfile.ZipFile(path) as archive:
        parts = _Parts(archive, path)
        places = parts.sheet_places()
        names = wanted(list(places))
        contents = {name: parts.read(places[name]) for name in names}
        broken = {name: _look_through(content, path) for name, content in contents.items()}
        parts.check_rest(list(contents.values()))
        del contents
    try:
        with path.open("rb") as file:  # by its content: a path is read by its ending, and that is often another
            book = calamine.CalamineWorkbook.from_filelike(file)
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

    def check_rest(self, sheets: list[bytes]) -> None:
        """The parts that every sheet draws on."""
        for name in ("xl/sharedstrings.xml", "xl/styles.xml"):
            content = self.read(name) if name in self.infos else b""
            if name == "xl/sharedstrings.xml":
                require_little_text(self.path, content, sheets)


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
    """The cells without a value; refuses a sheet whose far corners would fill the memory with empty cells.

    Nearly every program writes a cell's place first and in capitals; only a sheet that does not, or that has formulas
    or errors, is walked through cell by cell.
    """
    places = _PLACE.findall(content)
    if len(places) == sum(1 for _ in _CELL.finditer(content)) and not (
        _ERROR_CELL.search(content) or _FORMULA.search(content)
    ):
        last_row = max((int(row) for _, row in places), default=0)
        last_column = max((column_index(letters.decode()) for letters in {letters for letters, _ in places}), default=0)
        walked = _Cells(count=len(places), last_row=last_row, last_column=last_column)
    else:
        walked = _Cells()
        walked.walk(content)
    if walked.last_row > _MOST_ROWS or walked.last_column >= _MOST_COLUMNS:
        raise TooLarge(path)
    if walked.last_row * (walked.last_column + 1) > walked.count * 20 + _MOST_EMPTY_CELLS:
        raise TooLarge(path)
    return walked.broken


@dataclass(slots=True)
class _Cells:
    """What is known of a sheet's cells: how many, how far they reach, and which have no value."""

    count: int = 0
    last_row: int = 0
    last_column: int = 0
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    _row: int = -1
    _column: int = -1
    _kind: str = ""
    _formula: bool = False
    _value: str | None = None
    _collecting: bool = False

    def walk(self, content: bytes) -> None:
        parser = _parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
        elif tag == "c":
            self._column += 1
            if "r" in attributes:
                place = re.fullmatch(r"([A-Za-z]{1,4})([0-9]{1,9})", attributes["r"])
                if place is None:
                    raise ValueError("a cell that stands nowhere")
                self._column, self._row = column_index(place[1]), int(place[2]) - 1
            self.count += 1
            self.last_row = max(self.last_row, self._row + 1)
            self.last_column = max(self.last_column, self._column)
            self._kind, self._formula, self._value = attributes.get("t", ""), False, None
        elif tag == "f":
            self._formula = True
        elif tag == "v":
            self._value, self._collecting = "", True

    def _text(self, piece: str) -> None:
        if self._collecting:
            self._value = (self._value or "") + piece

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "v":
            self._collecting = False
        elif tag == "c":
            if self._kind == "e":
                self.broken[self._row, self._column] = self._value or "#LỖI"
            elif self._formula and not self._value and not (self._kind == "str" and self._value is not None):
                self.broken[self._row, self._column] = ""
