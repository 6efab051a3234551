"""Every row of a store from one database into another: from a server into a file, from a file into a server."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic import command

from cases.log.execute import in_parts
from cases.store.connection import hold_alone
from cases.store.drivers.engines import engine, under
from cases.store.drivers.transaction import begun, opened
from cases.store.problems import store_errors
from cases.store.rows.statements import insert, update
from cases.store.rows.written_tables import TABLES
from cases.store.seeding import alembic_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from cases.log.execute import Execute
    from cases.store.drivers.transaction import Transaction

AT_ONCE = 5_000


def copy_to_sqlite(url: str, path: Path) -> None:
    """Copy a server's store into an empty SQLite file: the whole of it, whoever asks."""
    place = f"sqlite:///{path}"
    with store_errors(str(path)), engine(place) as database, database.begin() as connection:
        command.upgrade(alembic_config(connection), "head")  # its name and its words come with the rows
    with store_errors(url), begun(url, only_read=True) as source, store_errors(str(path)), begun(place) as target:
        _copy(_told_of(url, source.execute), target)
    with store_errors(str(path)), opened(place) as file:
        file.execute("PRAGMA journal_mode=DELETE")


def _told_of(place: str, execute: Execute) -> Execute:
    """What runs queries on the store that is read: it is named where it fails, and not the one that is written."""

    def run(query: str) -> Iterable[Any]:
        with store_errors(place):
            return execute(query)

    return run


@contextmanager
def replacing(url: str) -> Iterator[Connection]:
    """One transaction in which the store of a server is made anew; nobody else writes to it then."""
    with store_errors(url), engine(url) as database, database.begin() as connection:
        hold_alone(url, under(connection).execute)
        yield connection


def replace_from_sqlite(path: Path, target: Connection) -> None:
    """Put the rows of a SQLite store in the place of a server's, within the caller's transaction."""
    config = alembic_config(target)
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    with begun(f"sqlite:///{path}", only_read=True) as source:
        _copy(_told_of(str(path), source.execute), under(target))
    for table, written in TABLES.items():
        if "id" in written.columns:
            last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608  # our own words
            under(target).execute(f"{last} HAVING max(id) IS NOT NULL")


def _copy(source: Execute, target: Transaction) -> None:
    """Copy every row; the tables of the target hold nothing yet but what seeding put there."""
    for table, written in reversed(TABLES.items()):
        if written.key != ("id",):
            target.execute(f"DELETE FROM {table}")  # noqa: S608  # our own words
    for table, written in TABLES.items():
        names = tuple(written.columns)
        rows = source(f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(written.key)}")  # noqa: S608  # our own words
        for some in in_parts(rows, AT_ONCE):
            _insert(target, table, [dict(zip(names, row, strict=True)) for row in some])
    above = source("SELECT id, parent_id FROM units WHERE parent_id IS NOT NULL")
    update(target, "units", [{"id": number, "parent_id": parent} for number, parent in above])


def _insert(target: Transaction, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows; a unit may stand before the one above it, so who is above whom comes at the end."""
    insert(target, table, [{**row, "parent_id": None} for row in rows] if table == "units" else rows)
