"""Slowing down who guesses: by account, by address, and by both, with a delay that grows and never ends in a lock.

After a few failures each further try has to wait, twice as long each time, a minute at most: who types the right
password gets in within a minute, whatever strangers do. From where she has signed in before only failures made there
in her name count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from desk.accounts.tables import KNOWN_PLACES, THROTTLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

FREE = 3
"""Failures that cost nothing: fingers slip."""
FREE_ADDRESS = 10
"""Failures of one address, behind which a whole office may sit."""
LONGEST = 60
"""Seconds of the longest wait."""
FORGOTTEN = dt.timedelta(hours=1)
"""Failures older than this count no more."""
_BUCKETS = 4096
"""Names that no account bears share so many counters: what was typed there, perhaps a password, is not kept."""


def seconds_to_wait(connection: Connection, user: int | None, name: str, address: str, now: dt.datetime) -> int:
    """Count a try as failed until `succeeded` says otherwise, and give 0; or the seconds before it may be made at all.

    Counted before the password is looked at, so that tries made at once gain nothing.
    """
    connection.execute(sa.delete(THROTTLE).where(THROTTLE.c.failed_at < now - FORGOTTEN))
    keys = _keys(user, name, address)
    held = {"pair": keys["pair"]} if _is_known(connection, user, address) else keys
    rows = connection.execute(sa.select(THROTTLE).where(THROTTLE.c.key.in_(keys.values())))
    found = {row.key: row for row in rows}
    wait = max((_wait(found.get(key), FREE_ADDRESS if what == "address" else FREE, now) for what, key in held.items()))
    if wait > 0:
        return wait
    for key in held.values():
        if key in found:
            values = {"failures": found[key].failures + 1, "failed_at": now}
            connection.execute(sa.update(THROTTLE).where(THROTTLE.c.key == key).values(**values))
        else:
            connection.execute(sa.insert(THROTTLE).values(key=key, failures=1, failed_at=now))
    return 0


def succeeded(connection: Connection, user: int, name: str, address: str, now: dt.datetime) -> None:
    """Take back the failure that a try was counted as, and remember from where it came."""
    keys = _keys(user, name, address)
    if _is_known(connection, user, address):
        connection.execute(sa.delete(THROTTLE).where(THROTTLE.c.key == keys["pair"]))
        return
    connection.execute(sa.delete(THROTTLE).where(THROTTLE.c.key.in_((keys["pair"], keys["account"]))))
    # Who sits behind the same address need not wait for her.
    others = sa.update(THROTTLE).where(THROTTLE.c.key == keys["address"])
    waited = now - dt.timedelta(seconds=LONGEST)
    connection.execute(others.values(failures=THROTTLE.c.failures - 1, failed_at=waited))
    connection.execute(sa.insert(KNOWN_PLACES).values(user_id=user, address=address))


def _keys(user: int | None, name: str, address: str) -> dict[str, str]:
    whose = f"user:{user}" if user is not None else f"nobody:{_bucket(name)}"
    return {"account": whose, "address": f"from:{address}", "pair": f"{whose}:from:{address}"}


def _bucket(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.casefold().encode()).digest()[:4]) % _BUCKETS


def _is_known(connection: Connection, user: int | None, address: str) -> bool:
    known = sa.select(KNOWN_PLACES).where(KNOWN_PLACES.c.user_id == user, KNOWN_PLACES.c.address == address)
    return user is not None and connection.execute(known).first() is not None


def _wait(row: sa.Row[tuple[str, int, dt.datetime]] | None, free: int, now: dt.datetime) -> int:
    """Whole seconds still to wait after the failures of one counter."""
    if row is None or row.failures < free:
        return 0
    delay = min(2 ** min(row.failures - free, 10), LONGEST)
    left = delay - (now - row.failed_at).total_seconds()
    return min(LONGEST, int(left) + 1) if left > 0 else 0
