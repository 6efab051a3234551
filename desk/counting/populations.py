"""The populations of a roster: its cases, classes, learners, units, transfers and targets as what is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cases.values.evaluated import marked
from cases.values.records import Course, Discipline, Enrolment, Record, Roster, Unit
from desk.counting.belonging import Life, rows_of
from desk.counting.moves import moves_of
from desk.counting.persons import persons
from desk.rosters import unit_tree
from engine.language.tree import Scalar
from engine.projection import Projector
from engine.ruleset import RuleSet
from engine.single.closures import program_of
from engine.statistics.counting import Member, Run
from engine.statistics.periods import months, within_year
from engine.units import UnitTree
from engine.unknowns import Unknown
from rules.loader import populations as populations_loader
from rules.loader.spelling.days import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from engine.sweep.members import Columns

Facts = dict[str, Scalar]
OnDay = Callable[[dt.date], tuple[Mapping[str, Scalar], str | None]]

OF_THE_WAY = ("moved_out_on", "moved_out_not_before", "moved_out_not_after")
"""The departure of somebody who is on the way within the book: away she is only once she has arrived."""
OF_THE_UNIT = ("unit_level", "unit_sector", "unit_few_members")


class Lives:
    """The people of some records who need a look, as they stood on a day."""

    def __init__(
        self,
        records: Iterable[Record],
        projector: Projector,
        ruleset: RuleSet,
        tree: UnitTree,
        settings: Mapping[str, str],
        named: Collection[str],
    ) -> None:
        self.projector, self.program = projector, program_of(ruleset)
        self.by_decision = settings["admission_date"] == "decision"
        self.persons = persons(records, tree, named, by_decision=self.by_decision)
        self._on: dict[dt.date, list[Life]] = {}

    def on(self, as_of: dt.date) -> list[Life]:
        """The lives, up to a day."""
        if as_of not in self._on:
            known = (rows_of(records, self.projector, as_of, by_decision=self.by_decision) for records in self.persons)
            self._on[as_of] = [Life(rows) for rows in known if rows]
        return self._on[as_of]

    def by_code(self, as_of: dt.date) -> dict[str, tuple[Life, int]]:
        """The life of each case among them, and the number of its row in it."""
        return {row.record.code: (life, n) for life in self.on(as_of) for n, row in enumerate(life.rows)}

    def measures_elsewhere(self, measures: Sequence[Discipline], as_of: dt.date) -> list[bool]:
        """Of each disciplinary measure whether it is none here: of somebody who was no member here on its day.

        What two rows of one person bear alike is one measure, of the row by which the person is counted on the day.
        """
        lives, bearers = self.by_code(as_of), dict[tuple[int, str, dt.date], list[int]]()
        for one in measures:
            if one.case in lives:
                life, number = lives[one.case]
                bearers.setdefault((id(life), one.form, one.on), []).append(number)
        marks = []
        for one in measures:
            if one.case not in lives:
                marks.append(False)  # is no case yet: counted nowhere
                continue
            life, number = lives[one.case]
            marks.append(not life.bears_measure(number, bearers[id(life), one.form, one.on], one.on))
        return marks

    def term_ends(self, facts: Mapping[str, Scalar]) -> Scalar | None:
        """The day on which the twelve months of somebody end."""
        value = self.program.situation(facts).value("probation_ends_on")
        return None if isinstance(value, Unknown) else value


class RosterSource:
    """The members of each population of a roster."""

    def __init__(self, roster: Roster, ruleset: RuleSet, settings: Mapping[str, str]) -> None:
        self.roster, self.settings, self.records = roster, settings, marked(roster)
        self.projector, self.tree = Projector(ruleset.vocabulary), unit_tree(roster)
        self.units = {unit.code: unit for unit in roster.units}
        self.unit_facts = {unit.code: unit_facts(unit) for unit in roster.units}
        self._attendance = _attendance(roster)
        self._cases: dict[dt.date, list[Member]] = {}
        named = {one.case for one in roster.disciplines}
        self.lives = Lives(self.records, self.projector, ruleset, self.tree, settings, named)

    def members(self, population: str, run: Run) -> Iterable[Member]:
        """The members of a population as of the run's day."""
        match population:
            case "cases":
                return self.cases(run.as_of)
            case "disciplines":
                return self._disciplines(run.as_of)
            case "moves":
                return self._moves(run.as_of)
            case "courses":
                return self._courses()
            case "enrolments":
                return self._enrolments()
            case "targets":
                return self._targets(run)
            case _:
                return self._units(run)

    def columns(self, population: str, run: Run) -> Columns:
        """The same members in columns."""
        from engine.sweep.members import MemberColumns

        vocabulary = populations_loader.load()[population].vocabulary
        return MemberColumns(list(self.members(population, run)), vocabulary)

    def cases(self, as_of: dt.date) -> list[Member]:
        """The cases as of a day, each with what its classes and its unit add."""
        if as_of not in self._cases:
            self._cases[as_of] = list(self._project(as_of))
        return self._cases[as_of]

    def _project(self, as_of: dt.date) -> Iterator[Member]:
        nothing: Facts = {}
        lives = self.lives.by_code(as_of)
        for record in self.records:
            facts = self.projector.project(record, as_of)
            if facts is None:
                continue
            unit = facts.get("unit")
            code = None if unit is None else str(unit)
            facts.update(self.unit_facts.get(code or "", nothing))
            self._add_courses(record, as_of, facts)
            _add_birth(facts)
            life = lives.get(record.code)
            if life is not None:
                facts.update(life[0].marks(life[1], as_of, self.lives.term_ends))
                if life[0].on_the_way(life[1], as_of):
                    facts = {name: value for name, value in facts.items() if name not in OF_THE_WAY}
                if len(life[0].rows) > 1:
                    record = replace(record, placements=life[0].stays(as_of))  # of all the person's rows
            on = partial(self._on, record, facts) if record.attributes or record.placements else None
            yield Member(facts, code, record.code, str(facts.get("full_name", "")), on=on)

    def _on(self, record: Record, facts: Facts, day: dt.date) -> tuple[Mapping[str, Scalar], str | None]:
        """The facts of a case with the dated values and the unit of another day."""
        then = {name: value for name, value in facts.items() if name not in OF_THE_UNIT}
        for name, entries in _dated(record).items():
            begun = [(since, value) for since, value in entries if since <= day]
            if begun:
                then[name] = max(begun, key=lambda entry: entry[0])[1]
            elif name != "unit":
                then.pop(name, None)
        unit = then.get("unit")
        code = None if unit is None else str(unit)
        then.update(self.unit_facts.get(code or "", {}))
        return then, code

    def _add_courses(self, record: Record, as_of: dt.date, facts: Facts) -> None:
        certified = [step.on for step in record.steps if step.kind == "awareness_certified_on" and step.on <= as_of]
        latest = facts.get("awareness_certified_on")
        if isinstance(latest, dt.date):
            facts["first_certified_on"] = min([latest, *certified])
        for kind, opened, closed in self._attendance.get(record.code, ()):
            if opened is None or opened > as_of:
                continue
            if kind == "new_member":
                earlier = facts.get("new_member_class_on")
                facts["new_member_class_on"] = max(opened, earlier) if isinstance(earlier, dt.date) else opened
            elif closed is None or closed > as_of:
                facts["awareness_class_open"] = True

    def _disciplines(self, as_of: dt.date) -> Iterator[Member]:
        cases = {member.code: member for member in self.cases(as_of)}
        marks = self.lives.measures_elsewhere(self.roster.disciplines, as_of)
        for number, (discipline, elsewhere) in enumerate(zip(self.roster.disciplines, marks, strict=True)):
            member = cases.get(discipline.case)
            if member is None:
                continue
            own: Facts = {"measure_form": discipline.form, "measure_taken_on": discipline.on}
            if elsewhere:
                own["discipline_elsewhere"] = True
            on = partial(_with, member.on, own) if member.on else None
            yield Member({**member.recorded, **own}, member.unit, f"{member.code}#{number}", member.name, on=on)

    def _moves(self, as_of: dt.date) -> Iterator[Member]:
        cases = {member.code: member for member in self.cases(as_of)}
        for life in self.lives.on(as_of):
            for move in moves_of(life, as_of, self.tree, self.units):
                member = cases[life.rows[move.row].record.code]
                own: Facts = {"move": move.kind, "moved_on": move.on}
                if move.not_after is not None:
                    own["moved_not_after"] = move.not_after
                if move.place is not None:
                    own["move_place"] = move.place
                yield Member({**member.recorded, **own}, move.unit, member.code, member.name, scopes=move.scopes)

    def _courses(self) -> Iterator[Member]:
        for course in self.roster.courses:
            facts = _course_facts(course) | self.unit_facts.get(course.unit or "", {})
            yield Member(facts, course.unit, course.code, course.code)

    def _enrolments(self) -> Iterator[Member]:
        """Learners, credited by the setting to the unit of their dossier or of the class."""
        courses = {course.code: course for course in self.roster.courses}
        records = {record.code: record for record in self.records}
        for number, enrolment in enumerate(self.roster.enrolments):
            course, record = courses[enrolment.course], records.get(enrolment.case or "")
            home = record.fields.get("unit") if record and self.settings["learner_unit"] == "home_unit" else None
            unit = str(home) if home is not None else course.unit
            facts = _course_facts(course) | self.unit_facts.get(unit or "", {})
            facts |= _learner_facts(enrolment, record, number, course.opened_on)
            yield Member(facts, unit, enrolment.case or course.code, str(facts["full_name"]))

    def _targets(self, run: Run) -> Iterator[Member]:
        for target in self.roster.targets:
            year = within_year(run, target.year)
            facts: Facts = {
                **self.unit_facts.get(target.unit, {}),
                "year_begins_on": dt.date(target.year, 1, 1),
                "year_ends_on": dt.date(target.year, 12, 31),
                "target": target.value,
                "target_months": target.value * (months(year) if year.start <= year.end else 0),
            }
            yield Member(facts, target.unit, target.unit, f"{target.unit} {target.year}")

    def _units(self, run: Run) -> Iterator[Member]:
        touched = range(run.start.year, run.end.year + 1)
        with_target = {target.unit for target in self.roster.targets if target.year in touched}
        tree = self.tree.on(run.as_of)
        tops = {unit.code for unit in self.roster.units if tree.parents[unit.code] not in self.units}
        for unit in self.roster.units:
            facts = dict(self.unit_facts[unit.code])
            if unit.opened_on is not None:
                facts["opened_on"] = unit.opened_on
            if unit.closed_on is not None:
                facts["closed_on"] = unit.closed_on
            if unit.no_masses_left:
                facts["no_masses_left"] = True
            if unit.code in with_target:
                facts["has_target"] = True
            parent = tree.parents[unit.code]
            if parent in tops and self.units[str(parent)].level in ("province", "upper"):
                facts["directly_below_top"] = True
            yield Member(facts, unit.code, unit.code, unit.name or unit.code, scopes=self._last_line(unit, run.as_of))

    def _last_line(self, unit: Unit, as_of: dt.date) -> tuple[str | None, ...] | None:
        """The units that see a unit which is closed: those it was below on its last day, where the tree changes."""
        if not self.tree.changes or unit.closed_on is None or unit.closed_on > as_of:
            return None
        return (None, *self.tree.on(unit.closed_on - dt.timedelta(days=1)).with_above(unit.code))


