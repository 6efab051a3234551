"""Units through time: from a day on a unit belongs to another, is merged into another, or is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.changes.saving import allow
from cases.judging.doubts import Doubt
from cases.log.write_plan import Alteration, Part, WritePlan
from cases.store.connection import writing
from cases.store.reading import every_unit, records_of
from cases.store.search import heads
from cases.values.records import Unit, UnitStanding
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from cases.store.reading import Execute

_FEW = 5

Units = Mapping[str, Unit]
Draft = Callable[["Execute"], WritePlan]
"""Makes what is done to the units of a store."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a unit's history: from its first day to the day before the next."""

    since: dt.date | None
    until: dt.date | None
    parent: str | None
    merged_into: str | None


def moved(execute: Execute, code: str, parent: str, on: dt.date) -> WritePlan:
    """From a day on, a unit belongs to another; raises `UnknownName`, `BadInput`."""
    units = declared(execute)
    unit = known_unit(units, code)
    above = known_unit(units, parent)
    require_there(unit, on)
    require_there(above, on)
    if standing_on(unit, on).parent == above.code:
        raise BadInput(f"Ngày {shown_day(on)} đơn vị {unit.code} đã trực thuộc như vậy; không phải ghi gì.")
    after = _with(unit, UnitStanding(above.code, on))
    changed = {**units, unit.code: after}
    for day in sorted({on, *(one.since for other in units.values() for one in other.history if one.since)}):
        if day >= on and unit.code in line_up(changed, after.code, day)[1:]:
            raise BadInput(f"Không ghi được: từ ngày {shown_day(day)}, {unit.code} sẽ trực thuộc vòng quanh chính nó.")
    return units_plan([(unit, after)])


def merged(execute: Execute, codes: Sequence[str], into: str, on: dt.date) -> WritePlan:
    """From a day on, units are part of another: closed, their people and their units belong to it."""
    units = declared(execute)
    heir = known_unit(units, into)
    require_there(heir, on)
    pairs: list[tuple[Unit | None, Unit]] = []
    for code in dict.fromkeys(codes):
        unit = known_unit(units, code)
        require_there(unit, on)
        if unit.code == heir.code:
            raise BadInput(f"Đơn vị {unit.code} không nhập vào chính nó được. Chỉ ghi các đơn vị nhập vào {heir.code}.")
        if unit.code in line_up(units, heir.code, on):
            raise BadInput(f"{heir.code} đang ở dưới {unit.code}. Chuyển {heir.code} lên trước: dubi unit move.")
        now = standing_on(unit, on)
        pairs.append((unit, replace(_with(unit, UnitStanding(now.parent, on, heir.code)), closed_on=on)))
    return units_plan(pairs)


def closed(execute: Execute, code: str, on: dt.date) -> WritePlan:
    """A unit ends on a day; the units below it must have gone elsewhere before, its people had better have."""
    units = declared(execute)
    unit = known_unit(units, code)
    require_there(unit, on)
    require_none_below(units, unit, on)
    return units_plan([(unit, replace(unit, closed_on=on))])


def require_none_below(units: Units, unit: Unit, on: dt.date) -> None:
    """Refuse that a unit ends on a day on which others still stand below it."""
    below = [
        other.code
        for other in units.values()
        if standing_on(other, on).parent == unit.code
        and standing_on(other, on).merged_into is None
        and (other.closed_on is None or other.closed_on > on)
    ]
    if below:
        raise BadInput(
            f"Ngày {shown_day(on)} {unit.code} còn {len(below)} đơn vị trực thuộc: {', '.join(below[:5])}"
            f"{'…' if below[5:] else ''}. Chuyển các đơn vị ấy trước: dubi unit move."
        )


def people_inside(execute: Execute, code: str, on: dt.date) -> list[Doubt]:
    """What is to be asked before a unit ends: who is in it, and has neither left nor moved away by that day."""
    own = known_unit(declared(execute), code).code
    there = [head.id for head in heads(execute) if head.unit == own]
    inside = [
        record.code
        for record in (records_of(execute, there) if there else ())
        if not any(
            isinstance(day := record.fields.get(name), dt.date) and day <= on for name in ("left_on", "moved_out_on")
        )
    ]
    if not inside:
        return []
    shown = ", ".join(inside[:_FEW]) + ("…" if inside[_FEW:] else "")
    return [Doubt("people_inside", shown, shown_day(on), str(len(inside)), own)]


