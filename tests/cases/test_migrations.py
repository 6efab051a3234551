"""Migrations: the tables they make are those of the models, and every step can be taken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from cases.store import SCHEMA, engine, sqlite_path
from cases.tables import metadata


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "cases:migrations")
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _tables(path: Path) -> dict[str, list[str]]:
    """What the file itself says of each table and index: the lines of a statement, for their order means nothing."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL "
        "AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    )
    found = {name: sorted(line.strip().rstrip(",") for line in sql.splitlines()) for name, sql in rows}
    connection.close()
    return found


def test_one_head_and_the_program_knows_it() -> None:
    """There is one newest migration, and reading without Alembic looks for that one."""
    assert ScriptDirectory.from_config(_config()).get_heads() == [SCHEMA]


def test_migrated_tables_are_the_models(file_store: str, tmp_path: Path) -> None:
    """Migrating from nothing gives the very tables, checks, keys and indexes that the models describe."""
    path = sqlite_path(file_store)
    assert path is not None
    plain = tmp_path / "plain.sqlite"
    with engine(f"sqlite:///{plain}") as database, database.begin() as connection:
        metadata.create_all(connection)
    migrated = _tables(path)
    assert migrated == _tables(plain)
    assert {"persons", "cases", "steps", "changes"} <= migrated.keys()


def test_nothing_is_left_to_migrate(store: str) -> None:
    """Alembic itself finds no difference between the models and the migrated tables."""
    with engine(store) as database, database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_there_and_back(tmp_path: Path) -> None:
    """Every migration can be taken back, down to an empty file, and made again."""
    path = tmp_path / "there.sqlite"
    with engine(f"sqlite:///{path}") as database:
        for _ in range(2):
            with database.begin() as connection:
                command.upgrade(_config(connection), "head")
            assert "cases" in _tables(path)
            with database.begin() as connection:
                command.downgrade(_config(connection), "base")
            assert _tables(path) == {}


def test_other_databases_get_tables_too() -> None:
    """The same models make tables for PostgreSQL: no word of them belongs to SQLite alone."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        statement = str(sa.schema.CreateTable(table).compile(dialect=dialect))
        assert "WITHOUT ROWID" not in statement
        assert "date(" not in statement
        assert " IN (0, 1)" not in statement
