"""The calendar that a program of this machine fetches by a secret address: for which unit, and what opens it.

Only the hash of the secret is kept, beside the store, for its owner's eyes: nobody reads the address out of it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from cases.values.places import beside, private_folder
from cases.values.whole_file import whole_file
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 32
"""Of the secret: nobody guesses it, so that a fast hash is as good as a slow one."""
_MOST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Feed:
    """What the calendar tells."""

    unit: str | None
    """A unit with all below it; None = all."""
    within: int
    """Days ahead."""
    names: bool
    """Whether people are named, not only the codes of their cases."""


def switch_on(url: str, feed: Feed, port: int) -> str:
    """Keep what the calendar tells, and give the secret that opens it from now on; an earlier one opens nothing.

    ``port`` is where the desk listens that the address leads to.
    """
    secret = secrets.token_urlsafe(_BYTES)
    file = _file(url)
    private_folder(file.parent)
    with whole_file(file, replace=True) as made:
        made.write_text(
            json.dumps({**asdict(feed), "hash": _hash(secret), "port": port}, ensure_ascii=False), encoding="utf-8"
        )
    return secret


def switch_off(url: str) -> None:
    """Let no address open the calendar any more."""
    _file(url).unlink(missing_ok=True)


def switched_on(url: str) -> Feed | None:
    """What the calendar tells; None where it is switched off. Raises `StoreProblem` for a file that is damaged."""
    return _kept(url)[0]


def opened_by(url: str, secret: str) -> Feed | None:
    """What the calendar tells, to who brings its secret; None for anybody else. Raises `StoreProblem`."""
    feed, kept, _ = _kept(url)
    return feed if hmac.compare_digest(_hash(secret), kept) else None


def kept_port(url: str) -> int | None:
    """The port that the address of the calendar names; None where it is switched off, or the file damaged."""
    with suppress(StoreProblem):
        return _kept(url)[2]
    return None


def _kept(url: str) -> tuple[Feed | None, str, int | None]:
    file = _file(url)
    if not file.is_file():
        return None, "", None
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        feed, port = Feed(said["unit"], int(said["within"]), bool(said["names"])), int(said.get("port", 0))
        return feed, str(said["hash"]), port if 0 < port <= _MOST_PORT else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreProblem(
            f"Tệp của lịch “{file}” bị hỏng. Bật lại lịch: tệp được ghi mới, địa chỉ cũ hết dùng."
        ) from error


def _file(url: str) -> Path:
    return beside(url, "lich.json")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
