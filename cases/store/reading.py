"""From the store to a roster: plain SQL and no object mapping, so that reading costs little more than its rows."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import replace
from sys import intern
from typing import TYPE_CHECKING, Any

from cases.log.batches import Head as Standpoint
from cases.log.batches import head
from cases.log.execute import ANY, equal, in_parts
from cases.log.execute import Execute as Execute
from cases.store.connection import querying
from cases.store.rows.asked_after import ASKED_AFTER, ASKED_IN, asked_after
from cases.store.rows.unit_reading import every_unit as every_unit
from cases.store.sight import Sight, sight
from cases.values.history import step_order
from cases.values.kinds import KINDS, beside_cases, roster_of
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
)
from rules.loader import vocabulary
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from cases.values.kinds import Kind
    from cases.values.records import Value


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
_KEPT = "SELECT value FROM unit_settings WHERE name = 'kept_columns'"


FEW_STATES = 256
_AT_ONCE = 2_000
_KEPT_AT: dict[tuple[Standpoint, Sight | None], frozenset[str]] = {}
"""The columns kept in the states of stores that were asked last, by who asked; a write makes another state."""


def read_store(url: str) -> Roster:
    """Everything the store holds; raises `StoreProblem`."""
    with querying(url) as execute:
        return roster_from(execute)


def roster_from(execute: Execute) -> Roster:
    """The roster behind a connection that is open already."""
    with without_collector():
        return replace(all_but_cases(execute), records=tuple(records_of(execute)), kept=stamped_facts(execute))


def all_but_cases(execute: Execute) -> Roster:
    """The roster without its cases: units, classes, learners, targets, measures and typed figures."""
    things: dict[str, Iterable[Any]] = {
        kind.name: _things(execute, kind) for kind in beside_cases() if kind.name != "unit"
    }
    return roster_of({**things, "unit": units_of(execute)})


def units_of(execute: Execute) -> tuple[Unit, ...]:
    """All units; none where no unit is declared and some are only named."""
    units = list(every_unit(execute))
    return tuple(unit for _, unit, _ in units) if any(declared for _, _, declared in units) else ()


def kept_facts(execute: Execute) -> frozenset[str]:
    """The columns that rules ask after and the office keeps: filled for somebody, or said to be kept."""
    known = vocabulary.load().kept
    parts = [
        f"SELECT '{fact}' WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} = '{fact}'{among})"  # noqa: S608  # our own names
        for table, column in ASKED_IN.items()
        for fact in known
        for among in (f" AND ({asked_after(column)})" if fact in ASKED_AFTER else "",)
    ]
    filled = {str(row[0]) for row in execute(" UNION ".join(parts))}
    return frozenset(filled) | facts_said_kept(execute).intersection(known)


def kept_facts_now(execute: Execute) -> frozenset[str]:
    """The same, looked for once in a state of a store: every value is looked at, which a page cannot wait for."""
    now = head(execute), sight()
    if now not in _KEPT_AT:
        if len(_KEPT_AT) >= FEW_STATES:
            _KEPT_AT.pop(next(iter(_KEPT_AT)), None)
        _KEPT_AT[now] = kept_facts(execute)
    return _KEPT_AT[now]


def said_beside(execute: Execute, code: str) -> Roster:
    """What a store says of a case beside its own record: the measures against it, and the columns that are kept."""
    return Roster(disciplines=measures_of(execute, code), kept=kept_facts_now(execute))


def stamped_facts(execute: Execute) -> frozenset[str]:
    """The columns that stores whose files were taken in said that they keep."""
    # no LIKE: of the databases only SQLite takes small letters for capitals in it
    imports = execute("SELECT details FROM batches WHERE replace(details, '\"taken\"', '') <> details")
    return frozenset(name for (details,) in imports for name in json.loads(details).get("taken", {}).get("kept", ()))


def facts_said_kept(execute: Execute) -> frozenset[str]:
    """The columns that are kept whether a cell is filled or not: by a stamp taken in, or by a unit's own word."""
    units = (Unit("", kept_columns=value).keeps for (value,) in execute(_KEPT))
    return stamped_facts(execute).union(*units)


def courses_of(execute: Execute) -> tuple[Course, ...]:
    """All classes."""
    return _things(execute, KINDS["course"])


def enrolments_of(execute: Execute) -> tuple[Enrolment, ...]:
    """All learners."""
    return _things(execute, KINDS["enrolment"])


def disciplines_of(execute: Execute) -> tuple[Discipline, ...]:
    """All disciplinary measures."""
    return _things(execute, KINDS["discipline"])


