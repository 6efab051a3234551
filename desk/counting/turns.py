"""On which days somebody comes here and goes away, as moves and stays tell it together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from cases.values.records import Record
from rules.loader.spelling.folding import fold

Instant = tuple[dt.date, int]
"""A day, and what happens on it in which order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is a member in an instant: by which row, in which unit, and the units that see it there."""

    row: int
    unit: str | None
    line: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of where a person is a member, None = nowhere, that is neither an admission nor an exit of known day."""

    at: Instant
    source: Place | None
    target: Place | None
    not_after: dt.date | None = None
    """The last day on which it may have happened, where that is not known exactly."""


def turns_of(record: Record) -> tuple[set[dt.date], set[dt.date]]:
    """The days of coming here and of going away, without the moves that the stays show as a change of unit.

    A step of moving on the first day of another stay is that change. So is a departure some days before, where the
    stay before goes on until the other begins; where it does not, the person was away, and came back to another unit.
    """
    arrivals, departures = days_of(record, "moved_in_on"), days_of(record, "moved_out_on")
    for before, after in pairwise(sorted(record.placements, key=lambda stay: stay.since or dt.date.min)):
        if before.unit == after.unit or after.since is None:
            continue
        departures.discard(after.since)
        gone = max((day for day in departures if day < after.since), default=None)
        if gone is None or any(gone <= day < after.since for day in arrivals):
            arrivals.discard(after.since)
        elif before.until == after.since - dt.timedelta(days=1):
            arrivals.discard(after.since)
            departures.discard(gone)
    return arrivals, departures


def arrival_elsewhere(source: Record, others: Iterable[Record], gone: dt.date) -> dt.date | None:
    """The day on which somebody who left the unit of one row arrives by another, if either row names that move."""
    days = [day for other in others if _lead_to_each_other(source, other) for day in turns_of(other)[0] if day >= gone]
    return min(days, default=None)


def _lead_to_each_other(source: Record, target: Record) -> bool:
    places = source.fields.get("unit"), target.fields.get("unit")
    if None in places or places[0] == places[1]:
        return False
    said = (source.fields.get("moved_to"), places[1]), (target.fields.get("moved_from"), places[0])
    return any(place is not None and fold(str(place)) == fold(str(unit)) for place, unit in said)


def days_of(record: Record, kind: str) -> set[dt.date]:
    """All days of a kind of step, whenever they lie."""
    days, latest = {step.on for step in record.steps if step.kind == kind}, record.fields.get(kind)
    return days | {latest} if isinstance(latest, dt.date) else days
