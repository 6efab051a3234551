"""The indicators of the statistics as they are written: what is counted, of what, and how.

Four kinds: counted over a population, worked out from other indicators (a setting may choose from which), typed in by a
person, and breakdowns, which stand for one counted indicator a class and one for those whose class is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

from rules.loader import populations as populations_loader
from rules.loader import settings as settings_loader
from rules.loader import vocabulary
from rules.loader.errors import LawFileError
from rules.loader.yaml_nodes import Node, entries, files

HERE = Path(__file__).parents[1] / "indicators"
MEASURES = ("sum", "mean", "max", "distinct")
UNKNOWN = "unknown"

Typed = Literal["period", "day"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure for each choice of a setting."""

    setting: str
    figures: dict[str, str]


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """An indicator in words; which fields are filled tells its kind."""

    name: str
    label: str
    file: Path
    lines: dict[str, int]
    population: str | None = None
    when: str | None = None
    at: str | None = None
    """The day whose unit and dated attributes count; the as-of day where it is left out."""
    unknown_of: str | None = None
    """The fact that must be unknown for a member to count here."""
    sum: str | None = None
    mean: str | None = None
    max: str | None = None
    distinct: str | None = None
    formula: str | None = None
    ratio: tuple[str, str] | None = None
    """The formulas above and below the line of a percentage."""
    per_year: str | None = None
    """The formula whose value is spread evenly over the years of the period."""
    mean_of_years: str | None = None
    """The ratio whose exact values in the full years of the period are averaged."""
    per: Fraction | None = None
    """What the number measured is divided by."""
    choice: Choice | None = None
    """The figure that a setting chooses."""
    typed: Typed | None = None
    """Typed in by a person, for a period or for a day."""

    @property
    def counted(self) -> bool:
        """Whether it is counted over a population."""
        return self.population is not None

    @property
    def formulas(self) -> tuple[str, ...]:
        """The sums that it is worked out from, whatever is chosen."""
        one = (self.formula, self.per_year, self.mean_of_years)
        return (*filter(None, one), *(self.ratio or ()), *(self.choice.figures.values() if self.choice else ()))


def _counted(node: Node) -> IndicatorText:
    keys = node.mapping(["indicator", "label", "of", "when"], ["at", "unknown_of", "per", *MEASURES])
    measures = [measure for measure in MEASURES if measure in keys]
    if len(measures) > 1:
        raise keys[measures[1]].error("Một chỉ tiêu chỉ có một cách đo.", "Tách thành hai chỉ tiêu.")
    return IndicatorText(
        name=keys["indicator"].text(),
        label=keys["label"].text(),
        file=node.file,
        lines={key: value.line for key, value in keys.items()},
        population=keys["of"].one_of(populations_loader.load()),
        when=keys["when"].text(),
        per=keys.read("per", lambda divisor: _divisor(divisor, measures)),
        **{key: keys[key].text() for key in ("at", "unknown_of", *measures) if key in keys},  # type: ignore[arg-type]  # text fields all
    )


def _divisor(node: Node, measures: list[str]) -> Fraction:
    try:
        per = Fraction(node.text())
    except ValueError:
        per = Fraction(0)
    if per <= 0 or measures[:1] not in (["sum"], ["mean"]):
        raise node.error("per chia một tổng (sum) hoặc bình quân (mean) cho một số dương.", "Ví dụ per: 12.")
    return per


def _chosen(node: Node) -> Choice:
    keys = node.mapping(["setting", "figures"])
    settings = settings_loader.load()
    name = keys["setting"].one_of(settings)
    figures = {choice: figure.text() for choice, figure in keys["figures"].pairs().items()}
    if set(figures) != set(settings[name].values):
        raise node.error(f"Cách tính “{name}” không có đúng các lựa chọn này.", "Xem rules/settings.yaml.")
    return Choice(name, figures)


