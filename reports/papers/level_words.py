"""The words of levels on a day: from 01/7/2025 there are no districts and no townships (`level_words.yaml`)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from rules.loader.yaml_nodes import entries

LEVELS = ("officials_above", "other_units", "to_other_units", "communes")
FILE = Path(__file__).with_name("level_words.yaml")


@cache
def _words() -> dict[str, list[tuple[dt.date | None, str]]]:
    """For each word what it is called, and from which day on; raises `LawFileError` with file and line."""
    found: dict[str, list[tuple[dt.date | None, str]]] = {}
    for node in entries(FILE):
        keys = node.mapping(["word", "said"], ["since", "source"])
        since = keys["since"].date() if "since" in keys else None
        found.setdefault(keys["word"].text(), []).append((since, keys["said"].text()))
    return found


def level_word(name: str, day: dt.date) -> str:
    """What a level is called on a day: by the latest of its words that has begun."""
    begun = [(since, said) for since, said in _words()[name] if since is None or since <= day]
    return max(begun, key=lambda one: one[0] or dt.date.min)[1]


def every_word(name: str) -> tuple[str, ...]:
    """All that a level was ever called: a form of another time bears other words."""
    return tuple(said for _, said in _words()[name])
