"""The application: which address is answered by which screen, and how failures are said. Nothing happens at import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from http import HTTPStatus
from importlib import import_module
from threading import Lock

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from desk.accounts.console import machine_user
from rules.loader.errors import BadInput, BadQuestion, DubiError, NotAllowed, NotSignedIn, UnknownName
from web import live
from web.guard import Guard
from web.pages import STATIC
from web.presence import Presence
from web.reading import reads_once
from web.refusals import refusal
from web.screens import work
from web.sessions import Sessions
from web.signing import entering, unlocking
from web.signing.door import Door
from web.standing import Shelves
from web.writing.sensitive import AskedPages, ShownWhenAsked

STATUS: tuple[tuple[type[DubiError], HTTPStatus], ...] = (
    (UnknownName, HTTPStatus.NOT_FOUND),
    (BadQuestion, HTTPStatus.BAD_REQUEST),
    (NotSignedIn, HTTPStatus.UNAUTHORIZED),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
)
"""How a failure of the desk is answered; any other is of the store or the machine: 500 with its own sentence."""


ROOMS = (
    "web.signing.own_account",
    "web.signing.users",
    "web.screens.news",
    "web.screens.people",
    "web.screens.recording",
    "web.screens.history",
    "web.writing.settings",
    "web.screens.law",
    "web.screens.keeping",
    "web.screens.handbook",
    "web.screens.figures",
    "web.screens.forms",
    "web.screens.units",
    "web.screens.timings",
    "web.screens.ahead",
    "web.screens.days",
    "web.writing.importing",
    "web.writing.changing",
    "web.writing.keeping_forms",
    "web.writing.papers",
    "web.writing.safety",
    "web.writing.encrypting",
    "web.writing.feeding",
    "web.writing.handing",
    "web.writing.starting",
    "web.writing.sensitive",
    "web.writing.privacy",
)
"""Where the screens are that come after the first; each has its ``routes``."""


class Rest:
    """All screens but the first: loaded when one of them is asked for, or a moment after the first page was shown.

    Whoever opens the desk waits for the work list; the rest takes most of the time of a start and is needed later.
    """

    def __init__(self, first: Sequence[BaseRoute]) -> None:
        """Nothing is loaded yet; ``first`` are told of too, so that what they do not take is refused as theirs."""
        self._first = first
        self._router: Router | None = None
        self._lock = Lock()

    @property
    def routes(self) -> list[BaseRoute]:
        """The addresses of all screens, the first among them."""
        return self.load().routes

    def load(self) -> Router:
        """What answers for the other screens; loads them once, whoever asks meanwhile waits."""
        with self._lock:
            if self._router is None:
                others = (reads_once(route) for room in ROOMS for route in import_module(room).routes)
                self._router = Router([*self._first, *others])
            return self._router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the screen that is asked for."""
        router = self._router
        if router is None:
            router = await run_in_threadpool(self.load)
        await router(scope, receive, send)


def make_app(
    store: str,
    sessions: Sessions,
    port: Callable[[], int],
    today: Callable[[], dt.date],
    presence: Presence | None = None,
    office: frozenset[str] | None = None,
    unlocked: Callable[[], None] = lambda: None,
) -> Starlette:
    """The desk of a store as an application; ``port`` is known once it listens, ``today`` is asked at each request.

    ``presence`` is told of every request of a page. ``office`` are the names under which it is reached from other
    machines, by TLS; with None it is reached on this machine alone. ``unlocked`` is called once somebody has typed the
    passphrase of an encrypted store.
    """
    presence = presence or Presence()
    own = frozenset({"127.0.0.1", "localhost"}) if office is None else office
    usual = 80 if office is None else 443

    def hosts() -> frozenset[str]:
        return frozenset(f"{name}:{port()}" for name in own) | (own if port() == usual else frozenset())

    user = machine_user()
    lock = unlocking.Lock(store, sessions, unlocked)
    door = Door(store, sessions, presence, hosts, port, today, user, lock, "http" if office is None else "https")
    asked_pages = AskedPages()
    first = [reads_once(route) for route in (*entering.routes, *work.routes, *live.routes)]
    rest = Rest(first)
    app = Starlette(
        routes=[
            Mount("/tinh", StaticFiles(directory=STATIC)),
            *first,
            Mount("", app=rest),
        ],
        middleware=[Middleware(Guard, door=door), Middleware(ShownWhenAsked, pages=asked_pages, store=store)],
        exception_handlers={DubiError: _failed, HTTPException: _not_here, Exception: _broken},
    )
    app.state.rest = rest
    app.state.door = door
    app.state.store = store
    app.state.today = today
    app.state.seat = lambda request: door.seat_of(request.scope["session"])
    app.state.port = port
    app.state.user = user
    app.state.codes = {}
    app.state.standings = Shelves()
    app.state.presence = presence
    app.state.asked_pages = asked_pages
    app.state.watch = live.Watch(store)
    return app


def every_route(app: Starlette) -> list[Route]:
    """Each address that the application answers, of the first screen and of all others."""
    return [route for route in app.state.rest.routes if isinstance(route, Route)]


async def _failed(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return refusal(status, dict(request.headers.raw), str(error))


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(HTTPStatus(error.status_code), dict(request.headers.raw))


async def _broken(request: Request, _error: Exception) -> Response:
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, dict(request.headers.raw))
