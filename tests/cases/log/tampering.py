"""Altering a store past the program, as somebody does who knows SQL and how the log is chained."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from cases.log.batches import read_batches, read_changes, store_id, with_changes
from cases.log.chain import batch_hash, digest, heading_values
from cases.log.guards import GUARDED, statements
from cases.store.connection import sqlite_path


def file_of(url: str) -> Path:
    """The file of a store."""
    path = sqlite_path(url)
    assert path is not None
    return path


def past_the_program(url: str, *said: str) -> None:
    """Alter a store as somebody does who knows SQL: the guards are taken away and put back as they were."""
    with closing(sqlite3.connect(file_of(url))) as file:
        file.execute("PRAGMA ignore_check_constraints = ON")
        for guarded in GUARDED:
            for name in statements(guarded, "sqlite"):
                file.execute(f"DROP TRIGGER IF EXISTS {name}")
        for one in said:
            file.execute(one)
        there = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for guarded in GUARDED:
            if guarded.table in there:
                for statement in statements(guarded, "sqlite").values():
                    file.execute(statement)
        file.commit()


def rewrite_log(url: str) -> None:
    """Alter the first entry and give every entry after it the hash that it has to have then."""
    with closing(sqlite3.connect(file_of(url))) as file:
        batches, changes = read_batches(file.execute), list(read_changes(file.execute))
        store, before, said = store_id(file.execute), "0" * 64, []
        for batch, own in with_changes(batches, iter(changes)):
            altered = replace(batch, who="Người khác")
            altered = replace(altered, digest=digest(altered.salt, heading_values(altered)))
            before = batch_hash(before, store, altered, own)
            sets = f"who = 'Người khác', digest = '{altered.digest}', hash = '{before}'"
            said.append(f"UPDATE batches SET {sets} WHERE id = {batch.id}")  # noqa: S608  # our own words
    past_the_program(url, *said)
