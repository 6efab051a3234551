"""One-time codes of a phone beside the password, for who wants them; codes on paper for when the phone is lost."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from desk.accounts.tables import RECOVERY_CODES, USERS
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection

RECOVERY_COUNT = 8
"""Codes on paper."""
_RECOVERY_BYTES = 10
"""Of one of them: nobody guesses it, so that a fast hash is as good as a slow one."""
_STEP = 30
"""Seconds that a code lasts (RFC 6238)."""
_AROUND = 1
"""Steps by which a phone's clock may be off."""


def new_secret() -> str:
    """A secret for a phone; nothing is kept of it before a code made with it has been typed."""
    import pyotp

    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether a text is a secret as we make them."""
    return re.fullmatch(r"[A-Z2-7]{32}", text) is not None


def address_of(secret: str, name: str) -> str:
    """The address that a phone reads from the picture."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Dubi")


def picture_of(secret: str, name: str) -> str:
    """The picture (QR) as SVG to be put into a page; without styles or scripts of its own."""
    import segno

    out = io.BytesIO()
    segno.make(address_of(secret, name), error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        svgclass=None,
        lineclass=None,
        title="Hình để quét bằng điện thoại",
    )
    return out.getvalue().decode()


def switch_on(connection: Connection, user: int, secret: str, code: str, now: dt.datetime) -> tuple[str, ...]:
    """Ask for codes from now on, and give the ones for paper, which are shown once; raises `BadInput`."""
    step = _step_of(secret, code, now, after=None)
    if step is None:
        raise BadInput("Mã chưa đúng. Kiểm tra giờ của điện thoại, rồi gõ mã đang hiện.")
    connection.execute(sa.update(USERS).where(USERS.c.id == user).values(totp=secret, totp_used=step))
    codes = tuple(secrets.token_hex(_RECOVERY_BYTES) for _ in range(RECOVERY_COUNT))
    connection.execute(sa.delete(RECOVERY_CODES).where(RECOVERY_CODES.c.user_id == user))
    connection.execute(sa.insert(RECOVERY_CODES), [{"user_id": user, "hash": _hash(code)} for code in codes])
    return tuple("-".join(code[i : i + 5] for i in range(0, len(code), 5)) for code in codes)


def switch_off(connection: Connection, user: int) -> None:
    """Ask for no codes any more."""
    connection.execute(sa.update(USERS).where(USERS.c.id == user).values(totp=None, totp_used=None))
    connection.execute(sa.delete(RECOVERY_CODES).where(RECOVERY_CODES.c.user_id == user))


def take(connection: Connection, user: int, code: str, now: dt.datetime) -> bool:
    """Whether a code lets a user in, who need not have any; each is taken once."""
    row = connection.execute(sa.select(USERS.c.totp, USERS.c.totp_used).where(USERS.c.id == user)).one()
    if row.totp is None:
        return True
    step = _step_of(row.totp, code, now, after=row.totp_used)
    if step is not None:
        connection.execute(sa.update(USERS).where(USERS.c.id == user).values(totp_used=step))
        return True
    of_paper = (RECOVERY_CODES.c.user_id == user) & (RECOVERY_CODES.c.hash == _hash(code))
    return connection.execute(sa.delete(RECOVERY_CODES).where(of_paper)).rowcount == 1


def codes_left(connection: Connection, user: int) -> int:
    """How many codes on paper have not been used."""
    found = sa.select(sa.func.count()).select_from(RECOVERY_CODES).where(RECOVERY_CODES.c.user_id == user)
    return int(connection.execute(found).scalar_one())


def _step_of(secret: str, code: str, now: dt.datetime, *, after: int | None) -> int | None:
    """The number of the step whose code this is, around now and later than one that was taken; None for none."""
    import datetime as dt

    import pyotp

    typed = "".join(code.split())
    here = int(now.replace(tzinfo=dt.UTC).timestamp()) // _STEP
    codes = pyotp.TOTP(secret, interval=_STEP)
    steps = [step for step in range(here - _AROUND, here + _AROUND + 1) if after is None or step > after]
    right = [step for step in steps if secrets.compare_digest(codes.generate_otp(step).encode(), typed.encode())]
    return right[0] if right else None


def _hash(code: str) -> str:
    typed = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hashlib.sha256(typed.encode()).hexdigest()
