"""Figures that people type in because no record gives them: each for one unit and period, with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from rules.loader import indicators as indicators_loader

if TYPE_CHECKING:
    from cases.values.records import Roster

NOBODY = "không ghi ai nhập"


@dataclass(frozen=True, slots=True)
class ManualFigure:
    """A typed figure; it holds for exactly its period, or where it is the state of a day for the last day of it."""

    name: str
    """The id of the indicator."""
    unit: str | None
    start: date
    end: date
    value: int | Fraction
    author: str
    entered_on: date | None
    source: str


class _Run(Protocol):
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def as_of(self) -> date: ...


class ManualFigures:
    """The typed figures of a roster; of two for the same unit and time the one entered last wins."""

    def __init__(self, figures: Iterable[ManualFigure] = ()) -> None:
        texts = indicators_loader.load()
        self._figures: dict[tuple[str, date | None, date], dict[str | None, ManualFigure]] = {}
        for figure in sorted(figures, key=lambda figure: figure.entered_on or date.min):
            text = texts.get(figure.name)
            start = None if text is not None and text.typed == "day" else figure.start
            self._figures.setdefault((figure.name, start, figure.end), {})[figure.unit] = figure

    def entries(self, name: str, run: _Run) -> Mapping[str | None, ManualFigure]:
        """The entries of one figure by unit: those of exactly this period, or of the as-of day."""
        return self._figures.get((name, run.start, run.end)) or self._figures.get((name, None, run.as_of)) or {}


def typed_figures(roster: Roster) -> list[ManualFigure]:
    """The figures of a roster as they are counted."""
    return [
        ManualFigure(
            one.indicator,
            one.unit,
            one.begins_on,
            one.ends_on,
            number(one.value),
            one.author or NOBODY,
            one.entered_on,
            one.source or "không ghi nguồn",
        )
        for one in roster.figures
    ]


def number(written: str) -> int | Fraction:
    """A typed value as an exact number: whole, or a fraction."""
    return int(written) if written.isdecimal() else Fraction(written)
