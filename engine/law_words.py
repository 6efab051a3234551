"""What the law says, in words: values with their units, clauses, periods and how sure all that is."""

from __future__ import annotations

import datetime as dt

from engine.wording import UNITS, value_in_words
from rules import vocabulary
from rules.law import Document, Parameter, Value, Version

CERTAINTY, BASIS = "certainty", "basis"
NOT_KNOWN = "chưa rõ"
BASES = {
    "exam_key": "theo đáp án đề thi",
    "exam": "theo đề thi",
    "inferred": "suy ra",
    "unknown": "chưa biết nội dung",
}


def amount(value: Value | None, unit: str) -> str:
    """A value of the law with its unit: "30 ngày làm việc", "2/3", "có"."""
    if value is None:
        return NOT_KNOWN
    codes = {code: words for members in vocabulary.load().codes.values() for code, words in members.items()}
    words = value_in_words(value, codes if unit == "code" else None)
    return f"{words} {UNITS[unit]}" if unit in UNITS else words


def sureness(certainty: str, basis: str | None = None) -> str:
    """How sure something is: "trích nguyên văn", "chưa đối chiếu văn bản, theo đề thi"."""
    words = vocabulary.load().codes[CERTAINTY][certainty]
    return f"{words}, {BASES[basis]}" if basis else words


def period(document: Document) -> str:
    """The days on which a document is in force."""
    begins = f"{document.begins:%d/%m/%Y}"
    return f"{begins} – {document.ends:%d/%m/%Y}" if document.ends else f"từ {begins}"


def clause(text: str | None) -> str:
    """A clause as people cite it; empty where none is known."""
    return f"mục {text}" if text else ""


def version_in_words(version: Version, unit: str) -> str:
    """What one document says: value, clause and certainty in one line."""
    parts = (amount(version.value, unit), clause(version.clause), sureness(version.certainty, version.basis))
    return "; ".join(part for part in parts if part)


def in_force_in_words(parameter: Parameter, day: dt.date) -> str:
    """What applies on a day, in one line."""
    entry = parameter.at(day)
    words = version_in_words(entry.version, parameter.unit)
    return f"{words} (giá trị biết gần nhất, của {entry.version.document.number})" if entry.last_known else words
