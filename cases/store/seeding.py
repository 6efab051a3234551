"""What a store holds before anything is written to it: its name, and the rules' vocabulary in reference tables.

The database then knows every step and every code.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from cases.store.tables import AttributeKind, Code, Identity, StepKind, metadata
from cases.values.history import step_order
from rules.loader import vocabulary

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOT_ATTRIBUTES = frozenset({"code", "person_code", "full_name", "born_on", "sex", "unit"})
"""Columns that a person or a case keeps in a column of its own."""


def seed(connection: Connection) -> None:
    """Add what the vocabulary has and the tables lack; nothing is taken away, for old records may rest on it."""
    words = vocabulary.load()
    attributes = [
        {"name": fact.name, "type": fact.type, "code_list": fact.codes if fact.type == "code" else None}
        for fact in words.columns
        if fact.kind in ("attribute", "mark") and fact.name not in NOT_ATTRIBUTES
    ]
    lists = {kind["code_list"] for kind in attributes}
    codes = [{"list": name, "code": code} for name in words.codes if name in lists for code in words.codes[name]]
    steps = [{"name": name} for name in step_order()]
    for table, key, rows in (
        (StepKind, ("name",), steps),
        (Code, ("list", "code"), codes),
        (AttributeKind, ("name",), attributes),
    ):
        stored = metadata.tables[str(table.__tablename__)]
        known = {tuple(row) for row in connection.execute(sa.select(*(stored.c[name] for name in key)))}
        missing = [row for row in rows if tuple(row[name] for name in key) not in known]
        if missing:
            connection.execute(sa.insert(stored), missing)


def name_store(connection: Connection) -> None:
    """Give a store that has none a name of its own, once and for ever."""
    identity = metadata.tables[str(Identity.__tablename__)]
    if connection.execute(sa.select(identity.c.id)).first() is None:
        connection.execute(sa.insert(identity).values(id=1, store=secrets.token_hex(16)))
