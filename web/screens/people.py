"""People, searched as one types; and one person on a page, with what would be if a day were another."""

from __future__ import annotations

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.answers.planning import in_the_way
from desk.changes.fields import step_kinds
from desk.words.labels import citation, fact_label, label
from rules.loader.errors import BadInput
from web.asking import a_day, asked, desk_of, question_of
from web.pages import answer
from web.screens.work import STAGES

MOST = 100
NEARBY = (
    ("−30 ngày", -30),
    ("−7 ngày", -7),
    ("−1 ngày", -1),
    ("+1 ngày", 1),
    ("+7 ngày", 7),
    ("+30 ngày", 30),
)
"""How far a supposed day is moved by one press."""


def people(request: Request) -> Response:
    """The people whose name or code says what was typed, without diacritics, words in any order."""
    asking, desk = asked(request), desk_of(request)
    text = request.query_params.get("q", "").strip()
    stage = request.query_params.get("gd") or None
    question, standings = question_of(desk, asking), request.app.state.standings.of(desk)
    found = standings.find(desk, question, text, stage, MOST) if text or stage else None
    return answer(
        request,
        found.as_json() if found else {"as_of": asking.as_of, "found": []},
        "people.html",
        "Hồ sơ",
        screen="people",
        asking=asking,
        found=found,
        searched=text,
        stage=stage,
        label=label,
        stages=[(code, label("stage", code)) for code in STAGES],
    )


def person(request: Request) -> Response:
    """One person on a page; raises `UnknownName`."""
    asking, desk = asked(request), desk_of(request)
    question = question_of(desk, asking)
    code = request.path_params["code"]
    found = desk.person(question, code)
    moved, day = request.query_params.get("buoc") or "", a_day(request, "vao")
    if moved and day is None:
        raise BadInput("Chưa ghi ngày giả định của bước. Ghi ngày, ví dụ 28/11/2026 hoặc “nay”.")
    supposed = desk.what_if(question, code, [f"{moved}={day}"]) if moved else None
    return answer(
        request,
        found.as_json(),
        "person.html",
        str(found.page.record.fields.get("full_name", code)),
        screen="people",
        asking=asking,
        found=found,
        code=code,
        written=request.query_params.get("da-ghi"),
        supposed=supposed,
        next_step=next((one.records for one in found.page.plan.steps if one.state == "open" and one.records), None),
        steps=[(field, header) for _, header, field in step_kinds()],
        moved=moved,
        moved_to=day,
        nearby=[(words, str(day + dt.timedelta(days))) for words, days in NEARBY] if day else [],
        label=label,
        fact_label=fact_label,
        citation=citation,
        in_the_way=in_the_way,
    )


routes = [Route("/nguoi", people), Route("/nguoi/{code}", person)]
