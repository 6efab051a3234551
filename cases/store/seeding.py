"""What a store holds before anything is written to it: its tables, its name, the rules' words in reference tables.

The database then knows every step and every code.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from cases.store.rows.written_tables import TABLES
from cases.values.history import step_order
from rules.loader import vocabulary

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

NOT_ATTRIBUTES = frozenset({"code", "person_code", "full_name", "born_on", "sex", "unit"})
"""Columns that a person or a case keeps in a column of its own."""


def reference_rows() -> list[tuple[str, tuple[str, ...], set[tuple[str | None, ...]]]]:
    """The reference tables: the name of each, its columns with the key first, and the rows of the vocabulary."""
    words = vocabulary.load()
    attributes = {
        (fact.name, str(fact.type), fact.codes if fact.type == "code" else None)
        for fact in words.columns
        if fact.kind in ("attribute", "mark") and fact.name not in NOT_ATTRIBUTES
    }
    lists = {codes for _, _, codes in attributes}
    return [
        ("step_kinds", ("name",), {(name,) for name in step_order()}),
        (
            "codes",
            ("list", "code"),
            {(name, code) for name in words.codes if name in lists for code in words.codes[name]},
        ),
        ("attribute_kinds", ("name", "type", "code_list"), set(attributes)),
    ]


def seed(connection: Connection) -> None:
    """Add what the vocabulary has and the tables lack; nothing is taken away, for old records may rest on it."""
    for name, columns, rows in reference_rows():
        table = TABLES[name]
        keys = len(table.primary_key.columns)
        known = {tuple(row)[:keys] for row in connection.execute(sa.select(*(table.c[column] for column in columns)))}
        missing = [dict(zip(columns, row, strict=True)) for row in sorted(rows, key=repr) if row[:keys] not in known]
        if missing:
            connection.execute(sa.insert(table), missing)


def name_store(connection: Connection) -> None:
    """Give a store that has none a name of its own, once and for ever."""
    identity = TABLES["identity"]
    if connection.execute(sa.select(identity.c.id)).first() is None:
        connection.execute(sa.insert(identity).values(id=1, store=secrets.token_hex(16)))


def upgrade(database: Engine) -> None:
    """Bring the tables up to date and the reference tables with them, in one transaction."""
    from alembic import command

    with database.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        seed(connection)
        name_store(connection)


def alembic_config(connection: Connection) -> Config:
    """Alembic over a connection whose transaction is ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "cases:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
