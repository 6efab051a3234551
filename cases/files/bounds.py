"""How much text a workbook may hold: a small file can name one long text so often that it fills the memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from cases.values.refusals import BadFile, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

LONGEST_CELL = 32_767
"""Characters of a cell, as Excel allows."""
MOST_TEXT = 200_000_000
"""Characters of all cells of a file together; a list of 100,000 people has a tenth of it."""
MOST_ROWS, MOST_FILLED, MOST_SHEETS = 1_048_576, 1_000, 500
"""Rows of a sheet as Excel allows; filled cells of a row and sheets of a file, several times what any office keeps.

What a list means is worked out beyond the child that reads it, and takes longer than its size the wider it is.
"""

_SHORT, _FEW = 100, 20
"""Characters of a text that is not counted by itself, and how many are."""

_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_REFERENCE = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*\bt\s*=\s*["']s["'][^>]*>""")
_WHICH = re.compile(
    rb"""<(?:[\w.-]+:)?c\s[^>]*\bt\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*(\d{1,9})\s*"""
    rb"""(?=</(?:[\w.-]+:)?v\s*>\s*(?:</|\Z)|\Z)"""
)


def require_little_text(path: Path, strings: bytes, signs: int, cells: Callable[[], Iterable[bytes]]) -> None:
    """Refuse texts that are too long, or named so often that all cells together hold too much; raises `BadFile`.

    ``strings`` is the part of an .xlsx with the texts that cells share, ``signs`` are no fewer than the cells that name
    one, and ``cells`` gives the parts with the cells in pieces, none of which ends before the value of a cell.
    """
    starts = [found.start() for found in _STRING.finditer(strings)]
    if not starts:
        return
    sizes = [after - start for start, after in zip(starts, [*starts[1:], len(strings)], strict=True)]
    # with its marks a text takes more room than without: what is short so is short
    if max(sizes) <= LONGEST_CELL and max(sizes) * signs <= MOST_TEXT:
        return
    lengths = _lengths(strings)
    if (longest := max(lengths, default=0)) > LONGEST_CELL:
        raise TooLarge(
            path,
            f"có ô dài {longest} ký tự, nhiều nhất là {LONGEST_CELL}.",
            "Rút ngắn ô đó rồi lưu lại.",
        )
    if _most(lengths, signs, cells) <= MOST_TEXT:
        return
    times, total, known = 0, 0, 0
    for piece in cells():
        times += len(_REFERENCE.findall(piece))
        for which in _WHICH.finditer(piece):
            number = int(which[1])
            known += 1
            total += lengths[number] if number < len(lengths) else 0
        if total > MOST_TEXT:
            raise TooLarge(path)
    if known != times and longest * times > MOST_TEXT:
        raise BadFile(path, "có ô viết theo cách không đọc được.", "Mở bằng Excel rồi lưu lại.")


def _most(lengths: Sequence[int], signs: int, cells: Callable[[], Iterable[bytes]]) -> int:
    """No fewer characters than all cells hold together, soon seen where few texts are long: those alone are counted.

    The number of a text stands in every cell that names it, unless its digits are written in a way that hides them.
    """
    few = {b"%d" % which: length for which, length in enumerate(lengths) if length > _SHORT}
    if len(few) > _FEW:
        return max(lengths) * signs
    most = signs * _SHORT
    for piece in cells() if few else ():
        if b"&#" in piece or b"<!" in piece:
            return max(lengths) * signs
        most += sum(length * piece.count(which) for which, length in few.items())
    return most


def _lengths(strings: bytes) -> list[int]:
    """How many characters each shared text has."""
    lengths: list[int] = []

    def start(tag: str, _: Any) -> None:
        if tag.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(piece: str) -> None:
        if lengths:
            lengths[-1] += len(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.Parse(strings, True)
    return lengths