def measures_of(execute: Execute, code: str) -> tuple[Discipline, ...]:
    """The disciplinary measures against one case."""
    return tuple(one for _, one in _naming(execute, KINDS["discipline"], "case", code))


def targets_of(execute: Execute) -> tuple[Target, ...]:
    """All targets."""
    return _things(execute, KINDS["target"])


def figures_of(execute: Execute) -> tuple[TypedFigure, ...]:
    """All figures that were typed in."""
    return _things(execute, KINDS["figure"])


def _things(execute: Execute, kind: Kind) -> tuple[Any, ...]:
    """All things of a kind whose rows hold them whole, in the order of the table."""
    return tuple(thing for _, thing in numbered(execute, kind))


def _naming(execute: Execute, kind: Kind, name: str, code: str) -> Iterator[tuple[int, Any]]:
    """The things of a kind that name another in a field by its code, each with the number of its row."""
    for number, thing in numbered(execute, kind, equal(f"{name}_.code", code)):
        if getattr(thing, name) == code:
            yield number, thing


def numbered(execute: Execute, kind: Kind, condition: str = ANY) -> Iterator[tuple[int, Any]]:
    """The things for which a condition holds, each with the number of its row; what they name, by its code."""
    chosen, joins = [f"{kind.table}.id"], []
    for name in kind.fields_of():
        named = kind.names.get(name)
        chosen.append(f"{name}_.code" if named else f"{kind.table}.{kind.column_of(name)}")
        if named:
            joins.append(
                f"LEFT JOIN {KINDS[named].table} AS {name}_ ON {name}_.id = {kind.table}.{kind.column_of(name)}"
            )
    typed = {column.field: _READ[column.type] for column in kind.sheet.columns if column.type in _READ}
    read = [typed.get(name) for name in kind.fields_of()]
    tables = f"{kind.table} {' '.join(joins)}"
    query = f"SELECT {', '.join(chosen)} FROM {tables} WHERE {condition} ORDER BY {kind.table}.id"  # noqa: S608  # our own words
    for number, *row in execute(query):
        yield number, kind.made(*(value if how is None else how(value) for how, value in zip(read, row, strict=True)))


def naming_case(execute: Execute, code: str) -> Iterator[tuple[Kind, str, int, Any]]:
    """What names a case beside itself: the kind, the field that does, the number of the row, and the thing."""
    for kind in beside_cases():
        for name in (name for name, named in kind.names.items() if named == "case"):
            for number, thing in list(_naming(execute, kind, name, code)):
                yield kind, name, number, thing


def names_of(execute: Execute) -> dict[str, str]:
    """The name of the person of each case."""
    rows = execute("SELECT cases.code, full_name FROM cases JOIN persons ON persons.id = cases.person_id")
    return dict(rows)


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


def records_of(execute: Execute, numbers: Collection[int] | None = None) -> list[Record]:
    """The records of the cases with these numbers, or of all."""
    if numbers is None:
        return list(each_record(execute))
    return _records(execute, f"IN ({', '.join(map(str, map(int, numbers))) or 'NULL'})")


def each_record(execute: Execute) -> Iterator[Record]:
    """The records of all cases one after the other: who keeps none of them holds a few thousand at a time."""
    numbers = [int(number) for (number,) in execute("SELECT id FROM cases ORDER BY id")]
    for some in in_parts(numbers, _AT_ONCE):
        yield from _records(execute, f"BETWEEN {some[0]} AND {some[-1]}")


def _records(execute: Execute, among: str) -> list[Record]:
    """The records of the cases whose numbers are among these."""

    def rows(query: str, column: str = "case_id") -> Iterable[Any]:
        return execute(query.format(chosen=f"{column} {among}"))

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
        # what many cases say alike is kept once
        fields_of[case_id][intern(name)] = intern(value) if type_ in ("code", "text") else _value(type_, value)
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
    bare: tuple[str, date] | None = None  # the step last read, when only a later one of its kind would make it history
    for case_id, name, on, document, result, note, stored_at in steps:
        fields, day, kind = fields_of[case_id], stored_day(on), intern(name)
        if bare is not None and kind in fields:
            history.setdefault(case_id, []).append(StepEntry(*bare))
        fields[kind] = day
        if document or result or note or stored_at:
            history.setdefault(case_id, []).append(StepEntry(kind, day, document, result, note, stored_at))
            bare = None
        else:
            bare = kind, day
    return history


def _value(type_: str, stored: str) -> Value:
    if type_ == "date":
        return stored_day(stored)
    if type_ == "number":
        return int(stored)
    if type_ == "mark":
        return stored == "1"
    return stored


_READ: dict[str, Callable[[Any], Any]] = {"date": stored_day, "mark": bool}
"""How what a database keeps in the column of a type becomes a value."""
