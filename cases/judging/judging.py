"""Judging a record: what in it contradicts what. Every door asks here, and so does `doctor`."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cases.judging.doubts import VERY_YOUNG, Doubt
from cases.judging.staying import about_moves, about_stays
from cases.judging.steps import kinds
from cases.values.masking import sensitive
from rules.loader import calendar, law, vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.judging.steps import StepKind
    from cases.values.records import Course, Record, Unit

Steps = dict[str, list[dt.date]]

CEREMONY = "admitted_on"
RECOGNITION_STEPS = ("cell_proposed_recognition_on", "recognition_decided_on", "recognised_from")
_RECOGNITION = frozenset(RECOGNITION_STEPS)
_BEFORE_IT_ENDS = RECOGNITION_STEPS[:2]
"""The steps that the end of the probation comes before; the official day is that end itself."""


def new_doubts(
    before: Record | None, after: Record, today: dt.date, units: Mapping[str, Unit] | None = None
) -> list[Doubt]:
    """The doubts about a record that were not there before it was changed, the impossible first."""
    known = set() if before is None else set(doubts_about(before, today, units))
    fresh = dict.fromkeys(doubt for doubt in doubts_about(after, today, units) if doubt not in known)
    return sorted((doubt for doubt in fresh if doubt.at("record")), key=lambda doubt: not doubt.refused)


def steps_of(record: Record) -> Steps:
    """The days of each kind of step, earliest first: those in the fields and those in the history."""
    fields = record.fields
    found = {kind: [day] for kind in _in_places(tuple(fields)) if isinstance(day := fields[kind], dt.date)}
    for entry in record.steps:
        days = found.setdefault(entry.kind, [])
        if entry.on not in days:
            insort(days, entry.on)
    return found


@lru_cache(maxsize=4_096)
def _in_places(names: tuple[str, ...]) -> tuple[str, ...]:
    """Of fields those that are steps, in the order of the process; many records have the same."""
    places = _places()
    return tuple(sorted((name for name in names if name in places), key=places.__getitem__))


@cache
def _places() -> dict[str, int]:
    return {name: place for place, name in enumerate(kinds())}


def doubts_about(record: Record, today: dt.date, units: Mapping[str, Unit] | None = None) -> list[Doubt]:
    """Every doubt about a record as it stands on a day."""
    steps, known = steps_of(record), kinds()
    found = _about_birth(record, today, steps)
    ordered = _in_order(record, steps)
    gone = "left_on" in steps or "moved_out_on" in steps
    for name, days in steps.items():
        kind = known[name]
        if len(days) > 1:
            found += _about_number(kind, days)
        for day in days:
            if day > today or (kind.office and is_day_off(day)):
                found += _about_day(kind, day, today)
            if not ordered:
                found += _about_order(kind, day, record, steps)
            if gone:
                found += _about_leaving(kind, day, record, steps)
    found += _about_probation(steps)
    found += _about_age(record, steps)
    found += about_moves(record, steps)
    found += about_stays(record, units or {}, today)
    return found


def contradicts_itself(record: Record) -> bool:
    """Whether a workbook would be refused for what a record says of itself on any day, were that not marked as kept."""
    return any(doubt.at("book") == "refused" for doubt in doubts_about(record, dt.date.max))


def doubts_about_course(course: Course) -> Iterator[Doubt]:
    """Every doubt about a class."""
    if course.opened_on and course.closed_on and course.closed_on < course.opened_on:
        days = shown_day(course.closed_on), shown_day(course.opened_on)
        yield Doubt("closed_before_opened", on=days[0], other=days[1], field="closed_on", day=course.closed_on)


def doubts_about_unit(unit: Unit) -> Iterator[Doubt]:
    """Every doubt about a unit by itself."""
    if unit.opened_on and unit.closed_on and unit.closed_on < unit.opened_on:
        days = shown_day(unit.closed_on), shown_day(unit.opened_on)
        yield Doubt("unit_backwards", "", *days, unit.code, field="closed_on", day=unit.closed_on)


def doubts_about_discipline(record: Record, on: dt.date, today: dt.date) -> Iterator[Doubt]:
    """Every doubt about a disciplinary measure, which is no step of the record itself."""
    kind, born_on, steps = kinds()["disciplined_on"], record.fields.get("born_on"), steps_of(record)
    if isinstance(born_on, dt.date) and on < born_on:
        yield _doubt("before_birth", kind, on, shown_day(born_on))
    yield from _about_day(kind, on, today)
    yield from _about_order(kind, on, record, steps)
    yield from _about_leaving(kind, on, record, steps)


def _doubt(code: str, kind: StepKind, day: dt.date, other: str = "", needed: str = "") -> Doubt:
    return Doubt(code, kind.label, shown_day(day), other, needed, kind.name, day)


def _about_birth(record: Record, today: dt.date, steps: Steps) -> list[Doubt]:
    born_on, known, found = record.fields.get("born_on"), kinds(), list[Doubt]()
    if not isinstance(born_on, dt.date):
        year = record.fields.get("birth_year")
        if isinstance(year, int):
            for name, days in steps.items():
                found += [_doubt("before_birth", known[name], day, str(year)) for day in days if day.year < year]
        return found
    if born_on > today:
        found.append(Doubt("born_later", on=shown_day(born_on), field="born_on", day=born_on))
    elif _age(born_on, today) < VERY_YOUNG:
        found.append(Doubt("very_young", on=shown_day(born_on), field="born_on", day=born_on))
    if not record.steps and all(day >= born_on for day in record.fields.values() if type(day) is dt.date):
        return found  # most records, soon seen
    for name, days in steps.items():
        if days[0] < born_on:
            shown = shown_day(born_on)
            found += [_doubt("before_birth", known[name], day, shown) for day in days if day < born_on]
    for name, value in record.fields.items():
        if isinstance(value, dt.date) and value < born_on and name not in steps:
            label = vocabulary.load().facts[name].column if name in vocabulary.load().facts else name
            on = "" if name in sensitive() else shown_day(value)
            found.append(Doubt("before_birth", label or name, on, shown_day(born_on), field=name, day=value))
    return found


def _about_number(kind: StepKind, days: list[dt.date]) -> Iterator[Doubt]:
    if kind.once == "always":
        yield _doubt("only_once", kind, days[-1], ", ".join(map(shown_day, days)))
    elif not kind.again:
        yield _doubt("recorded_again", kind, days[-1], ", ".join(map(shown_day, days[:-1])))


def _about_day(kind: StepKind, day: dt.date, today: dt.date) -> Iterator[Doubt]:
    if day > today:
        yield _doubt("in_future", kind, day)
    if kind.office and is_day_off(day):
        yield _doubt("day_off", kind, day)


@cache
def _special_days() -> dict[dt.date, str]:
    return {day.date: day.kind for day in calendar.load().days if day.kind != "forecast_holiday"}


@lru_cache(maxsize=65_536)
def is_day_off(day: dt.date) -> bool:
    """Whether offices are closed: a weekend, a public holiday or a swapped day, as far as the table knows."""
    kind = _special_days().get(day)
    return kind != "swap_work" if kind else day.weekday() >= 5


def _in_order(record: Record, steps: Steps) -> bool:
    """Whether `_about_order` surely has nothing to say of any step: of most records, and soon seen."""
    pairs = _pairs_in_order(tuple(steps))
    if pairs is None or "previous_exit_on" in record.fields:
        return False
    for other, name in pairs:  # noqa: SIM110  # all() of a generator takes twice as long
        if steps[other][0] > steps[name][0]:
            return False
    return True


@lru_cache(maxsize=4_096)
def _pairs_in_order(names: tuple[str, ...]) -> tuple[tuple[str, str], ...] | None:
    """Of steps of these kinds, which is before which; None where a step is not there that one of them needs."""
    known = kinds()
    if any(needed not in names for name in names for needed in known[name].needs):
        return None
    after_ceremony = [(CEREMONY, name) for name in (*RECOGNITION_STEPS, "left_on")]
    pairs = [*((other, name) for name in names for other in known[name].after), *after_ceremony]
    return tuple(dict.fromkeys((other, name) for other, name in pairs if other in names and name in names))


def _about_order(kind: StepKind, day: dt.date, record: Record, steps: Steps) -> list[Doubt]:
    found = list[Doubt]()
    for name in kind.after:
        if name in steps and steps[name][0] > day:
            found.append(_doubt("out_of_order", kind, day, shown_day(steps[name][0]), kinds()[name].label))
    if kind.name in ("admission_decided_on", "admitted_on"):
        left_before = record.fields.get("previous_exit_on")
        if isinstance(left_before, dt.date) and day < left_before:
            label = vocabulary.load().facts["previous_exit_on"].column or ""
            found.append(_doubt("out_of_order", kind, day, shown_day(left_before), label))
    for name in kind.needs:
        if name not in steps and f"{name.removesuffix('_on').removesuffix('_from')}_partly" not in record.fields:
            found.append(_doubt("needed_missing", kind, day, needed=kinds()[name].label))
    ceremony = steps.get("admitted_on")
    if ceremony and day < ceremony[0]:
        if kind.name in RECOGNITION_STEPS:
            found.append(_doubt("recognition_before_ceremony", kind, day, shown_day(ceremony[0])))
        if kind.name == "left_on":
            found.append(_doubt("exit_before_ceremony", kind, day, shown_day(ceremony[0])))
    return found


def _about_leaving(kind: StepKind, day: dt.date, record: Record, steps: Steps) -> Iterator[Doubt]:
    left = steps.get("left_on")
    if left and day > left[-1] and kind.name not in ("left_on", "admitted_on"):  # the ceremony: exit_before_ceremony
        died = record.fields.get("exit_kind") == "died"
        if died or not kind.after_exit:
            yield _doubt("after_death" if died else "after_exit", kind, day, shown_day(left[-1]))
    if kind.name in ("moved_out_on", "moved_in_on") or kind.after_exit or kind.after_departure:
        return
    out, back = steps.get("moved_out_on", []), steps.get("moved_in_on", [])
    gone = max((one for one in out if one < day), default=None)
    if gone is not None and not any(gone <= one <= day for one in back):
        yield _doubt("after_departure", kind, day, shown_day(gone))


def _about_probation(steps: Steps) -> list[Doubt]:
    """The probation: the official day is the day it ends, the other steps of recognition come after it."""
    found, ceremony = list[Doubt](), steps.get("admitted_on")
    if not ceremony or _RECOGNITION.isdisjoint(steps):
        return found
    ends_on = probation_ends_on(ceremony[-1])
    for name in RECOGNITION_STEPS:
        for day in steps.get(name, ()):
            if day < ceremony[-1]:
                continue
            if name in _BEFORE_IT_ENDS and day <= ends_on:
                found.append(_doubt("recognised_early", kinds()[name], day, shown_day(ends_on)))
            elif name not in _BEFORE_IT_ENDS and day != ends_on:
                found.append(_doubt("official_day_differs", kinds()[name], day, shown_day(ends_on)))
    return found


def _about_age(record: Record, steps: Steps) -> list[Doubt]:
    born_on, found = record.fields.get("born_on"), list[Doubt]()
    for day in steps.get("admitted_on", ()):
        if isinstance(born_on, dt.date) and born_on <= day:
            age = _age(born_on, day)
            too_old = age > _in_force("admission.age_maximum", day) and "higher_consent_on" not in steps
            if age < _in_force("admission.age_minimum", day) or too_old:
                found.append(_doubt("age_at_admission", kinds()["admitted_on"], day, needed=str(age)))
    return found


def _age(born_on: dt.date, day: dt.date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


@lru_cache(maxsize=65_536)
def probation_ends_on(admitted_on: dt.date) -> dt.date:
    """The day on which the probation that the law of the ceremony's day gives is up."""
    return calendar.add_months(admitted_on, _in_force("probation.length", admitted_on))


@lru_cache(maxsize=65_536)
def _in_force(parameter: str, day: dt.date) -> int:
    """A number of the law as it stood on a day."""
    value = law.load().parameters[parameter].at(day).value
    assert isinstance(value, int)
    return value
