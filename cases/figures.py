"""Figures that people type in because no record gives them: each for one unit and period, with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ManualFigure:
    """A typed figure; it holds for exactly its period (or its day, where both ends are that day) and never longer."""

    name: str
    """The id of the indicator."""
    unit: str | None
    start: date
    end: date
    value: int | Fraction
    author: str
    entered_on: date
    source: str


class _Run(Protocol):
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def as_of(self) -> date: ...


class ManualFigures:
    """The typed figures of a roster; the one entered last wins."""

    def __init__(self, figures: Iterable[ManualFigure] = ()) -> None:
        self._figures: dict[tuple[str, date, date], dict[str | None, ManualFigure]] = {}
        for figure in sorted(figures, key=lambda figure: figure.entered_on):
            self._figures.setdefault((figure.name, figure.start, figure.end), {})[figure.unit] = figure

    def by_unit(self, name: str, run: _Run) -> Mapping[str | None, int | Fraction]:
        """The values of one figure by unit: those typed for the period, else those typed for the as-of day."""
        found = self.entries(name, run)
        return {unit: figure.value for unit, figure in found.items()}

    def sources(self, name: str, run: _Run) -> list[str]:
        """Where the values of one figure are from, each source once."""
        entries = self.entries(name, run).values()
        said = (f"{entry.source} ({entry.author}, {entry.entered_on:%d/%m/%Y})" for entry in entries)
        return list(dict.fromkeys(said))

    def entries(self, name: str, run: _Run) -> Mapping[str | None, ManualFigure]:
        """The entries themselves, with author and source."""
        period, day = (name, run.start, run.end), (name, run.as_of, run.as_of)
        return self._figures.get(period) or self._figures.get(day) or {}
