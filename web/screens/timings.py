"""Where the time goes: how long each step takes, what waits with whom, what comes in the next twelve months."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.words.labels import fact_label, label
from web.asking import asked, desk_of, question_of
from web.pages import answer
from web.periods import choices, counted_as_of, period_of


def timings(request: Request) -> Response:
    """The timings of a period, as of its end where the address names no day; `?ai=` opens a number to its people.

    Raises `UnknownName` for a unit or a number.
    """
    asking, desk = asked(request), desk_of(request)
    period = period_of(request, asking)
    question = replace(question_of(desk, asking), as_of=counted_as_of(request, asking, period.end))
    found = request.app.state.standings.of(desk).timings(desk, question, period.start, period.end)
    who = request.query_params.get("ai") or None
    return answer(
        request,
        found.as_json(),
        "timings.html",
        "Thời gian đi vào đâu",
        screen="timings",
        asking=asking,
        period=period,
        choices=choices(asking),
        found=found,
        who=who,
        behind=found.behind(who) if who else None,
        as_counted=question.as_of,
        fact_label=fact_label,
        label=label,
    )


routes = [Route("/thoi-gian", timings)]
