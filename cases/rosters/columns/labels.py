"""The headers that offices write over their columns, and which field each one means.

The list is data (`labels.yaml`). A header is compared as it stands, then without what offices add to it, then without
diacritics, then with the usual abbreviations; nothing is compared by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar, get_args

from cases.rosters.columns.column_kinds import FieldKind
from rules.loader import vocabulary
from rules.loader.spelling.folding import fold, tidy
from rules.loader.yaml_nodes import Node, read_yaml

HERE = Path(__file__).parent

PLACE_PART = "place_part"
"""Stands in the list for one part of the place that the upper label names."""

_KINDS: dict[str, FieldKind] = {"date": "step", "mark": "mark", "number": "number", "code": "listed", "text": "text"}
"""How a column of the store is read that offices have no labels of their own for: by the type of its fact."""

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_Meaning = TypeVar("_Meaning")

_ENDS = re.compile(r"[\s*:.]+$")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_NUMBER_AT_END = re.compile(r"\s*\d{1,2}$")
_ABBREVIATIONS = (
    ("giay chung nhan", "gcn"),
    ("chung nhan", "gcn"),
    ("quyet dinh", "qd"),
    ("nghi quyet", "nq"),
    ("chi bo", "cb"),
    ("dang vien", "dv"),
    ("quan chung uu tu", "qcut"),
    (" lop ", " "),
    (" ve ", " "),
    ("boi duong", "bd"),
    ("ly ", "li "),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a roster: its name, how its cells are read, and the header it is usually known by."""

    name: str
    kind: FieldKind
    label: str
    joins: bool = False
    """Whether several columns of it are one after another."""


