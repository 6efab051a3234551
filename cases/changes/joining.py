"""Two dossiers of one person made one: every step and paper of both, and whatever the two say differently is told.

A person whose second dossier is a re-admission has two ways into the Party: those are tied by `Mã người`, not joined.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cases.changes.changing import entries_of, with_entries
from cases.values.records import PAPERS, AttributeEntry, Placement, Record, StepEntry, Value
from rules.loader.spelling.folding import fold


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that two dossiers say differently: what stands, and what is not taken over."""

    field: str
    kept: Value
    left: Value


@dataclass(frozen=True, slots=True)
class Joined:
    """One dossier of two, and what of the second one is not in it."""

    record: Record
    left: tuple[Left, ...]
    moved: tuple[str, str] | None = None
    """From which unit to which the person moved, where that is why there were two."""


def joined(keep: Record, gone: Record, on: dt.date | None = None) -> Joined:
    """The first dossier with all that only the second one has.

    ``on``: the day on which the person moved from the unit of one to that of the other, where neither says it.
    """
    entries, left = _steps(keep, gone)
    fields = {**gone.fields, **keep.fields}
    left += [
        Left(name, keep.fields[name], value)
        for name, value in gone.fields.items()
        if name not in ("code", "unit")
        and name in keep.fields
        and keep.fields[name] != value
        and not _is_step(name, gone)
    ]
    record = with_entries(replace(keep, fields=_without_half_known(fields, entries)), entries)
    record = replace(record, attributes=_attributes(keep, gone))
    move = move_between(gone, keep, on) or (None if on else move_between(keep, gone))
    if move is not None:
        record = with_move(record, move)
        return Joined(record, tuple(left), (move.source, move.target))
    units = keep.fields.get("unit"), gone.fields.get("unit")
    if units[0] is not None and units[1] not in (None, units[0]) and not stayed(keep, units[1]):
        left.append(Left("unit", units[0], units[1]))
    elif not keep.placements and gone.placements:
        record = replace(record, placements=gone.placements)
    return Joined(record, tuple(left))


def _is_step(name: str, record: Record) -> bool:
    return any(kind == name for kind, _ in entries_of(record))


def _steps(keep: Record, gone: Record) -> tuple[dict[tuple[str, dt.date], StepEntry], list[Left]]:
    """The steps of both, each once; a paper that both know otherwise stays the first one's."""
    entries, left = entries_of(keep), list[Left]()
    for key, other in entries_of(gone).items():
        own = entries.get(key)
        if own is None:
            entries[key] = other
            continue
        for name in PAPERS:
            here, there = getattr(own, name), getattr(other, name)
            if here and there and here != there:
                left.append(Left(key[0], here, there))
        entries[key] = replace(own, **{name: getattr(own, name) or getattr(other, name) for name in PAPERS})
    return entries, left


def _without_half_known(
    fields: Mapping[str, Value], entries: Mapping[tuple[str, dt.date], StepEntry]
) -> dict[str, Value]:
    """The fields without a day known in part, or a year of birth, where one of the two knows the day."""
    known = {f"{kind.removesuffix('_on').removesuffix('_from')}_partly" for kind, _ in entries}
    born_on, year = fields.get("born_on"), fields.get("birth_year")
    if isinstance(born_on, dt.date) and born_on.year == year:
        known.add("birth_year")
    return {name: value for name, value in fields.items() if name not in known}


def _attributes(keep: Record, gone: Record) -> tuple[AttributeEntry, ...]:
    """The history of values of both; where they end on different values, that of the first alone."""
    own = {(entry.name, entry.since) for entry in keep.attributes}
    others = (
        entry
        for entry in gone.attributes
        if (entry.name, entry.since) not in own
        and keep.fields.get(entry.name, gone.fields.get(entry.name)) == gone.fields.get(entry.name)
    )
    return (*keep.attributes, *others)


@dataclass(frozen=True, slots=True)
class Moved:
    """A move from one unit of the book to another, with the stay in each."""

    source: str
    target: str
    stays: tuple[Placement, ...]
    out: dt.date | None
    """The day on which one row says that the person left; None where nobody says it."""
    begins: dt.date


def move_between(source: Record, target: Record, on: dt.date | None = None) -> Moved | None:
    """How somebody left the unit of one row for that of another; None where neither row nor ``on`` says a day.

    Where the old place has no day of leaving, the new one's day of arrival is that of the move if it says from where.
    """
    out, arrived = source.fields.get("moved_out_on"), target.fields.get("moved_in_on")
    places = str(source.fields.get("unit", "")), str(target.fields.get("unit", ""))
    if not all(places) or places[0] == places[1]:
        return None
    if on is None and stayed(target, places[0]):
        return None  # known already
    if on is None and out is None and fold(str(target.fields.get("moved_from", ""))) == fold(places[0]):
        on = arrived if isinstance(arrived, dt.date) else None
    if on is not None:
        begins = on
    elif not isinstance(out, dt.date) or not _is_gone(source, out) or (isinstance(arrived, dt.date) and arrived < out):
        return None
    else:
        begins = arrived if isinstance(arrived, dt.date) else out
    last = begins - dt.timedelta(days=1)
    before = tuple(
        stay if stay.until else replace(stay, until=last) for stay in source.placements or (Placement(places[0]),)
    )
    stays = (*before, *(target.placements or (Placement(places[1], begins),)))
    return Moved(*places, stays, out if isinstance(out, dt.date) else None, begins)


def stayed(record: Record, unit: Value | None) -> bool:
    """Whether somebody was in a unit before and is in another one since."""
    return any(stay.unit == unit and stay.until is not None for stay in record.placements)


def _is_gone(record: Record, out: dt.date) -> bool:
    """Whether somebody who left on a day has come nowhere in her book since."""
    came = record.fields.get("moved_in_on")
    since = record.placements[-1].since if record.placements else None
    return not (isinstance(came, dt.date) and came >= out) and not (since is not None and since > out)


def with_move(record: Record, move: Moved) -> Record:
    """The record of somebody who moved: now in the one unit, before in the other; who left has arrived too."""
    record = replace(record, fields={**record.fields, "unit": move.target}, placements=move.stays)
    if move.out is None:
        return record
    entries = entries_of(record)
    entries.setdefault(("moved_in_on", move.begins), StepEntry("moved_in_on", move.begins))
    return with_entries(record, entries)
