"""The one place that opens a SQLite file: a store, a backup, a draft that is to take a store's place.

Where a key stands beside a file, SQLCipher opens it; else SQLite does, and only a file that it does not know is looked
into for a key of its own, as a backup carries one. Two libraries at one file would take each other's locks away
(sqlite.org, "How To Corrupt", 2.2.1): which of them it is hangs on the key alone, and SQLCipher is loaded for it alone.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, cast

from cases.store.keys.carried import beside, inside, keep_beside, may_be_encrypted
from cases.store.keys.ring import is_lent, key_missing, keys_beside, keys_of_copy
from cases.store.problems import sqlite_errors
from cases.values.places import uri_of, wait_seconds

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from cases.store.keys.wrapping import Wrapped


def connect(path: Path, *, check_same_thread: bool = True, to_recast: bool = False) -> sqlite3.Connection:
    """A connection that reads and writes a SQLite file, and makes it where it is not there; BEGIN is ours to say.

    Whoever writes to a backup makes a store of it: its key is put beside it first. ``to_recast``: what is read can be
    written anew in another form, encrypted or plain.
    Raises `sqlite3.Error` or the like of SQLCipher (`cases.store.problems.sqlite_errors`), and where a key is wanted
    what `keys_beside` raises; waits for others at work as long as `wait_seconds` says.
    """
    opened, raw = _opened(path, str(path), cipher=to_recast, check_same_thread=check_same_thread)
    if raw is not None and not (to_recast or is_lent(path)) and beside(path) is None and (own := inside(path)):
        keep_beside(path, own)
    return opened


def connect_to_read(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that only reads a SQLite file; ``immutable``: nobody writes it, so no journal is looked for.

    Raises as `connect` does.
    """
    how = "mode=ro&immutable=1" if immutable else "mode=ro"
    return _opened(path, f"{uri_of(path.absolute())}?{how}", uri=True)[0]


def form_of(path: Path) -> tuple[bytes | None, Wrapped | None]:
    """The key that opens a file which is there, raw and wrapped; nothing of a plain one. Raises as `connect` does."""
    opened, raw = _opened(path, f"{uri_of(path.absolute())}?mode=ro", uri=True)
    with closing(opened):
        return (None, None) if raw is None else (raw, beside(path) or inside(path))


_LEFT_OPEN = ("SQLITE_READONLY", "SQLITE_READONLY_ROLLBACK", "SQLITE_READONLY_RECOVERY")
"""The first is what SQLCipher says of either."""


def was_left_open(error: Exception) -> bool:
    """Whether a process was killed in the midst of writing: what it began has to be taken back, which a writer can."""
    return getattr(error, "sqlite_errorname", "") in _LEFT_OPEN


def recovered(path: Path) -> sqlite3.Connection:
    """A connection that only reads, after what a killed process had begun was taken back; raises as `connect` does."""
    with closing(connect(path)) as writer:
        writer.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connect_to_read(path)


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at a place; None where there is none."""
    with suppress(FileNotFoundError):
        stands = path.stat()
        return stands.st_dev, stands.st_ino
    return None


def driver(path: Path) -> ModuleType | None:
    """What SQLAlchemy has to take a file for; None for what it takes by itself. Raises as `connect` does."""
    if keys_beside(path):
        return _cipher()
    if not path.exists() or not path.stat().st_size:
        return None
    return None if form_of(path)[0] is None else _cipher()


def _opened(path: Path, place: str, *, cipher: bool = False, **how: Any) -> tuple[sqlite3.Connection, bytes | None]:
    """A connection, and the key that it was opened with; where none fits, whoever reads through it is told so."""
    how["isolation_level"] = None
    keys = keys_beside(path)
    if not keys and not cipher:
        plain = sqlite3.connect(place, timeout=0, **how)
        if _fits(plain):
            return _patient(plain), None
        keys = keys_of_copy(path)
        if not keys and not may_be_encrypted(path):
            return _patient(plain), None
        plain.close()
        if not keys:
            raise key_missing(path)
    for raw in (*keys, None):
        opened = _keyed(place, raw, how)
        if len(keys) > 1:
            _patient(opened)  # which key it is cannot be told while another writes
        if _fits(opened):
            return _patient(opened), raw
        opened.close()
    return _patient(_keyed(place, (*keys, None)[0], how)), None


def _keyed(place: str, raw: bytes | None, how: dict[str, Any]) -> sqlite3.Connection:
    opened = cast("sqlite3.Connection", _cipher().connect(place, timeout=0, **how))  # of another library, used alike
    opened.execute("PRAGMA cipher_log_level=NONE")  # else a wrong key is told on stderr, too
    if raw is not None:
        opened.execute(f"PRAGMA key=\"x'{raw.hex()}'\"")
    return opened


def _patient(opened: sqlite3.Connection) -> sqlite3.Connection:
    opened.execute(f"PRAGMA busy_timeout={wait_seconds() * 1000}")
    return opened


def _fits(opened: sqlite3.Connection) -> bool:
    """Whether a file is one that is read in this way; one that others keep busy is taken for it."""
    try:
        opened.execute("PRAGMA schema_version").fetchone()
    except sqlite_errors("DatabaseError") as error:
        return getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB"
    return True


def _cipher() -> ModuleType:
    from sqlcipher3 import dbapi2

    return cast("ModuleType", dbapi2)
