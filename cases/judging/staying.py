"""Judging where somebody is: moves with their day and place, exits with their form, stays one after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from cases.judging.doubts import Doubt
from cases.judging.steps import kinds
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Placement, Record, Unit

_PLACES = {"moved_to": "moved_out_on", "moved_from": "moved_in_on"}


def about_moves(record: Record, steps: Mapping[str, list[dt.date]]) -> Iterator[Doubt]:
    """A form or a place without its day, a day without its form or place, and leaving twice without coming back."""
    fields = record.fields
    left = steps.get("left_on")
    if "exit_kind" in fields and not left and "left_partly" not in fields:
        yield Doubt("exit_undated", _label("left_on"), field="exit_kind")
    if left and "exit_kind" not in fields:
        yield _on_day("exit_formless", "left_on", left[-1])
    for place, move in _PLACES.items():
        days = steps.get(move)
        if place in fields and not days and f"{move.removesuffix('_on')}_partly" not in fields:
            yield Doubt("place_undated", _label(move), needed=_label(place), field=place)
        if days and place not in fields:
            yield _on_day("place_missing", move, days[-1], needed=_label(place))
    if len(steps.get("moved_out_on", ())) < 2:
        return
    moves = sorted((day, name) for name in _PLACES.values() for day in steps.get(name, []))
    for (first, one), (second, other) in pairwise(moves):
        if one == other == "moved_out_on":
            yield _on_day("after_departure", other, second, shown_day(first))


def about_stays(record: Record, units: Mapping[str, Unit], today: dt.date) -> Iterator[Doubt]:
    """Stays that end before they begin, overlap, or begin when there is nobody or no unit any more."""
    stays = record.placements
    for stay in stays:
        if stay.since and stay.until and stay.until < stay.since:
            yield _stay("stay_backwards", stay, stay.until, shown_day(stay.since))
        closed = _ended(units.get(stay.unit))
        if closed and stay.since and stay.since > closed:
            yield _stay("unit_closed", stay, stay.since, shown_day(closed))
        yield from _after_leaving(record, stay)
    for place, stay in enumerate(stays):
        for other in stays[place + 1 :]:
            first, last = max(_begin(stay), _begin(other)), min(_end(stay), _end(other))
            if first <= last and stay.unit != other.unit:
                until = "nay" if last == dt.date.max else shown_day(last)
                both = f"{stay.unit} và {other.unit}"
                yield Doubt("stays_overlap", on=_shown(first), other=until, needed=both, field="placements", day=first)
    unit = record.fields.get("unit")
    ended = None if stays or unit is None else _ended(units.get(str(unit)))
    if ended and ended <= today and not record.fields.keys() & {"left_on", "moved_out_on"}:
        yield Doubt("unit_closed", other=shown_day(ended), needed=str(unit), field="unit")


def _after_leaving(record: Record, stay: Placement) -> Iterator[Doubt]:
    """A stay that begins after its person has left the Party, or has moved away and not come back."""
    left, out, back = (record.fields.get(name) for name in ("left_on", "moved_out_on", "moved_in_on"))
    if stay.since is None:
        return
    if isinstance(left, dt.date) and stay.since > left:
        died = record.fields.get("exit_kind") == "died"
        yield _stay("after_death" if died else "after_exit", stay, stay.since, shown_day(left))
    returned = isinstance(back, dt.date) and isinstance(out, dt.date) and back >= out
    if isinstance(out, dt.date) and stay.since > out and not returned:
        yield _stay("after_departure", stay, stay.since, shown_day(out))


def _ended(unit: Unit | None) -> dt.date | None:
    """The day on which a unit ended without an heir: those of a merged one belong to the other."""
    if unit is None or any(one.merged_into for one in unit.history):
        return None
    return unit.closed_on


def _stay(code: str, stay: Placement, day: dt.date, other: str) -> Doubt:
    return Doubt(code, f"Ở đơn vị {stay.unit} từ ngày", shown_day(day), other, stay.unit, "placements", stay.since)


def _on_day(code: str, step: str, day: dt.date, other: str = "", needed: str = "") -> Doubt:
    return Doubt(code, _label(step), shown_day(day), other, needed, step, day)


def _label(name: str) -> str:
    kind = kinds().get(name)
    fact = vocabulary.load().facts[name]
    return kind.label if kind else fact.column or fact.label


def _begin(stay: Placement) -> dt.date:
    return stay.since or dt.date.min


def _end(stay: Placement) -> dt.date:
    return stay.until or dt.date.max


def _shown(day: dt.date) -> str:
    return "đầu" if day == dt.date.min else shown_day(day)
