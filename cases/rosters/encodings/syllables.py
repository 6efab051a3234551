"""Whether a word can be Vietnamese: how old text is told from text that only looks odd.

A decoding is believed only when every word it makes is one that a Vietnamese could pronounce.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # huyền, sắc, ngã, hỏi, nặng
_LETTER = re.compile(r"[^\W\d_\xaa\xb5\xba]")
_WORDS = re.compile(r"(?<!\d)(?:[^\W\d_\xb2\xb3]|[\xa1-\xac\xae\xb5-\xbe\xd7\xf7])+")

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIMES = """
    a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âk âm ân âng âp ât âu ây
    e ec ek em en eng eo ep et ê êc êch êk êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi ok om on ong
    ooc oong op ot ô ôc ôi ôk ôm ôn ông ôông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc ui uk um un ung uơ uôc uôi uôm uôn uông uôt up ut uê uêch uênh
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y ych yêm yên yêng yêt yêu ynh yp yt yu
"""


def _goes(onset: str, rime: str) -> bool:
    """Whether an onset is spelt so before a rime: k before e, i, y and not c; gi takes no second i."""
    if rime[0] == "y" and rime not in ("y", "yu"):
        return onset == "qu" or (onset == "" and rime.startswith("yê"))
    if rime[0] in "eêi" and onset in ("c", "ng"):
        return False
    return not (rime[0] in "iy" and onset == "gi")


_SYLLABLES = frozenset(
    onset + rime for onset in ["", *_ONSETS.split()] for rime in _RIMES.split() if _goes(onset, rime)
) | frozenset(
    # written shorter than they are built: gi + i, gi + iêng, qu + y
    ["gi", "gin", "ginh", "gich", "giêc", "giên", "giêng", "giêt", "giêp", "giêm"]
)


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters, and of the signs that stood for letters in TCVN3 (× and ÷ among them).

    What follows a figure is a unit of measure (10µm, 50m²), and a raised figure is no letter.
    """
    return _WORDS.findall(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word is built as Vietnamese words are, with one tone mark at most."""
    letters: list[str] = []
    tones = 0
    for sign in unicodedata.normalize("NFD", word.lower()):
        if sign in _TONES:
            tones += 1
        else:
            letters.append(sign)
    return tones <= 1 and unicodedata.normalize("NFC", "".join(letters)) in _SYLLABLES


_SHORTENED = re.compile(r"[B-DF-HJ-NP-TV-XZĐƯ]{2,5}")
"""ĐV, QCƯT: letters that stand for words, with no vowel that could make a syllable."""


def all_vietnamese(text: str) -> bool:
    """Whether every word with a letter beyond ASCII can be Vietnamese; words in plain letters may be anything."""
    return all(
        word.isascii() or is_syllable(word) or _SHORTENED.fullmatch(word) or not _LETTER.search(word)
        for word in words_of(text)
    )
