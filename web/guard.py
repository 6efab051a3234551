"""The guard at the door: own host and origin, a session, a token on every change, bounded sizes and rates, headers.

Written as plain ASGI, since a body must be read once and only by the page that it is meant for.
"""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import nullcontext
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from rules.loader.errors import DubiError
from web.refusals import refusal
from web.sessions import cookie_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from web.signing.door import Door

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ENTRANCE = "/vao"
"""Asks no session: it makes one, for who brings the start key, or a password where a store has users."""

FEED = "/lich/"
"""Where the calendar is fetched from by a program that has no session: what follows is the secret that opens it."""

LIVE = "/song"
"""The address of the events: a page that listens there says by itself that somebody is there, or is left."""

HERE = "/con-mo"
"""What an open page asks once a minute by itself."""

BY_ITSELF = b"x-dubi-by-itself"
"""The header of what a page asks when others have written, while nobody does anything."""

TOKEN_HEADER, TOKEN_FIELD = b"x-dubi-token", "token"

MOST_BYTES = 64 * 1024 * 1024
_MOST_DIGITS = 20
MOST_REQUESTS, IN_SECONDS = 400, 10.0
"""Of one session, or of one address without a session, in so many seconds."""
MOST_OF_AN_ADDRESS = 4_000
"""Of one address, behind which a whole office may sit, before anybody looks who asks."""
MOST_FETCHES = 20
"""Of the calendar in the same time, counted apart: who tries secrets shuts nobody else out."""
_MOST_ASKERS = 2_000


class Guard:
    """Lets through what this desk's own pages ask, and nothing else."""

    def __init__(self, app: App, door: Door) -> None:
        self._app = app
        self._door = door
        self._asked, self._fetched = Rates(MOST_REQUESTS), Rates(MOST_FETCHES)
        self._from = Rates(MOST_OF_AN_ADDRESS)

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
                headers += [header for header in self._door.headers if header[0] not in names]
                if b"cache-control" not in names:
                    headers.append((b"cache-control", b"no-store"))
                spent = (time.perf_counter() - started) * 1000
                headers.append((b"server-timing", f"desk;dur={spent:.1f}".encode()))
                message = {**message, "headers": headers}
            await send(message)

        headers = {name.lower(): value for name, value in scope["headers"]}
        refused = self._foreign(scope, headers)
        try:
            if refused is None and self._door.lock.is_shut():
                await self._while_shut(scope, headers, receive, answered)
                return
        except DubiError as error:
            refused = refusal(HTTPStatus.INTERNAL_SERVER_ERROR, headers, str(error))
        refused = refused or await self._uninvited(scope, headers)
        if refused is not None:
            await refused(scope, receive, answered)
            return
        counted = _Counted(receive)
        with self._door.presence.during() if _shows_somebody(scope) else nullcontext():
            try:
                await self._app(scope, counted, answered)
            except TooLarge:
                await refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers)(scope, receive, answered)

    async def _while_shut(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        """Ask for the passphrase of the store, and answer nothing else."""
        door = self._door
        if door.lock.lets_through(scope):
            await self._app(scope, receive, send)
            return
        if self._asked.too_many(_address(scope)):
            await refusal(HTTPStatus.TOO_MANY_REQUESTS, headers)(scope, receive, send)
            return
        request = Request(scope, _Counted(receive))
        cookies = cookie_of(headers.get(b"cookie", b"").decode("latin-1"))
        bears = partial(_bears, scope, headers)
        answer = await door.lock.answer(request, cookies, door.cookie_name, bears=bears)
        await answer(scope, receive, send)

    def _foreign(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        """Refuse what was not sent to us by our own pages, whoever sent it."""
        hosts = self._door.hosts()
        if headers.get(b"host", b"").decode("latin-1").lower() not in hosts:
            return refusal(HTTPStatus.MISDIRECTED_REQUEST, headers)
        address = _address(scope)
        if self._from.too_many(address) or (_fetches(scope) and self._fetched.too_many(address)):
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, headers)
        origin, ours = headers.get(b"origin"), {f"{self._door.scheme}://{host}" for host in hosts}
        if origin is not None and origin.decode("latin-1").lower() not in ours:
            return refusal(HTTPStatus.FORBIDDEN, headers)
        if headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"} and scope["method"] != "GET":
            return refusal(HTTPStatus.FORBIDDEN, headers)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > _MOST_DIGITS or int(length) > MOST_BYTES:
            return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers)
        return None

    async def _uninvited(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        """Refuse who has not come in, or whose change does not bear the token; the session goes with the request."""
        try:
            if await run_in_threadpool(self._door.is_open_to_all, scope):
                scope["session"] = None
                return None
            session = await run_in_threadpool(self._door.session_of, headers, used=not _asks_by_itself(scope, headers))
        except DubiError as error:
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, headers, str(error))
        scope["session"] = session
        if not _fetches(scope) and self._asked.too_many(session.key if session else _address(scope)):
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, headers)
        if scope["path"] == ENTRANCE or _fetches(scope):
            return None
        if session is None:
            return self._door.turn_away(scope, headers)
        if scope["method"] not in {"GET", "HEAD"} and not _bears(scope, headers, session.token):
            return refusal(HTTPStatus.FORBIDDEN, headers)
        return self._door.hold_up(scope, headers, session)


def _fetches(scope: Scope) -> bool:
    return str(scope["path"]).startswith(FEED) and scope["method"] in {"GET", "HEAD"}


def _shows_somebody(scope: Scope) -> bool:
    """Whether a request tells that somebody is there: a page that listens says so by itself, and is left open."""
    return scope["path"] != LIVE and not str(scope["path"]).startswith(FEED)


def _asks_by_itself(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether a page asks without anybody doing anything: a session ends though such a page is left open."""
    return scope["path"] in (LIVE, HERE) or BY_ITSELF in headers


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


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


class Rates:
    """How much each asks; of those that have been silent longest the oldest are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: OrderedDict[str, Rate] = OrderedDict()

    def too_many(self, whose: str) -> bool:
        """Count one more of hers, and say whether that is more than is answered."""
        rate = self._of.setdefault(whose, Rate(self._most))
        self._of.move_to_end(whose)
        while len(self._of) > _MOST_ASKERS:
            self._of.popitem(last=False)
        return rate.too_many()


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