def _derived(node: Node, keys: dict[str, Node], kind: str) -> IndicatorText:
    node.mapping(["indicator", "label", kind])
    name, label = keys["indicator"].text(), keys["label"].text()
    lines = {key: value.line for key, value in keys.items()}
    if kind == "typed":
        when: Typed = keys[kind].one_of(("period", "day"))  # type: ignore[assignment]  # narrowed by one_of
        return IndicatorText(name, label, node.file, lines, typed=when)
    if kind == "choice":
        return IndicatorText(name, label, node.file, lines, choice=_chosen(keys[kind]))
    if kind == "ratio":
        parts = keys[kind].mapping(["of", "to"])
        return IndicatorText(name, label, node.file, lines, ratio=(parts["of"].text(), parts["to"].text()))
    return IndicatorText(name, label, node.file, lines, **{kind: keys[kind].text()})  # type: ignore[arg-type]  # one of the formula kinds


def _indicator(node: Node) -> Iterator[IndicatorText]:
    keys = node.pairs()
    if "breakdown" in keys:
        yield from _breakdown(node)
        return
    for kind in ("formula", "ratio", "per_year", "mean_of_years", "choice", "typed"):
        if kind in keys:
            yield _derived(node, keys, kind)
            return
    yield _counted(node)


def _breakdown(node: Node) -> Iterator[IndicatorText]:
    """One indicator for each class, and one for those whose class is not known, or who are known to have none."""
    keys = node.mapping(["breakdown", "of", "when"], ["by", "at", "codes", "classes", "none", "unknown", "rest"])
    for one, *others in (("codes", "classes"), ("none", "unknown", "rest")):
        if sum(key in keys for key in (one, *others)) != 1:
            choices = " hoặc ".join((one, *others))
            raise node.error(f"Một bảng phân tổ ghi {choices}.", "Ghi đúng một trong các khoá ấy.")
    if ("by" in keys) == ("rest" in keys):
        raise node.error("Phần còn lại (rest) đi với classes, không có by.", "Xem admission.age.")
    name, when, by = keys["breakdown"].text(), keys["when"].text(), keys.read("by", Node.text, "")
    lines = {key: value.line for key, value in keys.items()}
    population = keys["of"].one_of(populations_loader.load())
    at = keys.read("at", Node.text)
    parts = list[str]()
    for part, label, condition, line in _classes(keys, by):
        parts.append(f"{name}.{part}")
        yield IndicatorText(
            name=parts[-1],
            label=label,
            file=node.file,
            lines=lines | {"when": line},
            population=population,
            when=f"{when} and ({condition})",
            at=at,
        )
    if "rest" in keys:
        rest_keys = keys["rest"].mapping(["label", "all"])
        formula = " - ".join([rest_keys["all"].text(), *parts])
        label = rest_keys["label"].text()
        yield IndicatorText(f"{name}.{UNKNOWN}", label, node.file, lines | {"formula": node.line}, formula=formula)
        return
    rest, known = ("none", True) if "none" in keys else (UNKNOWN, False)
    yield IndicatorText(
        name=f"{name}.{rest}",
        label=keys[rest].text(),
        file=node.file,
        lines=lines | {"unknown_of": keys["by"].line},
        population=population,
        when=f"{when} and {by} is missing" if known else when,
        at=at,
        unknown_of=None if known else by,
    )


def _classes(keys: dict[str, Node], by: str) -> Iterator[tuple[str, str, str, int]]:
    if "codes" in keys:
        lists = vocabulary.load().codes
        for code, label in lists[keys["codes"].one_of(lists)].items():
            yield code, label, f"{by} is {code}", keys["codes"].line
        return
    for node in keys["classes"].items():
        parts = node.mapping(["class", "label", "when"])
        yield parts["class"].text(), parts["label"].text(), parts["when"].text(), node.line


@cache
def load(place: Path = HERE) -> dict[str, IndicatorText]:
    """Read all indicators; raises `LawFileError` with file and line."""
    indicators: dict[str, IndicatorText] = {}
    for file in files(place):
        for node in entries(file):
            for indicator in _indicator(node):
                if indicator.name in indicators:
                    raise node.error(f"Chỉ tiêu “{indicator.name}” khai báo hai lần.", "Mỗi chỉ tiêu một mục.")
                indicators[indicator.name] = indicator
    return indicators


def refused(text: IndicatorText, key: str, problem: str, hint: str) -> LawFileError:
    """The refusal of one key of an indicator."""
    return LawFileError(text.file, text.lines[key], problem, hint)
