"""Codes that people cannot tell apart: equal but for capitals, spaces, or like letters of another alphabet."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LOOKS = str.maketrans(
    "авсенкмортухіѕјзαβεζηικμνορτυχ‐‑‒–—−",
    "abcehkmoptyxisj3abezhikmnoptyx------",
)
"""Small letters of the Cyrillic and Greek alphabets, and strokes, by what they look like."""


@lru_cache(maxsize=65_536)
def looks_like(code: str) -> str:
    """What two codes have in common that look the same."""
    text = unicodedata.normalize("NFKC", code).casefold()
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) != "Cf").translate(_LOOKS)
