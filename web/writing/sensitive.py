"""Sensitive values on a page: hidden until somebody asks for that page and says why, then shown there for a while.

What a page showed stands in the reading log before the page leaves: where it cannot be written, the page does not.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rules.loader.errors import BadInput, DubiError
from web.guard import App, Message, Receive, Scope, Send
from web.refusals import refusal

SHOWN_SECONDS = 300
"""As long as a page shows what was asked for, however often it is loaded."""
_MOST_ASKED = 1_000
ASK, HIDE = "/hien-nhay-cam", "/che-nhay-cam"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Why a session asked for a page, and until when it is shown there."""

    why: str
    until: float


class AskedPages:
    """Which session has asked for which page."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], _Asked] = {}

    def ask(self, session: str, path: str, why: str) -> None:
        """Show what is sensitive on a page from now on, for a while."""
        now = time.monotonic()
        self._held = {key: one for key, one in self._held.items() if one.until > now}
        if len(self._held) >= _MOST_ASKED:
            self._held.pop(next(iter(self._held)))
        self._held[session, path] = _Asked(why, now + SHOWN_SECONDS)

    def hide(self, session: str, path: str) -> None:
        """Hide it again."""
        self._held.pop((session, path), None)

    def why(self, session: str, path: str) -> str | None:
        """Why a page was asked for that is still shown; None where it is hidden."""
        one = self._held.get((session, path))
        return one.why if one is not None and one.until > time.monotonic() else None


class ShownWhenAsked:
    """Answers a page that was asked for with what is sensitive in it, once that is written down."""

    def __init__(self, app: App, pages: AskedPages, store: str) -> None:
        self._app, self._pages, self._store = app, pages, store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with sensitive values shown where its session has asked for this page."""
        session = scope.get("session")
        why = None if session is None else self._pages.why(session.token, scope["path"])
        if why is None:
            await self._app(scope, receive, send)
            return
        from desk.personal.readings import Asking, asked, settle

        one, headers, refused = Asking(self._store, why), {}, False

        async def written_first(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                try:
                    await run_in_threadpool(settle, one)
                except DubiError as error:
                    refused = True
                    headers.update({name.lower(): value for name, value in scope["headers"]})
                    said = refusal(HTTPStatus.INTERNAL_SERVER_ERROR, headers, str(error))
                    await said(scope, receive, send)
            if not refused:
                await send(message)

        with asked(one):
            await self._app(scope, receive, written_first)


async def ask(request: Request) -> Response:
    """Show what is sensitive on a page that a form names, for the reason that it gives; raises `BadInput`."""
    path, why = await _sent(request)
    from desk.personal.readings import asking_for

    asking_for(request.app.state.store, why)
    request.app.state.asked_pages.ask(request.scope["session"].token, urlsplit(path).path, why)
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


async def hide(request: Request) -> Response:
    """Hide it again."""
    path, _ = await _sent(request)
    request.app.state.asked_pages.hide(request.scope["session"].token, urlsplit(path).path)
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


async def _sent(request: Request) -> tuple[str, str]:
    """The page of our own that a form names, and the reason."""
    async with request.form() as sent:
        path, why = str(sent.get("trang", "")), str(sent.get("ly-do", ""))
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise BadInput("Không rõ trang nào. Mở lại trang rồi bấm lại.")
    return path, why


routes = [Route(ASK, ask, methods=["POST"]), Route(HIDE, hide, methods=["POST"])]
