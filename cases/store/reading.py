"""From the store to a roster: plain SQL and no object mapping, so that reading costs little more than its rows."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.store.connection import querying
from cases.values.history import step_order
from cases.values.records import (
    AttributeEntry,
    Course,
    Discipline,
    Enrolment,
    Placement,
    Record,
    Roster,
    StepEntry,
    Target,
    TypedFigure,
    Unit,
    UnitStanding,
)
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cases.values.records import Value

Execute = Callable[[str], Iterable[Any]]
"""Runs one query and gives its rows."""

_CASES = """
    SELECT cases.id, cases.code, units.code, persons.code, persons.full_name, persons.born_on, persons.sex
    FROM cases JOIN persons ON persons.id = cases.person_id LEFT JOIN units ON units.id = cases.unit_id
    WHERE {chosen} ORDER BY cases.id"""
_STEPS = """
    SELECT case_id, kind, happened_on, document, result, note, stored_at FROM steps
    WHERE {chosen} ORDER BY case_id, kind, happened_on"""
_ATTRIBUTES = "SELECT case_id, name, type, value FROM attributes WHERE {chosen} ORDER BY case_id, name"
_DATED = "SELECT case_id, name, type, value, since FROM dated_attributes WHERE {chosen} ORDER BY case_id, id"
_MEMBERSHIPS = """
    SELECT memberships.case_id, units.code, since, until FROM memberships JOIN units ON units.id = memberships.unit_id
    WHERE {chosen} ORDER BY memberships.case_id, memberships.id"""
_HEADS = """
    SELECT cases.id, cases.code, cases.person_id, persons.code, persons.folded_name, persons.born_on, units.code
    FROM cases JOIN persons ON persons.id = cases.person_id LEFT JOIN units ON units.id = cases.unit_id
    ORDER BY cases.id"""
_UNITS = """
    SELECT units.id, units.declared, units.code, units.name, units.level, units.sector, parents.code,
        units.opened_on, units.closed_on, units.no_masses_left, units.few_members
    FROM units LEFT JOIN units AS parents ON parents.id = units.parent_id ORDER BY units.id"""
_STANDINGS = """
    SELECT unit_id, parents.code, since, heirs.code FROM unit_standings
    LEFT JOIN units AS parents ON parents.id = unit_standings.parent_id
    LEFT JOIN units AS heirs ON heirs.id = unit_standings.merged_into_id ORDER BY unit_standings.id"""
_COURSES = """
    SELECT courses.code, kind, units.code, courses.opened_on, courses.closed_on, audience, online
    FROM courses LEFT JOIN units ON units.id = courses.unit_id ORDER BY courses.id"""
_ENROLMENTS = """
    SELECT courses.code, cases.code, full_name, youth_union, trade_union, certified_on
    FROM enrolments JOIN courses ON courses.id = enrolments.course_id LEFT JOIN cases ON cases.id = enrolments.case_id
    ORDER BY enrolments.id"""
_TARGETS = """
    SELECT units.code, year, value FROM targets JOIN units ON units.id = targets.unit_id ORDER BY targets.id"""
_DISCIPLINES = """
    SELECT cases.code, form, decided_on FROM disciplines JOIN cases ON cases.id = disciplines.case_id
    ORDER BY disciplines.id"""

_FIGURES = """
    SELECT units.code, indicator, begins_on, ends_on, value, source, author, entered_on
    FROM figures JOIN units ON units.id = figures.unit_id ORDER BY figures.id"""


def read_store(url: str) -> Roster:
    """Everything the store holds; raises `StoreProblem`."""
    with querying(url) as execute:
        return roster_from(execute)


def roster_from(execute: Execute) -> Roster:
    """The roster behind a connection that is open already."""
    with without_collector():
        return replace(all_but_cases(execute), records=tuple(records_of(execute)))


def all_but_cases(execute: Execute) -> Roster:
    """The roster without its cases: units, classes, learners, targets, measures and typed figures."""
    units = list(every_unit(execute))
    return Roster(
        units=tuple(unit for _, unit, _ in units) if any(declared for _, _, declared in units) else (),
        courses=courses_of(execute),
        enrolments=enrolments_of(execute),
        targets=tuple(Target(*row) for row in execute(_TARGETS)),
        disciplines=disciplines_of(execute),
        figures=figures_of(execute),
    )


def courses_of(execute: Execute) -> tuple[Course, ...]:
    """All classes."""
    return tuple(
        Course(code, kind, unit, stored_day(opened), stored_day(closed), audience, bool(online))
        for code, kind, unit, opened, closed, audience, online in execute(_COURSES)
    )


def enrolments_of(execute: Execute) -> tuple[Enrolment, ...]:
    """All learners."""
    return tuple(
        Enrolment(course, case, name, bool(youth), bool(trade), stored_day(certified))
        for course, case, name, youth, trade, certified in execute(_ENROLMENTS)
    )


def disciplines_of(execute: Execute) -> tuple[Discipline, ...]:
    """All disciplinary measures."""
    return tuple(Discipline(case, form, stored_day(decided)) for case, form, decided in execute(_DISCIPLINES))


def figures_of(execute: Execute) -> tuple[TypedFigure, ...]:
    """All figures that were typed in."""
    return tuple(
        TypedFigure(unit, name, stored_day(begins), stored_day(ends), value, source, author, stored_day(entered))
        for unit, name, begins, ends, value, source, author, entered in execute(_FIGURES)
    )


@dataclass(frozen=True, slots=True)
class Head:
    """What a case is found by."""

    id: int
    code: str
    person: int
    person_code: str | None
    folded_name: str
    born_on: date | None
    unit: str | None


def heads(execute: Execute) -> list[Head]:
    """What every case is found by, in the order of the store."""
    return [
        Head(number, code, person, person_code, name, stored_day(born_on), unit)
        for number, code, person, person_code, name, born_on, unit in execute(_HEADS)
    ]


def names_of(execute: Execute) -> dict[str, str]:
    """The name of the person of each case."""
    rows = execute("SELECT cases.code, full_name FROM cases JOIN persons ON persons.id = cases.person_id")
    return {code: name for code, name in rows}  # noqa: C416  # a row of another database is no pair to `dict`


@contextmanager
def without_collector() -> Iterator[None]:
    """Millions of objects that all stay would only be walked through again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def every_unit(execute: Execute) -> Iterator[tuple[int, Unit, bool]]:
    """All units with the number of their row, and whether they were declared or are only named."""
    history: dict[int, list[UnitStanding]] = {}
    for unit_id, parent, since, merged_into in execute(_STANDINGS):
        history.setdefault(unit_id, []).append(UnitStanding(parent, stored_day(since), merged_into))
    for number, declared, code, name, level, sector, parent, opened, closed, no_masses, few in execute(_UNITS):
        days = stored_day(opened), stored_day(closed)
        unit = Unit(code, name, level, sector, parent, *days, bool(no_masses), bool(few))
        if number in history:
            unit = replace(unit, history=tuple(history[number]))
        yield number, unit, bool(declared)


