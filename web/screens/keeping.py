"""The store's health, its backups, and help: what keeps the records safe, how to go on, and that a page is open."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.changes.drafts import clear
from rules.loader.errors import NotAllowed
from web.asking import desk_of
from web.pages import KEYS, answer, page
from web.refusals import wants_json
from web.rights import may
from web.writing.feeding import leads_elsewhere

STATES = {"fine": "tốt", "attention": "nên xem lại", "broken": "hỏng"}
"""What the states of a check are called."""


def health(request: Request) -> Response:
    """Everything that the doctor finds about the store and the machine, for who keeps the store; the settings for all.

    Raises `NotAllowed` for a program whose user does not keep it.
    """
    desk, signed = desk_of(request), request.scope["session"].signed
    keeps = may(signed, ("keep",)) or wants_json(request.headers.get("accept", ""))
    examined = desk.doctor() if keeps else None
    return answer(
        request,
        {} if examined is None else examined.as_json(),
        "keeping.html",
        "Quản trị",
        screen="keeping",
        dated=False,
        checks=() if examined is None else examined.checks,
        states=STATES,
        elsewhere=leads_elsewhere(request),
        verified=desk.verify_log().as_json() if keeps else None,
    )


def guide(request: Request) -> Response:
    """What each screen is for, and the keys."""
    return page(request, "help.html", "Trợ giúp", screen="help", dated=False, keys=KEYS)


def end(request: Request) -> Response:
    """Have the desk end, with a page that says how it is opened again; raises `NotAllowed` for an office's server."""
    if request.app.state.door.scheme == "https":
        raise NotAllowed("Máy chủ của cơ quan không tắt từ trang. Người giữ máy chủ tắt dịch vụ trên máy ấy.")
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
