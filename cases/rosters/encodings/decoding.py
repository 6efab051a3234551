"""The reading door: text in old encodings becomes Unicode, letters become composed, unseen signs go. All is counted.

A font decides at once. Without one only the words can tell: a cell is decoded only when every word of it then becomes
Vietnamese, and never when it is Vietnamese already. Half-garbled names would make persons that do not exist.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases.files.xlsx_reading import column_letter
from cases.rosters.encodings import legacy
from cases.rosters.encodings.syllables import all_vietnamese, is_syllable, words_of
from cases.rosters.outcome.outcome import Notice, notice
from rules.loader.spelling.folding import UNSEEN, is_readable, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.files.grids import Grid, Place
    from cases.rosters.encodings.legacy import Encoding

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
NO_NUMBER = "#NUM!"
"""What a number that is none is shown as."""

_SAMPLES = 10
_OF_WORKBOOKS: tuple[Encoding, ...] = ("tcvn3", "vni")
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
    """Cell by cell: an odd text is decoded where every word of it then becomes Vietnamese.

    A text that is good Vietnamese as it stands is not decoded again, unless the whole file is of one byte. Where both
    readings are words, and nothing in its row is plainly Unicode, it is a question for its column.
    """
    columns = _columns_of_one_byte(grid)
    texts = {text for cells in columns.values() for _, text in cells}
    odd = {text for text in texts if not all_vietnamese(text) and (eight_bit or _looks_old(text))}
    order = _by_frequency(odd, eight_bit=eight_bit)
    if not odd or not (eight_bit or wanted or any(_is_proof(text, order) for text in odd)):
        return
    main = order[0]
    unicode_rows = {row for row in range(len(grid.rows)) if _is_unicode_row(grid, row, main)}
    old_rows = {place[0] for cells in columns.values() for place, text in cells if text in odd}
    for position, cells in columns.items():
        decoded: dict[Place, tuple[str, Encoding]] = {}
        doubtful: dict[Place, str] = {}
        own = any(text in odd for _, text in cells)
        for place, text in cells:
            encoding = next((one for one in order if _gives_words(text, one)), main if wanted else None)
            if text in odd and encoding is not None and wanted is not False:
                decoded[place] = text, encoding
            elif text in odd:
                doubtful[place] = text
            elif _gives_words(text, main) and (
                eight_bit or ((own or place[0] in old_rows) and place[0] not in unicode_rows)
            ):
                if wanted or (eight_bit and wanted is not False):
                    decoded[place] = text, main
                elif wanted is None:
                    doubtful[place] = text
        _take(grid, decoded, done)
        done.garbled.update(doubtful)
        _ask(position, decoded, doubtful, done)


def _take(grid: Grid, decoded: dict[Place, tuple[str, Encoding]], done: Decoded) -> None:
    for (row, column), (text, encoding) in decoded.items():
        grid.rows[row][column] = legacy.decode(text, encoding)
        done.changes["decoded"] += 1


def _ask(position: int, decoded: dict[Place, tuple[str, Encoding]], doubtful: dict[Place, str], done: Decoded) -> None:
    """What was decoded in a column, and what was not, with samples."""
    letter = column_letter(position)
    if decoded:
        names = ", ".join(sorted({_NAMES[encoding] for _, encoding in decoded.values()}))
        samples = _some(f"{tidy(text)} → {tidy(legacy.decode(text, one))}" for text, one in decoded.values())
        done.notices.append(
            notice("question", "legacy_column", column=letter, header=letter, encoding=names, samples=samples)
        )
    if doubtful:
        samples = _some(map(tidy, doubtful.values()))
        done.notices.append(notice("question", "legacy_undecided", column=letter, header=letter, samples=samples))


def _some(texts: Iterable[str]) -> str:
    return "; ".join(list(dict.fromkeys(texts))[:_SAMPLES])


def _columns_of_one_byte(grid: Grid) -> dict[int, list[tuple[Place, str]]]:
    """By column: the texts with letters beyond ASCII, all of which one byte holds."""
    columns: dict[int, list[tuple[Place, str]]] = {}
    for number, row in enumerate(grid.rows):
        for position, raw in enumerate(row):
            if isinstance(raw, str) and not raw.isascii() and legacy.of_one_byte(raw):
                columns.setdefault(position, []).append(((number, position), raw))
    return columns


def _is_unicode_row(grid: Grid, row: int, encoding: Encoding) -> bool:
    """Whether another cell of the row cannot be of the old encoding: lists are pasted together by rows."""
    return any(
        isinstance(raw, str)
        and not raw.isascii()
        and all_vietnamese(raw)
        and not (legacy.of_one_byte(raw) and legacy.could_be(raw, encoding))
        for raw in grid.rows[row]
    )


def _gives_words(text: str, encoding: Encoding) -> bool:
    """Whether a text may be of an encoding and every word of it is then Vietnamese, and another than it was."""
    if not legacy.could_be(text, encoding):
        return False
    made = legacy.decode(text, encoding)
    return made != text and all_vietnamese(made)


def _looks_old(text: str) -> bool:
    return legacy.looks_old(text) or any(_gives_words(text, one) for one in _OF_WORKBOOKS)


def _is_proof(text: str, order: list[Encoding]) -> bool:
    """Whether an odd text proves that old text is in the file: a sign of measure beside a letter does not."""
    return (
        legacy.looks_old(text)
        and any(_gives_words(text, one) for one in order)
        and any(
            not is_syllable(word) and sum(sign.isascii() for sign in word) > 1
            for word in words_of(text)
            if not word.isascii()
        )
    )


def _by_frequency(texts: Iterable[str], *, eight_bit: bool) -> list[Encoding]:
    """The encodings, that which makes most texts Vietnamese first; only a text of one byte may be Windows-1258."""
    known: list[Encoding] = [*_OF_WORKBOOKS, "cp1258"] if eight_bit else [*_OF_WORKBOOKS]
    hits = {one: sum(_gives_words(text, one) for text in texts) for one in known}
    return sorted(known, key=lambda one: -hits[one])


def _compose(grid: Grid, done: Decoded) -> None:
    for number, row in enumerate(grid.rows):
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
                text = _count(done, "unseen", text, UNSEEN.sub("", text))
                if not is_readable(text):
                    done.garbled.add((number, position))
            if text is not raw:
                row[position] = text


def _count(done: Decoded, what: str, before: str, after: str) -> str:
    if after != before:
        done.changes[what] += 1
    return after
