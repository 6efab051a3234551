"""Judging a record as it would become: which doubts it raises that it did not raise before."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from cases.changes.steps import kinds
from cases.judging.checks import RECOGNITION_STEPS
from cases.judging.doubts import VERY_YOUNG, Doubt
from rules.loader import calendar
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.changes.steps import StepKind
    from cases.values.records import Record, Unit

Steps = dict[str, list[dt.date]]


def new_doubts(
    before: Record | None, after: Record, today: dt.date, units: Mapping[str, Unit] | None = None
) -> list[Doubt]:
    """The doubts about a record that were not there before it was changed, the impossible first."""
    known = set() if before is None else set(doubts_about(before, today, units))
    fresh = dict.fromkeys(doubt for doubt in doubts_about(after, today, units) if doubt not in known)
    return sorted(fresh, key=lambda doubt: not doubt.refused)


def steps_of(record: Record) -> Steps:
    """The days of each kind of step, earliest first: those in the fields and those in the history."""
    found: dict[str, set[dt.date]] = {}
    for kind in kinds():
        day = record.fields.get(kind)
        if isinstance(day, dt.date):
            found.setdefault(kind, set()).add(day)
    for entry in record.steps:
        found.setdefault(entry.kind, set()).add(entry.on)
    return {kind: sorted(days) for kind, days in found.items()}


def doubts_about(record: Record, today: dt.date, units: Mapping[str, Unit] | None = None) -> Iterator[Doubt]:
    """Every doubt about a record as it stands."""
    steps = steps_of(record)
    yield from _about_birth(record, today, steps)
    for name, days in steps.items():
        kind = kinds()[name]
        yield from _about_number(kind, days)
        for day in days:
            yield from _about_day(kind, day, today)
            yield from _about_order(kind, day, steps)
            yield from _about_leaving(kind, day, record, steps)
    yield from _about_stays(record, units or {})


def doubts_about_discipline(record: Record, on: dt.date, today: dt.date) -> Iterator[Doubt]:
    """Every doubt about a disciplinary measure, which is no step of the record itself."""
    kind, born_on = kinds()["disciplined_on"], record.fields.get("born_on")
    if isinstance(born_on, dt.date) and on < born_on:
        yield Doubt("before_birth", kind.label, shown_day(on), shown_day(born_on))
    yield from _about_day(kind, on, today)
    yield from _about_order(kind, on, steps_of(record))
    yield from _about_leaving(kind, on, record, steps_of(record))


def _about_birth(record: Record, today: dt.date, steps: Steps) -> Iterator[Doubt]:
    born_on = record.fields.get("born_on")
    if not isinstance(born_on, dt.date):
        return
    if born_on > today:
        yield Doubt("born_later", on=shown_day(born_on))
    elif (today.year - born_on.year) - ((today.month, today.day) < (born_on.month, born_on.day)) < VERY_YOUNG:
        yield Doubt("very_young", on=shown_day(born_on))
    for name, days in steps.items():
        for day in days:
            if day < born_on:
                yield Doubt("before_birth", kinds()[name].label, shown_day(day), shown_day(born_on))


def _about_number(kind: StepKind, days: list[dt.date]) -> Iterator[Doubt]:
    if kind.once and len(days) > 1:
        code = "only_once" if kind.once == "always" else "usually_once"
        yield Doubt(code, kind.label, other=", ".join(map(shown_day, days)))


def _about_day(kind: StepKind, day: dt.date, today: dt.date) -> Iterator[Doubt]:
    if day > today:
        yield Doubt("in_future", kind.label, shown_day(day))
    if kind.office and is_day_off(day):
        yield Doubt("day_off", kind.label, shown_day(day))


@cache
def _special_days() -> dict[dt.date, str]:
    return {day.date: day.kind for day in calendar.load().days if day.kind != "forecast_holiday"}


def is_day_off(day: dt.date) -> bool:
    """Whether offices are closed: a weekend, a public holiday or a swapped day, as far as the table knows."""
    kind = _special_days().get(day)
    return kind != "swap_work" if kind else day.weekday() >= 5


def _about_order(kind: StepKind, day: dt.date, steps: Steps) -> Iterator[Doubt]:
    for name in kind.after:
        days = steps.get(name)
        if days and days[0] > day:
            yield Doubt("out_of_order", kind.label, shown_day(day), shown_day(days[0]), kinds()[name].label)
    for name in kind.needs:
        if name not in steps:
            yield Doubt("needed_missing", kind.label, needed=kinds()[name].label)
    ceremony = steps.get("admitted_on")
    if ceremony and day < ceremony[0]:
        if kind.name in RECOGNITION_STEPS:
            yield Doubt("recognition_before_ceremony", kind.label, shown_day(day), shown_day(ceremony[0]))
        if kind.name == "left_on":
            yield Doubt("exit_before_ceremony", kind.label, shown_day(day), shown_day(ceremony[0]))


def _about_leaving(kind: StepKind, day: dt.date, record: Record, steps: Steps) -> Iterator[Doubt]:
    left = steps.get("left_on")
    if left and day > left[-1] and kind.name != "left_on":
        died = record.fields.get("exit_kind") == "died"
        if died or not kind.after_exit:
            yield Doubt("after_death" if died else "after_exit", kind.label, shown_day(day), shown_day(left[-1]))
    out, back = steps.get("moved_out_on"), steps.get("moved_in_on")
    away = out and day > out[-1] and not (back and out[-1] <= back[-1] <= day)
    if away and out and not kind.after_exit and kind.name != "left_on":
        yield Doubt("after_departure", kind.label, shown_day(day), shown_day(out[-1]))


def _about_stays(record: Record, units: Mapping[str, Unit]) -> Iterator[Doubt]:
    for stay in record.placements:
        if stay.since and stay.until and stay.until < stay.since:
            yield Doubt("stay_backwards", on=shown_day(stay.until), other=shown_day(stay.since))
        closed = units[stay.unit].closed_on if stay.unit in units else None
        if closed and stay.since and stay.since > closed:
            yield Doubt("unit_closed", other=shown_day(closed), needed=stay.unit)
    unit = record.fields.get("unit")
    if unit is not None and not record.placements and str(unit) in units and units[str(unit)].closed_on:
        yield Doubt("unit_closed", other=shown_day(units[str(unit)].closed_on), needed=str(unit))  # type: ignore[arg-type]  # closed, so it has a day
