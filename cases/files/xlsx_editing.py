"""Single cells of an .xlsx written where they stand: every other byte of the sheet, and every other part, stays.

What is written is text in the cell itself, red and bold there and nowhere else: neither the table of shared strings
nor that of styles is touched, and the mark goes when somebody types over the cell.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

from cases.files.sheet_marks import book_marks
from cases.files.xlsx_reading import column_index, column_letter
from cases.values.refusals import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cases.files.grids import Place

_MARK = '<{p}rPr><{p}b/><{p}color rgb="FFC00000"/></{p}rPr>'


class NotEditable(BadFile):
    """A sheet whose cells cannot be written one by one."""

    problem = "có trang ghi theo cách mà từng ô không sửa riêng được."
    advice = "Mở bằng Excel, lưu lại thành .xlsx rồi thử lại."


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a cell stands in the bytes of its sheet."""

    start: int
    end: int
    style: str | None
    formula: bool


@dataclass(slots=True)
class _Row:
    """A row with what is needed to put a cell into it."""

    style: str | None
    end: int = 0
    """Where its closing tag begins."""
    cells: dict[int, _Cell] = field(default_factory=dict)
    is_empty: bool = False
    """Whether it has no closing tag."""


@dataclass(slots=True)
class SheetText:
    """The bytes of one sheet, and where its rows and cells are."""

    path: Path
    part: str
    content: bytes
    prefix: str = ""
    rows: dict[int, _Row] = field(default_factory=dict)
    columns: list[tuple[int, int, str]] = field(default_factory=list)
    """The styles of whole columns: first and last from 0, and the style."""

    @property
    def formulas(self) -> frozenset[Place]:
        """The cells that hold a formula."""
        return frozenset((row, at) for row, one in self.rows.items() for at, cell in one.cells.items() if cell.formula)

    def with_cells(self, texts: Mapping[Place, str]) -> bytes:
        """The sheet with these texts in these cells; raises `NotEditable` for a row that is not there."""
        changes: list[tuple[int, int, bytes]] = []
        for (row, column), text in sorted(texts.items()):
            own = self.rows.get(row)
            if own is None or own.is_empty:
                raise NotEditable(self.path)
            old = own.cells.get(column)
            if old is not None:
                changes.append((old.start, old.end, self._written(row, column, text, old.style)))
                continue
            style = own.style or next((style for first, last, style in self.columns if first <= column <= last), None)
            after = min((at for at in own.cells if at > column), default=None)
            place = own.end if after is None else own.cells[after].start
            changes.append((place, place, self._written(row, column, text, style)))
        made, done = [], 0
        for start, end, written in changes:
            made += [self.content[done:start], written]
            done = end
        return b"".join((*made, self.content[done:]))

    def _written(self, row: int, column: int, text: str, style: str | None) -> bytes:
        p = self.prefix
        own = f' s="{style}"' if style else ""
        run = f'<{p}r>{_MARK.format(p=p)}<{p}t xml:space="preserve">{escape(text)}</{p}t></{p}r>'
        place = f"{column_letter(column)}{row + 1}"
        return f'<{p}c r="{place}"{own} t="inlineStr"><{p}is>{run}</{p}is></{p}c>'.encode()


def open_sheet(path: Path, name: str) -> SheetText:
    """The sheet of a workbook that was read whole; raises `NotEditable`."""
    part = book_marks(path).parts[name]
    with zipfile.ZipFile(path) as archive:
        part = next(
            info.filename
            for info in archive.infolist()
            if info.filename.replace("\\", "/").lstrip("/").lower() == part.lower()
        )
        content = archive.read(part)
    found = SheetText(path, part, content)
    _Walk(found).walk()
    return found


def write_edited(sheet: SheetText, texts: Mapping[Place, str], draft: Path) -> None:
    """The workbook with these texts in these cells, its parts in their order, packed as they were."""
    edited = sheet.with_cells(texts)
    with zipfile.ZipFile(sheet.path) as source, zipfile.ZipFile(draft, "w") as made:
        made.comment = source.comment
        for info in source.infolist():
            content = edited if info.filename == sheet.part else source.read(info)
            made.writestr(info, content, compress_type=info.compress_type)


class _Walk:
    """One pass over the XML of a sheet, noting where rows and cells begin and end."""

    def __init__(self, found: SheetText) -> None:
        self.found, self.parser = found, expat.ParserCreate()
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.row, self.column, self.at = -1, -1, 0
        self.style: str | None = None
        self.formula = False

    def walk(self) -> None:
        if not self.found.content.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
            raise NotEditable(self.found.path)
        self.parser.Parse(self.found.content, True)

    def _declared(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise NotEditable(self.found.path)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        if name == "sheetData":
            self.found.prefix = f"{prefix}:" if prefix else ""
        elif name == "col" and "style" in attributes:
            first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self.found.columns.append((first, last, attributes["style"]))
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            own = attributes.get("s") if attributes.get("customFormat") in ("1", "true") else None
            self.found.rows[self.row] = _Row(own)
        elif name == "c":
            self.column += 1
            if place := re.fullmatch(r"([A-Za-z]+)(\d+)", attributes.get("r", "")):
                self.column = column_index(place[1])
            self.at, self.style, self.formula = self.parser.CurrentByteIndex, attributes.get("s"), False
        elif name == "f":
            self.formula = True

    def _end(self, tag: str) -> None:
        name, place = tag.rpartition(":")[2], self.parser.CurrentByteIndex
        if name not in ("c", "row"):
            return
        content = self.found.content
        # of an element without content the parser tells the place after it, of others that of the closing tag
        is_closed = content[place : place + len(tag) + 2] == f"</{tag}".encode()
        if name == "c":
            end = content.index(b">", place) + 1 if is_closed else place
            self.found.rows[self.row].cells[self.column] = _Cell(self.at, end, self.style, self.formula)
        else:
            own = self.found.rows[self.row]
            own.end, own.is_empty = place, not is_closed
