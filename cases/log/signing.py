"""In whose name a write is signed."""

from __future__ import annotations

import getpass
import os

from rules.loader.spelling.folding import plain

_LONGEST = 200


def signed(who: str | None) -> str:
    """The name that a write bears: the one that is given, else that of the machine's user."""
    return plain(who or "")[:_LONGEST].strip() or machine_user()


def machine_user() -> str:
    """The name that the machine, or DUBI_USER, knows its user by."""
    who = os.environ.get("DUBI_USER")
    if not who:
        try:
            who = getpass.getuser()
        except (OSError, KeyError, ImportError):  # a machine without users
            who = ""
    return plain(who)[:_LONGEST].strip() or "không rõ"
