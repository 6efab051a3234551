"""Cutting the text of a condition into words, each with its place, so that an error can point at it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.loader.errors import LawFileError

_WORD = re.compile(
    r"""\s*(?:
        (?P<date>\d{4}-\d{2}-\d{2})
      | (?P<number>\d+)
      | (?P<text>"[^"]*"|“[^”]*”)
      | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
      | (?P<sign><=|>=|!=|=|<|>|\+|-|/|\(|\)|\[|\]|,)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands in its file."""

    file: str
    line: int

    def error(self, problem: str, hint: str) -> LawFileError:
        """The refusal of a condition."""
        return LawFileError(self.file, self.line, problem, hint)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a condition: its kind (`date number text name sign end`) and its letters."""

    kind: str
    text: str


def scan(text: str, place: Place) -> list[Word]:
    """Cut a condition into words, the last one of kind `end`; raises `LawFileError` at a foreign character."""
    words, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            raise place.error(
                f"Không hiểu “{text[at:].strip()[:20]}” trong điều kiện.",
                "Chỉ dùng tên dữ kiện, ngày, số, dấu so sánh và các từ and, or, not, is, in, after, before, on.",
            )
        kind = str(match.lastgroup)
        words.append(Word(kind, match[kind].strip('"“”') if kind == "text" else match[kind]))
        at = match.end()
    return [*words, Word("end", "")]
