"""Classes with their learners."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.changes.courses import known_course
from cases.store.connection import querying
from cases.store.reading import courses_of, enrolments_of, names_of
from cases.values.records import Course


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody in a class."""

    case: str | None
    name: str
    certified_on: dt.date | None


@dataclass(frozen=True, slots=True)
class CourseHeld:
    """A class with its learners."""

    course: Course
    learners: tuple[Learner, ...]

    @property
    def certified(self) -> int:
        """How many have their certificate."""
        return sum(1 for one in self.learners if one.certified_on)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        people = [{"case": one.case, "name": one.name, "certified_on": one.certified_on} for one in self.learners]
        return {**self.in_short(), "learners": people}

    def in_short(self) -> dict[str, Any]:
        """The class for programs, without its learners."""
        course = self.course
        return {
            "course": course.code,
            "kind": course.kind,
            "unit": course.unit,
            "opened_on": course.opened_on,
            "closed_on": course.closed_on,
            "audience": course.audience,
            "online": course.online,
            "enrolled": len(self.learners),
            "certified": self.certified,
        }


@dataclass(frozen=True, slots=True)
class CoursesHeld:
    """All classes of a store."""

    courses: tuple[CourseHeld, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {"courses": [one.in_short() for one in self.courses]}


def courses(url: str) -> CoursesHeld:
    """All classes of a store; raises `StoreProblem`."""
    with querying(url) as execute:
        names, held = names_of(execute), courses_of(execute)
        learners = [
            (one.course, Learner(one.case, names.get(one.case or "") or one.full_name or "–", one.certified_on))
            for one in enrolments_of(execute)
        ]
    return CoursesHeld(
        tuple(CourseHeld(course, tuple(one for code, one in learners if code == course.code)) for course in held)
    )


def course(url: str, code: str) -> CourseHeld:
    """One class; raises `UnknownName` with the nearest, and `StoreProblem`."""
    found = courses(url).courses
    wanted = known_course([one.course for one in found], code)
    return next(one for one in found if one.course == wanted)
