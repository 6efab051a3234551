"""The log: what was written when by whom, with before and after; each write can be taken back from here."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk.keeping.log import OthersWrite
from desk.question import MOST_WRITES
from desk.words.log import action, thing, what_changed, when
from web.asking import a_number, asked, desk_of
from web.pages import answer, page

A_PAGE = 50


def log(request: Request) -> Response:
    """The latest writes, the latest first; of one case where the address names it. Raises `BadInput`."""
    desk, case = desk_of(request), request.query_params.get("ho-so") or None
    number = a_number(request, "so", A_PAGE, least=1, most=MOST_WRITES)
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
        more=min(number + A_PAGE, MOST_WRITES),
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
    """Take a write back, and show what was taken back; somebody else's is asked about first, by its name and people."""
    batch = request.path_params["batch"]
    try:
        taken = desk_of(request).undo(batch, confirmed=request.query_params.get("dong-y") == "1")
    except OthersWrite as asking:
        return page(
            request,
            "undo_others.html",
            "Lần ghi của người khác",
            screen="log",
            dated=False,
            status=HTTPStatus.CONFLICT,
            batch=batch,
            said=str(asking),
        )
    return RedirectResponse(asked(request).link(f"/nhat-ky/{taken.done.name}"), HTTPStatus.SEE_OTHER)


routes = [
    Route("/nhat-ky", log),
    Route("/nhat-ky/{batch}", write),
    Route("/nhat-ky/{batch}/hoan-tac", undo, methods=["POST"]),
]
