"""Sessions of a browser: a start key becomes a cookie, and each session has a token that its changes must bear."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie


@dataclass(frozen=True)
class Session:
    """What a browser was let in with: the cookie's value, and the token that every change of its pages bears."""

    key: str
    token: str


class Sessions:
    """The sessions of one running desk; they live as long as it does."""

    def __init__(self, start_key: str) -> None:
        self.start_key = start_key
        self._held: dict[str, Session] = {}

    def enter(self, key: str) -> Session | None:
        """A new session for who brings the start key; None for anybody else."""
        if not hmac.compare_digest(key.encode(), self.start_key.encode()):
            return None
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        self._held[session.key] = session
        return session

    def find(self, keys: dict[str, str]) -> Session | None:
        """The session that one of a request's cookies names."""
        ours = (key for name, key in keys.items() if name.startswith("dubi-"))
        return next((self._held[key] for key in ours if key in self._held), None)

    @staticmethod
    def cookie_name(port: int) -> str:
        """Cookies do not know ports: the name does, so that two desks on one machine keep theirs apart."""
        return f"dubi-{port}"


def cookie_of(header: str) -> dict[str, str]:
    """The cookies of a request, by name; nothing where the header cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
