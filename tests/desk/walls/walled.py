"""An office as several people share it, drawn by chance: a tree of units that changes, and people who move.

Each has words by which it would be known wherever they stood.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from cases.store.connection import initialise, writing
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Course, Discipline, Enrolment, Placement, Record, Roster, Target, TypedFigure, Unit
from desk.changes.values import Change, CloseUnit, Correct, MergeUnits, Move, MoveUnit, RecordStep, RemoveCase
from desk.desk import Desk
from desk.rosters import unit_tree
from engine.ruleset import load_ruleset
from rules.loader import indicators
from rules.loader.errors import DubiError
from tests.given.population import Population

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cases.store.sight import Sight

TODAY = dt.date(2026, 11, 30)
UNITS, CASES = 6, 14


@cache
def _population() -> Population:
    return Population(load_ruleset())


@dataclass
class Office:
    """A store, and who is known by which words."""

    url: str
    random: Random
    of_case: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The words of each case, by its code."""
    of_unit: dict[str, tuple[str, ...]] = field(default_factory=dict)
    of_course: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The words of each class itself."""
    of_strangers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of learners without a dossier, by the class."""
    files: list[str] = field(default_factory=list)
    """The names of files from which all units were written at once."""
    gone: str = ""
    """Somebody who was taken out, and of which unit she was then."""
    gone_from: object = None

    @property
    def whole(self) -> Desk:
        """The desk of one who sees everything."""
        return Desk(self.url, today=TODAY, user="w-quan-tri")

    def roster(self) -> Roster:
        """All that is stored."""
        return self.whole.roster(self.whole.ask())

    def seen(self, sight: Sight) -> set[str]:
        """The units of some roots and all below them today, worked out without the store's own wall."""
        roster = self.roster()
        tree = unit_tree(roster).on(TODAY)
        return {unit.code for unit in roster.units if not sight.roots.isdisjoint(tree.with_above(unit.code))}

    def foreign_words(self, sight: Sight) -> set[str]:
        """Every word by which something would be known that these eyes may not see."""
        roster, seen = self.roster(), self.seen(sight)
        if len(seen) == len(roster.units):
            return set()
        tree = unit_tree(roster).on(TODAY)
        own = [record for record in roster.records if record.fields.get("unit") in seen]
        codes = {record.code for record in own}
        codes |= {self.gone} if self.gone_from in seen else set()
        words = {word for code, said in self.of_case.items() if code not in codes for word in said}
        named = {stay.unit for record in own for stay in record.placements}
        for unit in roster.units:
            if unit.code in seen:
                named |= {code for one in unit.history for code in (one.parent, one.merged_into) if code}
        near = seen | {code for one in seen for code in tree.with_above(one)}
        learnt = {one.course for one in roster.enrolments if one.case in codes}
        for course in roster.courses:
            held = course.unit in seen
            if held or course.code in learnt:
                named |= {course.unit} if course.unit else set()
            else:
                words |= set(self.of_course[course.code])
            words |= set() if held else set(self.of_strangers.get(course.code, ()))
        for code, (unit_code, name, *inside) in self.of_unit.items():
            words |= set() if code in near | named else {unit_code}
            words |= set() if code in near else {name}
            words |= set() if code in seen else set(inside)
        return words | set(self.files)


def drawn(random: Random, place: Path, url: str | None = None) -> Office:
    """An office with a tree of units that moved, people who moved, classes, figures, and a log of all that.

    In a file of that folder, or in the empty store of an address.
    """
    if url is None:
        url = f"sqlite:///{place / 'dubi.sqlite'}"
        initialise(url)
    office = Office(url, random)
    units = list(_units(office))
    records = [_record(office, number, random.choice(units).code) for number in range(CASES)]
    for part in (records[::2], records[1::2]):
        source = f"tep{len(office.files)}zqv.xlsx"
        office.files.append(source)
        with writing(url) as connection:
            roster = Roster(records=tuple(part), units=tuple(units))
            apply_roster(connection, roster, new_batch(f"w-nguoi{len(office.files)}", source))
    with writing(url) as connection:
        beside = _beside(office, records, units)
        apply_roster(connection, beside, new_batch("w-nguoi9", None, "import"))
    _changed(office, records, units)
    for record in office.roster().records[:6]:
        office.whole.add_request("view", record.code, TODAY)
    return office


