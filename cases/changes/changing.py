"""Records changed one thing at a time: a step more, a date moved, a value mended, a stay in another unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from cases.judging.steps import kinds
from cases.values.history import settle_steps, step_order
from cases.values.records import AttributeEntry, Placement, Record, StepEntry
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.values.records import Value

_Entries = dict[tuple[str, dt.date], StepEntry]


class NotThere(BadInput):
    """What was to be changed is not recorded, or is recorded already."""


def entries_of(record: Record) -> _Entries:
    """Every step of a record once, with its papers."""
    found: _Entries = {}
    for kind in step_order():
        day = record.fields.get(kind)
        if isinstance(day, dt.date):
            found[kind, day] = StepEntry(kind, day)
    found.update({(entry.kind, entry.on): entry for entry in record.steps})
    return found


def with_entries(record: Record, entries: _Entries) -> Record:
    """The record with these steps and no others."""
    bare = {name: value for name, value in record.fields.items() if name not in step_order()}
    fields, history = settle_steps(bare, entries.values())
    return replace(record, fields=fields, steps=history)


def with_step(record: Record, entry: StepEntry) -> Record:
    """The record with one more step; raises `NotThere` where the same step of the same day is recorded already."""
    entries = entries_of(record)
    if (entry.kind, entry.on) in entries:
        raise NotThere(
            f"Hồ sơ {record.code} đã ghi “{kinds()[entry.kind].label}” {shown_day(entry.on)}. "
            "Muốn thêm số văn bản, kết quả, ghi chú thì dùng: dubi correct"
        )
    entries[entry.kind, entry.on] = entry
    return with_entries(record, entries)


def step_on(record: Record, kind: str, on: dt.date | None = None) -> StepEntry:
    """The step of that kind and day, or the latest of its kind; raises `NotThere`."""
    days = sorted(day for name, day in entries_of(record) if name == kind)
    if not days:
        raise NotThere(f"Hồ sơ {record.code} chưa ghi “{kinds()[kind].label}”. Ghi bằng lệnh: dubi record")
    if on is not None and on not in days:
        listed = ", ".join(map(shown_day, days))
        raise NotThere(f"Hồ sơ {record.code} không ghi “{kinds()[kind].label}” ngày {shown_day(on)}; sổ ghi: {listed}.")
    return entries_of(record)[kind, on or days[-1]]


def with_changed_step(record: Record, old: StepEntry, new: StepEntry) -> Record:
    """The record with a step on another day or with other papers."""
    entries = entries_of(record)
    del entries[old.kind, old.on]
    if (new.kind, new.on) in entries:
        raise NotThere(f"Hồ sơ {record.code} đã ghi “{kinds()[new.kind].label}” {shown_day(new.on)}.")
    entries[new.kind, new.on] = new
    return with_entries(record, entries)


def without_step(record: Record, entry: StepEntry) -> Record:
    """The record without a step."""
    entries = entries_of(record)
    del entries[entry.kind, entry.on]
    return with_entries(record, entries)


def with_values(record: Record, values: Mapping[str, Value | None]) -> Record:
    """The record with other values; None empties one. The history of a value that was wrong goes with it."""
    kept = {name: value for name, value in record.fields.items() if name not in values}
    filled = {name: value for name, value in values.items() if value is not None and value is not False}
    attributes = tuple(entry for entry in record.attributes if entry.name not in values)
    stays = record.placements
    if "unit" in values and stays:  # the unit of now is that of the last stay
        unit = values["unit"]
        stays = stays[:-1] if unit is None else (*stays[:-1], replace(stays[-1], unit=str(unit)))
    return replace(record, fields={**kept, **filled}, attributes=attributes, placements=stays)


def with_value_since(record: Record, name: str, value: Value | None, since: dt.date) -> Record:
    """The record with a value that holds from a day on; what held before stays known for the days before."""
    if value is None:
        value = False
    entries = [entry for entry in record.attributes if entry.name == name and entry.since != since]
    old = record.fields.get(name)
    if not entries and old is not None:
        entries = [AttributeEntry(name, old)]
    entries.append(AttributeEntry(name, value, since))
    latest = max(entries, key=lambda entry: entry.since or dt.date.min)
    others = tuple(entry for entry in record.attributes if entry.name != name)
    fields = {key: kept for key, kept in record.fields.items() if key != name}
    if latest.value is not False:
        fields[name] = latest.value
    return replace(record, fields=fields, attributes=(*others, *entries))


def moved_inside(record: Record, unit: str, on: dt.date) -> Record:
    """The record in another unit of the store from a day on."""
    if record.fields.get("unit") == unit:
        raise NotThere(f"Hồ sơ {record.code} đang ở đơn vị {unit} rồi.")
    stays = _closed(record, on - dt.timedelta(days=1))
    return replace(record, fields={**record.fields, "unit": unit}, placements=(*stays, Placement(unit, on)))


def moved_out(record: Record, place: str, entry: StepEntry) -> Record:
    """The record of somebody who goes to a place outside the store; the unit stays the one that was left."""
    gone = with_step(record, entry)
    stays = _closed(record, entry.on) if record.placements else ()
    latest = gone.fields["moved_out_on"] == entry.on
    return replace(gone, fields={**gone.fields, **({"moved_to": place} if latest else {})}, placements=stays)


def moved_in(record: Record, unit: str | None, place: str, entry: StepEntry) -> Record:
    """The record of somebody who comes from a place outside the store."""
    come = with_step(record, entry)
    latest = come.fields["moved_in_on"] == entry.on
    fields = {**come.fields, **({"moved_from": place} if latest else {})}
    stays = record.placements
    if unit is not None and (stays or fields.get("unit") not in (None, unit)):
        stays = (*_closed(record, entry.on - dt.timedelta(days=1)), Placement(unit, entry.on))
    if unit is not None:
        fields["unit"] = unit
    return replace(come, fields=fields, placements=stays)


def _closed(record: Record, until: dt.date) -> tuple[Placement, ...]:
    """The stays so far, the open one ended; where none was kept, the unit itself was one."""
    stays = record.placements
    if not stays and "unit" in record.fields:
        stays = (Placement(str(record.fields["unit"])),)
    return tuple(stay if stay.until else replace(stay, until=until) for stay in stays)


def exited(record: Record, kind: str, entry: StepEntry) -> Record:
    """The record of somebody who has left the Party."""
    gone = with_step(record, entry)
    return replace(gone, fields={**gone.fields, "exit_kind": kind})
