"""Plain text tables: columns in line, and wrapped to the width of the terminal where there is one."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

GAP = "  "
NARROWEST = 14
"""Running text is wrapped down to this and no further; then each row stands as a paragraph."""


class ScreenColumn(NamedTuple):
    """A column: its heading, numbers to the right, and whether its text may be wrapped."""

    heading: str
    right: bool = False
    wraps: bool = False


def width(text: str) -> int:
    """How many places a text takes: letters count, marks that sit on them do not."""
    return len(text) if text.isascii() else sum(not unicodedata.combining(letter) for letter in text)


def room() -> int | None:
    """The width to keep to: that of the terminal; none in a pipe, where a line is a record."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(columns: Sequence[ScreenColumn], rows: Sequence[Sequence[str]], indent: str = "") -> list[str]:
    """The lines of a table; nothing where it has no rows."""
    if not rows:
        return []
    available = room()
    cells = [[column.heading for column in columns], *rows]
    widths = [max(width(row[place]) for row in cells) for place in range(len(columns))]
    if available is not None and not _narrowed(widths, columns, rows, available - width(indent)):
        return _paragraphs(columns, rows, indent, available)
    lines = []
    for number, row in enumerate(cells):
        wrapped = [
            textwrap.wrap(text, size) or [""] if (column.wraps or not number) and width(text) > size else [text]
            for text, size, column in zip(row, widths, columns, strict=True)
        ]
        for place in range(max(len(parts) for parts in wrapped)):
            parts = [parts[place] if place < len(parts) else "" for parts in wrapped]
            line = GAP.join(map(_padded, parts, widths, columns)).rstrip()
            lines.append(f"{indent}{line}")
    return lines


def _padded(text: str, size: int, column: ScreenColumn) -> str:
    blank = " " * (size - width(text))
    return blank + text if column.right else text + blank


def _narrowed(
    widths: list[int], columns: Sequence[ScreenColumn], rows: Sequence[Sequence[str]], available: int
) -> bool:
    """Make a table fit: headings are wrapped first, then the widest running text; False where that does not do."""
    filled = [max(width(row[place]) for row in rows) for place in range(len(columns))]
    words = [max(map(width, column.heading.split()), default=0) for column in columns]
    for least in (
        list(map(max, filled, words)),
        [
            max(min(full, NARROWEST), word) if column.wraps else max(full, word)
            for full, word, column in zip(filled, words, columns, strict=True)
        ],
    ):
        while sum(widths) + len(GAP) * (len(widths) - 1) > available:
            wide = [place for place, size in enumerate(widths) if size > least[place]]
            if not wide:
                break
            widths[max(wide, key=lambda place: widths[place])] -= 1
    return sum(widths) + len(GAP) * (len(widths) - 1) <= available


def _paragraphs(
    columns: Sequence[ScreenColumn], rows: Sequence[Sequence[str]], indent: str, available: int
) -> list[str]:
    """Each row as a paragraph: what it is about, then what the columns say of it, empty ones left out."""
    lines = list[str]()
    for row in rows:
        about = 2 if len(columns) > 2 and columns[1].wraps else 1
        said = [
            f"{column.heading}: {text.strip()}" if column.heading else text.strip()
            for column, text in zip(columns[about:], row[about:], strict=True)
            if text.strip() not in ("", "–")
        ]
        head = f"{indent}{GAP.join(filter(None, row[:about]))}".rstrip()
        under = f"{indent}    "
        lines += textwrap.wrap(head, available, subsequent_indent=under) or [indent]
        lines += textwrap.wrap(" · ".join(said), available, initial_indent=under, subsequent_indent=under)
    return lines
