"""Sessions: a name that nobody guesses is given to a browser or a command line; only its hash is kept.

One ends half an hour after it was last used, twelve hours after it began at the latest, and with every other of the
same user when her password changes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from desk.accounts.tables import SESSIONS, USERS

if TYPE_CHECKING:
    from sqlalchemy import Connection

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
NOTED = dt.timedelta(minutes=1)
"""Being used is noted no more often than this."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's session that has not ended."""

    hash: str
    user_id: int
    user: str
    change_by: dt.datetime | None
    """Set while her password is one that somebody else handed out."""
    begun_at: dt.datetime
    seen_at: dt.datetime
    address: str

    def idle_minutes(self, now: dt.datetime) -> int:
        """Whole minutes since it was last noted as used."""
        return max(0, int((now - self.seen_at).total_seconds() // 60))


def begin(connection: Connection, user: int, address: str, now: dt.datetime) -> str:
    """Begin a session and give its name, which is kept nowhere; those that have ended are cleared away."""
    connection.execute(sa.delete(SESSIONS).where(~_lasting(now)))
    name = secrets.token_urlsafe(32)
    row = {"hash": hash_of(name), "user_id": user, "begun_at": now, "seen_at": now, "address": address[:64]}
    connection.execute(sa.insert(SESSIONS).values(row))
    return name


def find(connection: Connection, name: str, now: dt.datetime) -> Session | None:
    """The session of a name; None for one that has ended or never was."""
    found = _sessions(connection, (SESSIONS.c.hash == hash_of(name)) & _lasting(now))
    return found[0] if found else None


def of_everybody(connection: Connection, now: dt.datetime) -> tuple[Session, ...]:
    """All sessions that last, the latest used first."""
    return tuple(_sessions(connection, _lasting(now)))


def is_to_be_noted(session: Session, now: dt.datetime) -> bool:
    """Whether it is long enough since a session was noted as used."""
    return now - session.seen_at >= NOTED


def note_used(connection: Connection, session: Session, now: dt.datetime) -> None:
    """Note that a session is used now."""
    connection.execute(sa.update(SESSIONS).where(SESSIONS.c.hash == session.hash).values(seen_at=now))


def end(connection: Connection, name: str) -> None:
    """End the session of a name."""
    connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.hash == hash_of(name)))


def end_all_of(connection: Connection, user: int) -> int:
    """End all sessions of a user; gives their number."""
    return connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_id == user)).rowcount


def hash_of(name: str) -> str:
    """What is kept of a session's name; it is left to chance as a whole, so that a fast hash is as good as a slow."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _lasting(now: dt.datetime) -> sa.ColumnElement[bool]:
    return (SESSIONS.c.seen_at > now - IDLE) & (SESSIONS.c.begun_at > now - LONGEST)


def _sessions(connection: Connection, which: sa.ColumnElement[bool]) -> list[Session]:
    columns = (
        SESSIONS.c.hash,
        SESSIONS.c.user_id,
        USERS.c.name.label("user"),
        USERS.c.change_by,
        SESSIONS.c.begun_at,
        SESSIONS.c.seen_at,
        SESSIONS.c.address,
    )
    found = sa.select(*columns).join(USERS, USERS.c.id == SESSIONS.c.user_id).where(which)
    return [Session(**row._mapping) for row in connection.execute(found.order_by(SESSIONS.c.seen_at.desc()))]  # noqa: SLF001  # SQLAlchemy's public name for it
