"""The order of Vietnamese names: by given name, then family name, then what stands between, each by our alphabet.

Letters come before tones: Ân after Anh after An; among words with the same letters the tones run ngang, huyền, hỏi,
ngã, sắc, nặng.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from cases.values.folding import tidy

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {letter: place for place, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

WordKey = tuple[tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=8192)
def _word(word: str) -> WordKey:
    letters: list[int] = []
    tones: list[int] = []
    for letter in word.casefold():
        tone = 0
        base = ""
        for sign in unicodedata.normalize("NFD", letter):
            if sign in _TONES:
                tone = _TONES[sign]
            else:
                base += sign
        base = unicodedata.normalize("NFC", base)
        letters.append(_PLACES.get(base, len(_ALPHABET) + ord(base[:1] or " ")))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def name_key(name: str) -> tuple[object, ...]:
    """The key by which names are sorted."""
    words = [_word(word) for word in tidy(name).split()]
    if not words:
        return ((), (), ())
    given, family, between = words[-1], words[:1] if len(words) > 1 else [], words[1:-1]
    return (given[0], [word[0] for word in (*family, *between)], given[1], [word[1] for word in (*family, *between)])
