"""What an administrator does with accounts, and everybody with her own; each write says who did it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.accounts import grants, second_factor, sessions, users
from desk.accounts.opening import is_owner, reading, writing
from desk.accounts.rights import require
from rules.loader.errors import NotAllowed, NotSignedIn

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from desk.accounts.grants import Grant
    from desk.accounts.rights import Role
    from desk.accounts.sessions import Session
    from desk.accounts.signing import Signed
    from desk.accounts.users import User


@dataclass(frozen=True, slots=True)
class Account:
    """A user with her grants and the sessions that last."""

    user: User
    grants: tuple[Grant, ...]
    sessions: tuple[Session, ...]

    def as_json(self, day: dt.date) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "name": self.user.name,
            "two_factor": self.user.has_codes,
            "must_change": self.user.change_by is not None,
            "added_by": self.user.added_by,
            "sessions": len(self.sessions),
            "grants": [
                {
                    "id": one.id,
                    "role": one.role,
                    "unit": one.unit,
                    "from": one.since,
                    "until": one.until,
                    "given_by": one.given_by,
                    "taken_by": one.taken_by,
                    "state": one.state(day),
                }
                for one in self.grants
            ],
        }


@dataclass(frozen=True, slots=True)
class Office:
    """The accounts of a store before whoever is signed in, or before nobody yet."""

    url: str
    by: Signed | None
    today: dt.date
    clock: Callable[[], dt.datetime]
    """UTC without a zone."""
    machine_user: str
    """Who adds the first user, before anybody can be signed in."""

    def accounts(self) -> tuple[Account, ...]:
        """All accounts; raises `NotAllowed`, `StoreProblem`."""
        self._require()
        with reading(self.url) as connection:
            if connection is None:
                return ()
            held, lasting = grants.everyones(connection), sessions.of_everybody(connection, self.clock())
            return tuple(
                Account(
                    user,
                    tuple(one for one in held if one.user == user.name),
                    tuple(one for one in lasting if one.user_id == user.id),
                )
                for user in users.everybody(connection)
            )

    def add(self, name: str, password: str | None) -> tuple[User, str | None]:
        """Add a user, with a one-time password, which is given back, where none is given; the first is administrator.

        Raises `NotAllowed`, `BadInput`, `StoreProblem`.
        """
        self._require()
        now = self.clock()
        with writing(self.url) as connection:
            first = not users.are_there(connection)
            if not first and self.by is None:  # somebody else was quicker
                raise NotSignedIn("Vừa có người thêm tài khoản đầu tiên. Đăng nhập rồi làm lại.")
            if first and password is None:
                raise NotAllowed("Tài khoản đầu tiên phải tự đặt mật khẩu.")
            by = self._who
            user, handed = users.add(connection, name, password, by, now)
            if first:
                grants.give(connection, user, "admin", None, since=self.today, until=None, by=by, now=now, units=())
        return user, handed

    def grant(self, name: str, role: Role, unit: str | None, since: dt.date | None, until: dt.date | None) -> Grant:
        """Give a role; raises `NotAllowed`, `BadInput`, `UnknownName`, `StoreProblem`."""
        with self._changing() as connection:
            user = users.find(connection, name)
            return grants.give(
                connection,
                user,
                role,
                unit,
                since=since or self.today,
                until=until,
                by=self._who,
                now=self.clock(),
                units=grants.units_of(self.url) if unit else (),
            )

    def revoke(self, numbers: Sequence[int]) -> tuple[Grant, ...]:
        """Take grants away, all or none; raises `NotAllowed`, `BadInput`, `UnknownName`, `StoreProblem`."""
        with self._changing() as connection:
            found = tuple(grants.grant_of(connection, number) for number in numbers)
            for one in found:
                grants.take_away(connection, one, by=self._who, now=self.clock(), day=self.today)
            return found

    def open_grants_of(self, name: str) -> tuple[Grant, ...]:
        """The grants of somebody that have not been taken away or run out; raises `NotAllowed`, `UnknownName`."""
        with self._changing() as connection:
            theirs = grants.of_user(connection, users.find(connection, name))
        return tuple(one for one in theirs if one.state(self.today) in ("holds", "later"))

    def reset(self, name: str) -> str:
        """Give somebody who has forgotten hers a one-time password, and end her sessions.

        Codes of a phone are asked for no more: it may be lost as well. Raises `NotAllowed`, `UnknownName`.
        """
        with self._changing() as connection:
            user = users.find(connection, name)
            second_factor.switch_off(connection, user.id)
            return users.reset_password(connection, user, self.clock())

    def end_sessions(self, name: str) -> int:
        """End all sessions of somebody; gives their number. Raises `NotAllowed`, `UnknownName`, `StoreProblem`."""
        with self._changing() as connection:
            return sessions.end_all_of(connection, users.find(connection, name).id)

    def set_on_console(self, name: str, password: str) -> None:
        """Set a password as the owner of the files; raises `NotAllowed` for anybody else, `BadInput`, `UnknownName`."""
        self.require_owner()
        with writing(self.url) as connection:
            user = users.find(connection, name)
            second_factor.switch_off(connection, user.id)
            users.set_password(connection, user, password)

    def require_owner(self) -> None:
        """Refuse who does not own the files of the accounts; raises `NotAllowed`, `StoreProblem`."""
        if not is_owner(self.url):
            raise NotAllowed(
                "Chỉ chủ của tệp tài khoản, ngồi tại máy chủ, đặt lại được mật khẩu. Nhờ người quản trị cấp lại."
            )

    def require_store(self) -> None:
        """Refuse to add users where there is no store; raises `StoreProblem`."""
        from desk.source import last_hash

        last_hash(self.url)

    def mine(self) -> Account:
        """Her own account; raises `NotSignedIn`."""
        by = self._me()
        with reading(self.url) as connection:
            assert connection is not None
            user = users.find(connection, by.name)
            lasting = sessions.of_everybody(connection, self.clock())
            own = tuple(one for one in lasting if one.user_id == user.id)
            return Account(user, grants.of_user(connection, user), own)

    def change_my_password(self, old: str, new: str) -> None:
        """Change her own password, which ends all her sessions; raises `BadInput`, `NotSignedIn`."""
        by = self._me()
        with writing(self.url) as connection:
            users.change_password(connection, users.find(connection, by.name), old, new)

    def ask_me_for_codes(self, secret: str, code: str) -> tuple[str, ...]:
        """Ask her for codes of a phone from now on; gives the codes for paper. Raises `BadInput`, `NotSignedIn`."""
        by = self._me()
        with writing(self.url) as connection:
            return second_factor.switch_on(connection, by.user_id, secret, code, self.clock())

    def ask_me_for_no_codes(self, password: str) -> None:
        """Ask her for no codes any more; raises `BadInput` for a wrong password, `NotSignedIn`."""
        by = self._me()
        with writing(self.url) as connection:
            users.require_password(connection, users.find(connection, by.name), password)
            second_factor.switch_off(connection, by.user_id)

    @property
    def _who(self) -> str:
        return self.by.name if self.by is not None else self.machine_user

    def _me(self) -> Signed:
        if self.by is None:
            raise NotSignedIn("Chưa đăng nhập. Đăng nhập rồi làm lại.")
        return self.by

    def _require(self) -> None:
        if self.by is not None:
            require(self.by.granted.may, "users")
        elif self._are_users:
            raise NotSignedIn("Kho này có tài khoản: đăng nhập trước bằng lệnh: dubi sign-in TÊN")

    @property
    def _are_users(self) -> bool:
        with reading(self.url) as connection:
            return users.are_there(connection)

    def _changing(self) -> AbstractContextManager[Connection]:
        self._require()
        if self.by is None:
            raise NotAllowed("Chưa có tài khoản nào. Thêm tài khoản đầu tiên bằng lệnh: dubi user add TÊN")
        return writing(self.url)
