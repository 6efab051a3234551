"""Words of the lists and what they stand for: ethnic groups, schooling, status and the like (`words.yaml`)."""

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
"""The fields whose words become codes."""

UNKNOWN_SIGNS = frozenset({"-", "--", "---", "—", "–", ".", "..", "...", "…", "_", "/"})
"""What people put into a cell that has nothing to say."""


def word_key(text: str) -> str:
    """A word as it is looked up: without case, diacritics, spaces and a stop at its end."""
    return fold(text).replace(" ", "").rstrip(".")


@dataclass(frozen=True, slots=True)
class Words:
    """The tables, each by `word_key`."""

    ethnic_groups: dict[str, str]
    theory: frozenset[str]
    codes: dict[str, dict[str, str]]
    """By field: the code of each word."""
    proposed: dict[str, str]
    """Codes of a qualification that are proposed only."""
    openings: tuple[str, ...]
    statuses: dict[str, str]
    status_names: tuple[str, ...]
    status_effects: tuple[str, ...]
    status_phrases: tuple[tuple[str, str], ...]
    """The folded words of a status and what they say, the longest first: how a heading tells one."""
    status_fillers: frozenset[str]
    """Words that a heading of a status may hold besides."""
    ditto: frozenset[str]
    name_prefixes: tuple[str, ...]
    kinship: frozenset[str]
    """Titles that are family names too: cut off only before a family name."""
    family_names: frozenset[str]

    def status_word(self, effect: str) -> str:
        """A status as it is written."""
        return next(name for name, said in zip(self.status_names, self.status_effects, strict=True) if said == effect)

    def code(self, field: str, text: str) -> str | None:
        """The code of a word; a qualification may be followed by its subject."""
        table = self.codes[field]
        if (code := table.get(word_key(text))) is not None:
            return code
        if field == "qualification":
            folded = fold(text)
            for opening in self.openings:
                if folded.startswith(opening + " "):
                    return table[word_key(opening)]
        return None


@cache
def load(path: Path = HERE / "words.yaml") -> Words:
    """Read the tables; raises `LawFileError` with file and line."""
    keys = read_yaml(path).mapping(
        [
            "ethnic_groups",
            "ethnic_spellings",
            "theory",
            *CODED,
            "qualification_proposed",
            "qualification_openings",
            "status",
            "status_headings",
            "status_fillers",
            "ditto",
            "name_prefixes",
            "kinship",
            "family_names",
        ]
    )
    groups = {word_key(name): name for name in _texts(keys["ethnic_groups"])}
    spellings = {
        word_key(word): name.one_of(groups.values()) for word, name in keys["ethnic_spellings"].pairs().items()
    }
    codes = {field: _codes(field, keys[field]) for field in CODED}
    statuses = keys["status"].pairs()
    return Words(
        ethnic_groups={**spellings, **groups},
        theory=_keys(keys["theory"]),
        codes=codes,
        proposed=_codes("qualification", keys["qualification_proposed"], own_labels=False),
        openings=tuple(sorted((fold(word) for word in _texts(keys["qualification_openings"])), key=len, reverse=True)),
        statuses={word_key(word): effect for effect, node in statuses.items() for word in _texts(node)},
        status_effects=tuple(statuses),
        status_names=tuple(_texts(node)[0] for node in statuses.values()),
        status_phrases=_phrases(statuses, keys["status_headings"].pairs()),
        status_fillers=frozenset(fold(word) for text in _texts(keys["status_fillers"]) for word in text.split()),
        ditto=frozenset(fold(sign) for sign in _texts(keys["ditto"])),
        name_prefixes=tuple(sorted(_texts(keys["name_prefixes"]), key=len, reverse=True)),
        kinship=frozenset(fold(word) for word in _texts(keys["kinship"])),
        family_names=frozenset(fold(word) for word in _texts(keys["family_names"])),
    )


def _phrases(*tables: dict[str, Node]) -> tuple[tuple[str, str], ...]:
    found = {fold(word): effect for table in tables for effect, node in table.items() for word in _texts(node)}
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _texts(node: Node) -> list[str]:
    return [one.text() for one in node.items()]


def _keys(node: Node) -> frozenset[str]:
    return frozenset(word_key(word) for word in _texts(node))


def _codes(field: str, node: Node, *, own_labels: bool = True) -> dict[str, str]:
    known = choices(field)
    table = {word_key(word): code.one_of(known) for word, code in node.pairs().items()}
    if own_labels:
        table |= {word_key(label): code for code, label in known.items()} | {word_key(code): code for code in known}
    return table
