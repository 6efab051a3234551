"""The one door through which the store changes: a plan goes in whole, in one transaction, each change written down.

``who`` is the name the caller gives, else the name that the machine knows its user by. The log repeats nothing that the
store does not hold in its tables already.
"""

from __future__ import annotations

import getpass
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from cases.folding import fold
from cases.plan import Plan, compare
from cases.reading import roster_from
from cases.record_rows import attribute_row, dated_row, step_rows
from cases.seeding import seed
from cases.snapshots import difference
from cases.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Table

    from cases.plan import Alteration
    from cases.roster import Enrolment, Record, Roster, Unit

_TABLES = metadata.tables
_HISTORY = ("steps", "attributes", "dated_attributes", "memberships")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """What every change of one write has in common."""

    id: str
    who: str
    made_at: datetime
    source: str | None = None


def new_batch(who: str | None = None, source: str | None = None) -> Batch:
    """A batch made now, in the name of ``who`` or of the machine's user."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return Batch(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}", _name(who), now, source)


def _name(who: str | None) -> str:
    if who is None:
        try:
            who = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a machine without users
            who = ""
    return who.strip()[:200] or "không rõ"


def apply_roster(connection: Connection, roster: Roster, covered: Mapping[str, Collection[str]], batch: Batch) -> Plan:
    """Lay a roster over the store within the caller's transaction, and say what was done."""
    plan = compare(roster_from(connection.exec_driver_sql), roster, covered)
    _Writer(connection).apply(plan)
    _write_down(connection, plan, batch)
    return plan


class _Writer:
    """Carries out a plan; knows the ids of what it has to refer to."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def apply(self, plan: Plan) -> None:
        seed(self.connection)
        self._save_units(plan)
        units = self._ids("units")
        cases = self._save_cases(plan.cases.altered, units)
        self._save_courses(plan, units)
        self._save_enrolments(plan.enrolments.altered, cases)
        for one in plan.targets.altered:
            own = {"unit_id": units[one.after.unit], "year": one.after.year}
            self._save(_TABLES["targets"], one.before is None, own, {"value": one.after.value})
        rows = [
            {"case_id": cases[one.after.case], "form": one.after.form, "decided_on": one.after.on}
            for one in plan.disciplines.altered
        ]
        self._insert("disciplines", rows)

    def _ids(self, table: str) -> dict[str, int]:
        stored = _TABLES[table]
        return dict(self.connection.execute(sa.select(stored.c.code, stored.c.id)).all())

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(sa.insert(_TABLES[table]), rows)

    def _insert_for_ids(self, table: str, rows: list[dict[str, Any]]) -> list[int]:
        if not rows:
            return []
        stored = _TABLES[table]
        statement = sa.insert(stored).returning(stored.c.id, sort_by_parameter_order=True)
        return list(self.connection.execute(statement, rows).scalars())

    def _save(self, table: Table, new: bool, own: dict[str, Any], values: dict[str, Any]) -> None:  # private
        if new:
            self.connection.execute(sa.insert(table).values(**own, **values))
        else:
            named = sa.and_(*(table.c[name] == value for name, value in own.items()))
            self.connection.execute(sa.update(table).where(named).values(**values))

    def _save_units(self, plan: Plan) -> None:
        known = self._ids("units")
        listed = {one.after.code: one.after for one in plan.units.altered}
        named = dict.fromkeys(code for code in _units_named(plan) if code not in known and code not in listed)
        fresh = [_unit_row(unit) for code, unit in listed.items() if code not in known]
        self._insert("units", [*fresh, *({**_BARE_UNIT, "code": code} for code in named)])
        units = _TABLES["units"]
        ids = self._ids("units")
        for code, unit in listed.items():
            values: dict[str, Any] = {"parent_id": ids[unit.parent] if unit.parent else None}
            if code in known:
                values |= _unit_row(unit)
            if code in known or unit.parent:
                self.connection.execute(sa.update(units).where(units.c.code == code).values(**values))

    def _save_cases(self, altered: tuple[Alteration[Record], ...], units: dict[str, int]) -> dict[str, int]:
        ids = self._ids("cases")
        fresh = [one.after for one in altered if one.before is None]
        old = [one.after for one in altered if one.before is not None]
        persons = self._save_persons(fresh, old)
        rows = [{"code": record.code, **_placed(record, persons, units)} for record in fresh]
        ids.update(zip((record.code for record in fresh), self._insert_for_ids("cases", rows), strict=True))
        cases = _TABLES["cases"]
        for record in old:
            values = _placed(record, persons, units)
            self.connection.execute(sa.update(cases).where(cases.c.code == record.code).values(**values))
        self._forget_history([ids[record.code] for record in old])
        self._save_history([(ids[record.code], record) for record in (*fresh, *old)], units)
        if old:
            person, case = _TABLES["persons"], cases
            alone = ~sa.exists().where(case.c.person_id == person.c.id)
            self.connection.execute(sa.delete(person).where(alone))
        return ids

    def _save_persons(self, fresh: list[Record], old: list[Record]) -> dict[str, int]:
        """The person of each case: found by the person's code, else the one the case already has, else a new one."""
        persons, cases = _TABLES["persons"], _TABLES["cases"]
        known: dict[str, int] = {}
        own: dict[str, tuple[int, str | None]] = {}
        if old or any("person_code" in record.fields for record in fresh):
            select = sa.select(persons.c.code, persons.c.id).where(persons.c.code.is_not(None))
            known = {str(code): number for code, number in self.connection.execute(select)}
            joined = sa.select(cases.c.code, persons.c.id, persons.c.code).join_from(cases, persons)
            own = {case: (number, code) for case, number, code in self.connection.execute(joined)}
        found: dict[str, int] = {}
        made: list[Record] = []
        to_make: dict[str, None] = {}
        for record in (*fresh, *old):
            code = record.fields.get("person_code")
            number, old_code = own.get(record.code, (None, None))
            if code is not None and str(code) in known:
                number = known[str(code)]
            elif number is not None and old_code != code and old_code is not None:
                number = None  # the tie to the other cases of that person is undone
            elif code is not None and str(code) in to_make:
                continue
            if number is None:
                made.append(record)
                if code is not None:
                    to_make[str(code)] = None
            else:
                found[record.code] = number
                if code is not None:
                    known[str(code)] = number
                update = sa.update(persons).where(persons.c.id == number)
                self.connection.execute(update.values(**_person_row(record)))
        numbers = self._insert_for_ids("persons", [_person_row(record) for record in made])
        for record, number in zip(made, numbers, strict=True):
            found[record.code] = number
            if (code := record.fields.get("person_code")) is not None:
                known[str(code)] = number
        for record in (*fresh, *old):
            if record.code not in found:
                found[record.code] = known[str(record.fields["person_code"])]
        return found

    def _forget_history(self, ids: list[int]) -> None:
        for start in range(0, len(ids), _AT_ONCE):
            for name in _HISTORY:
                table = _TABLES[name]
                self.connection.execute(sa.delete(table).where(table.c.case_id.in_(ids[start : start + _AT_ONCE])))

    def _save_history(self, records: list[tuple[int, Record]], units: dict[str, int]) -> None:
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _HISTORY}
        for number, record in records:
            rows["steps"].extend(step_rows(number, record))
            rows["attributes"].extend(attribute_row(number, *item) for item in record.fields.items())
            rows["dated_attributes"].extend(dated_row(number, entry) for entry in record.attributes)
            rows["memberships"].extend(
                {"case_id": number, "unit_id": units[stay.unit], "since": stay.since, "until": stay.until}
                for stay in record.placements
            )
        for name in _HISTORY:
            self._insert(name, [row for row in rows[name] if row])

    def _save_courses(self, plan: Plan, units: dict[str, int]) -> None:
        for one in plan.courses.altered:
            course = one.after
            values = {
                "kind": course.kind,
                "unit_id": units[course.unit] if course.unit else None,
                "opened_on": course.opened_on,
                "closed_on": course.closed_on,
                "audience": course.audience,
                "online": course.online,
            }
            self._save(_TABLES["courses"], one.before is None, {"code": course.code}, values)

    def _save_enrolments(self, altered: tuple[Alteration[Enrolment], ...], cases: dict[str, int]) -> None:
        courses = self._ids("courses")
        table = _TABLES["enrolments"]
        fresh = []
        for one in altered:
            row = _enrolment_row(one.after, courses, cases)
            if one.before is None:
                fresh.append(row)
                continue
            before = _enrolment_row(one.before, courses, cases)
            same = (
                table.c[name].is_(value) if value is None else table.c[name] == value for name, value in before.items()
            )
            first = sa.select(sa.func.min(table.c.id)).where(*same).scalar_subquery()
            self.connection.execute(sa.update(table).where(table.c.id == first).values(**row))
        self._insert("enrolments", fresh)


