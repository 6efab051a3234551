"""Codes of dossiers: those that people cannot tell apart, and new ones, which go on where the one last given stopped.

Apart from each other are not those that are equal but for capitals, spaces, or like letters of another alphabet.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LOOKS = str.maketrans(
    "авсенкмортухіѕјзαβεζηικμνορτυχ‐‑‒–—−",
    "abcehkmoptyxisj3abezhikmnoptyx------",
)
"""Small letters of the Cyrillic and Greek alphabets, and strokes, by what they look like."""
_NUMBERED = re.compile(r"(.*?)(\d+)")
_FIRST = ("HS-", 4)
"""What codes begin with, and how many digits they have, where no code has a number that one could go on from."""


@lru_cache(maxsize=65_536)
def looks_like(code: str) -> str:
    """What two codes have in common that look the same."""
    if code.isascii() and code.isprintable():
        return code.lower().replace(" ", "")  # what the rest comes to, soon seen
    text = unicodedata.normalize("NFKC", code).casefold()
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) != "Cf").translate(_LOOKS)


def next_code(codes: Iterable[str], is_taken: Callable[[str], bool] | None = None) -> str:
    """The code after the one last given."""
    return next(new_codes(codes, is_taken))


def new_codes(codes: Iterable[str], is_taken: Callable[[str], bool] | None = None) -> Iterator[str]:
    """One new code after another, none of which looks like one that is there.

    ``is_taken`` knows of codes that are not among those: such a one is passed over.
    """
    known = list(codes)
    taken = {looks_like(code) for code in known}
    numbered = [found for code in known if (found := _NUMBERED.fullmatch(code))]
    prefix, width = (numbered[-1][1], len(numbered[-1][2])) if numbered else _FIRST
    used = (int(found[2]) for found in numbered if found[1] == prefix)
    for number in count(1 + max(used, default=0)):
        code = f"{prefix}{number:0{width}}"
        if looks_like(code) not in taken and not (is_taken is not None and is_taken(code)):
            yield code
