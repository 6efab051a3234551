"""Signed in on the command line: the session's name is kept for its owner's eyes, one for each store.

Every command sits down through here; on a store that has users nobody sits down unseen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cases.log.signing import machine_user as machine_user
from cases.values.places import desk_file, home, private_folder
from desk.accounts.signing import Signed, has_users, sign_out, signed_in, sit_down
from rules.loader.errors import NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.accounts.office import Office
    from desk.desk import Desk
    from desk.source import Place

HERE = "dòng lệnh"
"""From where a session of the command line is signed in."""
_MOST_SIGNS = 200


def utc_now() -> dt.datetime:
    """The moment by the machine's clock, UTC without a zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def keep(url: str, session: str) -> None:
    """Keep the name of a session for the commands that follow, and end the one that was kept before."""
    from cases.values.whole_file import whole_file

    earlier, file = _kept(url), _file(url)
    private_folder(file.parent)
    with whole_file(file, replace=True) as made:
        made.write_text(session, encoding="utf-8")
    if earlier:
        sign_out(url, earlier)


def leave(url: str) -> bool:
    """Sign out; False where nobody was signed in. Raises `StoreProblem`."""
    session = _kept(url)
    if not session:
        return False
    sign_out(url, session)
    _file(url).unlink(missing_ok=True)
    return True


def who_is_here(url: str, today: dt.date) -> Signed | None:
    """Who is signed in on the command line; raises `StoreProblem`."""
    session = _kept(url)
    return signed_in(url, session, now=utc_now(), today=today) if session else None


def desk_here(place: Place, *, today: dt.date, tell: Callable[[str], None] | None = None) -> Desk:
    """The desk before a file, or before a store for whoever is signed in; raises `NotSignedIn` where nobody is."""
    if isinstance(place, Path) or not has_users(place):
        return sit_down(place, None, None, today=today, tell=tell)
    here = who_is_here(place, today)
    if here is None:
        raise NotSignedIn("Kho này có tài khoản, và chưa ai đăng nhập. Đăng nhập bằng lệnh: dubi sign-in TÊN")
    if here.must_change:
        raise NotSignedIn(
            f"Mật khẩu của “{here.name}” do người khác cấp, chỉ dùng để vào đổi. Đổi bằng lệnh: dubi user passwd "
            f"{here.name}"
        )
    return sit_down(place, here.name, here.granted, today=today, tell=tell)


def office_here(url: str, today: dt.date) -> Office:
    """The accounts of a store before whoever is signed in on the command line."""
    from desk.accounts.office import Office

    return Office(url, who_is_here(url, today), today, utc_now, machine_user())


def _file(url: str) -> Path:
    own = desk_file(url)
    return home() / f"phien-{hashlib.sha256(str(own or url).encode()).hexdigest()[:12]}"


def _kept(url: str) -> str:
    file = _file(url)
    if not file.is_file() or (hasattr(os, "getuid") and file.stat().st_uid != os.getuid()):
        return ""
    return file.read_text(encoding="utf-8", errors="replace")[:_MOST_SIGNS].strip()
