"""The order of Vietnamese names: by given name, then family and middle names, letters before tones."""

from __future__ import annotations

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: place for place, letter in enumerate(_LETTERS, start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""None, grave, hook, tilde, acute, dot below: the order of the dictionaries."""

Key = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def given_name_first(name: str) -> Key:
    """A key that sorts names as lists here do: the last word first, then the words before it."""
    words = unicodedata.normalize("NFC", name).casefold().split()
    return tuple(_word(word) for word in words[-1:] + words[:-1])


def _word(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters, tones = [], []
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in marks[1:] if mark in _TONES), 0)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        letters.append(_PLACE.get(bare, len(_PLACE) + 1 + ord(bare[0])))
        tones.append(tone)
    return tuple(letters), tuple(tones)
