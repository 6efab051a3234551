"""The application: which address is answered by which screen, and how failures are said. Nothing happens at import."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from desk.desk import Desk
from rules.loader.errors import BadInput, BadQuestion, DubiError, NotAllowed, UnknownName
from web import live
from web.guard import ENTRANCE, Guard
from web.pages import STATIC
from web.presence import Presence
from web.refusals import refusal
from web.screens import (
    ahead,
    days,
    figures,
    forms,
    handbook,
    history,
    keeping,
    law,
    news,
    people,
    recording,
    timings,
    units,
    work,
)
from web.sessions import Sessions
from web.standing import Shelves
from web.writing import changing, feeding, importing, keeping_forms, papers, safety, settings, starting

STATUS: tuple[tuple[type[DubiError], HTTPStatus], ...] = (
    (UnknownName, HTTPStatus.NOT_FOUND),
    (BadQuestion, HTTPStatus.BAD_REQUEST),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
)
"""How a failure of the desk is answered; any other is of the store or the machine: 500 with its own sentence."""


def make_app(
    store: str,
    sessions: Sessions,
    port: Callable[[], int],
    today: Callable[[], dt.date],
    presence: Presence | None = None,
) -> Starlette:
    """The desk of a store as an application; ``port`` is known once it listens, ``today`` is asked at each request.

    ``presence`` is told of every request of a page.
    """
    presence = presence or Presence()

    user = getpass.getuser()

    def hosts() -> frozenset[str]:
        return frozenset(f"{name}:{port()}" for name in ("127.0.0.1", "localhost"))

    async def enter(request: Request) -> Response:
        session = sessions.enter(request.query_params.get("khoa", ""))
        if session is None:
            return refusal(HTTPStatus.UNAUTHORIZED, dict(request.headers.raw))
        response = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
        response.set_cookie(sessions.cookie_name(port()), session.key, httponly=True, samesite="strict", path="/")
        return response

    app = Starlette(
        routes=[
            Route(ENTRANCE, enter),
            Mount("/tinh", StaticFiles(directory=STATIC)),
            *work.routes,
            *news.routes,
            *people.routes,
            *recording.routes,
            *history.routes,
            *settings.routes,
            *law.routes,
            *keeping.routes,
            *handbook.routes,
            *figures.routes,
            *forms.routes,
            *units.routes,
            *timings.routes,
            *ahead.routes,
            *days.routes,
            *live.routes,
            *importing.routes,
            *changing.routes,
            *keeping_forms.routes,
            *papers.routes,
            *safety.routes,
            *feeding.routes,
            *starting.routes,
        ],
        middleware=[Middleware(Guard, sessions=sessions, presence=presence, hosts=hosts)],
        exception_handlers={DubiError: _failed, HTTPException: _not_here, Exception: _broken},
    )
    app.state.store = store
    app.state.today = today
    app.state.seat = lambda _request: Desk(store, today=today(), user=user)
    app.state.standings = Shelves()
    app.state.presence = presence
    return app


async def _failed(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return refusal(status, dict(request.headers.raw), str(error))


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(HTTPStatus(error.status_code), dict(request.headers.raw))


async def _broken(request: Request, _error: Exception) -> Response:
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, dict(request.headers.raw))