def _units(office: Office) -> Iterator[Unit]:
    known: list[str] = []
    for number in range(UNITS):
        code = f"UQ{number}ZX"
        office.of_unit[code] = (code, f"Chi bộ vk{number}wz", f"Xã pl{number}jq", f"nguồn sx{number}qz")
        parent = office.random.choice(known) if known and office.random.random() < 0.85 else None
        yield Unit(code, name=office.of_unit[code][1], parent=parent, level="cell", place=office.of_unit[code][2])
        known.append(code)


def _record(office: Office, number: int, unit: str) -> Record:
    made = _population().record(office.random, number, TODAY)
    code = f"MK{number:02}WQ"
    words = (code, f"Hồ zk{number:02}vq", f"ghi nb{number:02}xz", f"giúp gd{number:02}xw")
    office.of_case[code] = words
    own = {"code": code, "full_name": words[1], "note": words[2], "helper": words[3], "unit": unit}
    fields = {name: value for name, value in made.fields.items() if name in _fields() and name not in own}
    stays = (Placement(unit, None, None),)
    return replace(made, code=code, fields={**fields, **own}, steps=(), attributes=(), placements=stays)


@cache
def _fields() -> frozenset[str]:
    """What a case may hold: its columns but those that tie it to another."""
    return frozenset(fact.name for fact in load_ruleset().vocabulary.columns) - {"person_code", "disciplined_on"}


def _beside(office: Office, records: list[Record], units: list[Unit]) -> Roster:
    chance = office.random
    typed = next(name for name, one in indicators.load().items() if one.typed)
    courses, learners = [], []
    for number in range(4):
        code = f"LP{number}KV"
        office.of_course[code] = (code,)
        office.of_strangers[code] = (f"Khách lx{number}qw",)
        courses.append(Course(code, "awareness", chance.choice(units).code, dt.date(2026, 3, 1)))
        some = chance.sample(records, 3)
        learners += [Enrolment(code, record.code) for record in some]
        learners.append(Enrolment(code, None, office.of_strangers[code][0]))
    return Roster(
        courses=tuple(courses),
        enrolments=tuple(learners),
        targets=tuple(Target(unit.code, 2026, number + 2) for number, unit in enumerate(units)),
        disciplines=tuple(Discipline(record.code, _form(), dt.date(2026, 5, 4)) for record in records[:4]),
        figures=tuple(
            TypedFigure(unit.code, typed, dt.date(2026, 1, 1), dt.date(2026, 6, 30), "7", office.of_unit[unit.code][3])
            for unit in units
        ),
    )


def _form() -> str:
    return next(iter(load_ruleset().vocabulary.codes["discipline_form"]))


def _changed(office: Office, records: list[Record], units: list[Unit]) -> None:
    """People and units move, a step is recorded, somebody is taken out; what cannot be is left."""
    chance, desk = office.random, office.whole
    codes = [unit.code for unit in units]
    day = dt.date(2026, 2, 3)
    moves = [Move(record.code, day, to=chance.choice(codes)) for record in chance.sample(records, 5)]
    office.gone = last = chance.choice(records).code
    changes: list[Change] = [
        *moves,
        MoveUnit(chance.choice(codes), chance.choice(codes), day),
        MoveUnit(chance.choice(codes), chance.choice(codes), dt.date(2026, 7, 1)),
        MoveUnit(chance.choice(codes), chance.choice(codes), dt.date(2027, 7, 1)),
        MergeUnits((chance.choice(codes),), chance.choice(codes), dt.date(2026, 8, 1)),
        CloseUnit(chance.choice(codes), dt.date(2026, 9, 1)),
        *(RecordStep(record.code, "opinions_summary_on", day) for record in records[:3]),
        *(Correct(record.code, ("occupation=farmer",)) for record in records[3:5]),
        RemoveCase(last),
    ]
    for change in changes:
        if change == changes[-1]:
            office.gone_from = next(one.fields.get("unit") for one in office.roster().records if one.code == last)
        with suppress(DubiError):
            desk.commit(desk.preview(change), confirmed=True)
