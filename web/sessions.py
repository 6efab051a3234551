"""Sessions of a browser: who brings the start key or signs in gets a cookie; each has a token for its changes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from desk.accounts.console import utc_now
from desk.accounts.signing import has_users, signed_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from desk.accounts.signing import Signed

SECURE_COOKIE = "__Host-dubi"
"""Under TLS: a name that a browser keeps from every other host and from pages without TLS."""
_ASK_AGAIN = 2.0
"""Seconds after which a store without users is asked again whether it has some by now."""


@dataclass(frozen=True)
class Session:
    """What a browser was let in with: the cookie's value, and the token that every change of its pages bears."""

    key: str
    token: str
    signed: Signed | None = None
    """Who is signed in; None at the desk of one user."""


class Sessions:
    """The sessions of one running desk: of who brought its start key, as long as it runs, or of who signed in."""

    def __init__(self, start_key: str, *, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.start_key = start_key
        self.clock = clock
        self._held: dict[str, Session] = {}
        self._has_users = False
        self._asked_at = -_ASK_AGAIN

    def enter(self, key: str) -> Session | None:
        """A new session for who brings the start key; None for anybody else."""
        if not hmac.compare_digest(key.encode(), self.start_key.encode()):
            return None
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        self._held[session.key] = session
        return session

    def ask_for_users(self, store: str) -> bool:
        """Whether a store has users, so that only who signs in comes in; once it has it never has none again."""
        if not self._has_users and time.monotonic() - self._asked_at >= _ASK_AGAIN:
            self._has_users = has_users(store)
            self._asked_at = time.monotonic()
        return self._has_users

    def by_start_key(self, keys: Mapping[str, str]) -> Session | None:
        """The session of who brought the start key that one of a request's cookies names; the store is not asked."""
        return next((self._held[key] for key in keys.values() if key in self._held), None)

    def find(self, keys: dict[str, str], store: str, today: dt.date, *, used: bool) -> Session | None:
        """The session that one of a request's cookies names; raises `StoreProblem`."""
        ours = [key for name, key in keys.items() if name.startswith("dubi-") or name == SECURE_COOKIE]
        if not self.ask_for_users(store):
            return next((self._held[key] for key in ours if key in self._held), None)
        for key in ours:
            signed = signed_in(store, key, now=self.clock(), today=today, used=used)
            if signed is not None:
                return Session(key, token_of(key), signed)
        return None

    def lasts(self, session: Session, store: str, today: dt.date) -> bool:
        """Whether somebody who signed in still is; asking does not count as using. Raises `StoreProblem`."""
        return signed_in(store, session.key, now=self.clock(), today=today, used=False) is not None

    @staticmethod
    def cookie_name(port: int) -> str:
        """Cookies do not know ports: the name does, so that two desks on one machine keep theirs apart."""
        return f"dubi-{port}"


def token_of(key: str) -> str:
    """The token of a session that is kept nowhere in full: it follows from the session's name and does not tell it."""
    return hashlib.sha256(b"token:" + key.encode("utf-8", "replace")).hexdigest()


def cookie_of(header: str) -> dict[str, str]:
    """The cookies of a request, by name; nothing where the header cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
