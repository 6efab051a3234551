"""The order of Vietnamese names: by given name, then family name, then what stands between, each by our alphabet.

Within a word letters come before tones (Ân after Anh after An); among words with the same letters the tones run ngang,
huyền, hỏi, ngã, sắc, nặng, as in the dictionaries. People of one given name thus stand together.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rules.loader.spelling.folding import tidy

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {letter: place for place, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

NameKey = tuple[tuple[tuple[int, ...], int], ...]


def name_key(name: str) -> NameKey:
    """The key by which names are sorted: the given name, which stands last, then the words before it in their order."""
    words = tidy(name).casefold().split()
    return tuple(_word(word) for word in words[-1:] + words[:-1])


@lru_cache(maxsize=8192)
def _word(word: str) -> tuple[tuple[int, ...], int]:
    """The letters of a word, then its tone, on whichever letter it is written (Hòa and Hoà are one name)."""
    letters: list[int] = []
    tone = 0
    for letter in word:
        base = ""
        for sign in unicodedata.normalize("NFD", letter):
            if sign in _TONES:
                tone = _TONES[sign]
            else:
                base += sign
        base = unicodedata.normalize("NFC", base)
        letters.append(_PLACES.get(base, len(_ALPHABET) + ord(base[:1] or " ")))
    return tuple(letters), tone