def _with(on: OnDay, own: Facts, day: dt.date) -> tuple[Mapping[str, Scalar], str | None]:
    facts, unit = on(day)
    return {**facts, **own}, unit


def _add_birth(facts: Facts) -> None:
    """The first and the last day on which somebody can have been born: one day, or a year where only that is known."""
    born, year = facts.get("born_on"), facts.get("birth_year")
    if isinstance(born, dt.date):
        facts["born_not_before"] = facts["born_not_after"] = born
    elif isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR:
        facts["born_not_before"], facts["born_not_after"] = dt.date(year, 1, 1), dt.date(year, 12, 31)


def _dated(record: Record) -> dict[str, list[tuple[dt.date, Scalar]]]:
    """The values of each dated attribute and of the unit, with the day each began."""
    entries: dict[str, list[tuple[dt.date, Scalar]]] = {}
    for attribute in record.attributes:
        entries.setdefault(attribute.name, []).append((attribute.since or dt.date.min, attribute.value))
    for placement in record.placements:
        entries.setdefault("unit", []).append((placement.since or dt.date.min, placement.unit))
    return entries


def _attendance(roster: Roster) -> dict[str, list[tuple[str, dt.date | None, dt.date | None]]]:
    """The classes each case is on the list of: kind, first and last day."""
    courses = {course.code: course for course in roster.courses}
    found: dict[str, list[tuple[str, dt.date | None, dt.date | None]]] = {}
    for enrolment in roster.enrolments:
        if enrolment.case is not None:
            course = courses[enrolment.course]
            found.setdefault(enrolment.case, []).append((course.kind, course.opened_on, course.closed_on))
    return found


