"""The store's health, its backups, and help: what keeps the records safe, how to go on, and that a page is open."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.changes.drafts import clear
from web.asking import desk_of
from web.pages import KEYS, answer, page

STATES = {"fine": "tốt", "attention": "nên xem lại", "broken": "hỏng"}
"""What the states of a check are called."""


def health(request: Request) -> Response:
    """Everything that the doctor finds about the store and the machine."""
    desk = desk_of(request)
    examined = desk.doctor()
    return answer(
        request,
        examined.as_json(),
        "keeping.html",
        "Quản trị",
        screen="keeping",
        dated=False,
        checks=examined.checks,
        states=STATES,
        verified=desk.verify_log().as_json(),
    )


def guide(request: Request) -> Response:
    """What each screen is for, and the keys."""
    return page(request, "help.html", "Trợ giúp", screen="help", dated=False, keys=KEYS)


def end(request: Request) -> Response:
    """Have the desk end, with a page that says how it is opened again."""
    request.app.state.presence.end()
    return page(request, "ended.html", "Dubi đã tắt", screen="keeping", dated=False)


def here(request: Request) -> Response:
    """What an open page asks once a minute: the desk knows that somebody is there; files that waited a day are gone."""
    clear(request.app.state.store)
    return Response(status_code=204)


routes = [
    Route("/quan-tri", health),
    Route("/quan-tri/tat", end, methods=["POST"]),
    Route("/tro-giup", guide),
    Route("/con-mo", here),
]
