"""The reading door: text in old encodings becomes Unicode, letters become composed, unseen signs go. All is counted.

A font decides at once. Without one only the words can tell, and a column is decoded only when every word of it then
becomes Vietnamese: half-garbled names would make persons that do not exist.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases.rosters.files import legacy
from cases.rosters.files.syllables import all_vietnamese
from cases.rosters.outcome.outcome import Notice, notice
from cases.workbook.xlsx_reading import column_letter
from rules.loader.spelling.folding import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.rosters.files.grids import Grid, Place
    from cases.rosters.files.legacy import Encoding

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
NO_NUMBER = "#NUM!"
"""What a number that is none is shown as."""

_SAMPLES = 10
_NAMES: dict[str, str] = {"tcvn3": "TCVN3", "vni": "VNI", "cp1258": "Windows-1258"}


@dataclass(slots=True)
class Decoded:
    """What the door did to a sheet: what it changed, what it could not decode, what has to be told."""

    changes: Counter[str] = field(default_factory=Counter)
    garbled: set[Place] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)


def decode_grid(grid: Grid, *, eight_bit: bool, wanted: bool | None) -> Decoded:
    """Bring the texts of a sheet into composed Unicode, in place.

    Text without a font is left alone where ``wanted`` is False, and decoded whatever words come out where it is True.
    """
    done = Decoded()
    _decode_by_font(grid, done)
    _decode_by_letters(grid, done, eight_bit=eight_bit, wanted=wanted)
    _compose(grid, done)
    return done


def _decode_by_font(grid: Grid, done: Decoded) -> None:
    samples: list[str] = []
    encodings: set[str] = set()
    for (row, column), font in grid.fonts.items():
        encoding = legacy.encoding_of_font(font)
        raw = grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[row]) else None
        if encoding is None or not isinstance(raw, str):
            continue
        text = legacy.decode(raw, encoding)
        if any(ord(sign) > 0xFF for sign in raw) or (all_vietnamese(raw) and not all_vietnamese(text)):
            continue  # Unicode text that only wears the old font
        if legacy.is_capital_font(font):
            text = text.upper()
        if text != raw:
            done.changes["decoded"] += 1
            encodings.add(_NAMES[encoding])
            if len(samples) < _SAMPLES and text not in samples:
                samples.append(f"{tidy(raw)} → {tidy(text)}")
        grid.rows[row][column] = text
    if samples:
        done.notices.append(
            notice("note", "legacy_font", encoding=", ".join(sorted(encodings)), samples=_some(samples))
        )


def _decode_by_letters(grid: Grid, done: Decoded, *, eight_bit: bool, wanted: bool | None) -> None:
    """Column by column: the encoding under which every odd text becomes Vietnamese.

    Where one column is old the others are too, though their few words may pass for Unicode; a column with a letter
    that the old encodings lack is left alone then.
    """
    columns = _columns_of_one_byte(grid)
    odd = {position: [one for one in cells if _is_odd(one[1], eight_bit)] for position, cells in columns.items()}
    if not any(odd.values()):
        return
    order = _by_frequency([text for cells in odd.values() for _, text in cells])
    for position, cells in columns.items():
        own = odd[position]
        texts = [text for _, text in own or cells]
        encoding = next((one for one in order if all(all_vietnamese(legacy.decode(text, one)) for text in texts)), None)
        letter = column_letter(position)
        if encoding is None and wanted and own:
            encoding = order[0]
        if encoding is not None and wanted is not False:
            if own or not _has_unicode(grid, position):
                _decode_column(grid, cells, encoding, done)
                said = [f"{tidy(text)} → {tidy(legacy.decode(text, encoding))}" for text in texts]
                details = {"encoding": _NAMES[encoding], "samples": _some(said)}
                done.notices.append(notice("question", "legacy_column", column=letter, header=letter, **details))
        elif own:
            done.garbled.update(place for place, _ in own)
            done.notices.append(
                notice("question", "legacy_undecided", column=letter, header=letter, samples=_some(map(tidy, texts)))
            )


def _some(texts: Iterable[str]) -> str:
    return "; ".join(list(dict.fromkeys(texts))[:_SAMPLES])


def _columns_of_one_byte(grid: Grid) -> dict[int, list[tuple[Place, str]]]:
    """By column: the texts with letters beyond ASCII, all of which one byte holds."""
    columns: dict[int, list[tuple[Place, str]]] = {}
    for number, row in enumerate(grid.rows):
        for position, raw in enumerate(row):
            if isinstance(raw, str) and not raw.isascii() and max(raw) <= "\xff":
                columns.setdefault(position, []).append(((number, position), raw))
    return columns


def _has_unicode(grid: Grid, position: int) -> bool:
    return any(isinstance(row[position], str) and row[position] and max(row[position]) > "\xff" for row in grid.rows)


def _is_odd(text: str, eight_bit: bool) -> bool:
    return not all_vietnamese(text) and (eight_bit or legacy.looks_old(text))


def _by_frequency(texts: list[str]) -> list[Encoding]:
    """The encodings, that which makes most texts Vietnamese first."""
    known: list[Encoding] = ["tcvn3", "vni", "cp1258"]
    hits = {one: sum(all_vietnamese(legacy.decode(text, one)) for text in texts) for one in known}
    return sorted(known, key=lambda one: -hits[one])


def _decode_column(grid: Grid, cells: list[tuple[Place, str]], encoding: Encoding, done: Decoded) -> None:
    for (row, position), text in cells:
        grid.rows[row][position] = legacy.decode(text, encoding)
        done.changes["decoded"] += 1


def _compose(grid: Grid, done: Decoded) -> None:
    for row in grid.rows:
        for position, raw in enumerate(row):
            if isinstance(raw, float) and not math.isfinite(raw):
                row[position] = NO_NUMBER
            if not isinstance(raw, str) or not raw:
                continue
            text = raw
            if "&" in text and _ENTITY.search(text):
                text = _count(done, "entities", text, html.unescape(text))
            if not text.isascii():
                text = _count(done, "unicode", text, unicodedata.normalize("NFC", text))
                text = _count(done, "unseen", text, _UNSEEN.sub("", text))
            if text is not raw:
                row[position] = text


def _count(done: Decoded, what: str, before: str, after: str) -> str:
    if after != before:
        done.changes[what] += 1
    return after
