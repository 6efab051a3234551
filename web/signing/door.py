"""The door of a desk: under which names it is reached, who has come in, and what is said to who has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from desk.accounts.rights import require
from desk.accounts.signing import TO_CHANGE, sit_down
from rules.loader.errors import NotAllowed, NotSignedIn
from web.refusals import refusal, wants_json
from web.rights import asked_for
from web.sessions import SECURE_COOKIE, Session, Sessions, cookie_of
from web.signing.page import sign_in_page

if TYPE_CHECKING:
    from desk.desk import Desk
    from web.presence import Presence
    from web.signing.unlocking import Lock

OWN = "/tai-khoan"
"""The pages of one's own account: all that is open to who has to change her password first."""
LOOK = "/tinh/"
"""What a page looks like."""

_HEADERS = (
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
_ONLY_TLS = (b"strict-transport-security", b"max-age=31536000")


@dataclass(frozen=True, slots=True)
class Door:
    """Where a desk stands, and by whom it may be entered."""

    store: str
    sessions: Sessions
    presence: Presence
    hosts: Callable[[], frozenset[str]]
    """The names, each with its port, under which it is reached; any other is refused."""
    port: Callable[[], int]
    """Where it listens."""
    today: Callable[[], dt.date]
    user: str
    """The user of the machine, who signs what is written where nobody signs in."""
    lock: Lock
    """What stands before it while its store is encrypted and nobody has opened it."""
    scheme: Literal["http", "https"] = "http"

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What every answer bears."""
        return (*_HEADERS, _ONLY_TLS) if self.scheme == "https" else _HEADERS

    @property
    def cookie_name(self) -> str:
        """Under which name a browser keeps its session."""
        return SECURE_COOKIE if self.scheme == "https" else self.sessions.cookie_name(self.port())

    @property
    def asks_for_users(self) -> bool:
        """Whether only who signs in comes in; raises `StoreProblem`."""
        return self.sessions.ask_for_users(self.store)

    def session_of(self, headers: Mapping[bytes, bytes], *, used: bool) -> Session | None:
        """The session that a request's cookies name; raises `StoreProblem`."""
        cookies = cookie_of(headers.get(b"cookie", b"").decode("latin-1"))
        return self.sessions.find(cookies, self.store, self.today(), used=used)

    def is_still_in(self, session: Session) -> bool:
        """Whether a session that came in has not ended; raises `StoreProblem`."""
        return not self.asks_for_users or self.sessions.lasts(session, self.store, self.today())

    def seat_of(self, session: Session | None) -> Desk:
        """The desk of who has come in; raises `NotSignedIn` where nobody has, at a store that has users."""
        if session is not None and session.signed is not None:
            return sit_down(self.store, session.signed.name, session.signed.granted, today=self.today())
        if self.asks_for_users:
            raise NotSignedIn("Chưa đăng nhập. Đăng nhập rồi làm lại.")
        return sit_down(self.store, self.user, None, today=self.today())

    def is_open_to_all(self, scope: Mapping[str, Any]) -> bool:
        """Whether an address needs no session: the look of the page on which one signs in."""
        return str(scope["path"]).startswith(LOOK) and scope["method"] in {"GET", "HEAD"} and self.asks_for_users

    def turn_away(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> Response:
        """What is said to who has not come in: sign in, where that opens the door, and come back to this page."""
        if not self.asks_for_users:
            return refusal(HTTPStatus.UNAUTHORIZED, headers)
        if wants_json(headers.get(b"accept", b"").decode("latin-1")):
            return refusal(HTTPStatus.UNAUTHORIZED, headers, "Chưa đăng nhập, hoặc phiên đã hết. Đăng nhập ở /vao.")
        back = _address_of(scope) if scope["method"] == "GET" and b"hx-request" not in headers else ""
        return sign_in_page(back=back, status=HTTPStatus.UNAUTHORIZED)

    def hold_up(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes], session: Session) -> Response | None:
        """Refuse what somebody's rights do not open; who has to change her password first is led to where she does."""
        path, signed = str(scope["path"]), session.signed
        if signed is None:
            return None
        if not signed.must_change:
            needed = asked_for(scope["method"], path)
            try:
                if needed:
                    require(signed.granted.may, *needed)
            except NotAllowed as refused:
                return refusal(HTTPStatus.FORBIDDEN, headers, str(refused))
            return None
        if path.startswith(OWN):
            return None
        if scope["method"] == "GET" and not wants_json(headers.get(b"accept", b"").decode("latin-1")):
            return RedirectResponse(OWN, HTTPStatus.SEE_OTHER)
        return refusal(HTTPStatus.FORBIDDEN, headers, TO_CHANGE)


def _address_of(scope: Mapping[str, Any]) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return quote(str(scope["path"])) + (f"?{query}" if query else "")
