"""The indicators of the statistics as they are written: what is counted, of what, and how."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.errors import LawFileError
from rules.yamlfile import Node, entries, files

HERE = Path(__file__).parent / "indicators"
POPULATIONS_HERE = Path(__file__).parent / "populations"
POPULATIONS = ("cases", "courses", "enrolments", "targets")


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """An indicator in words: a count, a sum or a mean over a population, or the ratio of two other indicators."""

    name: str
    label: str
    population: str | None
    when: str | None
    sum: str | None
    mean: str | None
    ratio: tuple[str, str] | None
    file: Path
    lines: dict[str, int]


def _indicator(node: Node) -> IndicatorText:
    keys = node.mapping(["indicator", "label"], ["of", "when", "sum", "mean", "ratio"])
    if "ratio" in keys:
        node.mapping(["indicator", "label", "ratio"])
    else:
        node.mapping(["indicator", "label", "of", "when"], ["sum", "mean"])
    if "sum" in keys and "mean" in keys:
        raise keys["mean"].error("Một chỉ tiêu chỉ có sum hoặc mean.", "Tách thành hai chỉ tiêu.")
    ratio = keys["ratio"].mapping(["of", "to"]) if "ratio" in keys else None
    return IndicatorText(
        name=keys["indicator"].text(),
        label=keys["label"].text(),
        population=keys["of"].one_of(POPULATIONS) if "of" in keys else None,
        when=keys["when"].text() if "when" in keys else None,
        sum=keys["sum"].text() if "sum" in keys else None,
        mean=keys["mean"].text() if "mean" in keys else None,
        ratio=(ratio["of"].text(), ratio["to"].text()) if ratio else None,
        file=node.file,
        lines={key: value.line for key, value in keys.items()},
    )


@cache
def load(place: Path = HERE) -> dict[str, IndicatorText]:
    """Read all indicators; raises `LawFileError` with file and line."""
    indicators: dict[str, IndicatorText] = {}
    for file in files(place):
        for node in entries(file):
            indicator = _indicator(node)
            if indicator.name in indicators:
                raise node.error(f"Chỉ tiêu “{indicator.name}” khai báo hai lần.", "Mỗi chỉ tiêu một mục.")
            indicators[indicator.name] = indicator
    for indicator in indicators.values():
        for part in indicator.ratio or ():
            if part not in indicators or indicators[part].ratio or indicators[part].mean:
                raise LawFileError(
                    indicator.file,
                    indicator.lines["ratio"],
                    f"“{part}” không phải là chỉ tiêu đếm được.",
                    "Xem lại tên chỉ tiêu.",
                )
    return indicators

