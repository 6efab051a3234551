"""Every row of a store from one database into another: from a server into a file, from a file into a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command

from cases.store.connection import engine
from cases.store.problems import store_errors
from cases.store.seeding import alembic_config
from cases.store.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

AT_ONCE = 5_000


def copy_to_sqlite(url: str, path: Path) -> None:
    """Copy a server's store into an empty SQLite file."""
    with store_errors(str(path)), engine(f"sqlite:///{path}") as database, database.begin() as connection:
        command.upgrade(alembic_config(connection), "head")  # its name and its words come with the rows
    with store_errors(url), engine(url) as server, server.connect() as source:
        source.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with store_errors(str(path)), engine(f"sqlite:///{path}") as database, database.begin() as target:
            _copy(source, target)
    with engine(f"sqlite:///{path}") as database, store_errors(str(path)), database.connect() as file:
        file.exec_driver_sql("COMMIT")
        file.exec_driver_sql("PRAGMA journal_mode=DELETE")


def replace_from_sqlite(path: Path, target: Connection) -> None:
    """Put the rows of a SQLite store in the place of a server's, within the caller's transaction."""
    with engine(f"sqlite:///{path}") as file, file.connect() as source:
        config = alembic_config(target)
        command.downgrade(config, "base")
        command.upgrade(config, "head")
        _copy(source, target)
        for table in metadata.sorted_tables:
            if "id" in table.c:
                last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608  # our own words
                target.exec_driver_sql(f"{last} HAVING max(id) IS NOT NULL")


def _copy(source: Connection, target: Connection) -> None:
    """Copy every row; the tables of the target hold nothing yet but what seeding put there."""
    for table in metadata.sorted_tables:
        if table.primary_key.columns.keys() != ["id"]:
            target.execute(sa.delete(table))
    for table in metadata.sorted_tables:
        query = sa.select(table).order_by(*table.primary_key.columns)
        rows: list[dict[str, Any]] = []
        for row in source.execute(query).mappings():
            rows.append(dict(row))
            if len(rows) == AT_ONCE:
                _insert(target, table, rows)
                rows = []
        _insert(target, table, rows)
    units = metadata.tables["units"]
    below = sa.select(units.c.id, units.c.parent_id).where(units.c.parent_id.is_not(None))
    for number, parent in source.execute(below):
        target.execute(sa.update(units).where(units.c.id == number).values(parent_id=parent))


def _insert(target: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; a unit may stand before the one above it, so who is above whom comes at the end."""
    if table.name == "units":
        rows = [{**row, "parent_id": None} for row in rows]
    if rows:
        target.execute(sa.insert(table), rows)
