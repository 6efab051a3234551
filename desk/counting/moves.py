"""Transfers as each unit sees them: an arrival, a departure, or a move inside itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from cases.values.records import Placement, Record, Unit
from engine.units import UnitTree

PLACES = ("in_province", "out_of_province")
"""What may stand for a unit outside the roster."""


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer seen by some units; ``scopes`` are those that see it this way (None = the whole roster)."""

    kind: str
    on: dt.date
    unit: str | None
    place: str | None
    scopes: tuple[str | None, ...]


def moves_of(record: Record, as_of: dt.date, tree: UnitTree, units: Mapping[str, Unit]) -> Iterator[Move]:
    """The transfers of a case up to a day: its dated stays in units, and the steps that no stay shows."""
    stays = sorted(record.placements, key=lambda stay: stay.since or dt.date.min)
    shown = set[dt.date]()
    for before, after in pairwise(stays):
        if after.since is None or after.since > as_of or before.unit == after.unit:
            continue
        shown.add(after.since)
        yield from _between(before.unit, after.unit, after.since, tree, units)
    for kind, field in (("moved_out_on", "moved_to"), ("moved_in_on", "moved_from")):
        days = {step.on for step in record.steps if step.kind == kind}
        latest = record.fields.get(kind)
        if isinstance(latest, dt.date):
            days.add(latest)
        for day in sorted(days - shown):
            if day > as_of:
                continue
            unit = _unit_on(stays, day) or _text(record.fields.get("unit"))
            elsewhere = _text(record.fields.get(field)) if day == latest else None
            yield from _step(kind, day, unit, elsewhere, tree, units)


def _step(
    kind: str, day: dt.date, unit: str | None, elsewhere: str | None, tree: UnitTree, units: Mapping[str, Unit]
) -> Iterator[Move]:
    """A recorded departure or arrival; the other end is a unit of the roster, a place, or not said."""
    if elsewhere in tree.parents and unit is not None:
        ends = (unit, str(elsewhere)) if kind == "moved_out_on" else (str(elsewhere), unit)
        yield from _between(*ends, day, tree, units)
        return
    place = elsewhere if elsewhere in PLACES else None
    move = "departure" if kind == "moved_out_on" else "arrival"
    yield Move(move, day, unit, place, (None, *tree.on(day).with_above(unit)))


def _between(source: str, target: str, day: dt.date, tree: UnitTree, units: Mapping[str, Unit]) -> Iterator[Move]:
    """A move between two units of the roster: internal to those that hold both, out or in for those that hold one."""
    left, joined = tree.on(day).with_above(source), tree.on(day).with_above(target)
    both = [code for code in left if code in joined]
    place = None
    if both:
        near = any(code in units and units[code].level != "province" for code in both)
        place = "same_district" if near else "in_province"
    only_left = tuple(code for code in left if code not in both)
    only_joined = tuple(code for code in joined if code not in both)
    if only_left:
        yield Move("departure", day, source, place, only_left)
    if only_joined:
        yield Move("arrival", day, target, place, only_joined)
    yield Move("internal", day, target, place, (None, *both))


def _unit_on(stays: list[Placement], day: dt.date) -> str | None:
    begun = [stay.unit for stay in stays if (stay.since or dt.date.min) <= day]
    return begun[-1] if begun else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
