"""Users: added, listed, given a new password; the first is an administrator, for somebody must let the others in."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from desk.accounts.passwords import hashed, is_right, one_time, require_good
from desk.accounts.tables import SESSIONS, USERS
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from sqlalchemy import Connection

ONE_TIME_HOLDS = dt.timedelta(days=3)
"""How long a password that somebody else handed out opens anything."""
_NAME = re.compile(r"\w[\w.@-]{1,63}")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in."""

    id: int
    name: str
    change_by: dt.datetime | None
    """Where her password was handed out by somebody else: until when it opens the page on which she changes it."""
    has_codes: bool
    """Whether codes of a phone are asked for."""
    added_by: str
    added_at: dt.datetime


def add(connection: Connection, name: str, password: str | None, by: str, now: dt.datetime) -> tuple[User, str | None]:
    """Add a user with a password of her own, or with a one-time one, which is given back; raises `BadInput`."""
    name = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"Tên tài khoản “{name[:64]}” không dùng được. Dùng 2–64 chữ cái, chữ số, dấu chấm, gạch dưới, gạch ngang, "
            "không có dấu cách, ví dụ an.nguyen."
        )
    if _row(connection, name) is not None:
        raise BadInput(f"Đã có tài khoản “{name}”. Chọn tên khác.")
    handed = None
    if password is None:
        password = handed = one_time()
    else:
        require_good(password, name)
    values = {
        "name": name,
        "key": _key(name),
        "password": hashed(password),
        "change_by": now + ONE_TIME_HOLDS if handed else None,
        "added_by": by,
        "added_at": now,
    }
    connection.execute(sa.insert(USERS).values(values))
    return find(connection, name), handed


def find(connection: Connection, name: str) -> User:
    """The user of a name, written with capitals or without; raises `UnknownName`."""
    row = _row(connection, name)
    if row is None:
        names = [user.name for user in everybody(connection)]
        near = did_you_mean(name.strip(), names)
        raise UnknownName(f"Không có tài khoản “{name.strip()[:64]}”.{f' {near}' if near else ''}")
    return _user(row)


def everybody(connection: Connection) -> tuple[User, ...]:
    """All users by name."""
    return tuple(_user(row) for row in connection.execute(sa.select(USERS).order_by(USERS.c.key)))


def are_there(connection: Connection | None) -> bool:
    """Whether anybody signs in at all."""
    return connection is not None and connection.execute(sa.select(USERS.c.id).limit(1)).first() is not None


def kept_of(connection: Connection, name: str) -> tuple[int | None, str, str | None, dt.datetime | None]:
    """Of who gives a name at the door: her number, her name, what is kept of her password, and until when it holds."""
    row = _row(connection, name)
    return (None, name, None, None) if row is None else (row.id, row.name, row.password, row.change_by)


def change_password(connection: Connection, user: User, old: str, new: str) -> None:
    """Change one's own password, which ends all her sessions; raises `BadInput`."""
    require_password(connection, user, old)
    if old.strip() == new.strip():
        raise BadInput("Mật khẩu mới giống mật khẩu cũ. Chọn mật khẩu khác.")
    set_password(connection, user, new)


def require_password(connection: Connection, user: User, password: str) -> None:
    """Refuse who does not know the password of an account that is open before her; raises `BadInput`."""
    if not is_right(password, kept_of(connection, user.name)[2]):
        raise BadInput("Mật khẩu đang dùng chưa đúng. Gõ lại.")


def set_password(connection: Connection, user: User, new: str) -> None:
    """Set a password, as the owner of the files may on the server's own console; raises `BadInput`."""
    require_good(new, user.name)
    _set(connection, user, new, None)


def reset_password(connection: Connection, user: User, now: dt.datetime) -> str:
    """Give somebody who has forgotten hers a one-time password, which she has to change."""
    handed = one_time()
    _set(connection, user, handed, now + ONE_TIME_HOLDS)
    return handed


def _set(connection: Connection, user: User, password: str, change_by: dt.datetime | None) -> None:
    values = {"password": hashed(password), "change_by": change_by}
    connection.execute(sa.update(USERS).where(USERS.c.id == user.id).values(values))
    connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_id == user.id))


def _row(connection: Connection, name: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(USERS).where(USERS.c.key == _key(name))).first()


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).casefold()[:64]


def _user(row: sa.Row[tuple[object, ...]]) -> User:
    return User(row.id, row.name, row.change_by, row.totp is not None, row.added_by, row.added_at)
