"""The application: which address is answered by which screen, and how failures are said. Nothing happens at import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from desk.accounts.console import machine_user
from rules.loader.errors import BadInput, BadQuestion, DubiError, NotAllowed, NotSignedIn, UnknownName
from web import live
from web.door import Door
from web.guard import Guard
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
from web.signing import entering, own_account, users
from web.standing import Shelves
from web.writing import changing, feeding, importing, keeping_forms, papers, safety, settings, starting

STATUS: tuple[tuple[type[DubiError], HTTPStatus], ...] = (
    (UnknownName, HTTPStatus.NOT_FOUND),
    (BadQuestion, HTTPStatus.BAD_REQUEST),
    (NotSignedIn, HTTPStatus.UNAUTHORIZED),
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
    office: frozenset[str] | None = None,
) -> Starlette:
    """The desk of a store as an application; ``port`` is known once it listens, ``today`` is asked at each request.

    ``presence`` is told of every request of a page. ``office`` are the names under which it is reached from other
    machines, by TLS; with None it is reached on this machine alone.
    """
    presence = presence or Presence()
    own = frozenset({"127.0.0.1", "localhost"}) if office is None else office
    usual = 80 if office is None else 443

    def hosts() -> frozenset[str]:
        return frozenset(f"{name}:{port()}" for name in own) | (own if port() == usual else frozenset())

    user = machine_user()
    door = Door(store, sessions, presence, hosts, today, user, "http" if office is None else "https")
    app = Starlette(
        routes=[
            Mount("/tinh", StaticFiles(directory=STATIC)),
            *entering.routes,
            *own_account.routes,
            *users.routes,
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
        middleware=[Middleware(Guard, door=door)],
        exception_handlers={DubiError: _failed, HTTPException: _not_here, Exception: _broken},
    )
    app.state.door = door
    app.state.store = store
    app.state.today = today
    app.state.seat = lambda request: door.seat_of(request.scope["session"])
    app.state.port = port
    app.state.user = user
    app.state.standings = Shelves()
    app.state.presence = presence
    app.state.watch = live.Watch(store)
    return app


async def _failed(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return refusal(status, dict(request.headers.raw), str(error))


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(HTTPStatus(error.status_code), dict(request.headers.raw))


async def _broken(request: Request, _error: Exception) -> Response:
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, dict(request.headers.raw))
