"""The words that offices write for a schooling, a qualification or an occupation, and the codes that they stand for.

A word that is not in the table (`office_words.yaml`) is no code: it may be proposed, it is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cases.workbook.schema import choices
from rules.loader.spelling.folding import fold
from rules.loader.yaml_nodes import read_yaml

if TYPE_CHECKING:
    from rules.loader.yaml_nodes import Node

HERE = Path(__file__).parent

CODED = ("schooling", "qualification", "academic_title", "occupation", "exit_kind")
"""The lists of codes for which offices have words of their own."""


def word_key(text: str) -> str:
    """A word as it is looked up: without case, diacritics, spaces and a stop at its end."""
    return fold(text).replace(" ", "").rstrip(".")


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """The codes of each word, by the list of codes and `word_key`."""

    codes: dict[str, dict[str, str]]
    proposals: dict[str, dict[str, str]]
    """Codes that a word may stand for, which somebody has to say."""
    openings: tuple[str, ...]
    """Words of a qualification that may be followed by its subject."""

    def code(self, codes: str, text: str) -> str | None:
        """The code of a word; a qualification may be followed by its subject."""
        table = self.codes.get(codes, {})
        if (code := table.get(word_key(text))) is not None:
            return code
        folded = fold(text) if codes == "qualification" else ""
        opening = next((word for word in self.openings if folded.startswith(word + " ")), None)
        return table[word_key(opening)] if opening else None

    def proposed(self, codes: str, text: str) -> str | None:
        """The code that a word may stand for."""
        return self.proposals.get(codes, {}).get(word_key(text))


@cache
def load(path: Path = HERE / "office_words.yaml") -> OfficeWords:
    """Read the tables; raises `LawFileError` with file and line."""
    keys = read_yaml(path).mapping([*CODED, "qualification_proposed", "occupation_proposed", "qualification_openings"])
    openings = (fold(one.text()) for one in keys["qualification_openings"].items())
    return OfficeWords(
        {codes: {**_table(codes, keys[codes]), **_own(codes)} for codes in CODED},
        {codes: _table(codes, keys[f"{codes}_proposed"]) for codes in ("qualification", "occupation")},
        tuple(sorted(openings, key=len, reverse=True)),
    )


def _table(codes: str, node: Node) -> dict[str, str]:
    return {word_key(word): code.one_of(choices(codes)) for word, code in node.pairs().items()}


def _own(codes: str) -> dict[str, str]:
    known = choices(codes)
    return {word_key(label): code for code, label in known.items()} | {word_key(code): code for code in known}
