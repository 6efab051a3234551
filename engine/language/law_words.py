"""What the law says, in words: values with their units, clauses, periods and how sure all that is."""

from __future__ import annotations

from engine.language.wording import UNITS, value_in_words
from rules.loader import vocabulary
from rules.loader.law import Document, Value
from rules.loader.spelling.days import shown_day

NOT_KNOWN = "chưa rõ nội dung"
BASES = {"inferred": "suy ra", "unknown": "chưa biết nội dung"}
"""What is said of an unconfirmed value beside that it is unconfirmed."""


def amount(value: Value | None, unit: str) -> str:
    """A value of the law with its unit: "30 ngày làm việc", "2/3", "có"."""
    if value is None:
        return NOT_KNOWN
    codes = {code: words for members in vocabulary.load().codes.values() for code, words in members.items()}
    words = value_in_words(value, codes if unit == "code" else None)
    return f"{words} {UNITS[unit]}" if unit in UNITS else words


def sureness(certainty: str, basis: str | None = None) -> str:
    """How sure something is: "trích nguyên văn", "chưa đối chiếu văn bản, suy ra"."""
    words = vocabulary.load().codes["certainty"][certainty]
    return f"{words}, {BASES[basis]}" if basis in BASES else words


def period(document: Document) -> str:
    """The days on which a document is in force."""
    begins = shown_day(document.begins)
    return f"{begins} – {shown_day(document.ends)}" if document.ends else f"từ {begins}"
