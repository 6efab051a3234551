"""The work list: who is overdue, blocked, due or to be asked about; one entry a person, the most pressing first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.answers.work import PRESSING, work
from desk.words.labels import citation, label
from web.asking import asked, desk_of, question_of
from web.pages import answer

A_PAGE = 50
LISTED = PRESSING[:4]
"""What the list shows when nothing is chosen: all that somebody has to do something about."""


def work_list(request: Request) -> Response:
    """The people of the unit with something to do on the day; raises `UnknownName` and what a question raises."""
    asking, desk = asked(request), desk_of(request)
    checked = request.app.state.standings.check(desk, question_of(desk, asking))
    query = request.query_params
    chosen = query.get("muc") if query.get("muc") in PRESSING else None
    holder = query.get("giu") or None
    rules = checked.question.ruleset.rules
    found = work(checked.evaluation.findings, rules, (chosen,) if chosen else LISTED, held_by=holder)
    start = int(query.get("tu", "0")) if query.get("tu", "0").isdigit() else 0
    units = {unit.code: unit.name for unit in checked.units}
    return answer(
        request,
        checked.as_json(),
        "work.html",
        "Việc phải làm",
        screen="work",
        asking=asking,
        entries=found.entries[start : start + A_PAGE],
        number=len(found.entries),
        start=start,
        size=A_PAGE,
        tiles=[(severity, label("severity", severity), found.people.get(severity, 0)) for severity in PRESSING],
        chosen=chosen,
        holder=holder,
        holders=[(code, label("held_by", code)) for code in ("cell", "committee", "upper", "awaiting_transfer")],
        units=units,
        label=label,
        citation=citation,
    )


routes = [Route("/", work_list)]