def lines_of(execute: Execute, code: str) -> tuple[Unit, list[Stretch]]:
    """A unit and the stretches of its history; raises `UnknownName`."""
    unit = known_unit(declared(execute), code)
    entries = _history(unit)
    ends = [one.since - dt.timedelta(days=1) if one.since else None for one in entries[1:]]
    stretches = zip(entries, [*ends, None], strict=True)
    return unit, [Stretch(one.since, until, one.parent, one.merged_into) for one, until in stretches]


def save(
    url: str,
    made: Draft,
    who: str | None = None,
    *,
    action: str = "unit",
    doubts: Callable[[Execute], Iterable[Doubt]] = lambda _: (),
    accepted: Collection[Doubt] = (),
) -> str:
    """Make the draft anew within one transaction and write it; gives the name of the write.

    Raises `Unconfirmed` for a doubt that has come up since the draft was shown and its doubts ``accepted``.
    """
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, None, action)
    with writing(url) as store:
        execute = store.execute
        allow(doubts(execute), confirmed=False, accepted=accepted)
        apply_plan(store, made(execute), batch)
    return batch.id


def standing_on(unit: Unit, day: dt.date) -> UnitStanding:
    """Where a unit stands on a day."""
    begun = [one for one in _history(unit) if one.since is None or one.since <= day]
    return begun[-1] if begun else UnitStanding(unit.parent)


def _history(unit: Unit) -> list[UnitStanding]:
    """The history of a unit in the order of its days; one that never changed has stood where it stands."""
    return sorted(unit.history or (UnitStanding(unit.parent),), key=lambda one: one.since or dt.date.min)


def _with(unit: Unit, entry: UnitStanding) -> Unit:
    """The unit with one more entry, in the place of another of that day."""
    kept = [one for one in _history(unit) if one.since != entry.since]
    history = sorted([*kept, entry], key=lambda one: one.since or dt.date.min)
    return replace(unit, history=tuple(history), parent=history[-1].parent)


def line_up(units: Units, code: str, day: dt.date) -> list[str]:
    """A unit and those above it on a day, each merged one replaced by the one it went into."""
    found: list[str] = []
    at: str | None = code
    while at is not None and at not in found:
        found.append(at)
        if at not in units:
            break
        now = standing_on(units[at], day)
        at = now.merged_into or now.parent
    return found if at is None or at not in found else [*found, at]


def require_there(unit: Unit, on: dt.date) -> None:
    if unit.opened_on is not None and on < unit.opened_on:
        raise BadInput(f"Ngày {shown_day(on)} chưa có đơn vị {unit.code}: thành lập ngày {shown_day(unit.opened_on)}.")
    heir = standing_on(unit, on).merged_into
    if heir is not None:
        raise BadInput(f"Ngày {shown_day(on)} đơn vị {unit.code} đã nhập vào {heir}.")
    if unit.closed_on is not None and on >= unit.closed_on:
        raise BadInput(
            f"Đơn vị {unit.code} đã kết thúc ngày {shown_day(unit.closed_on)}, trước hoặc đúng ngày {shown_day(on)}."
        )


def declared(execute: Execute) -> dict[str, Unit]:
    """The units that a store lists, by code."""
    return {unit.code: unit for _, unit, declared in every_unit(execute) if declared}


def known_unit(units: Units, text: str) -> Unit:
    """The unit of that code however it is spelt; raises `UnknownName` with the nearest."""
    spellings = {fold(code): code for code in units}
    found = spellings.get(fold(text))
    if found is None:
        hint = did_you_mean(text, spellings, "Xem danh sách đơn vị bằng lệnh: dubi units.", shown=spellings)
        raise UnknownName(f"Không có đơn vị “{text}”. {hint}")
    return units[found]


def units_plan(pairs: Sequence[tuple[Unit | None, Unit]]) -> WritePlan:
    """What is done to units, each as it was and as it will be; None where it was not there."""
    return WritePlan({"unit": Part(tuple(Alteration(after.code, before, after) for before, after in pairs))})
