"""Headings put together from meanings (what, of which step, of whom), as a grammar of concepts (`meanings.yaml`).

A heading is understood only where every word of it is; what is left over makes it a question, with the likely answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cases.rosters.columns import labels
from cases.rosters.columns.labels import Field, spelt_alike
from rules.loader.spelling.folding import fold, tidy
from rules.loader.yaml_nodes import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent

OTHER_PERSON = Field("other_person", "skipped", "Của người khác")
"""A fact of somebody else's, a spouse or a helper: never the person's own."""

_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_NO_WORD = re.compile(r"[^\w]+")
_FEW = 4
_SHORT = 400
"""No heading is longer; what is understood of a longer text is not kept."""
_TELLING = frozenset(
    {"admit", "join", "recognise", "ct", "probation", "awareness", "newmember", "candidate", "exit", "death",
     "move_out", "move_in", "card", "dossier", "birth", "decide", "resolve", "helper", "code", "name"}
)  # fmt: skip
"""The concepts that tell of what a heading may be, where it was not understood as a whole."""
_NOT_OF_THE_PARTY = frozenset({"planned", "youth"})
"""A day that is only planned, or of another body, is no step of the Party's."""
_SAYS = _TELLING | {"other", "acknowledge", "certificate", "again", "end"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A field with the concepts that it needs, and those that may stand beside them."""

    field: str
    needs: frozenset[str]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Understood:
    """The concepts of a heading, the words that told them, and the words that nobody knows."""

    concepts: frozenset[str]
    words: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The concepts by their phrases, and the fields that they make up."""

    phrases: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]
    """By folded words: the words as they are spelt, with the concept; '' for words that add nothing."""
    longest: int
    rules: tuple[_Rule, ...]
    yields: dict[str, str]
    """By folded heading: the field that it means beside a more exact heading of its usual one."""
    not_of_person: frozenset[str]

    def read(self, text: str) -> Understood:
        """The concepts of a text, the longest phrases first."""
        words = [word for word in _NO_WORD.split(tidy(text).lower()) if word]
        concepts: set[str] = set()
        told: list[str] = []
        unknown: list[str] = []
        place = 0
        while place < len(words):
            for length in range(min(self.longest, len(words) - place), 0, -1):
                piece = tuple(words[place : place + length])
                concept = self._concept(piece)
                if concept is not None:
                    if concept:
                        concepts.add(concept)
                        told.append(" ".join(piece))
                    place += length
                    break
            else:
                unknown.append(words[place])
                place += 1
        return Understood(frozenset(concepts), tuple(told), tuple(unknown))

    def _concept(self, piece: tuple[str, ...]) -> str | None:
        for spelt, concept in self.phrases.get(tuple(map(fold, piece)), ()):
            if all(map(spelt_alike, piece, spelt)):
                return concept
        return None

    def fields(self, concepts: frozenset[str]) -> list[str]:
        """The fields that these concepts make up, all of them: those that need the most of them."""
        fitting = [rule for rule in self.rules if rule.needs <= concepts <= rule.needs | rule.may]
        most = max((len(rule.needs) for rule in fitting), default=0)
        return list(dict.fromkeys(rule.field for rule in fitting if len(rule.needs) == most))

    def hints(self, concepts: frozenset[str]) -> list[str]:
        """The fields that a heading with these concepts may mean, the likeliest first."""
        telling = concepts & _TELLING
        scored = [
            (len(rule.needs & concepts) - len(rule.needs - concepts), rule.field)
            for rule in self.rules
            if rule.needs & telling
        ]
        scored.sort(key=lambda pair: -pair[0])
        return list(dict.fromkeys(field for _, field in scored))[:_FEW]


def understand(levels: Sequence[str]) -> tuple[tuple[Field, ...], Understood]:
    """What a heading means, its upper headings included: one field, several, or none.

    A note in brackets is left out where the heading is not understood with it.
    """
    asked = tuple(levels)
    return _understood_once(asked) if sum(map(len, asked)) <= _SHORT else _understood(asked)


@lru_cache(maxsize=4_096)
def _understood_once(levels: tuple[str, ...]) -> tuple[tuple[Field, ...], Understood]:
    """The same; the cells at the top of a list are asked about many times."""
    return _understood(levels)


def _understood(levels: tuple[str, ...]) -> tuple[tuple[Field, ...], Understood]:
    grammar, known = load(), labels.load().fields
    whole = " ".join(levels)
    seen = grammar.read(whole)
    if any("other" in grammar.read(level).concepts for level in levels):
        return (OTHER_PERSON,), seen
    for text in dict.fromkeys((whole, " ".join(_BRACKETS.sub("", level) for level in levels))):
        found = grammar.read(text)
        if found.unknown or not found.concepts:
            continue
        if (
            "helper" in found.concepts
            and len(levels) > 1
            and not found.concepts <= {"helper", "member", "name", "assign"}
        ):
            names = [name for name in grammar.fields(found.concepts) if name == "helper_assigned_on"]
            return (tuple(known[name] for name in names) or (OTHER_PERSON,)), found
        if fields := grammar.fields(found.concepts):
            return tuple(known[name] for name in fields), found
    return (), seen


def without_notes(text: str) -> str:
    """A heading without the brackets that only note something: “(dd/mm/yyyy)”, but not “(chính thức)”."""
    grammar = load()
    return _BRACKETS.sub(lambda note: note[0] if grammar.read(note[0]).concepts & _SAYS else "", text)


def is_neutral(text: str) -> bool:
    """Whether an upper heading says nothing of whose or of which step the columns below it are."""
    return not load().read(text).concepts & (_TELLING | {"other", "acknowledge", "certificate"} - {"name", "birth"})


def may_mean(understood: Understood) -> tuple[Field, ...]:
    """The likely fields of a heading that was not understood."""
    if understood.concepts & _NOT_OF_THE_PARTY:
        return ()
    known = labels.load().fields
    return tuple(known[name] for name in load().hints(understood.concepts))


def is_code_of_something_else(understood: Understood, text: str) -> bool:
    """Whether a code is of a unit, a tax office or the like, and not of the person."""
    folded = f" {fold(text)} "
    return "code" not in understood.concepts or any(f" {word} " in folded for word in load().not_of_person)


@cache
def load(path: Path = HERE / "meanings.yaml") -> Grammar:
    """Read the grammar; raises `LawFileError` with file and line."""
    keys = read_yaml(path).mapping(["concepts", "fillers", "fields", "yields", "not_of_person"])
    known = labels.load().fields
    phrases: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
    listed = [("", keys["fillers"]), *keys["concepts"].pairs().items()]
    for concept, node in listed:
        for one in node.items():
            spelt = tuple(word for word in _NO_WORD.split(tidy(one.text()).lower()) if word)
            phrases.setdefault(tuple(map(fold, spelt)), []).append((spelt, concept))
    rules = []
    for node in keys["fields"].items():
        entry = node.mapping(["field", "needs", "may"])
        needs, may = (
            frozenset(one.one_of(keys["concepts"].pairs()) for one in entry[key].items()) for key in ("needs", "may")
        )
        rules.append(_Rule(entry["field"].one_of(known), needs, may))
    return Grammar(
        phrases,
        max(map(len, phrases)),
        tuple(rules),
        {fold(label): name.one_of(known) for label, name in keys["yields"].pairs().items()},
        frozenset(fold(one.text()) for one in keys["not_of_person"].items()),
    )