_BARE_UNIT = {
    "name": None,
    "level": None,
    "sector": None,
    "opened_on": None,
    "closed_on": None,
    "no_masses_left": False,
    "few_members": False,
    "declared": False,
}


def _unit_row(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in _BARE_UNIT if name != "declared"} | {
        "code": unit.code,
        "declared": True,
    }


def _units_named(plan: Plan) -> Iterable[str]:
    for unit in (one.after for one in plan.units.altered):
        if unit.parent:
            yield unit.parent
    for record in (one.after for one in plan.cases.altered):
        if "unit" in record.fields:
            yield str(record.fields["unit"])
        yield from (stay.unit for stay in record.placements)
    for course in (one.after for one in plan.courses.altered):
        if course.unit:
            yield course.unit
    yield from (one.after.unit for one in plan.targets.altered)


def _placed(record: Record, persons: dict[str, int], units: dict[str, int]) -> dict[str, Any]:
    unit = record.fields.get("unit")
    return {"person_id": persons[record.code], "unit_id": None if unit is None else units[str(unit)]}


def _person_row(record: Record) -> dict[str, Any]:
    fields = record.fields
    return {
        "code": fields.get("person_code"),
        "full_name": fields["full_name"],
        "folded_name": fold(str(fields["full_name"])),
        "born_on": fields.get("born_on"),
        "sex": fields.get("sex"),
    }


def _enrolment_row(enrolment: Enrolment, courses: dict[str, int], cases: dict[str, int]) -> dict[str, Any]:
    return {
        "course_id": courses[enrolment.course],
        "case_id": cases[enrolment.case] if enrolment.case else None,
        "full_name": enrolment.full_name,
        "youth_union": enrolment.youth_union,
        "trade_union": enrolment.trade_union,
        "certified_on": enrolment.certified_on,
    }


def _write_down(connection: Connection, plan: Plan, batch: Batch) -> None:
    common = {"batch": batch.id, "who": batch.who, "made_at": batch.made_at, "source": batch.source}
    rows = []
    for entity, part in (
        ("unit", plan.units),
        ("case", plan.cases),
        ("course", plan.courses),
        ("enrolment", plan.enrolments),
        ("target", plan.targets),
        ("discipline", plan.disciplines),
    ):
        for one in part.altered:
            before, after = difference(one)
            rows.append({**common, "entity": entity, "key": one.key, "before": before, "after": after})
    if rows:
        connection.execute(sa.insert(_TABLES["changes"]), rows)