def _given(recorded: Mapping[str, Scalar | None]) -> Facts:
    """What is recorded, without the empty fields."""
    return {name: value for name, value in recorded.items() if value is not None}


def _course_facts(course: Course) -> Facts:
    return _given(
        {
            "course": course.code,
            "course_kind": course.kind,
            "course_opened_on": course.opened_on,
            "course_closed_on": course.closed_on,
            "audience": course.audience,
            "online": course.online,
        }
    )


def _learner_facts(enrolment: Enrolment, record: Record | None, number: int, opened_on: dt.date | None) -> Facts:
    person = record.fields.get("person_code", record.code) if record else None
    recognised = record.fields.get("recognition_decided_on") if record else None
    before = isinstance(recognised, dt.date) and opened_on is not None and recognised <= opened_on
    return _given(
        {
            "case": enrolment.case,
            "learner": str(person) if person is not None else f"#{number}",
            "place_in_class": f"#{number}",
            "full_name": enrolment.full_name or (str(record.fields.get("full_name", "")) if record else ""),
            "youth_union": enrolment.youth_union,
            "trade_union": enrolment.trade_union,
            "certified_on": enrolment.certified_on,
            "recognised_before": before or None,
        }
    )


def unit_facts(unit: Unit) -> Facts:
    """What is known of the people and classes of a unit because they are its own."""
    facts: Facts = {}
    if unit.level is not None:
        facts["unit_level"] = unit.level
    if unit.sector is not None:
        facts["unit_sector"] = unit.sector
    if unit.few_members:
        facts["unit_few_members"] = True
    return facts