@dataclass(frozen=True, slots=True)
class _Lower:
    """What the lower labels mean under one upper label."""

    means: dict[str, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """All fields by name, and the ways to find one."""

    fields: dict[str, Field]
    spellings: dict[str, str]
    """Field by label, in each of the forms that labels are compared in."""
    under: dict[str, _Lower]
    """By an upper label: what the lower ones mean there."""
    ambiguous: dict[str, tuple[str, ...]]
    stacked: dict[str, str]
    one_word: dict[str, set[str]]
    """The labels of one word by their folded form: Năm is not Nam."""

    def find(self, header: str, *, whole: bool = False) -> Field | None:
        """The field of a header that stands alone; ``whole``: its brackets included."""
        for form in forms(header, whole=whole):
            if (name := self.spellings.get(form)) is not None and self._is_spelt(header, form):
                return self.fields[name]
            if form.startswith("=") and form in self.ambiguous:
                return None  # “DT” is not “ĐT” written without its bar
        return None

    def _is_spelt(self, header: str, form: str) -> bool:
        """Whether a label of one word is meant: its marks must be those of the header, where that has any."""
        spelt = self.one_word.get(form)
        word = _ENDS.sub("", tidy(header)).lower()
        return spelt is None or " " in word or any(spelt_alike(word, one) for one in spelt)

    def find_under(self, upper: str, lower: str) -> Field | None:
        """The field of a lower header under an upper one, where the upper one says what the lower means."""
        for above in forms(upper):
            known = self.under.get(above)
            for form in forms(lower) if known else ():
                if (name := known.means.get(form) if known else None) is not None:
                    return self._of(name, upper, lower)
        return None

    def find_in_stack(self, header: str) -> Field | None:
        """The field of a header within a stacked one."""
        for form in forms(header):
            if (name := self.stacked.get(form)) is not None:
                return self.fields[name]
        return self.find(header)

    def meanings(self, header: str) -> tuple[Field, ...]:
        """The fields that an ambiguous abbreviation may mean."""
        for form in forms(header):
            if form in self.ambiguous and not form.startswith("~"):  # Đảng viên is no way to write ĐV
                return tuple(self.fields[name] for name in self.ambiguous[form])
        return ()

    def _of(self, name: str, upper: str, lower: str) -> Field:
        if name != PLACE_PART:
            return self.fields[name]
        place = self.find(upper)
        stem = place.name if place else "place"
        part = _ENDS.sub("", fold(lower)).replace(" ", "_").replace("/", "_")
        return Field(f"{stem}.{part}", "text", f"{tidy(upper)} {tidy(lower)}")


def spelt_alike(typed: str, known: str) -> bool:
    """Whether a word is another as people type it: without any marks, or with the same ones (hoá, hóa)."""
    return typed == known or (fold(typed) == fold(known) and (typed.isascii() or _marks(typed) == _marks(known)))


def _marks(word: str) -> tuple[str, tuple[str, ...]]:
    signs = unicodedata.normalize("NFD", word.replace("ð", "đ"))
    tones = tuple(sorted(sign for sign in signs if sign in _TONES))
    return "".join(sign for sign in signs if sign not in _TONES), tones


@lru_cache(maxsize=16_384)
def forms(header: str, *, whole: bool = False) -> tuple[str, ...]:
    """The forms a header is compared in, the most exact first; the cells at the top of a list are asked many times."""
    typed = _ENDS.sub("", tidy(header)).lower()
    found: dict[str, None] = {}
    for text in (typed,) if whole else (typed, _ENDS.sub("", _BRACKETS.sub("", typed))):
        for cut in (text, _NUMBER_AT_END.sub("", text)):
            if cut:
                folded = fold(cut)
                found |= dict.fromkeys((f"={cut}", folded.replace(" ", ""), _abbreviated(folded)))
    return tuple(found)


def _abbreviated(folded: str) -> str:
    text = f" {folded} "
    for word, short in _ABBREVIATIONS:
        text = text.replace(word, short)
    return "~" + text.replace(" ", "").replace(",", "").replace("-", "")


def _index(pairs: Iterable[tuple[str, _Meaning]]) -> dict[str, _Meaning]:
    """The meanings by every form of their labels; a loose form that two meanings share finds neither."""
    found: dict[str, _Meaning] = {}
    shared: set[str] = set()
    for label, meaning in pairs:
        whole = _ENDS.sub("", tidy(label)).lower()
        folded = fold(whole)
        for form in (f"={whole}", folded.replace(" ", ""), _abbreviated(folded)):
            if found.setdefault(form, meaning) != meaning:
                shared.add(form)
    return {form: meaning for form, meaning in found.items() if form not in shared}


@cache
def load(path: Path = HERE / "labels.yaml") -> Labels:
    """Read the labels; raises `LawFileError` with file and line."""
    keys = read_yaml(path).mapping(["fields", "under", "ambiguous", "stacked"])
    fields: dict[str, Field] = {}
    spellings: list[tuple[str, str]] = []
    for node in keys["fields"].items():
        field, labels = _field(node)
        fields[field.name] = field
        spellings += [(label, field.name) for label in labels]
    own = {fold(label) for label, _ in spellings}
    for fact in vocabulary.load().columns:
        header = fact.column or fact.label
        if fact.name not in fields and fold(header) not in own:
            fields[fact.name] = Field(fact.name, _KINDS[fact.type or "text"], header)
            spellings.append((header, fact.name))
    under: dict[str, list[tuple[str, str]]] = {}
    for node in keys["under"].items():
        entry = node.mapping(["under", "means"])
        means = [(label, name.one_of([*fields, PLACE_PART])) for label, name in entry["means"].pairs().items()]
        for upper in entry["under"].items():
            under.setdefault(upper.text(), []).extend(means)
    return Labels(
        fields,
        _index(spellings),
        _index((upper, _Lower(_index(means))) for upper, means in under.items()),
        _index(
            (label, tuple(one.one_of(fields) for one in names.items()))
            for label, names in keys["ambiguous"].pairs().items()
        ),
        _index((label, name.one_of(fields)) for label, name in keys["stacked"].pairs().items()),
        _one_word(label for label, _ in spellings),
    )


def _one_word(spellings: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for label in spellings:
        word = tidy(label).lower()
        if " " not in word:
            found.setdefault(fold(word), set()).add(word)
    return found


def _field(node: Node) -> tuple[Field, list[str]]:
    keys = node.mapping(["field", "kind", "labels"], ["joins"])
    name = keys["field"].text()
    kind: FieldKind = keys["kind"].one_of(get_args(FieldKind))  # type: ignore[assignment]  # narrowed by one_of
    labels = [label.text() for label in keys["labels"].items()]
    joins = keys.read("joins", Node.flag, otherwise=False)
    return Field(name, kind, labels[0] if labels else name, joins), labels
