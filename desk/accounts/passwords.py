"""Passwords: what is accepted as one, kept so that nobody reads it back, and one-time ones that are handed out.

Hashed with argon2id, two rounds over 19 MiB: the least that OWASP recommends (Password Storage Cheat Sheet), since the
computers of offices are old.
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_SIGNS, LEAST_WORDS = 12, 5
"""Of a password, or of a phrase in its place."""
_MOST_SIGNS = 1000
_LEAST_DIFFERENT = 5
_ALPHABET = "abcdefghkmnpqrstuvwxyz23456789"
"""Of what is handed out: signs that are not mistaken for one another when read from paper."""
_GROUPS, _GROUP = 4, 4

_AT_ONCE = BoundedSemaphore(2)
"""So many are hashed at once: each takes 19 MiB, and whoever tries many shall not take the machine from others."""


def require_good(password: str, name: str) -> None:
    """Refuse a password that is too easily guessed; raises `BadInput`."""
    signs = _plain(password)
    words = [word for word in signs.split() if len(word) > 1]
    if len(signs) > _MOST_SIGNS:
        raise BadInput(f"Mật khẩu dài quá {_MOST_SIGNS} ký tự. Chọn mật khẩu ngắn hơn.")
    if len(signs) < LEAST_SIGNS and len(words) < LEAST_WORDS:
        raise BadInput(
            f"Mật khẩu cần ít nhất {LEAST_SIGNS} ký tự; dễ nhớ nhất là một câu từ {LEAST_WORDS} từ trở lên. Chọn lại."
        )
    rest = signs.casefold().replace(name.casefold(), "")
    if len(set(rest)) < _LEAST_DIFFERENT:
        raise BadInput("Mật khẩu này dễ đoán: quá ít ký tự khác nhau, hoặc chỉ lặp lại tên tài khoản. Chọn lại.")


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _hasher().hash(_plain(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one of which this is kept; where nothing is kept it takes as long to say no."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _AT_ONCE:
        try:
            _hasher().verify(kept or _nobodys(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def one_time() -> str:
    """A password to be handed to somebody, who is to change it; 78 bits left to chance."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _plain(password: str) -> str:
    """Letters with their marks come from keyboards and systems in two forms; the same text is the same password."""
    return unicodedata.normalize("NFKC", password).strip()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex(16))
