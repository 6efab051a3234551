"""The kinds of steps as a secretary calls them, and what is usual about each (`steps.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from rules.loader import vocabulary
from rules.loader.errors import UnknownName
from rules.loader.kept.copies import kept
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import nearest
from rules.loader.yaml_nodes import Node, entries

if TYPE_CHECKING:
    from collections.abc import Iterable


FILE = Path(__file__).parent / "steps.yaml"

_FLAGS = ("again", "office", "after_departure", "after_exit", "decides")
By = Literal["cell", "committee", "either"]
"""Whose step it is where several people record in one store."""


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step: its names, and what has to be confirmed about it."""

    name: str
    label: str
    names: tuple[str, ...] = ()
    once: str | None = None
    again: bool = False
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    office: bool = False
    after_departure: bool = False
    after_exit: bool = False
    decides: bool = False
    by: By = "cell"


@cache
def kinds(file: Path = FILE) -> dict[str, StepKind]:
    """Every kind of step of the vocabulary; raises `LawFileError` with file and line."""
    made_by = (FILE, Path(__file__))
    return kept("steps", dict[str, StepKind], lambda: _read(file), made_by=made_by) if file == FILE else _read(file)


def _read(file: Path) -> dict[str, StepKind]:
    words = vocabulary.load()
    known = {name: StepKind(name, words.facts[name].column or words.facts[name].label) for name in words.step_kinds}
    said: dict[str, StepKind] = {}
    for node in entries(file):
        keys = node.mapping(["step"], ["names", "once", "after", "needs", "by", *_FLAGS])
        name = keys["step"].one_of(known)
        if name in said:
            raise node.error(f"Bước “{name}” khai báo hai lần.", "Mỗi bước một mục.")
        said[name] = StepKind(
            name,
            known[name].label,
            keys.read("names", lambda node: tuple(member.text() for member in node.items()), ()),
            once=keys.read("once", lambda node: node.one_of(("always",))),
            after=_steps(keys.get("after"), known),
            needs=_steps(keys.get("needs"), known),
            by=keys.read("by", _by, "cell"),
            **{flag: keys.read(flag, Node.flag, otherwise=False) for flag in _FLAGS},
        )
    return {name: said.get(name, kind) for name, kind in known.items()}


def _by(node: Node) -> By:
    said: By = node.one_of(get_args(By))  # type: ignore[assignment]  # one of these words
    return said


def _steps(node: Node | None, known: Iterable[str]) -> tuple[str, ...]:
    return () if node is None else tuple(member.one_of(known) for member in node.items())


def spelt(text: str) -> str:
    """A name as it is compared: without diacritics, capitals, hyphens and the word “ngày”."""
    words = fold(text.replace("-", " ").replace("_", " ").replace(",", " ")).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "ngay" else words)


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in kinds().values():
        for name in (kind.name, kind.label, *kind.names):
            found.setdefault(spelt(name), kind.name)
    return found


def known_step(text: str) -> StepKind:
    """The kind of step that a text names, in English or Vietnamese; raises `UnknownName` with the nearest."""
    spellings = _spellings()
    name = spellings.get(spelt(text))
    if name is not None:
        return kinds()[name]
    words = set(spelt(text).split())
    near = [spelling for spelling in spellings if words <= set(spelling.split())] if words else []
    alike = near[0] if near else nearest(text, spellings)
    hint = "Xem tên các bước bằng lệnh: dubi steps"
    if alike is not None:
        hint = f"Có phải “{alike.replace(' ', '-')}” ({kinds()[spellings[alike]].label})?"
    raise UnknownName(f"Không có bước “{text}”. {hint}")
