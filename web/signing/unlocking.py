"""An encrypted store in the browser: before anything else its passphrase is asked, of who came in by the start key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.source import is_locked, open_store
from rules.loader.errors import DubiError
from web.pages import environment
from web.refusals import for_a_page, refusal, wants_json

if TYPE_CHECKING:
    from web.sessions import Session, Sessions

UNLOCK, _ENTRANCE, _LOOK = "/mo-khoa", "/vao", "/tinh/"
_MOST_SIGNS = 2_000


class Lock:
    """What stands before a desk whose store is encrypted, until somebody types the passphrase."""

    def __init__(self, store: str, sessions: Sessions, opened: Callable[[], None]) -> None:
        """``opened`` is called once the key is there: what could not be done before a store that is shut."""
        self._store, self._sessions, self._opened = store, sessions, opened

    def is_shut(self) -> bool:
        """Whether the store's key is still wanted; raises `DubiError` where that cannot be told."""
        return bool(self._store) and is_locked(self._store)

    def lets_through(self, scope: Mapping[str, Any]) -> bool:
        """Whether an address needs no key: what the page looks like."""
        return str(scope["path"]).startswith(_LOOK) and scope["method"] in {"GET", "HEAD"}

    async def answer(
        self, request: Request, cookies: Mapping[str, str], cookie: str, bears: Callable[[str], bool]
    ) -> Response:
        """What is said while the store is shut; ``cookie`` names a session, ``bears`` asks for its token."""
        headers, path = dict(request.headers.raw), request.url.path
        if path == _ENTRANCE and request.method == "GET":
            return self._enter(request.query_params.get("khoa", ""), cookie, headers)
        session = self._sessions.by_start_key(cookies)
        if session is None:
            return refusal(HTTPStatus.UNAUTHORIZED, headers)
        if request.method not in {"GET", "HEAD"} and not bears(session.token):
            return refusal(HTTPStatus.FORBIDDEN, headers)
        if path == UNLOCK and request.method == "POST":
            async with request.form() as sent:
                typed = str(sent.get("mat-khau", ""))[:_MOST_SIGNS]
            return await run_in_threadpool(self._unlock, session, typed)
        if path == UNLOCK:
            return _page(session)
        if request.method == "GET" and not wants_json(request.headers.get("accept", "")):
            return RedirectResponse(UNLOCK, HTTPStatus.SEE_OTHER)
        return refusal(HTTPStatus.UNAUTHORIZED, headers, f"Kho này đã mã hoá và chưa mở khoá. Mở khoá ở {UNLOCK}.")

    def _enter(self, key: str, cookie: str, headers: Mapping[bytes, bytes]) -> Response:
        made = self._sessions.enter(key)
        if made is None:
            return refusal(HTTPStatus.UNAUTHORIZED, headers)
        response = RedirectResponse(UNLOCK, HTTPStatus.SEE_OTHER)
        response.set_cookie(cookie, made.key, httponly=True, samesite="strict", path="/")
        return response

    def _unlock(self, session: Session, typed: str) -> Response:
        try:
            open_store(self._store, typed)
            self._opened()
        except DubiError as error:
            return _page(session, for_a_page(error))
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)


def _page(session: Session, error: str = "") -> Response:
    text = environment().get_template("unlock.html").render(token=session.token, error=error)
    return HTMLResponse(text, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)