def records_of(execute: Execute, numbers: Collection[int] | None = None) -> list[Record]:
    """The records of the cases with these numbers, or of all."""

    def rows(query: str, column: str = "case_id") -> Iterable[Any]:
        listed = "1 = 1" if numbers is None else f"{column} IN ({', '.join(map(str, map(int, numbers))) or 'NULL'})"
        return execute(query.format(chosen=listed))

    fields_of: dict[int, dict[str, Value]] = {}
    for case_id, code, unit, person_code, full_name, born_on, sex in rows(_CASES, "cases.id"):
        fields: dict[str, Value] = {"code": code, "full_name": full_name}
        if unit is not None:
            fields["unit"] = unit
        if person_code is not None:
            fields["person_code"] = person_code
        if born_on is not None:
            fields["born_on"] = stored_day(born_on)
        if sex is not None:
            fields["sex"] = sex
        fields_of[case_id] = fields
    for case_id, name, type_, value in rows(_ATTRIBUTES):
        fields_of[case_id][name] = value if type_ in ("code", "text") else _value(type_, value)
    history = _earlier_steps(rows(_STEPS), fields_of)
    dated: dict[int, list[AttributeEntry]] = {}
    for case_id, name, type_, value, since in rows(_DATED):
        dated.setdefault(case_id, []).append(AttributeEntry(name, _value(type_, value), stored_day(since)))
    stays: dict[int, list[Placement]] = {}
    for case_id, unit, since, until in rows(_MEMBERSHIPS):
        stays.setdefault(case_id, []).append(Placement(unit, stored_day(since), stored_day(until)))
    order = step_order()
    return [
        Record(
            str(fields["code"]),
            fields,
            tuple(sorted(history[case_id], key=lambda step: (order[step.kind], step.on))) if case_id in history else (),
            tuple(dated.get(case_id, ())),
            tuple(stays.get(case_id, ())),
        )
        for case_id, fields in fields_of.items()
    ]


def _earlier_steps(steps: Iterable[Any], fields_of: dict[int, dict[str, Value]]) -> dict[int, list[StepEntry]]:
    """Put the latest step of each kind into the fields, and give back those that the fields do not wholly show."""
    history: dict[int, list[StepEntry]] = {}
    bare: StepEntry | None = None  # the step last read, when only a later one of its kind would make it history
    for case_id, kind, on, *papers in steps:
        fields, day = fields_of[case_id], stored_day(on)
        if kind in fields and bare is not None:
            history.setdefault(case_id, []).append(bare)
        fields[kind] = day
        if any(papers):
            history.setdefault(case_id, []).append(StepEntry(kind, day, *papers))
            bare = None
        else:
            bare = StepEntry(kind, day)
    return history


def _value(type_: str, stored: str) -> Value:
    if type_ == "date":
        return stored_day(stored)
    if type_ == "number":
        return int(stored)
    if type_ == "mark":
        return stored == "1"
    return stored
