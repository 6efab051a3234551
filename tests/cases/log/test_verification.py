"""Tampering shows: whatever is altered, added or taken out past the program, `log verify` names the place."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cases.history.verification import verify
from cases.log.batches import START, Head, head, read_batches, stood_at, store_id
from cases.store.connection import initialise, querying, sqlite_path, writing
from cases.store.drivers.engines import engine
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster


@pytest.fixture
def kept(file_store: str) -> str:
    """A store with three writes."""
    for note in ("một", "hai", "ba"):
        record = Record("HS-1", {"code": "HS-1", "full_name": "Lê Mẫu", "note": note, "admitted_on": date(2024, 2, 3)})
        with writing(file_store) as connection:
            apply_roster(connection, Roster((record,)), new_batch("Lan"))
    return file_store


def tamper(store: str, *statements: str) -> None:
    """Change the file as somebody would who knows SQL and takes the triggers away first."""
    path = sqlite_path(store)
    assert path is not None
    other = sqlite3.connect(path)
    triggers = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for statement in (*(f"DROP TRIGGER {name}" for name in triggers), *statements):
        other.execute(statement)
    other.commit()
    other.close()


def test_an_honest_log_holds(kept: str) -> None:
    """Nothing is said about a log that nobody touched."""
    verdict = verify(kept)
    assert (verdict.holds, verdict.batches, verdict.changes) == (True, 3, 3)


def test_an_empty_log_holds(store: str) -> None:
    """A store that nothing was written to has nothing to hide."""
    assert verify(store).holds


BROKEN = {
    "a value altered": ('UPDATE changes SET after = \'{"note":"khác"}\' WHERE id = 2', 2),
    "what stood before altered": ("UPDATE changes SET before = '{}' WHERE id = 3", 3),
    "the name of a thing altered": ("UPDATE changes SET key = 'HS-2' WHERE id = 1", 1),
    "another case made of it": ("UPDATE changes SET item = 7 WHERE id = 2", 2),
    "a salt altered": ("UPDATE changes SET salt = hex(zeroblob(16)) WHERE id = 2", 2),
    "a line emptied": ("UPDATE changes SET salt = NULL, key = NULL, before = NULL, after = NULL WHERE id = 2", 2),
    "a heading emptied": ("UPDATE batches SET salt = NULL, source = NULL, details = NULL WHERE id = 2", None),
    "a change taken out": ("DELETE FROM changes WHERE id = 1", None),
    "the digest made anew": ("UPDATE changes SET digest = hex(zeroblob(32)) WHERE id = 2", 2),
    "a change put in": (
        "INSERT INTO changes VALUES (9, 2, 'case', 1, 'HS-1', '{}', '{}', hex(zeroblob(16)), hex(zeroblob(32)))",
        9,
    ),
    "who altered": ("UPDATE batches SET who = 'Huệ' WHERE id = 2", None),
    "when altered": ("UPDATE batches SET made_at = '2020-01-01 00:00:00.000000' WHERE id = 3", None),
    "the file altered": ("UPDATE batches SET source = 'khác.xlsx' WHERE id = 2", None),
    "more said": ("UPDATE batches SET details = '{}' WHERE id = 2", None),
    "the number altered": (
        "UPDATE batches SET id = 4 WHERE id = 3; UPDATE changes SET batch_id = 4 WHERE id = 3",
        None,
    ),
    "the last hash made anew": ("UPDATE batches SET hash = hex(zeroblob(32)) WHERE id = 3", None),
    "a change moved to another write": ("UPDATE changes SET batch_id = 2 WHERE id = 3", None),
    "another store's name": ("UPDATE identity SET store = hex(zeroblob(16))", None),
    "a write taken out": ("DELETE FROM changes WHERE batch_id = 2; DELETE FROM batches WHERE id = 2", None),
}


@pytest.mark.parametrize(("statement", "change"), BROKEN.values(), ids=BROKEN.keys())
def test_tampering_with_the_log_shows(kept: str, statement: str, change: int | None) -> None:
    """Each way of touching the log breaks the chain, and the first broken link is named."""
    tamper(kept, *statement.split("; "))
    verdict = verify(kept)
    assert not verdict.holds
    assert verdict.broken is not None
    assert verdict.broken.change == change


def test_the_end_cut_off_shows(kept: str) -> None:
    """Taking the last write out of the log leaves a store that holds more than its log says."""
    tamper(kept, "DELETE FROM changes WHERE id = 3", "DELETE FROM batches WHERE id = 3")
    verdict = verify(kept)
    assert verdict.broken is None
    assert [(one.key, one.fields) for one in verdict.strayed] == [("HS-1", ("note",))]


STRAYED = {
    "a step moved": ("UPDATE steps SET happened_on = '2023-01-01'", "HS-1"),
    "a name altered": ("UPDATE persons SET full_name = 'Lê Khác'", "HS-1"),
    "a case taken out": ("DELETE FROM steps; DELETE FROM attributes; DELETE FROM cases", "HS-1"),
    "a case put in": ("INSERT INTO cases VALUES (9, 'HS-9', 1, NULL)", "HS-9"),
    "a unit put in": ("INSERT INTO units VALUES (1, 'CB-1', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0)", "CB-1"),
}


@pytest.mark.parametrize(("statements", "key"), STRAYED.values(), ids=STRAYED.keys())
def test_tampering_with_the_tables_shows(kept: str, statements: str, key: str) -> None:
    """What was changed past the log is named, although the chain of the log is whole."""
    tamper(kept, *statements.split(";"))
    verdict = verify(kept)
    assert verdict.broken is None
    assert [one.key for one in verdict.strayed] == [key]


def test_order_is_not_time(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes are numbered one after the other whatever the clock says, and each keeps what the clock said."""
    for day in (20, 10):
        monkeypatch.setenv("DUBI_CLOCK", f"2026-05-{day}")
        record = Record("HS-1", {"code": "HS-1", "full_name": "Lê Mẫu", "note": str(day)})
        with writing(store) as connection:
            apply_roster(connection, Roster((record,)), new_batch(now=datetime(2026, 5, day, tzinfo=UTC)))
    with querying(store) as execute:
        found = [(batch.id, batch.made_at) for batch in read_batches(execute)]
    assert found == [(1, datetime(2026, 5, 20)), (2, datetime(2026, 5, 10))]
    assert verify(store).holds


