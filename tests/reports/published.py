"""Rosters of invented people that have the figures two Party committees published: no record of theirs but the counts.

Where a source contradicts itself (76 = 48 + 48), the roster has the parts that can be, and the tests name the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import cycle, islice, repeat

from cases.values.records import (
    Course,
    Discipline,
    Enrolment,
    Placement,
    Record,
    Roster,
    Target,
    TypedFigure,
    Unit,
    Value,
)

D = dt.date

UONG_BI = D(2020, 1, 1), D(2023, 10, 30)
"""The figures are of the years 2020 to 2023, the last one to 30/10."""
KHOI = D(2023, 1, 1), D(2023, 12, 31)

BY_SECTOR = {
    "education": (62, 95, 106, 88),
    "health": (15, 13, 6, 4),
    "state_enterprise": (14, 21, 14, 15),
    "private_enterprise": (36, 45, 31, 31),
    "residential": (13, 20, 47, 79),
    "armed_forces": (3, 2, 2, 2),
    "agency": (7, 4, 7, 11),
}
"""Admissions of 2020 to 2023; of the 9 of the armed forces and the 2 students no years were published."""
SCHOOLING = {"upper_secondary": 6681, "lower_secondary": 1167, "primary": 45}
QUALIFICATION = {
    "doctor": 9,
    "master": 483,
    "university": 3483,
    "college": 1043,
    "intermediate": 992,
    "elementary": 1884,
}
FORMS = {"reprimand": 83, "warning": 12, "dismissal": 1, "expulsion": 8}


class People:
    """Makes records, each with a code of its own."""

    def __init__(self) -> None:
        self.made: list[Record] = []

    def add(self, count: int, units: Iterable[str], **fields: Value) -> list[Record]:
        """So many people with these facts, the units taken by turns."""
        fresh = list[Record]()
        for unit in islice(cycle(units), count):
            code = f"HS-{len(self.made) + len(fresh) + 1:05}"
            fresh.append(Record(code, {"code": code, "full_name": f"Người {code}", "unit": unit, **fields}))
        self.made += fresh
        return fresh


def _values(counts: Mapping[str, int]) -> Iterator[str]:
    for value, count in counts.items():
        yield from repeat(value, count)


def _described(records: Iterable[Record]) -> Iterator[Record]:
    """The present members with their schooling and qualification, as many of each as were published."""
    schooling, qualification = _values(SCHOOLING), _values(QUALIFICATION)
    for record in records:
        fields = record.fields
        if "moved_out_on" not in fields and "left_on" not in fields:
            known = {"schooling": next(schooling, None), "qualification": next(qualification, None)}
            fields = {**fields, **{name: value for name, value in known.items() if value is not None}}
        yield Record(record.code, fields)


def _typed(period: tuple[dt.date, dt.date], figures: Mapping[str, str], unit: str) -> Iterator[TypedFigure]:
    for name, value in figures.items():
        yield TypedFigure(unit, name, *period, value, "Bản công bố", "người thử", period[1])


@cache
def uong_bi() -> Roster:
    """A city committee: 24 committees, 17 cells, 304 subordinate cells, 7,894 members, 793 admitted in four years."""
    start = UONG_BI[0]
    sectors = list(BY_SECTOR)
    units = [Unit("TU", "Thành ủy", "upper")]
    units += [
        Unit(f"DB-{n}", f"Đảng bộ {n}", "grassroots_committee", sectors[n % 7], "TU", D(2000, 1, 1))
        for n in range(1, 25)
    ]
    units.append(Unit("DB-25", "Đảng bộ 25", "grassroots_committee", "agency", "TU", D(2000, 1, 1), D(2021, 5, 1)))
    units += [
        Unit(
            f"CS-{n}",
            f"Chi bộ {n}",
            "grassroots_cell",
            "agency",
            "TU",
            D(2000, 1, 1),
            D(2022, 1, 1) if n > 17 else None,
        )
        for n in range(1, 22)
    ]
    units += [
        Unit(f"CB-{n}", None, "cell", sectors[n % 7], f"DB-{n % 24 + 1}", start if n > 294 else D(2000, 1, 1))
        for n in range(1, 305)
    ]
    cells = {sector: [u.code for u in units if u.level == "cell" and u.sector == sector] for sector in sectors}
    every = [code for codes in cells.values() for code in codes]
    people = People()
    old: dict[str, Value] = {"admitted_on": D(2005, 3, 3), "recognition_decided_on": D(2006, 4, 4)}
    people.add(6835, every, **old)
    people.add(266, ["CS-1"], **old)
    people.add(48, every, **old, left_on=D(2021, 6, 1), exit_kind="resigned")
    people.add(28, every, **old, left_on=D(2021, 7, 1), exit_kind="struck_off")
    expelled = people.add(FORMS["expulsion"], every, **old, left_on=D(2022, 7, 1), exit_kind="expelled")
    people.add(295, every, **old, moved_out_on=D(2022, 2, 2), moved_to="out_of_province")
    for sector, by_year in BY_SECTOR.items():
        for year, count in zip(range(2020, 2024), by_year, strict=True):
            students = 1 if sector == "agency" and year in (2020, 2022) else 0
            day: dict[str, Value] = {"admitted_on": D(year, 5, 19), "admission_decided_on": D(year, 5, 10)}
            people.add(count - students, cells[sector], **day)
            people.add(students, cells[sector], **day, occupation="student")
    disciplines = [Discipline(one.code, "expulsion", D(2022, 7, 1)) for one in expelled]
    mild = [form for form in FORMS if form != "expulsion" for _ in range(FORMS[form])]
    disciplines += [Discipline(one.code, form, D(2021, 9, 9)) for one, form in zip(people.made, mild, strict=False)]
    disciplines += [Discipline(one.code, "warning", D(2016, 9, 9)) for one in people.made[200:248]]
    typed = {
        "member.exempt": "831",
        "member.linked_to_residence": "7105",
        "member.theory.advanced": "232",
        "member.theory.intermediate": "1762",
        "member.theory.elementary": "4357",
        "candidate.sent_to_course": "245",
        "discipline.members.committee_members": "22",
        "unit.secretary_is_head": "173",
        "unit.secretary_is_head.cells": "190",
        "manual.inspections": "450",
        "manual.supervisions": "476",
        "admission.rate_target": "3.5",
    }
    return Roster(
        records=tuple(_described(people.made)),
        units=tuple(units),
        courses=tuple(Course(f"L-{n}", "awareness", "TU", D(2021, 3, 1), D(2021, 3, 5)) for n in range(15)),
        enrolments=tuple(Enrolment(f"L-{n % 15}", None, f"Học viên {n}") for n in range(1077)),
        targets=(Target("TU", 2024, 276),),
        disciplines=tuple(disciplines),
        figures=(*_typed(UONG_BI, typed, "TU"), *_typed(UONG_BI, {"manual.workforce": "933"}, "CS-1")),
    )


@cache
def khoi() -> Roster:
    """A committee of offices and enterprises: 75 committees, 76 cells, 8,434 members, one year."""
    units = [Unit("DUK", "Đảng bộ Khối", "upper", opened_on=D(2000, 1, 1))]
    units += [Unit(f"DB-{n}", None, "grassroots_committee", "agency", "DUK", D(2000, 1, 1)) for n in range(1, 76)]
    units += [
        Unit(f"CS-{n}", None, "grassroots_cell", "agency", "DUK", D(2023, 4, 1) if n > 74 else D(2000, 1, 1))
        for n in range(1, 77)
    ]
    units += [Unit(f"CU-{n}", None, "grassroots_cell", "agency", "DUK", D(2000, 1, 1), D(2023, 9, 1)) for n in range(9)]
    codes = [unit.code for unit in units[1:152]]
    people = People()
    old: dict[str, Value] = {"admitted_on": D(2005, 3, 3), "recognition_decided_on": D(2006, 4, 4)}
    people.add(8434 - 269 - 248 - 178 - 44, codes, **old)
    people.add(248, codes, admitted_on=D(2022, 5, 19), recognition_decided_on=D(2023, 6, 1))
    people.add(178, codes, **old, moved_in_on=D(2023, 3, 3), moved_from="out_of_province")
    people.add(761, codes, **old, moved_out_on=D(2023, 8, 8), moved_to="out_of_province")
    people.add(7, codes, **old, left_on=D(2023, 5, 5), exit_kind="died")
    people.add(3, codes, **old, left_on=D(2023, 5, 6), exit_kind="struck_off")
    people.add(1, codes, **old, left_on=D(2023, 5, 7), exit_kind="resigned")
    people.add(269, codes, admitted_on=D(2023, 5, 19))
    inside = [
        Record(
            f"NB-{n}",
            {"code": f"NB-{n}", "full_name": f"Người NB-{n}", "unit": "CS-2", **old},
            placements=(Placement("CS-1", None, D(2023, 6, 30)), Placement("CS-2", D(2023, 7, 1))),
        )
        for n in range(44)
    ]
    courses = [Course(f"NT-{n}", "awareness", "DUK", D(2023, 3, 1), D(2023, 3, 5)) for n in range(2)]
    courses.append(Course("NT-2", "awareness", "DUK", D(2023, 4, 1), D(2023, 4, 5), "Sinh viên"))
    courses += [Course(f"DV-{n}", "new_member", "DUK", D(2023, 5, 1), D(2023, 5, 5)) for n in range(3)]
    learners = [Enrolment(f"NT-{n % 2}", None, f"Học viên {n}") for n in range(203)]
    learners += [Enrolment("NT-2", None, f"Sinh viên {n}") for n in range(102)]
    learners += [Enrolment(f"DV-{n % 3}", None, f"Đảng viên {n}") for n in range(313)]
    typed = {
        "unit.merged": "0",
        "unit.handed_over": "6",
        "transfer.out.with_unit": "438",
        "role.renewed": "56",
        "role.renewed.units": "24",
        "course.theory_advanced.sent": "6",
        "course.theory_advanced.registered": "8",
        "course.group4.registered": "223",
        "course.skills.participants": "637",
        "course.theory_intermediate.classes": "1",
        "course.theory_intermediate.participants": "79",
        "badge.by_kind.30": "38",
        "badge.by_kind.40": "25",
        "badge.by_kind.45": "1",
        "badge.by_kind.50": "4",
        "badge.by_kind.55": "0",
        "card.new": "259",
        "card.replaced_damaged": "27",
        "card.replaced_lost": "5",
        "manual.political_checks": "818",
        "manual.inspections": "3",
        "manual.supervisions": "3",
        "manual.dossier_surveys": "80",
        "rating.organisations.population": "151",
        "rating.organisations.exempt": "0",
        "rating.organisations.too_new": "0",
        "rating.organisations.evaluated": "151",
        "rating.organisations.excellent": "28",
        "rating.organisations.good": "115",
        "rating.organisations.fulfilled": "8",
        "rating.organisations.failed": "0",
        "course.awareness.target": "3",
        "course.new_member.target": "2",
    }
    return Roster(
        records=(*people.made, *inside),
        units=tuple(units),
        courses=tuple(courses),
        enrolments=tuple(learners),
        figures=tuple(_typed(KHOI, typed, "DUK")),
    )
