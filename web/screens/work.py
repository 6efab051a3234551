"""The work list: who is overdue, blocked, due or to be asked about; one entry a person, the most pressing first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.answers.work import PRESSING, work
from desk.words.labels import citation, label
from web.asking import a_choice, a_number, asked, desk_of, question_of
from web.pages import as_json, page
from web.refusals import wants_json

A_PAGE = 50
MOST_UNITS = 300
"""So many units are offered to choose from; any other is typed by its code."""
HOLDERS = ("cell", "committee", "upper", "awaiting_transfer")
"""Who can be holding a case."""
STAGES = ("candidate", "approved", "probationary", "official")
"""The stages that people are looked for by."""
LISTED = PRESSING[:4]
"""What the list shows when nothing is chosen: all that somebody has to do something about."""


def work_list(request: Request) -> Response:
    """The people of the unit with something to do on the day.

    Raises `BadInput`, `UnknownName` and what a question raises.
    """
    asking, desk = asked(request), desk_of(request)
    question, standings = question_of(desk, asking), request.app.state.standings.of(desk)
    if wants_json(request.headers.get("accept", "")):
        return as_json(standings.check(desk, question).as_json())
    chosen, holder = a_choice(request, "muc", PRESSING), a_choice(request, "giu", HOLDERS)
    stage, start = a_choice(request, "gd", STAGES), a_number(request, "tu", 0)
    severities = (chosen,) if chosen else LISTED
    if question.in_batches:
        found, number = standings.page(desk, question, severities, holder, start, A_PAGE, stage)
        if start >= number:  # the list has become shorter: it begins anew
            start = 0
            found, number = standings.page(desk, question, severities, holder, start, A_PAGE, stage)
        entries, units = found.entries, standings.work(desk, question).units
    else:
        checked = standings.check(desk, question)
        rules, only = checked.question.ruleset.rules, standings.in_stage(desk, question, stage) if stage else None
        found = work(checked.evaluation.findings, rules, severities, held_by=holder, only=only)
        start = start if start < len(found.entries) else 0
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
        holders=[(code, label("held_by", code)) for code in HOLDERS],
        units={unit.code: unit.name for unit in units},
        named_units=sorted((unit.code, unit.name or "") for unit in units)[:MOST_UNITS],
        label=label,
        citation=citation,
    )


routes = [Route("/", work_list)]
