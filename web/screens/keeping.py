"""The store's health, its backups, and help: what keeps the records safe, and how to go on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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


routes = [Route("/quan-tri", health), Route("/tro-giup", guide)]
