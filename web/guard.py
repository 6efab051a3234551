"""The guard at the door: own host and origin, a session, a token on every change, bounded sizes and rates, headers.

Written as plain ASGI, since a body must be read once and only by the page that it is meant for.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from web.presence import Presence
from web.refusals import refusal
from web.sessions import Session, Sessions, cookie_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ENTRANCE = "/vao"
"""Asks no session: it makes one, for who brings the start key."""

FEED = "/lich/"
"""Where the calendar is fetched from by a program that has no session: what follows is the secret that opens it."""

LIVE = "/song"
"""The address of the events: a page that listens there says by itself that somebody is there, or is left."""

TOKEN_HEADER, TOKEN_FIELD = b"x-dubi-token", "token"

MOST_BYTES = 64 * 1024 * 1024
_MOST_DIGITS = 20
MOST_REQUESTS, IN_SECONDS = 400, 10.0
MOST_FETCHES = 20
"""Of the calendar in the same time, counted apart: who tries secrets shuts nobody else out."""

HEADERS = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Guard:
    """Lets through what this desk's own pages ask, and nothing else."""

    def __init__(self, app: App, sessions: Sessions, presence: Presence, hosts: Callable[[], frozenset[str]]) -> None:
        self._app = app
        self._sessions = sessions
        self._presence = presence
        self._hosts = hosts
        self._asked, self._fetched = Rate(MOST_REQUESTS), Rate(MOST_FETCHES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with a page or JSON that says why."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = time.perf_counter()

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                names = {name.lower() for name, _ in headers}
                headers += [header for header in HEADERS if header[0] not in names]
                if b"cache-control" not in names:
                    headers.append((b"cache-control", b"no-store"))
                spent = (time.perf_counter() - started) * 1000
                headers.append((b"server-timing", f"desk;dur={spent:.1f}".encode()))
                message = {**message, "headers": headers}
            await send(message)

        headers = {name.lower(): value for name, value in scope["headers"]}
        session = self._sessions.find(cookie_of(headers.get(b"cookie", b"").decode("latin-1")))
        status = self._refused(scope, headers, session)
        if status is not None:
            await refusal(status, headers)(scope, receive, answered)
            return
        scope["session"] = session
        counted = _Counted(receive)
        with nullcontext() if scope["path"] == LIVE or scope["path"].startswith(FEED) else self._presence.during():
            try:
                await self._app(scope, counted, answered)
            except TooLarge:
                await refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers)(scope, receive, answered)

    def _refused(self, scope: Scope, headers: dict[bytes, bytes], session: Session | None) -> HTTPStatus | None:
        """Why a request is not let through, or None."""
        hosts = self._hosts()
        if headers.get(b"host", b"").decode("latin-1").lower() not in hosts:
            return HTTPStatus.MISDIRECTED_REQUEST
        fetches = scope["path"].startswith(FEED) and scope["method"] in {"GET", "HEAD"}
        if (self._fetched if fetches else self._asked).too_many():
            return HTTPStatus.TOO_MANY_REQUESTS
        origin = headers.get(b"origin")
        if origin is not None and origin.decode("latin-1").lower() not in {f"http://{host}" for host in hosts}:
            return HTTPStatus.FORBIDDEN
        if headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"} and scope["method"] != "GET":
            return HTTPStatus.FORBIDDEN
        if scope["path"] == ENTRANCE or fetches:
            return None
        if session is None:
            return HTTPStatus.UNAUTHORIZED
        if scope["method"] not in {"GET", "HEAD"} and not _bears(scope, headers, session.token):
            return HTTPStatus.FORBIDDEN
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > _MOST_DIGITS or int(length) > MOST_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None


class Rate:
    """How much is asked in a short while, and how much of it a desk answers."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: list[float] = []

    def too_many(self) -> bool:
        """Count one more, and say whether that is more than is answered."""
        now = time.monotonic()
        self._asked = [at for at in self._asked if now - at < IN_SECONDS]
        self._asked.append(now)
        return len(self._asked) > self._most


class TooLarge(Exception):
    """More bytes came than a file of people has."""


class _Counted:
    """A body whose size is counted as it comes in, also where no length was told before."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > MOST_BYTES:
            raise TooLarge
        return message


def _bears(scope: Scope, headers: dict[bytes, bytes], token: str) -> bool:
    """Whether a change bears the session's token, in a header (htmx) or in the query of the form's action."""
    given = headers.get(TOKEN_HEADER, b"").decode("latin-1")
    if not given:
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        given = query.get(TOKEN_FIELD, [""])[0]
    return hmac.compare_digest(given.encode("latin-1", "replace"), token.encode())
