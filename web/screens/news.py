"""What is new since the last look: what has come and what has gone; somebody says when it was looked at."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.desk import Desk
from desk.question import Question
from desk.words.labels import citation, label, rule_titles
from web.asking import Asked, asked, desk_of, question_of
from web.pages import answer


def news(request: Request) -> Response:
    """What came and went since the look that was kept; raises `BadInput` for a day before that look."""
    asking, desk = asked(request), desk_of(request)
    found = request.app.state.standings.of(desk).news(desk, _question(desk, asking))
    return answer(
        request,
        found.as_json(),
        "news.html",
        "Mới từ lần xem trước",
        screen="work",
        asking=asking,
        found=found,
        parts=[
            ("moi", "Việc mới", found.listed(found.came)),
            ("da-het", "Việc đã hết", found.listed(found.went)),
            ("dang-co", "Đang có", found.listed(found.standing)),
        ],
        remarks=["Điều mới kể của cả kho, không riêng một đơn vị."] if asking.unit else [],
        titles=rule_titles(found.question),
        label=label,
        citation=citation,
    )


def looked(request: Request) -> Response:
    """Keep what stands now as what was looked at; the next news are counted from here."""
    asking, desk = asked(request), desk_of(request)
    desk.news(_question(desk, asking), keep=True)
    return RedirectResponse(asking.link("/dieu-moi"), HTTPStatus.SEE_OTHER)


def _question(desk: Desk, asking: Asked) -> Question:
    """The question about the whole store, which the page says where a unit was chosen."""
    return question_of(desk, replace(asking, unit=None))


routes = [
    Route("/dieu-moi", news, methods=["GET"]),
    Route("/dieu-moi", looked, methods=["POST"]),
]
