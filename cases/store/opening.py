"""The one place that opens a SQLite file: a store, a backup, a draft that is to take a store's place."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from cases.values.places import uri_of, wait_seconds

if TYPE_CHECKING:
    from pathlib import Path


def connect(path: Path, *, check_same_thread: bool = True) -> sqlite3.Connection:
    """A connection that reads and writes a SQLite file, and makes it where it is not there; BEGIN is ours to say.

    Raises `sqlite3.Error`; waits for others at work as long as `wait_seconds` says.
    """
    return sqlite3.connect(path, timeout=wait_seconds(), isolation_level=None, check_same_thread=check_same_thread)


def connect_to_read(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that only reads a SQLite file; ``immutable``: nobody writes it, so no journal is looked for.

    Raises `sqlite3.Error`.
    """
    how = "mode=ro&immutable=1" if immutable else "mode=ro"
    uri = f"{uri_of(path.absolute())}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=wait_seconds(), isolation_level=None)
