"""Stores of earlier forms, as the programs of their time left them."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command

from cases.store.drivers.engines import engine
from cases.store.seeding import alembic_config


def older_copy(store: Path, copy: Path, form: str) -> Path:
    """A copy of a SQLite store in an earlier form: what it holds beyond that form is not in it."""
    shutil.copyfile(store, copy)
    take_back(f"sqlite:///{copy}", form)
    return copy


def take_back(url: str, form: str) -> None:
    """Bring a store back to an earlier form."""
    with engine(url) as database, database.begin() as connection:
        command.downgrade(alembic_config(connection), form)


def older_heads(url: str) -> dict[int, str]:
    """The hash of each entry of a log, by its number, as a store of any form keeps it."""
    with engine(url) as database, database.connect() as connection:
        return {row.id: row.hash for row in connection.exec_driver_sql("SELECT id, hash FROM batches")}
