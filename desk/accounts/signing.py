"""Signing in and out, and who is signed in: the one place where a name of a session becomes a user with her rights."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from cases.store.sight import Sight
from desk.accounts.opening import reading, writing
from desk.accounts.rights import Granted, granted
from rules.loader.errors import NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.accounts.sessions import Session
    from desk.desk import Desk
    from desk.source import Place

WRONG = "Tài khoản, mật khẩu hoặc mã chưa đúng. Gõ lại; quên mật khẩu thì nhờ người quản trị cấp lại."
"""Said alike of an account that there is not, a wrong password and a wrong code."""
TO_CHANGE = "Mật khẩu này do người khác cấp, chỉ dùng để vào đổi. Đổi mật khẩu trước."
_NOTHING = Granted(Sight(frozenset()), frozenset(), {})


class Signed(NamedTuple):
    """Who is signed in, and what she may see and do today."""

    user_id: int
    name: str
    granted: Granted
    must_change: bool
    """Whether her password was handed out by somebody else: until she has changed it she may do nothing else."""
    begun_at: dt.datetime


def has_users(url: str) -> bool:
    """Whether a store is one that asks for signing in; raises `StoreProblem`."""
    with reading(url) as connection:
        if connection is None:
            return False
        from desk.accounts.users import are_there

        return are_there(connection)


def sign_in(url: str, name: str, password: str, code: str, *, address: str, now: dt.datetime) -> str:
    """Begin a session for who brings the right password, and code where one is asked for; gives the session's name.

    Raises `NotSignedIn`, with the seconds to wait where too much was tried, and `StoreProblem`.
    """
    from desk.accounts import passwords, second_factor, sessions, throttle, users

    with reading(url) as connection:
        if connection is None:
            raise NotSignedIn("Kho này chưa có tài khoản nào. Thêm tài khoản đầu tiên bằng lệnh: dubi user add TÊN")
    with writing(url) as connection:
        number, known, kept, change_by = users.kept_of(connection, name)
        wait = throttle.seconds_to_wait(connection, number, name, address, now)
    if wait:
        raise NotSignedIn(f"Đã thử sai nhiều lần. Đợi {wait} giây rồi thử lại.", wait)
    right = passwords.is_right(password, kept)
    if number is None or not right:
        raise NotSignedIn(WRONG)
    with writing(url) as connection:
        if users.kept_of(connection, known)[2] != kept or not second_factor.take(connection, number, code, now):
            raise NotSignedIn(WRONG)
        if change_by is not None and now > change_by:
            raise NotSignedIn("Mật khẩu cấp một lần đã quá hạn. Nhờ người quản trị cấp lại.")
        throttle.succeeded(connection, number, known, address, now)
        return sessions.begin(connection, number, address, now)


def sign_out(url: str, session: str) -> None:
    """End a session; raises `StoreProblem`."""
    from desk.accounts import sessions

    with writing(url) as connection:
        sessions.end(connection, session)


def signed_in(url: str, session: str, *, now: dt.datetime, today: dt.date, used: bool = True) -> Signed | None:
    """Who a session is of, with what she may do on a day; None where it has ended. Raises `StoreProblem`.

    A page that asks by itself does not count as ``used``: left open, its session ends all the same.
    """
    from desk.accounts import grants, sessions

    with reading(url) as connection:
        found = None if connection is None else sessions.find(connection, session, now)
        if connection is None or found is None:
            return None
        held = grants.holding(connection, found.user_id, today)
    if used and sessions.is_to_be_noted(found, now):
        with writing(url) as connection:
            sessions.note_used(connection, found, now)
    return _signed(found, held)


def _signed(session: Session, held: tuple[tuple[str, str], ...]) -> Signed:
    must_change = session.change_by is not None
    what = _NOTHING if must_change else granted(held)  # type: ignore[arg-type]  # roles are held by the table's writer
    return Signed(session.user_id, session.user, what, must_change, session.begun_at)


def rights_of(url: str, name: str, today: dt.date) -> Granted:
    """What somebody may see and do who is not there herself, such as who switched a calendar on; nobody: nothing."""
    from desk.accounts import grants, users

    with reading(url) as connection:
        number = None if connection is None else users.kept_of(connection, name)[0]
        if connection is None or number is None:
            return _NOTHING
        return granted(grants.holding(connection, number, today))


def sit_down(
    place: Place,
    name: str | None,
    what: Granted | None,
    *,
    today: dt.date,
    tell: Callable[[str], None] | None = None,
) -> Desk:
    """The desk for who is signed in, or with None for the one user of a desk where nobody signs in."""
    from desk.desk import Desk

    if what is None:
        return Desk(place, today=today, user=name, tell=tell)
    return Desk(place, today=today, user=name, sight=what.sight, may=what.may, held=what.held, tell=tell)
