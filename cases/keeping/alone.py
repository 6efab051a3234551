"""Being alone with a store's file: beside the connection that has it, nobody reads or writes."""

from __future__ import annotations

import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cases.store.keys.ring import KeyMissing
from cases.store.opening import connect
from cases.values.whole_file import sync

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path


class Damaged(Exception):
    """A store that cannot be copied as a store."""


@contextmanager
def alone_with(path: Path, *, to_recast: bool = False, table: str = "batches") -> Iterator[sqlite3.Connection]:
    """A connection to a SQLite store beside which nobody reads or writes; whoever comes waits, or says it is busy.

    ``table`` is one that the file has if it is ours.

    Raises `Damaged`, SQLite's errors, and what opening its key raises.
    """
    try:
        opened = connect(path, to_recast=to_recast)
    except KeyMissing as error:
        raise Damaged from error
    with closing(opened) as store:
        store.execute("PRAGMA locking_mode=EXCLUSIVE")
        store.execute("BEGIN EXCLUSIVE")
        store.execute("COMMIT")  # in this mode the lock outlives the transaction, and copying wants none open
        if store.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise Damaged
        if store.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
            raise Damaged  # no store of ours
        yield store


def take_its_place(draft: Path, path: Path, store: sqlite3.Connection) -> None:
    """Put a draft in the place of the store that a connection is alone with; whoever waited finds another file there.

    Raises `OSError`, and SQLite's errors.
    """
    # nothing of the old file stays in the journal beside the new one; to do away with the journal would need another,
    # which whoever only reads could not take back after a kill
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sync(draft)
    if sys.platform == "win32":
        store.close()  # Windows replaces no file that is open; whoever opens it in between keeps us from replacing it
    draft.replace(path)
