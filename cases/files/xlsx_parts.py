"""The parts of an .xlsx as they stand in its archive: looked through piece by piece, never whole in memory.

python-calamine reads fast but gives '' for an error cell and for a formula without a stored result, so the sheets'
XML is looked through first: a bad date must not become a missing one. That look also checks that every part is whole,
that no part declares entities, and that the sheet is not larger in memory than it is on paper.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from cases.files.bounds import MOST_ROWS, require_little_text
from cases.values.refusals import NotAWorkbook, PasswordProtected, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_BYTES = 600_000_000  # unpacked; a country's largest unit needs a tenth of it
_A_PIECE = 1 << 20
_MOST_EMPTY_CELLS = 4_000_000
_MOST_COLUMNS = 16_384  # of one sheet, as Excel allows

_ERROR_CELL = re.compile(rb"""\st\s*=\s*["']e["']""")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_PLACE = re.compile(rb'<(?:[\w.-]+:)?c\s+r="([A-Z]{1,3})([1-9]\d{0,6})"')
_PLAIN_PLACE = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')


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


class Parts:
    """The parts of a workbook's archive, each read to its end so that its checksum is compared, within bounds."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        """Look at an archive that is open; raises a `BadFile`."""
        self.archive, self.path = archive, path
        self.infos = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}
        if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
            raise TooLarge(path)
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise PasswordProtected(path)
        if "xl/workbook.xml" not in self.infos:
            raise NotAWorkbook(path)
        self._sheets: list[str] = []
        self._signs = 0
        """How many cells of the sheets may name a text that is kept elsewhere; no fewer than do."""

    def read(self, name: str) -> bytes:
        """A part as a whole; raises what expat raises of XML that is not well-formed."""
        content = b"".join(self._pieces(name))
        parser().Parse(content, True)
        return content

    def tags(self, name: str, *, again: bool = False) -> Iterator[bytes]:
        """A part piece by piece, none of which ends within a tag or before the value of a cell; raises as `read`.

        ``again``: it was gone through before, and so is well-formed.
        """
        whole, rest = parser(), b""
        for piece in self._pieces(name):
            if not again:
                whole.Parse(piece, False)
            read = rest + piece
            end = max(read.rfind(b"</"), 0) or max(read.rfind(b"<"), 0)
            yield read[:end]
            rest = read[end:]
        if not again:
            whole.Parse(b"", True)
        yield rest

    def _pieces(self, name: str) -> Iterator[bytes]:
        read = 0
        with self.archive.open(self.infos[name.lower()]) as part:
            while read < _MOST_BYTES and (piece := part.read(_A_PIECE)):
                read += len(piece)
                yield piece

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

    def broken_cells(self, place: str) -> dict[tuple[int, int], str]:
        """The cells of a sheet without a value; refuses one whose far corners would fill the memory with empty cells.

        Nearly every program writes a cell's place first and in capitals; only a sheet that does not, or that has
        formulas or errors, is walked through cell by cell.
        """
        cells, plain = _Cells(), True
        for piece in self.tags(place):
            self._signs += piece.count(b'"s"') + piece.count(b"'s'")
            plain = plain and cells.plain(piece)
        if not plain:
            cells = _Cells()
            cells.walk(self._pieces(place))
        self._sheets.append(place)
        if cells.last_row > MOST_ROWS or cells.last_column >= _MOST_COLUMNS:
            raise TooLarge(self.path)
        if cells.last_row * (cells.last_column + 1) > cells.count * 20 + _MOST_EMPTY_CELLS:
            raise TooLarge(self.path)
        return cells.broken

    def check_rest(self) -> None:
        """The parts that every sheet draws on, once the sheets themselves were looked through."""
        for name in ("xl/sharedstrings.xml", "xl/styles.xml"):
            content = self.read(name) if name in self.infos else b""
            if name == "xl/sharedstrings.xml":
                require_little_text(self.path, content, self._signs, self._cells)

    def _cells(self) -> Iterator[bytes]:
        return (piece for sheet in self._sheets for piece in self.tags(sheet, again=True))


def parser() -> Any:
    """A parser that takes no declaration of a document's type."""
    made = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise expat.ExpatError("a workbook declares no document type")

    made.StartDoctypeDeclHandler = refuse
    return made


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    made = parser()
    made.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    made.Parse(content, True)
    return found


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

    def plain(self, tags: bytes) -> bool:
        """Take in a piece of a sheet in which every cell says its place first and has a value; False for any other."""
        if (b'"e"' in tags or b"'e'" in tags) and _ERROR_CELL.search(tags):
            return False
        if (b"<f" in tags or b":f" in tags) and _FORMULA.search(tags):
            return False
        places = _PLAIN_PLACE.findall(tags)
        if b":c" in tags or len(places) != tags.count(b"<c"):  # there is more that begins like a cell
            places = _PLACE.findall(tags)
            if len(places) != len(_CELL.findall(tags)):
                return False
        if places:
            self.count += len(places)
            self.last_row = max(self.last_row, *map(int, {row for _, row in places}))
            columns = (column_index(letters.decode()) for letters in {letters for letters, _ in places})
            self.last_column = max(self.last_column, *columns)
        return True

    def walk(self, pieces: Iterator[bytes]) -> None:
        """Take in a sheet cell by cell."""
        made = parser()
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._text
        for piece in pieces:
            made.Parse(piece, False)
        made.Parse(b"", True)

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
