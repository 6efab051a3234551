"""How free words are read (`words.yaml`): many ways of writing one thing, and what cannot be read at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rules.loader.kept.copies import kept
from rules.loader.spelling.folding import fold, tidy
from rules.loader.yaml_nodes import Node, entries

FILE = Path(__file__).parents[2] / "words.yaml"
_WORDS = re.compile(r"[\w']+")
_DASHES = re.compile(r"[-\s]+")

Phrase = tuple[str, ...]


def phrase(text: str) -> Phrase:
    """The words of a text as they are compared; a text of dashes alone is one dash."""
    plain = tidy(text).casefold()
    found = tuple(_WORDS.findall(plain))
    return found or (("-",) if plain and _DASHES.fullmatch(plain.translate({0x2013: "-", 0x2014: "-"})) else ())


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases, and the same typed without diacritics."""

    written: frozenset[Phrase]
    bare: frozenset[Phrase]

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Phrases:
        phrases = [phrase(text) for text in texts]
        return cls(frozenset(phrases), frozenset(tuple(fold(word) for word in words) for words in phrases))

    def has(self, words: Phrase) -> bool:
        """Whether a phrase is one of them; whoever types no diacritics means any."""
        return words in self.written or (all(word.isascii() for word in words) and words in self.bare)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the words of one fact are read."""

    fact: str
    reads: dict[str, _Phrases]
    no: _Phrases
    """Words that say "none" together with words of `of`."""
    of: _Phrases
    none: str | None
    lead: tuple[_Phrases, ...]
    known: _Phrases | None
    unread: _Phrases

    def read(self, text: str) -> str | None:
        """The word as the rules know it, or as it stands; None where it cannot be read."""
        words = phrase(text)
        for meant, ways in self.reads.items():
            if ways.has(words):
                return meant
        if not words or self.unread.has(words):
            return None
        if self.none and self.no.has(words[:1]) and all(self.of.has((word,)) for word in words[1:]):
            return self.none
        if self.known is None:
            return tidy(text) if sum(map(str.isalpha, text)) > 1 else None
        for lead in self.lead:
            longest = max(map(len, lead.written))
            if lead.has(words[:longest]):
                words = words[longest:]
                break
        starts = (words[:length] for length in range(1, len(words) + 1))
        return tidy(text) if any(self.known.has(start) for start in starts) else None


def _texts(node: Node) -> list[str]:
    return [member.text() for member in node.items()]


def _reading(node: Node) -> Reading:
    keys = node.mapping(["fact", "reads"], ["without", "lead", "known", "unread"])
    without = keys["without"].mapping(["no", "of", "as"]) if "without" in keys else {}
    return Reading(
        fact=keys["fact"].text(),
        reads={meant: _Phrases.of(_texts(ways)) for meant, ways in keys["reads"].pairs().items()},
        no=_Phrases.of(_texts(without["no"]) if without else ()),
        of=_Phrases.of(_texts(without["of"]) if without else ()),
        none=without["as"].text() if without else None,
        lead=tuple(_Phrases.of([text]) for text in (_texts(keys["lead"]) if "lead" in keys else ())),
        known=_Phrases.of(_texts(keys["known"])) if "known" in keys else None,
        unread=_Phrases.of(_texts(keys["unread"]) if "unread" in keys else ()),
    )


@cache
def load(file: Path = FILE) -> dict[str, Reading]:
    """The readings by the fact; raises `LawFileError` with file and line."""
    return kept("words", dict[str, Reading], lambda: _read(file)) if file == FILE else _read(file)


def _read(file: Path) -> dict[str, Reading]:
    return {reading.fact: reading for reading in map(_reading, entries(file))}


@lru_cache(maxsize=65_536)
def read_word(fact: str, text: str) -> str | None:
    """A text as the rules read it, None where it cannot be read; facts that are no free words stand as they are."""
    reading = load().get(fact)
    return text if reading is None else reading.read(text)
