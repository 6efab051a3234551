"""Words of the lists and what they stand for: ethnic groups, schooling, status and the like (`words.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cases.workbook.office_words import word_key
from rules.loader.spelling.folding import fold
from rules.loader.yaml_nodes import read_yaml

if TYPE_CHECKING:
    from rules.loader.yaml_nodes import Node

HERE = Path(__file__).parent

UNKNOWN_SIGNS = frozenset({"-", "--", "---", "—", "–", ".", "..", "...", "…", "_", "/"})
"""What people put into a cell that has nothing to say."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables, each by `word_key`."""

    ethnic_groups: dict[str, str]
    theory: frozenset[str]
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


@cache
def load(path: Path = HERE / "words.yaml") -> Words:
    """Read the tables; raises `LawFileError` with file and line."""
    keys = read_yaml(path).mapping(
        [
            "ethnic_groups",
            "ethnic_spellings",
            "theory",
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
    statuses = keys["status"].pairs()
    return Words(
        ethnic_groups={**spellings, **groups},
        theory=_keys(keys["theory"]),
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
