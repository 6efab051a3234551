"""The reading door: text in old encodings becomes Unicode, letters become composed, unseen signs go. All is counted.

A font decides at once. Without one only the words can tell, and a column is decoded only when every word of it then
becomes Vietnamese: half-garbled names would make persons that do not exist.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases.folding import tidy
from cases.rosters import legacy
from cases.rosters.outcome import Notice, notice
from cases.rosters.syllables import all_vietnamese
from cases.xlsx_reading import column_letter

if TYPE_CHECKING:
    from cases.rosters.grids import Grid, Place
    from cases.rosters.legacy import Encoding

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_SAMPLES = 10
_SAMPLES_SHOWN = 3
_NAMES: dict[str, str] = {"tcvn3": "TCVN3", "vni": "VNI", "cp1258": "Windows-1258"}


@dataclass(slots=True)
class Decoded:
    """What the door did to a sheet: what it changed, what it could not decode, what has to be told."""

    changes: Counter[str] = field(default_factory=Counter)
    garbled: set[Place] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)


def decode_grid(grid: Grid, *, eight_bit: bool, wanted: bool | None) -> Decoded:
    """Bring the texts of a sheet into composed Unicode, in place; ``wanted`` False leaves text without a font alone."""
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
        said = "; ".join(samples[:_SAMPLES_SHOWN])
        done.notices.append(notice("note", "legacy_font", encoding=", ".join(sorted(encodings)), samples=said))


def _decode_by_letters(grid: Grid, done: Decoded, *, eight_bit: bool, wanted: bool | None) -> None:
    """Column by column: the encoding under which every odd text becomes Vietnamese."""
    odd: dict[int, list[Place]] = {}
    for number, row in enumerate(grid.rows):
        for position, raw in enumerate(row):
            if isinstance(raw, str) and not raw.isascii() and _is_odd(raw, eight_bit):
                odd.setdefault(position, []).append((number, position))
    if not odd:
        return
    order = _by_frequency(grid, [place for places in odd.values() for place in places])
    for position, places in odd.items():
        texts = [grid.rows[row][column] for row, column in places]
        encoding = next((one for one in order if all(all_vietnamese(legacy.decode(text, one)) for text in texts)), None)
        header = f"{column_letter(position)}"
        if encoding is None or wanted is False:
            shown = "; ".join(tidy(text) for text in texts[:_SAMPLES_SHOWN])
            done.garbled.update(places)
            done.notices.append(notice("question", "legacy_undecided", column=header, header=header, samples=shown))
            continue
        _decode_column(grid, position, encoding, done)
        shown = "; ".join(f"{tidy(text)} → {tidy(legacy.decode(text, encoding))}" for text in texts[:_SAMPLES_SHOWN])
        named = _NAMES[encoding]
        done.notices.append(
            notice("question", "legacy_column", column=header, header=header, encoding=named, samples=shown)
        )


def _is_odd(text: str, eight_bit: bool) -> bool:
    if any(ord(sign) > 0xFF for sign in text):
        return False
    return not all_vietnamese(text) and (eight_bit or legacy.looks_old(text))


def _by_frequency(grid: Grid, places: list[Place]) -> list[Encoding]:
    """The encodings, that which makes most texts Vietnamese first."""
    texts = [grid.rows[row][column] for row, column in places]
    known: list[Encoding] = ["tcvn3", "vni", "cp1258"]
    hits = {one: sum(all_vietnamese(legacy.decode(text, one)) for text in texts) for one in known}
    return sorted(known, key=lambda one: -hits[one])


def _decode_column(grid: Grid, position: int, encoding: Encoding, done: Decoded) -> None:
    for row in grid.rows:
        raw = row[position]
        if isinstance(raw, str) and not raw.isascii() and not any(ord(sign) > 0xFF for sign in raw):
            row[position] = legacy.decode(raw, encoding)
            done.changes["decoded"] += 1


def _compose(grid: Grid, done: Decoded) -> None:
    for row in grid.rows:
        for position, raw in enumerate(row):
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
