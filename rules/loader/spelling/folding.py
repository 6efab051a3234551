"""Comparing Vietnamese as people read it: without regard to case, spacing, diacritics or Unicode form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\U000e0000-\U000e0fff]"  # in one class with the last, ten times dearer
)
"""Signs that take no room, among them those that turn the direction of what follows (Unicode: Default_Ignorable)."""
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HIGH_CONTROLS = re.compile("[\x80-\x9f]")
"""In a text of an old encoding that was not decoded yet, these are letters."""
# NFD leaves these whole: the letter đ, the eth typed in its place, and the sharp quotes of a word processor.
_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "’": "'", "‘": "'", "–": "-", "—": "-"})


_SHORT = 80
"""Texts up to here come again and again in a roster (a name, a day, a code) and are worth keeping."""


def tidy(text: str) -> str:
    """The text on one line, in composed Unicode (NFC), with single spaces and none at its ends."""
    return _tidy_short(text) if len(text) <= _SHORT else _SPACES.sub(" ", tidy_lines(text)).strip()


@lru_cache(maxsize=65_536)
def _tidy_short(text: str) -> str:
    return _SPACES.sub(" ", tidy_lines(text)).strip()


def is_readable(text: str) -> bool:
    """Whether nothing in the text is a control sign where a letter of an old encoding may have stood."""
    return text.isascii() or _HIGH_CONTROLS.search(text) is None


def plain(text: str) -> str:
    """The text of today on one line, with nothing in it that moves a cursor, turns a line or is no letter."""
    return tidy(_HIGH_CONTROLS.sub(" ", text))


def tidy_lines(text: str) -> str:
    """The text in composed Unicode (NFC) without unseen signs, its line breaks kept."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _tidy_lines_short(text) if len(text) <= _SHORT else _tidied_lines(text)


@lru_cache(maxsize=65_536)
def _tidy_lines_short(text: str) -> str:
    return _tidied_lines(text)


def _tidied_lines(text: str) -> str:
    text = unicodedata.normalize("NFC", UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))
    return _CONTROLS.sub("", text).replace("\u00a0", " ").strip()


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The text in small letters without diacritics, the form in which names and headers are compared."""
    decomposed = unicodedata.normalize("NFD", tidy(text).translate(_LETTERS))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
