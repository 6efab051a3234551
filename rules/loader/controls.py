"""The control sums as they are written: two sides, how they must stand to each other, and how bad it is if not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader import settings as settings_loader
from rules.loader.yaml_nodes import Keys, Node, entries

HERE = Path(__file__).parents[1] / "controls.yaml"
RELATIONS = ("=", "<=", ">=")


@dataclass(frozen=True, slots=True)
class ControlText:
    """One control sum; it holds only under the settings it names."""

    name: str
    level: str
    say: str
    left: str
    relation: str
    right: str
    settings: dict[str, str]
    whole: bool
    """Whether it holds only over all units together."""
    file: Path
    line: int


def _control(node: Node) -> ControlText:
    keys = node.mapping(["control", "level", "say", "left", "is", "right"], ["setting", "whole"])
    known = settings_loader.load()
    settings: dict[str, str] = {}
    for name, choice in keys.read("setting", Node.pairs, Keys()).items():
        if name not in known:
            raise choice.error(f"Không có cách tính “{name}”.", "Xem settings.yaml.")
        settings[name] = choice.one_of(known[name].values)
    return ControlText(
        name=keys["control"].text(),
        level=keys["level"].one_of(("error", "warning")),
        say=keys["say"].text(),
        left=keys["left"].text(),
        relation=keys["is"].one_of(RELATIONS),
        right=keys["right"].text(),
        settings=settings,
        whole=keys.read("whole", Node.flag, otherwise=False),
        file=node.file,
        line=node.line,
    )


@cache
def load(file: Path = HERE) -> dict[str, ControlText]:
    """Read the control sums; raises `LawFileError` with file and line."""
    controls: dict[str, ControlText] = {}
    for node in entries(file):
        control = _control(node)
        if control.name in controls:
            raise node.error(f"Phép kiểm tra “{control.name}” khai báo hai lần.", "Mỗi phép một mục.")
        controls[control.name] = control
    return controls
