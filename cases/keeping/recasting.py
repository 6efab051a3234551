"""A store's file written anew in another form: encrypted, plain, or under another key; row by row, and compared.

SQLCipher copies the tables with their rows, then what guards them (`sqlcipher_export`); what it copied is counted, and
where the log stands is read from the copy, before anybody relies on it.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

from cases.store.keys.carried import take_out
from cases.store.keys.ring import keys_of_copy, lent
from cases.store.opening import connect
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


_SETTINGS = ("user_version", "application_id")


def copy_in_form(file: Path, draft: Path, raw: bytes | None) -> None:
    """Copy a backup to a draft that is opened with this key, or plain; raises `OSError`, `StoreProblem`."""
    own = next(iter(keys_of_copy(file)), None)
    if own == raw:
        shutil.copyfile(file, draft)
        take_out(draft)
        return
    copy = draft.with_name(f"{draft.name}-chep")
    try:
        copy.touch(0o600, exist_ok=False)
        shutil.copyfile(file, copy)  # what is read from may stand on a medium that takes no lock
        take_out(copy)
        with lent(copy, own), closing(connect(copy, to_recast=True)) as opened:
            recast(opened, draft, raw)
    finally:
        copy.unlink(missing_ok=True)


def recast(store: sqlite3.Connection, draft: Path, raw: bytes | None) -> None:
    """Write what a connection made `to_recast` reads to an empty draft; raises `StoreProblem`, and SQLite's errors."""
    store.execute("ATTACH DATABASE ? AS anew KEY ?", (str(draft), "" if raw is None else f"x'{raw.hex()}'"))
    try:
        store.execute("SELECT sqlcipher_export('anew')").fetchone()
        for name in _SETTINGS:
            store.execute(f"PRAGMA anew.{name} = {store.execute(f'PRAGMA main.{name}').fetchone()[0]}")
        if _counted(store, "main") != _counted(store, "anew"):
            raise StoreProblem("Chép kho sang dạng mới không đủ dòng. Chưa đổi gì; thử lại.")
    finally:
        store.execute("DETACH DATABASE anew")


def _counted(store: sqlite3.Connection, name: str) -> dict[str, object]:
    """Every table, index and guard with its words, the number of rows of each table, and the last line of the log."""

    def asked(what: str, of: str, more: str = "") -> list[tuple[Any, ...]]:
        return list(store.execute(f'SELECT {what} FROM {name}."{of}" {more}'))  # noqa: S608  # names that the store listed

    made = {f"{kind} {what}": sql for kind, what, sql in asked("type, name, sql", "sqlite_master")}
    tables = [what.removeprefix("table ") for what in made if what.startswith("table ")]
    last = asked("hash", "batches", "ORDER BY id DESC LIMIT 1") if "batches" in tables else []
    return {**made, **{f"rows {table}": asked("count(*)", table) for table in tables}, "log": last}
