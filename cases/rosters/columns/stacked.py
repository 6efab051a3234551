"""Cells that stack several values, as registers do: split by the order of the header's labels, never by guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.rosters.columns.evidence import contradicts, fits
from cases.rosters.columns.labels import Field, Labels
from cases.workbook.cells import shown
from rules.loader.spelling.days import is_date_text
from rules.loader.spelling.folding import tidy, tidy_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_BETWEEN_LABELS = re.compile(r"\s*[\n/;,]\s*")
_BETWEEN_VALUES = (re.compile(r";"), re.compile(r"\s+/\s+"), re.compile(r","), re.compile(r"/"))

UNREAD = Field("", "skipped", "?")
"""A part of a stacked header that nobody knows: it keeps its place, and is not read."""


def stacked_fields(header: str, labels: Labels) -> tuple[Field, ...]:
    """The fields of a stacked header in their order; none when it is not one."""
    text = tidy_lines(header)
    cuts = list(_BETWEEN_LABELS.finditer(text))
    if not cuts:
        return ()
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    found: list[Field] = []
    place = 0
    while place < len(starts):
        for last in range(len(ends) - 1, place - 1, -1):
            field = labels.find_in_stack(text[starts[place] : ends[last]])
            if field is not None:
                found.append(field)
                place = last + 1
                break
        else:
            found.append(UNREAD)
            place += 1
    known = {field.name for field in found if field is not UNREAD}
    named = any(field.kind == "name" for field in found)
    if len(known) < 2 or (UNREAD in found and not named):
        return ()
    return tuple(found) if len(set(found)) == len(found) else ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a stacked cell holds: a text for each field, or the number of values that does not fit."""

    values: dict[str, str]
    found: int
    too_many: bool = False
    doubtful: bool = False
    """Whether fewer values, or values of other types, stand there than the header asks for."""


def split_cell(raw: Any, fields: Sequence[Field]) -> Parts:
    """The values of a stacked cell."""
    text = raw if isinstance(raw, str) else shown(raw)
    pieces = _pieces(text.replace("\r\n", "\n").replace("\r", "\n"), len(fields))
    if len(pieces) > len(fields):
        return Parts({}, len(pieces), too_many=True)
    if len(pieces) == len(fields):
        wrong = any(piece and contradicts(field, piece) for field, piece in zip(fields, pieces, strict=True))
        if not wrong:
            pairs = zip(fields, pieces, strict=True)
            return Parts({field.name: piece for field, piece in pairs if piece}, len(pieces))
    return Parts(_settled(pieces, fields), len(pieces), doubtful=True)


def _pieces(text: str, wanted: int) -> list[str]:
    if "\n" in text:
        lines = [tidy(line) for line in text.split("\n")]
        return lines if len(lines) == wanted else [line for line in lines if line]
    ways = [[tidy(piece) for piece in cut.split(text)] for cut in _BETWEEN_VALUES]
    ways = [pieces for pieces in ways if not _cuts_a_date(text, pieces)]
    for pieces in ways:
        if len(pieces) == wanted:
            return pieces
    return next((pieces for pieces in ways if len(pieces) > 1), [text])


def _cuts_a_date(text: str, pieces: list[str]) -> bool:
    """Whether a cut at “/” went through a date."""
    return len(pieces) > 1 and (is_date_text(text) or any(piece.isdecimal() and len(piece) <= 2 for piece in pieces))


def _settled(pieces: list[str], fields: Sequence[Field]) -> dict[str, str]:
    """What the types settle beyond doubt: a value that only one field can hold, and a field that only one can fill.

    A single name under “đang dùng / khai sinh” is the name in use: everybody has one.
    """
    filled = [piece for piece in pieces if piece]
    if {field.name for field in fields} == {"full_name", "birth_name"} and len(filled) == 1:
        return {"full_name": filled[0]}
    chosen: dict[str, list[str]] = {}
    for piece in filled:
        takers = [field for field in fields if fits(field, piece)]
        if len(takers) == 1:
            chosen.setdefault(takers[0].name, []).append(piece)
    return {name: texts[0] for name, texts in chosen.items() if len(texts) == 1}
