"""Text in the encodings of the time before Unicode, TCVN3 (ABC) and VNI, turned into Unicode.

In TCVN3 every letter has a code of its own; its capitals with a tone mark live in fonts whose name ends in H. In VNI a
mark follows its vowel as a letter of its own. Both tables are those the fonts were made by.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Literal

Encoding = Literal["tcvn3", "vni", "cp1258"]

_TCVN3 = {
    0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ",
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip

# A mark of VNI after its vowel: a tone, a letter form, or both at once.
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_ROUND, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _ROUND, "á": _ROUND + _ACUTE, "à": _ROUND + _GRAVE, "å": _ROUND + _HOOK, "ã": _ROUND + _TILDE,
    "ä": _ROUND + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI_TAKES = {"a": set(_VNI_MARKS), "e": set("ùøûõïâáàåãä"), "o": set("ùøûõïâáàåãä")} | {
    vowel: set("ùøûõï") for vowel in ("u", "y", "ô", "ö")
}

_NEUTRAL = frozenset("\u00a0‘’“”–—…")
"""Signs that a word processor puts among the letters of any encoding."""
_UNKNOWN = "\ufffd"

_TCVN3_SIGNS = frozenset(chr(code) for code in [*range(0xA1, 0xBF), 0xC6, 0xC7, 0xCB, 0xCE, 0xCF, 0xD0, 0xD1, 0xD6,
                                                0xD7, 0xD8, 0xDC, 0xDE, 0xDF, 0xE4, 0xE5, 0xE6, 0xE7, 0xEB, 0xEE,
                                                0xEF, 0xF1, 0xF6, 0xF7, 0xF8, 0xFB, 0xFC, 0xFE])  # fmt: skip
_VNI_SIGNS = frozenset("øûïåäëüñöæîØÛÏÅÄËÜÑÖÆÎ")


def looks_old(text: str) -> bool:
    """Whether the text holds a letter that no Vietnamese word in Unicode has, and no letter beyond one byte."""
    if text.isascii() or not of_one_byte(text):
        return False
    return any(sign in _TCVN3_SIGNS or sign in _VNI_SIGNS for sign in text) or _marks_in_row(text)


def of_one_byte(text: str) -> bool:
    """Whether no letter of the text lies beyond one byte, as in every text of before Unicode."""
    return all(sign <= "\xff" or sign in _NEUTRAL for sign in text)


def _marks_in_row(text: str) -> bool:
    """VNI shows in a vowel followed by an accented letter: no syllable of Unicode is written so."""
    low = text.lower()
    return any(mark in _VNI_TAKES.get(vowel, ()) for vowel, mark in pairwise(low))


def encoding_of_font(font: str) -> Encoding | None:
    """The encoding that a font stands for."""
    name = font.lower()
    if name.startswith("vni"):
        return "vni"
    return "tcvn3" if name.startswith((".vn", "vntime")) else None


def is_capital_font(font: str) -> bool:
    """Whether a font shows every letter as a capital: `.VnTimeH`."""
    return font.lower().startswith(".vn") and font.endswith("H")


def could_be(text: str, encoding: Encoding) -> bool:
    """Whether every letter of a text has a meaning in an encoding: à proves that a text is not TCVN3."""
    if encoding == "tcvn3":
        return all(sign.isascii() or ord(sign) in _TCVN3 or not sign.isalpha() for sign in text)
    return encoding != "vni" or _UNKNOWN not in _from_vni(text, _UNKNOWN)


def decode(text: str, encoding: Encoding) -> str:
    """The text in composed Unicode."""
    if encoding == "tcvn3":
        return text.translate(_TCVN3)
    if encoding == "vni":
        return _from_vni(text)
    try:
        return unicodedata.normalize("NFC", text.encode("latin-1").decode("cp1258"))
    except UnicodeError:
        return text


def _from_vni(text: str, unknown: str = "") -> str:
    """The text from VNI; a sign that has no meaning there stays, or becomes ``unknown`` where one is given."""
    made: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        low = sign.lower()
        letter = _VNI_LETTERS.get(low, low if low.isascii() or not low.isalpha() else unknown or low)
        mark = text[place + 1].lower() if place + 1 < len(text) else ""
        if mark in _VNI_TAKES.get(low, ()):
            letter = unicodedata.normalize("NFC", letter + _VNI_MARKS[mark])
            place += 1
        made.append(letter.upper() if sign.isupper() else letter)
        place += 1
    return "".join(made)
