"""The one place that opens what is kept of those who sign in: a file beside a store's, or a schema on its server.

What is not there yet is made by the first write; whoever only reads makes nothing.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cases.store.problems import store_errors
from cases.values.places import SQLITE, desk_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Pool

_TABLES: WeakKeyDictionary[Pool, set[str]] = WeakKeyDictionary()
"""The tables that were seen to be there: none is ever taken away."""
_KEPT_THERE: set[str] = set()
"""The servers where something was seen to be kept."""
SCHEMA = "desk"
"""On a server: apart from the store's own tables."""
_ONE_WRITER = 4_711
"""On a server: the number of the lock that lets writers in one after the other, as a SQLite file does by itself."""


@contextmanager
def reading(url: str, table: str = "users") -> Iterator[Connection | None]:
    """What reads a table of the accounts of a store; None where nothing was ever kept there. Raises `StoreProblem`."""
    file = desk_file(url)
    if not (_kept_on_server(url) if file is None else file.exists()):
        yield None
        return
    with _engine(url) as engine, engine.execution_options(only_read=True).connect() as connection:
        yield connection if _there(connection, table) else None


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """One transaction on the accounts of a store, made where they are not there; raises `StoreProblem`."""
    file = desk_file(url)
    if file is not None and not file.exists():
        with store_errors(str(file)):
            _begin_file(file)
    with _engine(url) as engine, engine.begin() as connection:
        _make_what_lacks(connection)
        yield connection


def _kept_on_server(url: str) -> bool:
    """Whether anything was ever kept on a server; its driver asks, for most keep nothing there and need no more."""
    from cases.store.drivers.transaction import opened

    if url not in _KEPT_THERE:
        with store_errors(url), opened(url) as server:
            ((there,),) = server.execute(f"SELECT to_regnamespace('{SCHEMA}') IS NOT NULL")
        if there:
            _KEPT_THERE.add(url)
    return url in _KEPT_THERE


def _begin_file(file: os.PathLike[str]) -> None:
    """Make the file for its owner's eyes; another command may be quicker."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    file = desk_file(url)
    place = url if file is None else f"{SQLITE}{file}"
    with store_errors(place):
        made = _kept_engine(place, None if file is None else _identity(file))
        yield made if file is not None else made.execution_options(schema_translate_map={None: SCHEMA})


_KEPT = ExitStack()


@lru_cache(maxsize=8)
def _kept_engine(place: str, _stands: tuple[int, int] | None) -> Engine:
    """Kept for as long as the same file stands there: it knows statements by heart; every request asks who is there."""
    from cases.store.drivers.engines import engine

    return _KEPT.enter_context(engine(place, pooled=True))


def _identity(file: Path) -> tuple[int, int]:
    stands = file.stat()
    return stands.st_dev, stands.st_ino


def _there(connection: Connection, table: str) -> bool:
    import sqlalchemy as sa

    known = _TABLES.setdefault(connection.engine.pool, set())
    if table not in known and sa.inspect(connection).has_table(table, schema=_schema(connection)):
        known.add(table)
    return table in known


def _make_what_lacks(connection: Connection) -> None:
    import sqlalchemy as sa

    from desk.accounts.tables import METADATA

    schema = _schema(connection)
    if schema is not None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})")
    lacking = set(METADATA.tables) - set(sa.inspect(connection).get_table_names(schema=schema))
    if lacking:
        if schema is not None and not sa.inspect(connection).has_schema(schema):
            connection.execute(sa.schema.CreateSchema(schema))
        METADATA.create_all(connection, [METADATA.tables[name] for name in lacking], checkfirst=False)


def _schema(connection: Connection) -> str | None:
    return SCHEMA if connection.dialect.name == "postgresql" else None


def is_owner(url: str) -> bool:
    """Whether whoever runs this owns what is kept: the file on this machine, the schema on a server."""
    file = desk_file(url)
    if file is not None:
        return file.exists() and (not hasattr(os, "getuid") or file.stat().st_uid == os.getuid())
    asked = "SELECT 1 FROM pg_namespace WHERE nspname = 'desk' AND pg_get_userbyid(nspowner) = current_user"
    with reading(url) as connection:
        return connection is not None and connection.exec_driver_sql(asked).first() is not None


def written_anew(url: str) -> bool:
    """Have the tables of the accounts written anew without what they let go; False while somebody else uses them."""
    import sqlalchemy as sa

    from desk.accounts.tables import METADATA

    file = desk_file(url)
    if file is not None and not file.exists():
        return True
    with _engine(url) as engine, engine.connect() as connection:
        if (schema := _schema(connection)) is not None:
            own = connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in sorted(set(METADATA.tables) & set(sa.inspect(connection).get_table_names(schema=schema))):
                own.exec_driver_sql(f"VACUUM (FULL) {schema}.{name}")
            return True
        try:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
        except sa.exc.OperationalError:
            return False
        ((busy, _, _),) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy
