"""Classes and their learners: a class opened and closed, somebody enrolled, certificates given to a whole class.

The certificate in the case's own column counts, so giving one writes both: the learner's and the case's step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cases.changes.changing import NotThere, entries_of, with_step
from cases.changes.saving import Scene, allow, known_head
from cases.judging.doubts import Doubt
from cases.judging.judging import doubts_about_course, new_doubts
from cases.log.write_plan import Alteration, Part, WritePlan
from cases.store.connection import writing
from cases.store.reading import courses_of, enrolments_of, every_unit, records_of
from cases.values.records import Course, Enrolment, Record, StepEntry
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cases.store.reading import Execute

CERTIFICATES = {"awareness": "awareness_certified_on", "new_member": "new_member_certified_on"}
"""The step that the certificate of a kind of class is."""


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """A change of classes before it is written."""

    course: Course
    plan: WritePlan
    doubts: tuple[Doubt, ...] = ()
    records: tuple[tuple[Record, Record], ...] = field(default=())
    """The cases that get a certificate, as they are and as they would be."""

    def allow(self, *, confirmed: bool, accepted: Collection[Doubt] = ()) -> None:
        """Raise `Impossible` or, for what is neither confirmed nor accepted before, `Unconfirmed`."""
        allow(self.doubts, confirmed=confirmed, accepted=accepted)


def known_course(courses: Sequence[Course], code: str) -> Course:
    """The class of that code; raises `UnknownName` with the nearest."""
    for course in courses:
        if course.code.casefold() == code.strip().casefold():
            return course
    hint = did_you_mean(code, [course.code for course in courses], "Xem các lớp bằng lệnh: dubi course list")
    raise UnknownName(f"Không có lớp “{code}”. {hint}")


def opened(execute: Execute, course: Course) -> CourseDraft:
    """A new class; raises `BadInput` where its code is taken."""
    if any(other.code.casefold() == course.code.casefold() for other in courses_of(execute)):
        raise BadInput(f"Mã lớp “{course.code}” đã có. Ghi mã khác, hoặc sửa lớp ấy: dubi course correct")
    _require_unit(execute, course.unit)
    part = Part((Alteration(course.code, None, course),))
    return CourseDraft(course, WritePlan({"course": part}), tuple(doubts_about_course(course)))


def corrected(execute: Execute, code: str, values: dict[str, Any]) -> CourseDraft:
    """A class with other values."""
    before = known_course(courses_of(execute), code)
    after = replace(before, **values)
    _require_unit(execute, after.unit)
    altered = () if after == before else (Alteration(after.code, before, after),)
    return CourseDraft(after, WritePlan({"course": Part(altered)}), tuple(doubts_about_course(after)))


def _require_unit(execute: Execute, unit: str | None) -> None:
    declared = [one.code for _, one, is_declared in every_unit(execute) if is_declared]
    if unit is not None and declared and unit not in declared:
        hint = did_you_mean(unit, declared, "Xem danh sách đơn vị bằng lệnh: dubi units")
        raise UnknownName(f"Không có đơn vị “{unit}”. {hint}")


def enrolled(execute: Execute, code: str, cases: Sequence[str], guest: Enrolment | None) -> CourseDraft:
    """Learners more: cases, with the memberships that they have now, and a guest without a dossier."""
    course = known_course(courses_of(execute), code)
    scene, there = Scene(execute), enrolments_of(execute)
    fresh = []
    for case in dict.fromkeys(cases):
        head = known_head(scene, case)
        if any(one.course == course.code and one.case == head.code for one in there):
            raise NotThere(f"Hồ sơ {head.code} đã có trong lớp {course.code}.")
        (record,) = records_of(execute, [head.id])
        youth, trade = (bool(record.fields.get(name)) for name in ("youth_union", "trade_union"))
        fresh.append(Enrolment(course.code, head.code, None, youth, trade))
    if guest is not None:
        fresh.append(replace(guest, course=course.code))
    part = Part(tuple(Alteration(_key(one), None, one) for one in fresh))
    return CourseDraft(course, WritePlan({"enrolment": part}))


def certified(execute: Execute, code: str, cases: Sequence[str], on: dt.date, today: dt.date) -> CourseDraft:
    """Certificates for the learners named, or for all who have none yet."""
    course = known_course(courses_of(execute), code)
    scene = Scene(execute)
    wanted = [known_head(scene, case).code for case in dict.fromkeys(cases)]
    learners = [one for one in enrolments_of(execute) if one.course == course.code]
    missing = [case for case in wanted if all(one.case != case for one in learners)]
    if missing:
        raise NotThere(f"Không có trong lớp {course.code}: {', '.join(missing)}. Ghi danh bằng lệnh: dubi enrol")
    chosen = [one for one in learners if one.case in wanted or (not wanted and one.certified_on is None)]
    doubts = []
    if course.opened_on and on < course.opened_on:
        doubts.append(Doubt("certified_early", on=shown_day(on), other=shown_day(course.opened_on)))
    doubts += [
        Doubt("certified_anew", other=shown_day(one.certified_on), needed=str(one.case))
        for one in chosen
        if one.certified_on is not None and one.certified_on != on
    ]
    of_cases = records_of(execute, [known_head(scene, one.case).id for one in chosen if one.case])
    records = []
    for before in of_cases:
        kind = CERTIFICATES[course.kind]
        if (kind, on) not in entries_of(before):
            after = with_step(before, StepEntry(kind, on))
            doubts += [
                doubt._replace(step=f"{before.code}: {doubt.step}") for doubt in new_doubts(before, after, today)
            ]
            records.append((before, after))
    given = [Alteration(_key(one), one, replace(one, certified_on=on)) for one in chosen if one.certified_on != on]
    plan = WritePlan(
        {
            "case": Part(tuple(Alteration(after.code, before, after) for before, after in records)),
            "enrolment": Part(tuple(given)),
        }
    )
    return CourseDraft(course, plan, tuple(dict.fromkeys(doubts)), tuple(records))


def _key(one: Enrolment) -> str:
    return f"{one.course} · {one.case or one.full_name}"


def save_course(
    url: str,
    made: Callable[[Execute], CourseDraft],
    action: str,
    *,
    confirmed: bool = False,
    accepted: Collection[Doubt] = (),
    who: str | None = None,
) -> str:
    """Make the draft anew within one transaction and write it, as `save` does; gives the name of the write."""
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, None, action)
    with writing(url) as store:
        now = made(store.execute)
        now.allow(confirmed=confirmed, accepted=accepted)
        apply_plan(store, now.plan, batch)
    return batch.id
