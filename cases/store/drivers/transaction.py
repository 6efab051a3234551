"""One transaction on the database of a store, run by its driver: SQLite and PostgreSQL alike.

Both are told BEGIN, COMMIT and ROLLBACK in so many words, and both are given texts, numbers and truth values alone:
what a day is in a column, each database makes of its text.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

from cases.store.drivers import server
from cases.store.opening import connect, identity
from cases.store.problems import MOVED
from cases.values.places import sqlite_path
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Dialect = Literal["sqlite", "postgresql"]

_OF_A_FILE = ("foreign_keys=ON", "journal_mode=WAL", "temp_store=MEMORY")
"""Keys held, readers beside a writer, and nothing that is worked out left on a disk."""
_WRITE_ON_A_SERVER = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""Whoever waited for the lock sees what was written meanwhile, whatever the server begins by itself."""
_READ_ON_A_SERVER = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Transaction:
    """What runs statements within one transaction; ``schema`` stands before the name of a table that is written.

    Queries name no schema: they see what a wall lets whoever asks see.
    """

    def __init__(self, driven: Any, dialect: Dialect) -> None:
        self._driven = driven  # a connection of any of the drivers: they are used alike
        self.dialect, self.schema = dialect, ""

    def execute(self, query: str) -> Iterable[Any]:
        """Run one statement that is said whole; gives its rows."""
        rows: Iterable[Any] = self._driven.execute(query)
        return rows

    def select(self, query: str, values: Sequence[Any]) -> Iterable[Any]:
        """Run a query with a value for each of its question marks; gives its rows."""
        rows: Iterable[Any] = self._driven.execute(self._said(query), values)
        return rows

    def run(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for every row of values for its question marks."""
        self._driven.cursor().executemany(self._said(statement), rows)

    def _said(self, statement: str) -> str:
        return statement if self.dialect == "sqlite" else statement.replace("?", "%s")


def connect_to_write(path: Path) -> sqlite3.Connection:
    """A connection to a SQLite file as it is written; raises as `cases.store.opening.connect` does."""
    opened = connect(path, check_same_thread=False)
    for pragma in _OF_A_FILE:
        opened.execute(f"PRAGMA {pragma}")
    return opened


@contextmanager
def opened(url: str) -> Iterator[Transaction]:
    """The database at an address, every statement a transaction of its own; raises what its driver raises."""
    path = sqlite_path(url)
    driven = server.connect(url) if path is None else connect_to_write(path)
    try:
        yield Transaction(driven, "postgresql" if path is None else "sqlite")
    finally:
        driven.close()


@contextmanager
def begun(url: str, *, only_read: bool = False) -> Iterator[Transaction]:
    """One transaction on the database at an address: all of it is kept at the end, or nothing.

    A SQLite file lets one writer in at a time, from the beginning; on a server all is seen until a wall is raised.
    Raises what the driver raises, and `StoreProblem` where another file took the place of this one meanwhile.
    """
    path = sqlite_path(url)
    stands = None if path is None else identity(path)
    with opened(url) as store:
        if path is not None:
            store.execute("BEGIN" if only_read else "BEGIN IMMEDIATE")
        else:
            store.execute(_READ_ON_A_SERVER if only_read else _WRITE_ON_A_SERVER)
        try:
            if path is None:
                from cases.store.wall.before_postgresql import see_everything

                see_everything(store.execute)
            else:
                require_in_place(path, stands)
            yield store
            store.execute("COMMIT")
        except BaseException:
            with suppress(Exception):  # what failed is told, not that nothing is left to take back
                store.execute("ROLLBACK")
            raise


def require_in_place(path: Path, stands: tuple[int, int] | None) -> None:
    """Refuse to write where another file took the place of the one that was opened; raises `StoreProblem`."""
    if stands is not None and identity(path) != stands:
        raise StoreProblem(MOVED.format(place=path))
