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
STAGES = ("candidate", "approved", "probationary", "official")
"""The stages that people are looked for by."""
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
    stage = query.get("gd") if query.get("gd") in STAGES else None
    start = int(query.get("tu", "0")) if query.get("tu", "0").isdecimal() else 0
    severities = (chosen,) if chosen else LISTED
    if question.in_batches:
        found, number = standings.page(desk, question, severities, holder, start, A_PAGE, stage)
        entries, units = found.entries, standings.work(desk, question).units
    else:
        checked = standings.check(desk, question)
        rules, only = checked.question.ruleset.rules, standings.in_stage(desk, question, stage) if stage else None
        found = work(checked.evaluation.findings, rules, severities, held_by=holder, only=only)
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
        stage=stage,
        stages=[(code, label("stage", code)) for code in STAGES],
        holders=[(code, label("held_by", code)) for code in ("cell", "committee", "upper", "awaiting_transfer")],
        units={unit.code: unit.name for unit in units},
        named_units=sorted((unit.code, unit.name or "") for unit in units)[:MOST_UNITS],
        label=label,
        citation=citation,
    )


routes = [Route("/", work_list)]
