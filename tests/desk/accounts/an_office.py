"""A store with accounts and a clock that stands still until it is told to go on; passwords are hashed lightly here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cases.store import connection
from desk.accounts import passwords
from desk.accounts.office import Office
from desk.accounts.signing import Signed, sign_in, signed_in
from desk.changes.values import AddUnit
from desk.desk import Desk

NOON = dt.datetime(2026, 11, 30, 12)
ADMIN, PASSWORD = "quan.tri", "mot hai ba bon nam"
HERE = "192.0.2.1"


def hash_lightly(patch: pytest.MonkeyPatch) -> None:
    """Have passwords hashed in no time: what is tested is not how slowly a guess is answered."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobodys = quick.hash("nobody's")
    patch.setattr(passwords, "_hasher", lambda: quick)
    patch.setattr(passwords, "_nobodys", lambda: nobodys)


@dataclass
class Place:
    """A store whose clock a test sets."""

    url: str
    now: dt.datetime = field(default=NOON)

    @property
    def today(self) -> dt.date:
        """The day of the clock."""
        return self.now.date()

    def later(self, **much: float) -> None:
        """Let time go by."""
        self.now += dt.timedelta(**much)

    def enter(self, name: str, password: str = PASSWORD, code: str = "", address: str = HERE) -> str:
        """Sign in; gives the name of the session."""
        return sign_in(self.url, name, password, code, address=address, now=self.now)

    def who(self, session: str, *, used: bool = True) -> Signed | None:
        """Who a session is of."""
        return signed_in(self.url, session, now=self.now, today=self.today, used=used)

    def before(self, name: str | None = ADMIN, password: str = PASSWORD) -> Office:
        """The accounts before somebody who signs in now, or before nobody."""
        by = None if name is None else self.who(self.enter(name, password))
        return Office(self.url, by, self.today, lambda: self.now, "may-chu")


def made_in(folder: Path, *units: str) -> Place:
    """A store with units and no users."""
    url = f"sqlite:///{folder / 'dubi.sqlite'}"
    connection.initialise(url)
    desk = Desk(url, today=NOON.date())
    for code in units:
        desk.commit(desk.preview(AddUnit(code, (("name", f"Chi bộ {code}"),))), confirmed=True)
    return Place(url)
