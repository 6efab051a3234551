"""What a workbook says about its cells besides their values: merges, what is hidden or struck through, old fonts.

The cell reader hands out values only. These marks stand in the same XML, which the door of the cell reader has already
found whole; the fonts matter because an old Vietnamese encoding often shows in nothing else.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.parsers import expat

from cases.files.grids import Merge, Place
from cases.files.xlsx_reading import column_index, column_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_OLD_FONT = re.compile(r"^(\.Vn|VNI[- ]|VNtime|\.VN)", re.IGNORECASE)
_MERGE = re.compile(rb'<(?:[\w.-]+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:[\w.-]+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
_COLUMN = re.compile(rb'<(?:[\w.-]+:)?col\s(?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_FILTER = re.compile(rb"<(?:[\w.-]+:)?filterColumn\b")
_STRIKE = re.compile(rb"<(?:[\w.-]+:)?strike\b")
_COMMENT = re.compile(rb"<(?:[\w.-]+:)?comment\s")
_MOST_HIDDEN_COLUMNS = 100


@dataclass(slots=True)
class SheetMarks:
    """The marks of one sheet."""

    merges: tuple[Merge, ...] = ()
    fonts: dict[Place, str] = field(default_factory=dict)
    struck_rows: tuple[int, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class BookMarks:
    """The sheets of a workbook by name with the part that holds each, and what concerns the whole of it."""

    parts: dict[str, str]
    hidden: tuple[str, ...]
    counts_from_1904: bool
    comments: int


@dataclass(frozen=True, slots=True)
class _Styles:
    """By the number of a cell's style: its font, when of an old encoding, and whether it strikes through."""

    fonts: dict[str, str]
    struck: frozenset[str]
    struck_strings: frozenset[int] = frozenset()
    """Of the strings that cells share: those of which a part is struck through."""


def book_marks(path: Path) -> BookMarks:
    """The sheets of a workbook, which of them are hidden, how it counts days, how many comments it holds."""
    with zipfile.ZipFile(path) as archive:
        names = _names(archive)
        targets = {
            attributes.get("Id", ""): posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")))
            for tag, attributes in _elements(_read(archive, names, "xl/_rels/workbook.xml.rels"))
            if tag == "Relationship"
        }
        parts: dict[str, str] = {}
        hidden: list[str] = []
        from_1904 = False
        for tag, attributes in _elements(_read(archive, names, "xl/workbook.xml")):
            if tag == "workbookPr":
                from_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet":
                reference = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                name = attributes.get("name", "")
                parts[name] = targets.get(reference, "").lstrip("/").removeprefix("../")
                if attributes.get("state", "visible") != "visible":
                    hidden.append(name)
        comments = sum(
            len(_COMMENT.findall(_read(archive, names, name)))
            for name in names
            if re.fullmatch(r"xl/(comments/)?comments?\d*\.xml", name)
        )
    return BookMarks(parts, tuple(hidden), from_1904, comments)


def sheet_marks(path: Path, parts: list[str]) -> list[SheetMarks]:
    """The marks of the sheets whose parts are named."""
    with zipfile.ZipFile(path) as archive:
        names = _names(archive)
        styles = _styles(archive, names)
        if "xl/sharedstrings.xml" in names:
            strings = _struck_strings(_read(archive, names, "xl/sharedstrings.xml"))
            styles = replace(styles, struck_strings=strings)
        return [_marks(_read(archive, names, part), styles) for part in parts]


def is_old_font(name: str) -> bool:
    """Whether a font is of TCVN3 or VNI."""
    return _OLD_FONT.match(name) is not None


def _names(archive: zipfile.ZipFile) -> dict[str, str]:
    return {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}


def _read(archive: zipfile.ZipFile, names: dict[str, str], name: str) -> bytes:
    return archive.read(names[name.lower()])


