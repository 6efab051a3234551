"""What is counted: the populations with the facts that are known of each of their members, and the dimensions.

A population that extends the cases knows all facts of a case besides its own. Every population knows the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader import settings as settings_loader
from rules.loader import vocabulary
from rules.loader.vocabulary import Vocabulary
from rules.loader.yaml_nodes import Node, entries

HERE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Population:
    """What an indicator counts: cases, courses, learners, targets, units, moves or disciplinary decisions."""

    name: str
    label: str
    vocabulary: Vocabulary
    figures: dict[str, str]
    """Facts whose value is a figure of the member's unit, with the indicator that gives it."""
    topmost: bool
    """Whether a unit's own entry stands for those of the units below it."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A restriction written behind an indicator in brackets: a condition for each value, or for any value."""

    name: str
    label: str
    any_value: str | None
    """The condition, with ``{value}`` in the place of the value."""
    codes: str | None
    """The code list that the values come from; None = any text."""
    unknown: str | None
    """The condition under which a member's place is not known."""
    values: dict[str, str]
    file: Path
    line: int


def _vocabulary(facts_file: Path, *, extends: bool) -> Vocabulary:
    """The facts of a population: its own, those of a case where it extends the cases, and the settings."""
    base, own = vocabulary.load(), vocabulary.load(facts_file)
    settings = settings_loader.load().values()
    known = dict(base.facts) if extends else {}
    for name, fact in own.facts.items():
        if name in known:
            raise Node(fact.file, fact.line, name).error(f"Dữ kiện “{name}” đã có của hồ sơ.", "Đặt tên khác.")
    known |= own.facts | {setting.name: setting.as_fact() for setting in settings}
    return Vocabulary(known, base.codes | {setting.codes: setting.values for setting in settings})


@cache
def load(file: Path = HERE / "populations.yaml") -> dict[str, Population]:
    """All populations; raises `LawFileError` with file and line."""
    found: dict[str, Population] = {}
    for node in entries(file):
        keys = node.mapping(["population", "label"], ["extends", "topmost", "figures"])
        name = keys["population"].text()
        if name in found:
            raise node.error(f"Tập hợp “{name}” khai báo hai lần.", "Mỗi tập hợp một mục.")
        facts = _vocabulary(file.with_suffix("") / f"{name}.yaml", extends="extends" in keys)
        figures = keys.read("figures", Node.texts, dict[str, str]())
        for fact in figures:
            if fact not in facts.facts:
                raise keys["figures"].error(f"“{fact}” không phải là dữ kiện của “{name}”.", "Khai báo dữ kiện trước.")
        topmost = keys.read("topmost", Node.flag, otherwise=False)
        found[name] = Population(name, keys["label"].text(), facts, figures, topmost)
    return found


@cache
def dimensions(file: Path = HERE / "dimensions.yaml") -> dict[str, Dimension]:
    """All dimensions; raises `LawFileError` with file and line."""
    found: dict[str, Dimension] = {}
    codes = vocabulary.load().codes
    for node in entries(file):
        keys = node.mapping(["dimension", "label"], ["when", "codes", "unknown", "values"])
        if ("when" in keys) == ("values" in keys):
            raise node.error("Một chiều phân tổ ghi when hoặc values.", "Bỏ một trong hai khoá.")
        name = keys["dimension"].text()
        found[name] = Dimension(
            name=name,
            label=keys["label"].text(),
            any_value=keys.read("when", Node.text),
            codes=keys.read("codes", lambda node: node.one_of(codes)),
            unknown=keys.read("unknown", Node.text),
            values=keys.read("values", Node.texts, dict[str, str]()),
            file=node.file,
            line=node.line,
        )
    return found
