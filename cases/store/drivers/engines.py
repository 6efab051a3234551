"""SQLAlchemy over the same drivers: for who makes tables (migrations), and for the tables of those who sign in.

Nothing of it is loaded by who reads or writes a store.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from cases.store.drivers import server
from cases.store.drivers.transaction import Transaction, connect_to_write, require_in_place
from cases.store.opening import driver, identity
from cases.store.wall.before_postgresql import see_everything
from cases.values.places import sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from sqlalchemy import Connection, Engine

_STANDS = "file_that_stands"
"""The option of an engine that says which file was at its place when it was asked for."""


@contextmanager
def engine(url: str, *, pooled: bool = False) -> Iterator[Engine]:
    """A SQLAlchemy engine; on SQLite with foreign keys held, a write-ahead log, patience, and writers one at a time.

    ``pooled`` keeps some connections to a server open between uses.
    """
    path = sqlite_path(url)
    module = None if path is None else driver(path)
    if path is not None:
        yield _kept(url, module).execution_options(**{_STANDS: identity(path)})
    elif not pooled:
        yield _kept(url, module)
    else:
        made = _made(url, module, pooled=True)
        try:
            yield made
        finally:
            made.dispose()


def under(connection: Connection) -> Transaction:
    """What runs statements within the transaction of a SQLAlchemy connection."""
    return Transaction(
        connection.connection.driver_connection, "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    )


@lru_cache(maxsize=16)
def _kept(url: str, module: ModuleType | None) -> Engine:
    """An engine that holds no connection and is kept: the statements that it has put into words are the cost of it."""
    return _made(url, module)


def _made(url: str, module: ModuleType | None, *, pooled: bool = False) -> Engine:
    path = sqlite_path(url)
    own: dict[str, Any] = {"pool_pre_ping": True} if pooled else {"poolclass": NullPool}
    if path is None:
        own["creator"] = partial(server.connect, url, autocommit=False)
        server.require_driver(url)
        made = sa.create_engine("postgresql+psycopg://", hide_parameters=True, isolation_level="READ COMMITTED", **own)

        @sa.event.listens_for(made, "begin")
        def _see(connection: Connection) -> None:
            see_everything(connection.exec_driver_sql)

        return made
    own |= {"creator": partial(connect_to_write, path), "module": module}
    made = sa.create_engine(url, hide_parameters=True, **own)

    @sa.event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN" if options.get("only_read") else "BEGIN IMMEDIATE")
        require_in_place(path, options[_STANDS])  # while we waited, another file may have taken its place

    return made