def _marks(content: bytes, styles: _Styles) -> SheetMarks:
    marks = SheetMarks(
        merges=tuple(
            Merge(int(top) - 1, column_index(left.decode()), int(bottom) - 1, column_index(right.decode()))
            for left, top, right, bottom in _MERGE.findall(content)
        ),
        hidden_rows=tuple(int(row) for row in _HIDDEN_ROW.findall(content)),
        hidden_columns=tuple(_hidden_columns(content)),
        filtered=_FILTER.search(content) is not None,
    )
    struck: set[int] = set()
    if styles.fonts or styles.struck:
        for row, column, style in _styled_cells(content):
            if style in styles.fonts:
                marks.fonts[row, column] = styles.fonts[style]
            if style in styles.struck:
                struck.add(row + 1)
    if styles.struck_strings or _STRIKE.search(content):
        struck |= _partly_struck(content, styles.struck_strings)
    marks.struck_rows = tuple(sorted(struck))
    return marks


def _partly_struck(content: bytes, strings: frozenset[int]) -> set[int]:
    """The rows, as shown, with a text of which a part is struck through: in the cell itself, or shared."""
    found: set[int] = set()
    row, shared, digits = 0, False, ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, shared, digits
        tag = tag.rpartition(":")[2]
        if tag == "row":
            row = int(attributes.get("r", row + 1))
        elif tag == "c":
            shared, digits = attributes.get("t") == "s", ""
        elif _strikes(tag, attributes):
            found.add(row)

    def text(piece: str) -> None:
        nonlocal digits
        digits += piece if shared else ""

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "c" and shared and digits.strip().isdecimal() and int(digits) in strings:
            found.add(row)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(content, True)
    return found


def _struck_strings(content: bytes) -> frozenset[int]:
    """The shared strings of which a part is struck through, by their number."""
    found: set[int] = set()
    number = -1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal number
        tag = tag.rpartition(":")[2]
        if tag == "si":
            number += 1
        elif _strikes(tag, attributes):
            found.add(number)

    if _STRIKE.search(content):
        _parse(content, start)
    return frozenset(found)


def _strikes(tag: str, attributes: dict[str, str]) -> bool:
    return tag == "strike" and attributes.get("val", "1") in ("1", "true")


def _hidden_columns(content: bytes) -> Iterator[str]:
    for element in _COLUMN.findall(content):
        first, last = re.search(rb'\bmin="(\d{1,5})"', element), re.search(rb'\bmax="(\d{1,5})"', element)
        if first and last and int(last[1]) - int(first[1]) < _MOST_HIDDEN_COLUMNS:
            yield from (column_letter(position - 1) for position in range(int(first[1]), int(last[1]) + 1))


def _styled_cells(content: bytes) -> Iterator[tuple[int, int, str]]:
    """Row, column and style of every cell that names a style and holds something."""
    found: list[tuple[int, int, str]] = []
    row, column, style = -1, -1, ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, style
        tag = tag.rpartition(":")[2]
        if tag == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif tag == "c":
            column += 1
            if place := re.fullmatch(r"([A-Za-z]+)(\d+)", attributes.get("r", "")):
                column, row = column_index(place[1]), int(place[2]) - 1
            style = attributes.get("s", "")
        elif tag in ("v", "is") and style:
            found.append((row, column, style))

    _parse(content, start)
    yield from found


def _styles(archive: zipfile.ZipFile, names: dict[str, str]) -> _Styles:
    if "xl/styles.xml" not in names:
        return _Styles({}, frozenset())
    fonts: list[str] = []
    struck: list[bool] = []
    of_style: list[int] = []
    within = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal within
        tag = tag.rpartition(":")[2]
        if tag in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            within = tag
        elif within == "fonts" and tag == "font":
            fonts.append("")
            struck.append(False)
        elif within == "fonts" and tag == "name" and fonts:
            fonts[-1] = attributes.get("val", "")
        elif within == "fonts" and tag == "strike" and struck:
            struck[-1] = _strikes(tag, attributes)
        elif within == "cellXfs" and tag == "xf":
            of_style.append(int(attributes.get("fontId", "0")))

    _parse(_read(archive, names, "xl/styles.xml"), start)
    known = [(str(style), font) for style, font in enumerate(of_style) if 0 <= font < len(fonts)]
    return _Styles(
        {style: fonts[font] for style, font in known if is_old_font(fonts[font])},
        frozenset(style for style, font in known if struck[font]),
    )


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    _parse(content, lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes)))
    return found


def _parse(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)
