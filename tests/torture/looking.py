"""What a victim left behind, looked through and through: the store, its log, the backups beside it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import cases.keeping.backups
import cases.store.connection
from cases.history.verification import verify
from cases.keeping.backups import problems_of
from cases.log.batches import RESTORE
from cases.store.opening import form_of
from cases.store.reading import roster_from
from cases.values.records import Roster


class Torn(AssertionError):
    """A store that is neither as before nor as after."""


def url_of(path: Path) -> str:
    """The address of a store's file."""
    return f"sqlite:///{path}"


Contents = tuple[str, Roster | dict[str, list[object]]]
"""The form of a store, and what it holds: of an older form, the rows of its tables as they stand."""


def contents(path: Path) -> Contents | None:
    """The form and the content of a store, checked through and through; None where there is no store.

    Of an encrypted store the form says so; its key is opened by the file for scripts.
    """
    if not path.exists():
        return None
    with closing(cases.store.connection.open_to_read(path)) as file:
        if (found := file.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise Torn(f"{path}: {found}")
        if file.execute("PRAGMA foreign_key_check").fetchone():
            raise Torn(f"{path}: rows point nowhere")
        (form,) = file.execute("SELECT version_num FROM alembic_version").fetchone()
        if form != cases.store.connection.SCHEMA:
            return form, rows_of(file)
        if not (found := verify(url_of(path))).holds:
            raise Torn(f"{path}: the log does not hold: {found}")
        encrypted = " encrypted" if form_of(path)[0] is not None else ""
        return form + encrypted, roster_from(file.execute)


def rows_of(file: sqlite3.Connection) -> dict[str, list[object]]:
    """Every row of every table."""
    tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: sorted(file.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}  # noqa: S608  # names that the store itself listed


def check_backups(path: Path) -> None:
    """Every backup beside a store is whole."""
    for kept in cases.keeping.backups.kept(url_of(path)):
        if problems := list(problems_of(kept)):
            raise Torn(f"{kept}: {problems}")


def require_told(path: Path, who: str) -> None:
    """What this writer was told to have written is in the log, or a restore says there that it took it back."""
    with closing(cases.store.connection.open_to_read(path)) as file:
        for written_by, action, details in file.execute("SELECT who, action, details FROM batches"):
            lost = json.loads(details)["lost"] if action == RESTORE else ()
            if written_by == who or any(one["who"] == who for one in lost):
                return
    raise Torn(f"{path}: what {who} wrote is gone, and nothing tells of it")
