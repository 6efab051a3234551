"""Figures that people type in because no record gives them: which of them make up the figure of a unit.

A unit's own figure stands for those of the units below it; without one they are added up. Nothing is counted twice,
and where both are there and do not agree, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from engine.units import UnitTree


class TypedEntry(Protocol):
    """A figure as somebody typed it in."""

    @property
    def name(self) -> str:
        """The indicator."""

    @property
    def unit(self) -> str | None:
        """The unit it holds for; None = everything."""

    @property
    def value(self) -> int | Fraction:
        """The figure."""

    @property
    def author(self) -> str:
        """Who typed it in."""

    @property
    def entered_on(self) -> date | None:
        """When."""

    @property
    def source(self) -> str:
        """From what."""


Entries = Mapping[str | None, TypedEntry]
"""The entries of one figure by unit."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A unit whose own figure is not what the units below it add up to."""

    own: TypedEntry
    below: tuple[TypedEntry, ...]

    @property
    def added(self) -> int | Fraction:
        """The sum of those below."""
        return sum((entry.value for entry in self.below), start=0)


def making_up(entries: Entries, tree: UnitTree, unit: str | None) -> list[TypedEntry]:
    """The entries that make up the figure of a unit with all below it."""
    if unit is None and None in entries:
        return [entries[None]]
    named = [code for code in entries if code is not None]
    return [entries[code] for code in tree.topmost(named, unit)]


def not_typed(entries: Entries, tree: UnitTree, unit: str | None) -> list[str]:
    """The units within a unit for which nobody has typed a figure while others have; none where it has its own."""
    having = {above for code in entries for above in tree.with_above(code)}
    if unit in entries or (unit is not None and unit not in having) or not entries:
        return []
    found = list[str]()
    waiting = list(tree.below.get(unit, []))
    while waiting:
        code = waiting.pop(0)
        if code not in having:
            found.append(code)
        elif code not in entries:
            waiting[:0] = tree.below.get(code, [])
    return found


def contradictions(entries: Entries, tree: UnitTree, unit: str | None) -> list[Contradiction]:
    """Where, within a unit, a unit's own figure and those of the units below it do not agree."""
    named = [code for code in entries if code is not None]
    found = []
    for code, own in entries.items():
        if not tree.holds(unit, code):
            continue
        children = tree.below.get(code, [])
        if code is None:
            below = [entries[part] for part in tree.topmost(named, None)]
        else:
            below = [entries[part] for child in children for part in tree.topmost(named, child)]
        conflict = Contradiction(own, tuple(below))
        if below and conflict.added != own.value:
            found.append(conflict)
    return found
