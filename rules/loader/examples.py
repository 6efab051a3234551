"""The examples of the rules as they are written: facts in, and what must or must not come out.

Read strictly, with file and line, so that whoever knows the law and no programming can add one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rules.loader import overlays as overlays_loader
from rules.loader import vocabulary
from rules.loader.spelling.near import did_you_mean
from rules.loader.yaml_nodes import Node, entries, files

HERE = Path(__file__).parents[1] / "examples"

Value = dt.date | int | bool | str

WANTED = ("due", "days_late", "severity", "certainty", "document", "held_by")
"""What may be said of a finding beside that it is there."""


@dataclass(frozen=True, slots=True)
class Example:
    """A case as of a day, and what a rule or a computed fact must give for it."""

    title: str
    rule: str | None
    overlay: str | None
    facts: dict[str, Value]
    as_of: dt.date
    law: dt.date | None
    fires: bool | None
    """Whether the rule must fire; None where it must be undecided, or where only facts are compared."""
    unknown: tuple[str, ...] | None
    """The facts that the rule must name as missing; None where it must be decided."""
    wanted: dict[str, str]
    """Of a finding: its due day, severity and so on, as texts."""
    expect: dict[str, str]
    """Computed facts and their values as texts; `missing` for an absent one."""
    file: Path
    line: int

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.file.name}, dòng {self.line}"


def load(place: Path = HERE, words: vocabulary.Vocabulary | None = None) -> tuple[Example, ...]:
    """Read the examples of a folder or of one file; raises `LawFileError` with file and line."""
    words = vocabulary.load() if words is None else words
    found = tuple(_example(node, words) for file in files(place) for node in entries(file))
    _told_apart(found)
    return found


def _told_apart(examples: Iterable[Example]) -> None:
    seen: dict[str, Example] = {}
    for example in examples:
        if example.title in seen:
            raise Node(example.file, example.line, example.title).error(
                f"Hai ví dụ cùng tên “{example.title}”.", f"Đổi tên (xem {seen[example.title].place})."
            )
        seen[example.title] = example


def _example(node: Node, words: vocabulary.Vocabulary) -> Example:
    keys = node.mapping(
        ["example", "as_of", "facts"], ["rule", "overlay", "law", "fires", "unknown", "expect", *WANTED]
    )
    fires = keys.read("fires", Node.flag)
    _agree(node, keys, fires)
    return Example(
        title=keys["example"].text(),
        rule=keys.read("rule", Node.text),
        overlay=keys.read("overlay", lambda node: node.one_of(overlays_loader.names())),
        facts={name: _value(name, value, words) for name, value in keys["facts"].mapping(optional=words.facts).items()},
        as_of=keys["as_of"].date(),
        law=keys.read("law", Node.date),
        fires=fires,
        unknown=keys.read("unknown", lambda node: tuple(sorted(item.text() for item in node.items()))),
        wanted={name: keys[name].text() for name in WANTED if name in keys},
        expect=keys.read("expect", lambda node: _expected(node, words), {}),
        file=node.file,
        line=node.line,
    )


def _agree(node: Node, keys: dict[str, Node], fires: bool | None) -> None:
    """Hold the keys against each other: an example says one thing about one rule, or something about facts."""
    outcomes = [key for key in ("fires", "unknown") if key in keys]
    if "rule" in keys and len(outcomes) != 1:
        raise node.error("Ví dụ về một quy tắc phải ghi fires hoặc unknown.", "Ghi một trong hai, không ghi cả hai.")
    if "rule" not in keys and (outcomes or "expect" not in keys):
        raise node.error("Ví dụ không có gì để so.", "Ghi rule với fires, hoặc ghi expect.")
    for name in WANTED:
        if name in keys and not fires:
            raise keys[name].error(f"“{name}” chỉ đi với fires: true.", "Bỏ dòng này, hoặc sửa fires.")


def _expected(node: Node, words: vocabulary.Vocabulary) -> dict[str, str]:
    return {name: value.text() for name, value in node.mapping(optional=words.facts).items()}


def _value(name: str, node: Node, words: vocabulary.Vocabulary) -> Value:
    """A recorded value of the type that its fact has."""
    fact = words.facts[name]
    if fact.expression is not None or name == "as_of":
        raise node.error(
            f"“{name}” không phải là điều ghi trong sổ.", "Ghi các dữ kiện gốc; kết quả tính ghi ở expect."
        )
    match fact.type:
        case "date":
            return node.date()
        case "number":
            return node.integer()
        case "mark":
            return node.flag()
        case "code":
            known = words.codes[fact.codes or ""]
            text = node.text()
            if text not in known:
                hint = did_you_mean(text, known, f"Chọn một trong: {', '.join(known)}.")
                raise node.error(f"Không có mã “{text}”.", hint)
            return text
        case _:
            return node.text()
