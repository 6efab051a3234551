"""The work list: who is overdue, blocked, due or to be asked about; one entry a person, the most pressing first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.answers.work import PRESSING, work
from desk.words.labels import citation, label
from web.asking import asked, desk_of, question_of
from web.pages import as_json, page
from web.refusals import wants_json

A_PAGE = 50
MOST_UNITS = 300
"""So many units are offered to choose from; any other is typed by its code."""
LISTED = PRESSING[:4]
"""What the list shows when nothing is chosen: all that somebody has to do something about."""


def work_list(request: Request) -> Response:
    """The people of the unit with something to do on the day; raises `UnknownName` and what a question raises."""
    asking, desk = asked(request), desk_of(request)
    question, standings = question_of(desk, asking), request.app.state.standings
    if wants_json(request.headers.get("accept", "")):
        return as_json(standings.check(desk, question).as_json())
    query = request.query_params
    chosen = query.get("muc") if query.get("muc") in PRESSING else None
    holder = query.get("giu") or None
    start = int(query.get("tu", "0")) if query.get("tu", "0").isdecimal() else 0
    severities = (chosen,) if chosen else LISTED
    if question.in_batches:
        found, number = standings.page(desk, question, severities, holder, start, A_PAGE)
        entries, units = found.entries, standings.work(desk, question).units
    else:
        checked = standings.check(desk, question)
        found = work(checked.evaluation.findings, checked.question.ruleset.rules, severities, held_by=holder)
        entries, number, units = found.entries[start : start + A_PAGE], len(found.entries), checked.units
    return page(
        request,
        "work.html",
        "Việc phải làm",
        screen="work",
        asking=asking,
        entries=entries,
        number=number,
        start=start,
        size=A_PAGE,
        tiles=[(severity, label("severity", severity), found.people.get(severity, 0)) for severity in PRESSING],
        chosen=chosen,
        holder=holder,
        holders=[(code, label("held_by", code)) for code in ("cell", "committee", "upper", "awaiting_transfer")],
        units={unit.code: unit.name for unit in units},
        named_units=sorted((unit.code, unit.name or "") for unit in units)[:MOST_UNITS],
        label=label,
        citation=citation,
    )


routes = [Route("/", work_list)]
