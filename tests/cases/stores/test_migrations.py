"""Migrations: the tables they make are those of the models, and every step can be taken."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from cases.changes.changing import with_step
from cases.changes.saving import draft, save
from cases.history import replay
from cases.history.undo import undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.log.batches import LoggedBatch, earlier_heads, read_batches, store_id
from cases.log.guards import GUARDED, Guarded, standing, statements
from cases.store import connection as connection_module
from cases.store.connection import SCHEMA, initialise, querying, sqlite_path
from cases.store.drivers.engines import engine
from cases.store.reading import read_store
from cases.store.tables import metadata
from cases.values.places import home
from cases.values.records import Roster, StepEntry
from cases.workbook.exporting import write_workbook
from rules.loader.errors import StoreProblem
from tests.cases.log.test_taking_back import case, put
from tests.cases.stores.older_stores import older_copy, older_heads, take_back


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "cases:migrations")
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _tables(path: Path) -> dict[str, list[str]]:
    """What the file itself says of each table and index: the lines of a statement, for their order means nothing."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL "
        "AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    )
    found = {name: sorted(line.strip().rstrip(",") for line in sql.splitlines()) for name, sql in rows}
    connection.close()
    return found


def test_one_head_and_the_program_knows_it() -> None:
    """There is one newest migration, and reading without Alembic looks for that one."""
    assert ScriptDirectory.from_config(_config()).get_heads() == [SCHEMA]


def test_migrated_tables_are_the_models(file_store: str, tmp_path: Path) -> None:
    """Migrating from nothing gives the very tables, checks, keys and indexes that the models describe."""
    path = sqlite_path(file_store)
    assert path is not None
    plain = tmp_path / "plain.sqlite"
    with engine(f"sqlite:///{plain}") as database, database.begin() as connection:
        metadata.create_all(connection)
    migrated = _tables(path)
    assert migrated == _tables(plain)
    assert {"persons", "cases", "steps", "changes"} <= migrated.keys()


def test_the_guards_are_those_written_down(store: str) -> None:
    """Every trigger of a migrated store is one that is written down for its kind of database, and none is missing."""
    with engine(store) as database, database.connect() as connection:
        dialect = connection.dialect.name
        found = standing(connection.exec_driver_sql, dialect)
    wanted = {name: sql for one in GUARDED for name, sql in statements(one, dialect).items()}
    assert found.keys() == wanted.keys()
    if dialect == "sqlite":
        assert found == wanted


def test_nothing_is_left_to_migrate(store: str) -> None:
    """Alembic itself finds no difference between the models and the migrated tables."""
    with engine(store) as database, database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_there_and_back(tmp_path: Path) -> None:
    """Every migration can be taken back, down to an empty file, and made again."""
    path = tmp_path / "there.sqlite"
    with engine(f"sqlite:///{path}") as database:
        for _ in range(2):
            with database.begin() as connection:
                command.upgrade(_config(connection), "head")
            assert "cases" in _tables(path)
            with database.begin() as connection:
                command.downgrade(_config(connection), "base")
            assert _tables(path) == {}


def test_an_older_form_is_what_it_was(tmp_path: Path) -> None:
    """Taken back to an earlier form, the tables are those that the program of that time made."""
    for form in ("0001", "0002"):
        then, back = tmp_path / f"then{form}.sqlite", tmp_path / f"back{form}.sqlite"
        with engine(f"sqlite:///{then}") as database, database.begin() as connection:
            command.upgrade(_config(connection), form)
        initialise(f"sqlite:///{back}")
        take_back(f"sqlite:///{back}", form)
        assert _tables(back) == _tables(then)


def _said(batch: LoggedBatch) -> LoggedBatch:
    """An entry without what proves it: that is made anew."""
    return replace(batch, salt="", digest="", hash="")


