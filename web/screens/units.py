"""The tree of units as of a day, each with its cases; and the classes with their learners."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.words.labels import label
from web.asking import asked, desk_of, question_of
from web.pages import answer

STAGES = ("candidate", "approved", "probationary", "official", "undated")


def units(request: Request) -> Response:
    """The tree of units with their cases by stage and how many have something overdue; raises `UnknownName`."""
    asking, desk = asked(request), desk_of(request)
    found = request.app.state.standings.of(desk).units(desk, question_of(desk, asking))
    stages = [name for name in STAGES if any(line.stages.get(name) for line in found.lines)]
    return answer(
        request,
        found.as_json(),
        "units.html",
        "Đơn vị",
        screen="units",
        asking=asking,
        lines=found.lines,
        most=max([line.overdue for line in found.lines], default=0),
        stages=[(name, label("stage", name)) for name in stages],
        label=label,
    )


def courses(request: Request) -> Response:
    """All classes, the latest first."""
    found = desk_of(request).courses()
    held = sorted(found.courses, key=lambda one: str(one.course.opened_on or ""), reverse=True)
    return answer(
        request, found.as_json(), "courses.html", "Lớp", screen="courses", dated=False, held=held, label=label
    )


def course(request: Request) -> Response:
    """One class with its learners; raises `UnknownName`."""
    found = desk_of(request).course(request.path_params["code"])
    heading = f"Lớp {found.course.code}"
    return answer(
        request, found.as_json(), "course.html", heading, screen="courses", dated=False, found=found, label=label
    )


routes = [Route("/don-vi", units), Route("/lop", courses), Route("/lop/{code}", course)]
