"""Stores in no time: the tables are made once by the migrations, and a new store begins as a copy of them.

The roster of a small cell is taken in once, too.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

import pytest
from alembic import command

from cases.store import connection as stores
from cases.store import seeding
from cases.store.drivers.engines import engine, under

_make_file, _upgrade = stores._make_file, seeding.upgrade


@cache
def _tables() -> bytes:
    """A file with all tables and nothing of a store's own in it, not even its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.sqlite"
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with engine(f"sqlite:///{path}") as database, database.begin() as connection:
            command.upgrade(seeding.alembic_config(connection), "head")
            seeding.seed(under(connection))
        return path.read_bytes()


@cache
def _small() -> bytes:
    """A store with the roster of a small cell."""
    from cases.imports.importing import import_file
    from tests.conftest import DATA

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dubi.sqlite"
        stores.initialise(f"sqlite:///{path}")
        import_file(f"sqlite:///{path}", DATA / "rosters" / "chi-bo-nho.xlsx", apply=True)
        return path.read_bytes()


def with_a_small_cell(path: Path) -> str:
    """Put a store with the roster of a small cell there; gives its address."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(0o600)
    path.write_bytes(_small())
    stores.anchor(url := f"sqlite:///{path}")  # as the import did
    for leftover in (Path(f"{path}-wal"), Path(f"{path}-shm")):  # nobody has it open
        leftover.unlink(missing_ok=True)
    return url


def _copied(path: Path) -> None:
    """What `cases.store.connection` does with a new file, without running the migrations once more."""
    if seeding.upgrade is not _upgrade:  # a test of the making itself has put something in its way
        _make_file(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.touch(0o600)
    try:
        draft.write_bytes(_tables())
        store = sqlite3.connect(draft)
        store.execute("INSERT INTO identity (id, store) VALUES (1, ?)", (secrets.token_hex(16),))
        store.commit()
        store.close()
        stores.put_in_place(draft, path)
    finally:
        for leftover in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            leftover.unlink(missing_ok=True)


def copy_new_stores(patch: pytest.MonkeyPatch) -> None:
    """Have new stores copied from now on."""
    patch.setattr(stores, "_make_file", _copied)
