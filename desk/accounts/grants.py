"""Grants: a role at a unit from a day, until a day, given by somebody; never the last administrator's taken away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import sqlalchemy as sa

from cases.store.sight import seeing
from desk.accounts.rights import Role
from desk.accounts.tables import GRANTS, USERS
from desk.accounts.users import User
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

ROLES: tuple[Role, ...] = get_args(Role)
WORDS: dict[Role, str] = {
    "secretary": "bí thư",
    "reader": "người đọc",
    "committee": "cấp ủy",
    "admin": "quản trị",
}
"""What the roles are called."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody was given."""

    id: int
    user: str
    role: Role
    unit: str | None
    """The unit at which it holds, with all below it; None = it is about the store, as an administrator's is."""
    since: dt.date
    until: dt.date | None
    given_by: str
    taken_by: str | None

    def state(self, day: dt.date) -> Literal["holds", "later", "over", "taken"]:
        """How it stands with the grant on a day."""
        if self.taken_by is not None:
            return "taken"
        if day < self.since:
            return "later"
        return "holds" if self.until is None or day <= self.until else "over"


def give(
    connection: Connection,
    user: User,
    role: Role,
    unit: str | None,
    *,
    since: dt.date,
    until: dt.date | None,
    by: str,
    now: dt.datetime,
    units: Collection[str],
) -> Grant:
    """Give a role at one of the units that are there; raises `BadInput`, `UnknownName` for a unit that is not."""
    if role == "admin" and unit:
        raise BadInput("Quyền quản trị là của cả kho, không ghi đơn vị. Bỏ mã đơn vị.")
    if role != "admin" and not unit:
        raise BadInput(f"Quyền {WORDS[role]} phải ở một đơn vị. Ghi mã đơn vị.")
    if unit and unit not in units:
        near = did_you_mean(unit, units)
        raise UnknownName(f"Không có đơn vị “{unit}”.{f' {near}' if near else ''} Chưa cấp quyền gì.")
    if until is not None and until < since:
        raise BadInput("Ngày cuối của quyền đứng trước ngày đầu. Đổi lại hai ngày.")
    values = {"role": role, "unit": unit or None, "since": since, "until": until, "given_by": by, "given_at": now}
    row = connection.execute(sa.insert(GRANTS).values(user_id=user.id, **values))
    assert row.inserted_primary_key is not None
    return next(one for one in of_user(connection, user) if one.id == row.inserted_primary_key[0])


def take_away(connection: Connection, grant: Grant, *, by: str, now: dt.datetime, day: dt.date) -> None:
    """Take a grant away at once; raises `BadInput` for the last administrator's, and for one that was taken."""
    if grant.taken_by is not None:
        raise BadInput(f"Quyền số {grant.id} đã thu hồi rồi.")
    if grant.role == "admin" and grant.state(day) == "holds":
        lasting = [
            one
            for one in everyones(connection)
            if one.role == "admin" and one.id != grant.id and one.state(day) == "holds" and one.until is None
        ]
        if not lasting:
            raise BadInput(
                "Đây là quyền quản trị cuối cùng không có ngày hết; thu hồi thì không còn ai quản lý tài khoản. "
                "Cấp quyền quản trị cho người khác trước."
            )
    connection.execute(sa.update(GRANTS).where(GRANTS.c.id == grant.id).values(taken_by=by, taken_at=now))


def of_user(connection: Connection, user: User) -> tuple[Grant, ...]:
    """Every grant that somebody was ever given, the earliest first."""
    return tuple(one for one in everyones(connection) if one.user == user.name)


def everyones(connection: Connection) -> tuple[Grant, ...]:
    """Every grant of everybody."""
    names = ("id", "role", "unit", "since", "until", "given_by", "taken_by")
    columns = (USERS.c.name.label("user"), *(GRANTS.c[name] for name in names))
    rows = connection.execute(sa.select(*columns).join(USERS, USERS.c.id == GRANTS.c.user_id).order_by(GRANTS.c.id))
    return tuple(Grant(**row._mapping) for row in rows)  # noqa: SLF001  # SQLAlchemy's public name for it


def grant_of(connection: Connection, number: int) -> Grant:
    """The grant of a number; raises `UnknownName`."""
    found = next((one for one in everyones(connection) if one.id == number), None)
    if found is None:
        raise UnknownName(f"Không có quyền số {number}. Xem các quyền bằng lệnh: dubi user list")
    return found


def holding(connection: Connection, user: int, day: dt.date) -> tuple[tuple[Role, str], ...]:
    """The roles that somebody holds on a day, each with its unit; of one about the whole store that is empty."""
    open_then = (GRANTS.c.until.is_(None)) | (GRANTS.c.until >= day)
    held = sa.select(GRANTS.c.role, GRANTS.c.unit).where(
        GRANTS.c.user_id == user, GRANTS.c.taken_at.is_(None), GRANTS.c.since <= day, open_then
    )
    return tuple((row.role, row.unit or "") for row in connection.execute(held))


def units_of(url: str) -> dict[str, str]:
    """Every unit of a store with its name, whoever asks: an administrator sees no case, yet gives roles at units."""
    from cases.store.connection import querying

    with seeing(None), querying(url) as execute:
        return {str(code): str(name or "") for code, name in execute("SELECT code, name FROM units ORDER BY code")}
