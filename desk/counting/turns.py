"""On which days somebody comes here and goes away, as moves and stays tell it together."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from cases.values.records import Record


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


def days_of(record: Record, kind: str) -> set[dt.date]:
    """All days of a kind of step, whenever they lie."""
    days, latest = {step.on for step in record.steps if step.kind == kind}, record.fields.get(kind)
    return days | {latest} if isinstance(latest, dt.date) else days
