"""Names as people write them and as they are compared, and the two words for a person's sex.

Two names are one only when every letter and every tone is the same: Nguyên and Nguyễn are different people. Where the
tone mark sits (Hoà, Hòa), capitals and spaces make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cases.rosters.columns import words
from rules.loader.spelling.folding import fold, tidy

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_AFTER_NAME = re.compile(r"\s*(?:\(([^()]*)\)|[–—]\s*(\S.*)|\s-\s+(\S.*))\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*['’.]?")
_DIGIT = re.compile(r"\d")
_BROKEN = re.compile(r"\w\?+\w|\?\?|[\ufffd\u25a1\u25af]|\w\?(?=\s|$)")
_ETH = str.maketrans({"Ð": "Đ", "ð": "đ"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name read: how it is stored, what was changed about its form, what was cut off."""

    text: str
    changes: tuple[str, ...] = ()
    extra: str | None = None
    problem: str | None = None
    """The code of the reason why it is no name."""

    @property
    def is_plain(self) -> bool:
        """Whether it can only be a name: two words at least."""
        return self.problem is None and " " in self.text


@lru_cache(maxsize=65_536)
def read_name(typed: str) -> Name:
    """A full name: ordinary capitals, single spaces, without a title before it or a remark after it."""
    changes = []
    text = tidy(typed)
    if re.search(r"\s{2,}|\u00a0|\n", typed) or typed != typed.strip():
        changes.append("spaces")
    if text.translate(_ETH) != text:
        text = text.translate(_ETH)
        changes.append("eth")
    text, extra = _cut(text)
    if _BROKEN.search(text):
        return Name(text, tuple(changes), extra, "legacy_text")
    if _DIGIT.search(text) or len(text) < 2 or not all(_WORD.fullmatch(word) for word in text.split()):
        return Name(text, tuple(changes), extra, "bad_name")
    cased = _ordinary_capitals(text)
    if cased != text:
        changes.append("capitals")
    return Name(cased, tuple(changes), extra)


def _cut(text: str) -> tuple[str, str | None]:
    extras = []
    while (prefix := _title(text)) is not None:
        extras.append(prefix)
        text = text[len(prefix) :].lstrip(" .:")
    if match := _AFTER_NAME.search(text):
        extras.append(match[1] or match[2] or match[3] or "")
        text = text[: match.start()].strip()
    return text.strip(" ,;"), "; ".join(extra for extra in extras if extra) or None


def _title(text: str) -> str | None:
    """The title that a name begins with; one that is a family name too only where a family name follows."""
    tables, low = words.load(), text.lower()
    for prefix in tables.name_prefixes:
        rest = text[len(prefix) :]
        if not low.startswith(prefix.lower()) or not rest or not (rest[0] in " .:" or prefix.endswith(".")):
            continue
        follows = fold(rest.lstrip(" .:")).split()
        if not follows or (fold(prefix) in tables.kinship and (len(follows) < 2 or not _is_family(follows[0]))):
            continue
        return text[: len(prefix)]
    return None


def _is_family(word: str) -> bool:
    return word in words.load().family_names or word.startswith(("k'", "h'", "ka'"))


def _ordinary_capitals(text: str) -> str:
    """A name all in capitals (or all in small letters) in ordinary ones; anything between stays as typed.

    A name decoded from a capital font may have its marked letters small among capitals: its plain letters decide.
    """
    plain = [sign for sign in text if sign.isascii() and sign.isalpha()]
    if text.isupper() or text.islower() or (len(plain) > 2 and all(sign.isupper() for sign in plain)):
        return re.sub(r"[^\W\d_]+", lambda match: match[0][0].upper() + match[0][1:].lower(), text)
    return text


@lru_cache(maxsize=65_536)
def compared_name(name: str) -> str:
    """A name as it is compared: letters with their marks, the tone of each word after it."""
    return " ".join(_word_key(word) for word in tidy(name).translate(_ETH).lower().split())


def _word_key(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for sign in unicodedata.normalize("NFD", word):
        (tones if sign in _TONES else letters).append(sign)
    return "".join(letters) + "".join(sorted(tones))


def same_person_name(one: str, other: str) -> bool:
    """Whether two names that bear one code can be one person's: equal but for diacritics left out."""
    return fold(one) == fold(other)


def read_sex(text: str) -> str | None:
    """Nam or Nữ, whatever the capitals; None for anything else."""
    return {"nam": "Nam", "nu": "Nữ"}.get(fold(text).strip(" ."))
