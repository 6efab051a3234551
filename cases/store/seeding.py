"""What a store holds before anything is written to it: its tables, its name, the rules' words in reference tables.

The database then knows every step and every code.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from cases.store.rows.statements import insert
from cases.store.rows.written_tables import TABLES
from cases.values.history import step_order
from rules.loader import vocabulary

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

    from cases.store.drivers.transaction import Transaction

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


def seed(store: Transaction) -> None:
    """Add what the vocabulary has and the tables lack; nothing is taken away, for old records may rest on it."""
    for name, columns, rows in reference_rows():
        keys = len(TABLES[name].key)
        known = {tuple(row) for row in store.execute(f"SELECT {', '.join(columns[:keys])} FROM {name}")}  # noqa: S608  # our own names
        missing = [dict(zip(columns, row, strict=True)) for row in sorted(rows, key=repr) if row[:keys] not in known]
        insert(store, name, missing)


def name_store(store: Transaction) -> None:
    """Give a store that has none a name of its own, once and for ever."""
    if not list(store.execute("SELECT id FROM identity")):
        insert(store, "identity", [{"id": 1, "store": secrets.token_hex(16)}])


def upgrade(database: Engine) -> None:
    """Bring the tables up to date and the reference tables with them, in one transaction."""
    from alembic import command

    from cases.store.drivers.engines import under

    with database.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        store = under(connection)
        seed(store)
        name_store(store)


def alembic_config(connection: Connection) -> Config:
    """Alembic over a connection whose transaction is ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "cases:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
