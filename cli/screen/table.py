"""Plain text tables: columns in line, and wrapped to the width of the terminal where there is one."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

GAP = "  "
NARROWEST = 12
"""No column of running text is made narrower than this."""


@dataclass(frozen=True, slots=True)
class ScreenColumn:
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
    cells = [[column.heading for column in columns], *rows]
    widths = [max(width(row[place]) for row in cells) for place in range(len(columns))]
    available = room()
    if available is not None:
        _narrow(widths, columns, available - width(indent))
    lines = []
    for row in cells:
        wrapped = [
            textwrap.wrap(text, size) or [""] if column.wraps and width(text) > size else [text]
            for text, size, column in zip(row, widths, columns, strict=True)
        ]
        for number in range(max(len(parts) for parts in wrapped)):
            parts = [parts[number] if number < len(parts) else "" for parts in wrapped]
            line = GAP.join(map(_padded, parts, widths, columns)).rstrip()
            lines.append(f"{indent}{line}")
    return lines


def _padded(text: str, size: int, column: ScreenColumn) -> str:
    blank = " " * (size - width(text))
    return blank + text if column.right else text + blank


def _narrow(widths: list[int], columns: Sequence[ScreenColumn], available: int) -> None:
    """Take from the widest columns of running text what does not fit."""
    wrapping = [place for place, column in enumerate(columns) if column.wraps]
    while sum(widths) + len(GAP) * (len(widths) - 1) > available and wrapping:
        widest = max(wrapping, key=lambda place: widths[place])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1
