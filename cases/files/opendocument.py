"""A look through an .ods file before its cells are read: is it whole, how large does it grow, which formulas failed.

A cell or a row of an OpenDocument sheet may say that it stands there a million times; and the cell reader gives ''
for a formula that failed, which must not become a cell that was left empty.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from cases.files.bounds import LONGEST_CELL, MOST_TEXT
from cases.files.xlsx_reading import column_letter
from cases.values.refusals import PasswordProtected, TooLarge

if TYPE_CHECKING:
    from pathlib import Path

    from cases.files.grids import Place

_MOST_BYTES = 600_000_000
_MOST_CELLS = 6_000_000
_MOST_HIDDEN = 1000
"""A run of so many hidden rows or columns is the empty rest of a sheet."""
_ERROR_LENGTH = 40
_ERROR_TEXT = re.compile(r"#[A-Z0-9/]+[!?]?|Err:\d+")
_STRIKES = ("style:text-line-through-style", "style:text-line-through-type")
"""What says that a text is struck through; programs write the one or the other."""


@dataclass(slots=True)
class OpenMarks:
    """What a sheet says about its cells besides their values; rows as they are shown."""

    broken: dict[Place, str] = field(default_factory=dict)
    """The cells whose formula failed."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    struck_rows: set[int] = field(default_factory=set)
    filtered: bool = False
    comments: int = 0


def check_opendocument(path: Path) -> dict[str, OpenMarks]:
    """The marks of each sheet; raises a `BadFile`, or what the archive and the XML raise."""
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
            raise TooLarge(path)
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise PasswordProtected(path)
        content = archive.read("content.xml")
    walk = _Walk(path)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = walk.refuse
    parser.Parse(content, True)
    return walk.marks


@dataclass(slots=True)
class _Walk:
    """Where the walk through the sheets stands: rows and columns are counted with their repetitions."""

    path: Path
    marks: dict[str, OpenMarks] = field(default_factory=dict)
    here: OpenMarks = field(default_factory=OpenMarks)
    style: str = ""
    """The style that is being defined, and those that strike through what is set in them."""
    striking: set[str] = field(default_factory=set)
    columns_seen: int = 0
    row_is_hidden: bool = False
    is_struck: bool = False
    row: int = 0
    column: int = 0
    rows_here: int = 1
    width: int = 0
    """Up to which column the sheet is filled."""
    columns_here: int = 1
    failed: bool = False
    in_cell: bool = False
    words: str = ""
    """The beginning of a cell's text, as far as a failed formula shows in it."""
    length: int = 0
    """The characters of a cell, with those that it only counts."""
    cells: int = 0
    texts: int = 0
    """The characters of all cells, each as often as it says that it stands there."""

    def refuse(self, *_: object) -> None:
        raise expat.ExpatError("a sheet declares no document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.here = self.marks.setdefault(attributes.get("table:name", ""), OpenMarks())
            self.row = self.width = self.columns_seen = 0
        elif tag == "table:table-row":
            self.column, self.rows_here = 0, _times(attributes, "table:number-rows-repeated")
            seen = attributes.get("table:visibility", "visible")
            self.row_is_hidden = seen != "visible"
            self.here.filtered = self.here.filtered or seen == "filter"
        elif tag == "table:table-column":
            self._column(attributes)
        elif tag == "style:style":
            self.style = attributes.get("style:name", "")
        elif tag == "style:text-properties" and any(attributes.get(name, "none") != "none" for name in _STRIKES):
            self.striking.add(self.style)
        elif tag == "office:annotation":
            self.here.comments += 1
        elif tag == "text:span" and attributes.get("text:style-name") in self.striking:
            self.is_struck = True
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.columns_here = _times(attributes, "table:number-columns-repeated")
            self.failed = attributes.get("calcext:value-type") == "error"
            self.in_cell, self.words, self.length = True, "", 0
            if "office:value-type" in attributes:
                self._count(self.column + self.columns_here)
                self.is_struck = attributes.get("table:style-name") in self.striking
        elif tag == "text:s" and self.in_cell:
            self._grow(_times(attributes, "text:c"))

    def _grow(self, by: int) -> None:
        self.length += by
        if self.length > LONGEST_CELL:
            raise TooLarge(
                self.path,
                f"có ô quá dài: dòng {self.row + 1}, cột {column_letter(self.column)} có hơn {LONGEST_CELL} ký tự.",
                "Rút ngắn ô đó rồi lưu lại.",
            )

    def _column(self, attributes: dict[str, str]) -> None:
        count = _times(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility", "visible") != "visible" and count < _MOST_HIDDEN:
            self.here.hidden_columns += map(column_letter, range(self.columns_seen, self.columns_seen + count))
        self.columns_seen += count

    def _count(self, width: int) -> None:
        """A filled cell makes the sheet reach down to its row and across to its column."""
        self.width = max(self.width, width)
        self.cells = max(self.cells, (self.row + self.rows_here) * self.width)
        if self.cells > _MOST_CELLS:
            raise TooLarge(self.path)

    def text(self, piece: str) -> None:
        if not self.in_cell:
            return
        if len(self.words) < _ERROR_LENGTH:
            self.words += piece[:_ERROR_LENGTH]
        self._grow(len(piece))

    def end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self.texts += self.length * self.columns_here * self.rows_here
            self.in_cell = False
            if self.texts > MOST_TEXT:
                raise TooLarge(self.path)
            if self.failed or (self.words.startswith(("#", "Err:")) and _ERROR_TEXT.fullmatch(self.words)):
                self.here.broken[self.row, self.column] = self.words or "#LỖI"
            if self.is_struck:
                self.here.struck_rows.add(self.row + 1)
                self.is_struck = False
            self.column += self.columns_here
        elif tag == "table:table-row":
            if self.row_is_hidden and self.rows_here < _MOST_HIDDEN:
                self.here.hidden_rows += range(self.row + 1, self.row + self.rows_here + 1)
            self.row += self.rows_here


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, "1")))
