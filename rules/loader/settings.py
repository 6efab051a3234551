"""The settings of the statistics: readings that the forms leave open, each with its choices and its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean
from rules.loader.vocabulary import Fact
from rules.loader.yaml_nodes import Node, entries

HERE = Path(__file__).parents[1] / "settings.yaml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One reading left open: its choices with their Vietnamese words, the default among them."""

    name: str
    label: str
    default: str
    values: dict[str, str]
    file: Path
    line: int

    @property
    def codes(self) -> str:
        """The name of the code list that its choices make."""
        return f"setting.{self.name}"

    def as_fact(self) -> Fact:
        """The setting as something a condition can ask about."""
        return Fact(self.name, "code", "given", self.label, self.file, self.line, codes=self.codes)

    def words(self, choice: str) -> str:
        """The line printed under a table that depends on it."""
        return f"{self.label}: {self.values[choice]}"


def _setting(node: Node) -> Setting:
    keys = node.mapping(["setting", "label", "default", "values"])
    values = {choice: words.text() for choice, words in keys["values"].pairs().items()}
    return Setting(
        name=keys["setting"].text(),
        label=keys["label"].text(),
        default=keys["default"].one_of(values),
        values=values,
        file=node.file,
        line=node.line,
    )


@cache
def load(file: Path = HERE) -> dict[str, Setting]:
    """Read the settings; raises `LawFileError` with file and line."""
    settings: dict[str, Setting] = {}
    for node in entries(file):
        setting = _setting(node)
        if setting.name in settings:
            raise node.error(f"Cách tính “{setting.name}” khai báo hai lần.", "Mỗi cách tính một mục.")
        settings[setting.name] = setting
    return settings


def chosen(choices: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every setting with the choice in force: the one given, else the default; raises `UnknownName`."""
    settings = load()
    for name, choice in (choices or {}).items():
        if name not in settings:
            raise UnknownName(
                f"Không có cách tính “{name}”.{_nearest(name, settings)} Các cách tính: {', '.join(settings)}."
            )
        values = settings[name].values
        if choice not in values:
            listed = "; ".join(f"{value} ({words})" for value, words in values.items())
            raise UnknownName(
                f"Cách tính “{name}” không có “{choice}”.{_nearest(choice, values)} Chọn một trong: {listed}."
            )
    return {name: (choices or {}).get(name, setting.default) for name, setting in settings.items()}


def _nearest(word: str, known: Mapping[str, object]) -> str:
    question = did_you_mean(word, known)
    return f" {question}" if question else ""
