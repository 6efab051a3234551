"""The tables of the log: what was written when by whom. Triggers refuse that a line is ever altered or taken out.

The one thing they let happen is that what a line says of somebody goes, with its salt, and nothing comes in its place.
The hashes of `cases.log.chain` show what somebody did who took the triggers away.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from cases.store.table_parts import Table, text, text_check
from cases.values.sheets import LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT


class Identity(Table, table=True):
    """What store this is: one row, made with the store."""

    __tablename__ = "identity"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="store_is_one"),
        sa.CheckConstraint("length(store) = 32", name="store_is_named"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs={"autoincrement": False})
    store: str = text(32)


class Batch(Table, table=True):
    """One write: who, when, by what command, from what file; ``undoes_id`` is the write that it takes back."""

    __tablename__ = "batches"
    __table_args__ = (
        text_check("name", LONGEST_KEY),
        text_check("who", LONGEST_NAME),
        text_check("action", 20),
        text_check("source", LONGEST_NAME),
        sa.CheckConstraint("size >= 0", name="size_is_count"),
        sa.CheckConstraint("length(salt) = 32", name="salt_is_long"),
        sa.CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        sa.CheckConstraint("length(hash) = 64", name="hash_is_sha256"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = text(LONGEST_KEY, unique=True)
    made_at: datetime = Field(sa_type=sa.DateTime)
    """In UTC."""
    who: str = text(LONGEST_NAME)
    action: str = text(20)
    source: str | None = text(LONGEST_NAME, default=None)
    undoes_id: int | None = Field(default=None, foreign_key="batches.id")
    size: int
    """How many changes it made."""
    details: str | None = Field(default=None, sa_type=sa.Text)
    salt: str | None = text(32, default=None)
    digest: str = text(64)
    hash: str = text(64)


class Change(Table, table=True):
    """What one write did to one thing, whose row has the number ``item``: how it stood before and after."""

    __tablename__ = "changes"
    __table_args__ = (
        text_check("key", LONGEST_TEXT),
        sa.CheckConstraint(
            "CASE WHEN salt IS NULL THEN key IS NULL AND before IS NULL AND after IS NULL "
            "ELSE key IS NOT NULL AND (before IS NOT NULL OR after IS NOT NULL) END",
            name="something_changed",
        ),
        sa.CheckConstraint(
            "entity IN ('case', 'unit', 'course', 'enrolment', 'target', 'discipline', 'figure')",
            name="entity_is_known",
        ),
        sa.CheckConstraint("length(salt) = 32", name="salt_is_long"),
        sa.CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batches.id", index=True)
    entity: str = text(10)
    item: int
    key: str | None = text(LONGEST_TEXT, default=None)
    before: str | None = Field(default=None, sa_type=sa.Text)
    after: str | None = Field(default=None, sa_type=sa.Text)
    salt: str | None = text(32, default=None)
    digest: str = text(64)
