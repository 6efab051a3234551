"""The log: what was written when by whom, with before and after; each write can be taken back from here."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.words.log import action, thing, what_changed, when
from web.asking import asked, desk_of
from web.pages import answer

A_PAGE = 50


def log(request: Request) -> Response:
    """The latest writes, the latest first; of one case where the address names it."""
    desk, case = desk_of(request), request.query_params.get("ho-so") or None
    more = request.query_params.get("so", "")
    number = int(more) if more.isdigit() else A_PAGE
    found = desk.log(number, case)
    return answer(
        request,
        found.as_json(),
        "log.html",
        f"Nhật ký của {case}" if case else "Nhật ký",
        screen="log",
        dated=False,
        writes=tuple(reversed(found.writes)),
        found=found,
        case=case,
        more=number + A_PAGE,
        action=action,
        when=when,
    )


def write(request: Request) -> Response:
    """One write with what it changed, before and after; raises `UnknownName`."""
    found = desk_of(request).write(request.path_params["batch"])
    return answer(
        request,
        found.as_json(),
        "log_write.html",
        f"Lần ghi {found.batch.name}",
        screen="log",
        dated=False,
        found=found,
        action=action,
        when=when,
        thing=thing,
        what_changed=what_changed,
    )


def undo(request: Request) -> Response:
    """Take a write back, and show what was taken back; raises what `Desk.undo` raises."""
    taken = desk_of(request).undo(request.path_params["batch"])
    return RedirectResponse(asked(request).link(f"/nhat-ky/{taken.done.name}"), HTTPStatus.SEE_OTHER)


routes = [
    Route("/nhat-ky", log),
    Route("/nhat-ky/{batch}", write),
    Route("/nhat-ky/{batch}/hoan-tac", undo, methods=["POST"]),
]