def test_a_head_is_known_again(kept: str, tmp_path: Path) -> None:
    """A log knows every head it ever had, and no other store's, nor one with another hash or of an entry to come."""
    with querying(kept) as execute:
        now = head(execute)
        assert (now.store, now.number) == (store_id(execute), 3)
        heads = [Head(now.store, 0, START), *(Head(now.store, one.id, one.hash) for one in read_batches(execute))]
        assert all(stood_at(execute, one) for one in heads)
        strange = [Head(now.store, 3, START), Head(now.store, 4, now.hash), Head("0" * 32, 3, now.hash)]
        assert not any(stood_at(execute, one) for one in strange)
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    initialise(other)
    with querying(other) as execute:
        assert head(execute) == Head(store_id(execute), 0, START)
        assert store_id(execute) != now.store
        assert not any(stood_at(execute, one) for one in heads)


def test_what_the_log_keeps_is_json(kept: str) -> None:
    """Before and after are read without the program: JSON objects of fields."""
    with writing(kept) as connection:
        rows = list(connection.execute("SELECT before, after FROM changes ORDER BY id"))
    assert rows[0][0] is None
    assert [json.loads(side) for side in rows[2]] == [{"note": "hai"}, {"note": "ba"}]


def test_guards_taken_away_or_altered_show(store: str) -> None:
    """Whoever drops a guard of the log, switches it off or makes it anew without its teeth is found out."""
    with engine(store) as database, database.begin() as connection:
        execute, on = connection.exec_driver_sql, ""
        if connection.dialect.name == "postgresql":
            on = " ON changes"
            execute("ALTER TABLE batches DISABLE TRIGGER batches_no_delete")
        else:
            execute("DROP TRIGGER batches_no_delete")
            execute("CREATE TRIGGER batches_no_delete BEFORE DELETE ON batches BEGIN SELECT 1; END")
        execute(f"DROP TRIGGER changes_no_update{on}")
    verdict = verify(store)
    assert verdict.unguarded == ("batches_no_delete", "changes_no_update")
    assert not verdict.holds


def test_a_name_that_is_searched_and_not_borne_shows(kept: str) -> None:
    """The column that is searched is held against the name, also where the log knows nothing of it."""
    with writing(kept) as connection:
        connection.execute("UPDATE persons SET folded_name = 'ai do'")
    verdict = verify(kept)
    assert (verdict.misfiled, verdict.holds) == (("HS-1",), False)
