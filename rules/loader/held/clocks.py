"""What waits, and which acts end the waiting, as it is written (`clocks.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader import vocabulary
from rules.loader.rules import HERE
from rules.loader.yaml_nodes import Node, entries

FILE = HERE / "clocks.yaml"


@dataclass(frozen=True, slots=True)
class Answer:
    """An act after which nothing waits: a condition, and facts by which a record comes to meet it."""

    act: str
    when: str
    sets: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that is waited for."""

    name: str
    label: str
    limits: tuple[str, ...]
    """The facts that are its limits: a rule that holds the as-of day against one of them waits."""
    rules: tuple[str, ...]
    """Rules that wait without naming a limit."""
    answers: tuple[Answer, ...]
    note: str | None
    file: Path
    line: int


def _answer(node: Node) -> Answer:
    keys = node.mapping(["act", "when", "set"])
    sets = keys["set"].mapping(optional=vocabulary.load().facts)
    return Answer(
        keys["act"].text(), keys["when"].text(), {name: value.text() for name, value in sets.items()}, node.line
    )


def _clock(node: Node) -> Clock:
    keys = node.mapping(["clock", "label", "answers"], ["limits", "rules", "note"])
    facts = vocabulary.load().facts
    return Clock(
        name=keys["clock"].text(),
        label=keys["label"].text(),
        limits=tuple(item.one_of(facts) for item in keys["limits"].items()) if "limits" in keys else (),
        rules=tuple(item.text() for item in keys["rules"].items()) if "rules" in keys else (),
        answers=tuple(_answer(item) for item in keys["answers"].items()),
        note=keys["note"].text() if "note" in keys else None,
        file=node.file,
        line=node.line,
    )


@cache
def load(file: Path = FILE) -> tuple[Clock, ...]:
    """Read the clocks; raises `LawFileError` with file and line."""
    clocks = tuple(_clock(node) for node in entries(file))
    seen: set[str] = set()
    for clock in clocks:
        if clock.name in seen:
            raise Node(file, clock.line, clock.name).error(f"“{clock.name}” khai báo hai lần.", "Mỗi đồng hồ một mục.")
        seen.add(clock.name)
    return clocks