@pytest.mark.parametrize("form", ["0001", "0002"])
def test_a_store_of_before_is_brought_up_to_date(store: str, data: Path, tmp_path: Path, form: str) -> None:
    """Everything an older store holds, its log and its past are there afterwards, and it can be written to."""
    import_file(store, data / "rosters" / "dang-bo-co-so.xlsx", apply=True, who="Lan")
    step = StepEntry("cell_met_on", date(2026, 5, 4), "12-NQ", "12/12", "thử")
    today = date(2026, 11, 25)
    code = read_store(store).records[3].code
    save(store, lambda execute: draft(execute, code, lambda one: with_step(one, step), today), "record", confirmed=True)
    before = read_store(store)
    export = write_workbook(before, tmp_path / "truoc.xlsx").read_bytes()
    with querying(store) as execute:
        batches = read_batches(execute)
    take_back(store, form)
    shutil.rmtree(home() / "anchors")  # the program of that form kept none
    heads = older_heads(store)
    for use in (read_store, lambda url: import_file(url, data / "rosters" / "chi-bo-nho.xlsx", apply=True)):
        with pytest.raises(StoreProblem, match="Nâng cấp bằng lệnh: dubi init"):
            use(store)
    assert not initialise(store)
    assert read_store(store) == before
    assert write_workbook(read_store(store), tmp_path / "sau.xlsx").read_bytes() == export
    assert verify(store).holds
    with querying(store) as execute:
        *taken_over, seal = read_batches(execute)
        assert [_said(one) for one in taken_over] == [_said(one) for one in batches]
        assert (seal.action, seal.id, seal.size) == ("seal", len(batches) + 1, 0)
        assert earlier_heads([seal]) == heads
        assert replay.known_after(execute, batches[0].id) != before
    placed = StepEntry("cell_voted_on", date(2026, 5, 5), stored_at="tủ chi ủy, cặp 3")
    save(
        store, lambda execute: draft(execute, code, lambda one: with_step(one, placed), today), "record", confirmed=True
    )
    assert placed in next(one for one in read_store(store).records if one.code == code).steps
    undo(store)
    undo(store)
    assert verify(store).holds
    undo(store, confirmed=True)
    assert read_store(store).records == ()


def test_a_log_that_did_not_hold_is_not_made_whole(store: str) -> None:
    """A log that was tampered with before it was brought up to date is said to be so ever after, with the place."""
    for code in ("HS-1", "HS-2", "HS-3"):
        put(store, Roster((case(code),)))
    take_back(store, "0004")
    with engine(store) as database, database.begin() as connection:
        on_a_server = connection.dialect.name == "postgresql"
        connection.exec_driver_sql(f"DROP TRIGGER batches_no_update {'ON batches' if on_a_server else ''}")
        connection.exec_driver_sql("UPDATE batches SET who = 'ai đó' WHERE id = 2")
        made = statements(Guarded("batches", ()), connection.dialect.name)["batches_no_update"]
        connection.exec_driver_sql(made)
    initialise(store)
    with querying(store) as execute:
        second = read_batches(execute)[1]
    broken = verify(store).broken
    assert broken is not None
    assert broken.batch == second.name
    assert "trước khi được niêm phong" in broken.why


def test_older_copies_get_one_name(file_store: str, tmp_path: Path) -> None:
    """Two copies of a store of before, each brought up to date by itself, are one store; a new store is another."""
    put(file_store, Roster((case("HS-1"),)))
    names = set()
    for name in ("mot", "hai"):
        path = sqlite_path(file_store)
        assert path is not None
        copy = f"sqlite:///{older_copy(path, tmp_path / f'{name}.sqlite', '0004')}"
        initialise(copy)
        with querying(copy) as execute:
            names.add(store_id(execute))
    assert len(names) == 1
    with querying(file_store) as execute:
        assert store_id(execute) not in names


def test_a_newer_store_is_left_alone(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store made by a newer Dubi is neither read, written nor brought up to date by this one; a sentence says so."""
    monkeypatch.setattr(connection_module, "SCHEMA", "0001")
    for use in (read_store, initialise, undo, verify, lambda url: put(url, Roster((case("HS-1"),)))):
        with pytest.raises(StoreProblem, match=r"do bản dubi mới hơn tạo\. Cài bản dubi mới rồi thử lại"):
            use(store)


def test_other_databases_get_tables_too() -> None:
    """The same models make tables for PostgreSQL: no word of them belongs to SQLite alone."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy types no dialect's making
    for table in metadata.sorted_tables:
        statement = str(sa.schema.CreateTable(table).compile(dialect=dialect))
        assert "WITHOUT ROWID" not in statement
        assert "date(" not in statement
        assert " IN (0, 1)" not in statement
