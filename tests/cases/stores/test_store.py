"""Where the store is, how it comes to be, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from syrupy.assertion import SnapshotAssertion

from cases.imports.importing import import_file
from cases.keeping import copying
from cases.log.batches import read_batches
from cases.log.execute import equal
from cases.store import seeding
from cases.store.connection import initialise, querying, sqlite_path, store_url, writing
from cases.store.drivers.engines import engine
from cases.store.drivers.server import options_of
from cases.store.drivers.transaction import Transaction
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values import places
from cases.values.records import Record, Roster
from rules.loader.errors import StoreProblem
from tests.postgresql import on_postgresql, own_store

SOMEBODY = Roster((Record("HS-1", {"code": "HS-1", "full_name": "Trần Văn Mẫu"}),))


def file_of(url: str) -> Path:
    """The file of a SQLite store."""
    path = sqlite_path(url)
    assert path is not None
    return path


def test_the_store_to_use(tmp_path: Path) -> None:
    """The option comes before `DUBI_STORE`, that before `DUBI_HOME`, that before the user's data directory."""
    everything = {"DUBI_STORE": "postgresql://may/dubi", "DUBI_HOME": str(tmp_path)}
    assert store_url("sqlite:////kho/a.sqlite", everything) == "sqlite:////kho/a.sqlite"
    assert store_url(None, everything) == "postgresql://may/dubi"
    assert store_url(None, {"DUBI_HOME": str(tmp_path)}) == f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    assert store_url(None, {}).endswith("dubi.sqlite")


def test_a_plain_path_is_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path without a scheme is the file itself, wherever the command is run."""
    monkeypatch.chdir(tmp_path)
    assert file_of(store_url("kho.sqlite", {})) == tmp_path / "kho.sqlite"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """The file and the folder made for it are closed to everybody else."""
    path = tmp_path / "nha" / "dubi.sqlite"
    assert initialise(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [other.name for other in path.parent.iterdir()] == ["dubi.sqlite"]


def test_making_it_twice(store: str) -> None:
    """A store that is there is left as it is."""
    with writing(store) as connection:
        apply_roster(connection, SOMEBODY, new_batch())
    assert not initialise(store)
    assert read_store(store) == SOMEBODY


def test_how_it_is_opened(file_store: str) -> None:
    """Foreign keys hold, writes go to a log beside the file, and a writer waits for another."""
    with writing(file_store) as connection:
        pragmas = {
            name: list(connection.execute(f"PRAGMA {name}"))
            for name in ("foreign_keys", "journal_mode", "busy_timeout")
        }
    assert pragmas == {"foreign_keys": [(1,)], "journal_mode": [("wal",)], "busy_timeout": [(10_000,)]}


def test_a_failed_making_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store is there whole or not at all: when its making fails, no file stays."""

    def fail(_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(seeding, "upgrade", fail)
    with pytest.raises(StoreProblem):
        initialise(f"sqlite:///{tmp_path / 'kho' / 'dubi.sqlite'}")
    assert list((tmp_path / "kho").iterdir()) == []


def _prepare(case: str, path: Path) -> None:
    if case == "a folder":
        path.mkdir()
    elif case == "a text":
        path.write_text("Mã hồ sơ;Họ và tên\n" * 50, encoding="utf-8")
    elif case == "another program's":
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE hang (id INTEGER)")
        other.commit()
        other.close()
    elif case != "missing":
        initialise(f"sqlite:///{path}")
        number = "9999" if case == "newer" else "0000"
        other = sqlite3.connect(path)
        other.execute("UPDATE alembic_version SET version_num = ?", [number])
        other.commit()
        other.close()


@pytest.mark.parametrize("case", ["missing", "a folder", "a text", "another program's", "newer", "older"])
def test_stores_that_cannot_be_used(tmp_path: Path, case: str, snapshot: SnapshotAssertion) -> None:
    """Reading and writing say the same clear sentence, with exit code 4."""
    path = tmp_path / "dubi.sqlite"
    _prepare(case, path)
    url = f"sqlite:///{path}"
    with pytest.raises(StoreProblem) as refusal:
        read_store(url)
    with pytest.raises(StoreProblem) as other, writing(url):
        pass
    assert refusal.value.exit_code == 4
    assert str(other.value) == str(refusal.value)
    assert str(refusal.value).replace(str(tmp_path), "…") == snapshot


def _is_unharmed(url: str) -> None:
    assert read_store(url) == SOMEBODY


@pytest.fixture
def filled(store: str) -> str:
    """A store with one case, on every database."""
    with writing(store) as connection:
        apply_roster(connection, SOMEBODY, new_batch())
    return store


@pytest.fixture
def filled_file(file_store: str) -> str:
    """A store with one case on a file."""
    with writing(file_store) as connection:
        apply_roster(connection, SOMEBODY, new_batch())
    return file_store


def test_a_full_disk(filled_file: str) -> None:
    """When the medium is full in the middle of an import, it is said, and the store is as before."""
    many = tuple(Record(f"X-{n}", {"code": f"X-{n}", "full_name": "Lê Mẫu" * 9}) for n in range(500))

    def fill(connection: Transaction) -> None:
        ((pages,),) = connection.execute("PRAGMA page_count")
        connection.execute(f"PRAGMA max_page_count={pages + 3}")
        apply_roster(connection, Roster(many), new_batch())

    with pytest.raises(StoreProblem, match="đã đầy khi ghi kho"), writing(filled_file) as connection:
        fill(connection)
    _is_unharmed(filled_file)


def test_a_store_in_use(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another command writes, a writer waits and then says so; readers go on with what was there before."""
    monkeypatch.setattr(places, "_WAIT_SECONDS", 0)
    with writing(filled) as connection:
        apply_roster(connection, Roster((Record("HS-2", {"code": "HS-2", "full_name": "Lê Mẫu"}),)), new_batch())
        with pytest.raises(StoreProblem, match="đang bận vì một lệnh khác đang ghi"), writing(filled):
            pass
        _is_unharmed(filled)
    assert [record.code for record in read_store(filled).records] == ["HS-1", "HS-2"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the mode of a file stops nobody here")
def test_a_read_only_store(filled_file: str) -> None:
    """A file that may only be read can be read; writing says why not."""
    path = file_of(filled_file)
    path.chmod(0o400)
    with pytest.raises(StoreProblem, match="chỉ đọc được"), writing(filled_file) as connection:
        apply_roster(connection, Roster(), new_batch())
    _is_unharmed(filled_file)


def test_a_store_that_refuses_writing(filled_file: str) -> None:
    """What SQLite calls a read-only database is called so in Vietnamese."""

    def try_to_write(connection: Transaction) -> None:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("DELETE FROM changes")

    with pytest.raises(StoreProblem, match="chỉ đọc được, không ghi được"), writing(filled_file) as connection:
        try_to_write(connection)


def test_a_broken_store(filled_file: str) -> None:
    """A damaged file is called damaged, and where to turn is said."""
    path = file_of(filled_file)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreProblem, match=r"bị hỏng|không phải là kho"):
        read_store(filled_file)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_without_a_file(url: str) -> None:
    """A store in memory would be gone with the command: it is refused."""
    with pytest.raises(StoreProblem, match="không có tên tệp"):
        read_store(url)


def test_an_address_of_nothing() -> None:
    """A scheme that no database has is refused in words."""
    with pytest.raises(StoreProblem, match="không đúng"):
        read_store("oracle-of-delphi://dubi")


def test_codes_of_strange_signs(store: str) -> None:
    """What a driver might take for the place of a value, or a database for the end of a text, is written and found."""
    codes = ("HS%s", "HS?", "HS%", "HS'", 'HS"', "HS$1", "HS:a")
    with writing(store) as connection:
        people = tuple(Record(code, {"code": code, "full_name": f"Lê {code}"}) for code in codes)
        apply_roster(connection, Roster(people), new_batch("x"))
    with querying(store) as execute:
        for code in codes:
            assert [row[0] for row in execute(f"SELECT code FROM cases WHERE {equal('code', code)}")] == [code]  # noqa: S608  # quoted
    assert {record.fields["full_name"] for record in read_store(store).records} == {f"Lê {code}" for code in codes}


def test_an_address_is_read_as_ever() -> None:
    """What an address says of account, password, server, port and database is what SQLAlchemy reads in it."""
    for url in (
        "postgresql://thuky@may/dubi",
        "postgres://thuky:m%40t%2Fkh%25u@may.example:5433/dubi",
        "postgresql+psycopg://thuky:a/b?c#d:e@[::1]:5432/kho%20so",
        "postgresql:///dubi?host=/run/postgresql&options=-csearch_path%3Da",
        "postgresql://may",
        "postgresql://thuky:@may/dubi?sslmode=require",
    ):
        told = sa.make_url(url.replace("postgres://", "postgresql://"))
        parts: dict[str, object] = {
            "user": told.username,
            "password": told.password,
            "host": told.host,
            "dbname": told.database,
        }
        parts |= {"port": str(told.port or ""), **told.query}
        assert options_of(url) == {name: value for name, value in parts.items() if value}
    both = options_of("postgresql:///dubi?host=mot:5432&host=hai:5433&user=an")
    assert both == {"dbname": "dubi", "host": "mot,hai", "port": "5432,5433", "user": "an"}
    assert options_of("postgresql:///dubi?host=mot:5433") == {"dbname": "dubi", "host": "mot", "port": "5433"}
    twice, pythons = "postgresql://may/a?sslmode=require&sslmode=disable", "postgresql://may/a?autocommit=1"
    wrong = ("postgresql://may:năm/dubi", "mysql://may/dubi", "postgresql:may", "postgresql://127.0.0.1/a?la=1")
    for url in (*wrong, twice, pythons, "postgresql://may/a?row_factory=x"):
        with pytest.raises(StoreProblem, match="không đúng"):
            read_store(url)


@on_postgresql
def test_a_writer_sees_what_was_written_while_she_waited() -> None:
    """A write begins as it must, whatever the server begins by itself."""
    with own_store() as url:
        name = options_of(url)["dbname"]
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
        with writing(url) as connection:
            assert list(connection.execute("SHOW transaction_isolation")) == [("read committed",)]
        with engine(url) as database, database.begin() as bound:
            assert bound.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"


def test_who_failed_in_a_backup_is_named() -> None:
    """What a server says while its store is copied is told of the server, and not of the file."""

    def lost(_: str) -> list[object]:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with pytest.raises(StoreProblem, match="may-chu") as told:
        copying._told_of("postgresql://an@may-chu/dubi", lost)("SELECT 1")
    assert ".sqlite" not in str(told.value)


@on_postgresql
def test_a_statement_that_the_driver_refuses() -> None:
    """A mistake of our own in a statement is not told as a server that cannot be reached."""
    with own_store() as url, pytest.raises(psycopg.ProgrammingError), writing(url) as connection:
        connection.select("SELECT ?", (object(),))


def test_passwords_stay_out_of_messages() -> None:
    """An address with a password is shown without it."""
    with pytest.raises(StoreProblem) as refusal:
        read_store("postgresql://thuky:matkhau@may-khong-co.invalid/dubi")
    assert "matkhau" not in str(refusal.value)
    assert "thuky@may-khong-co.invalid" in str(refusal.value)


def test_reading_imports_nothing_heavy(filled_file: str, data: Path) -> None:
    """Reading a store or a workbook starts fast: no SQLAlchemy, SQLModel or writer of workbooks comes along."""
    program = (
        "import sys\n"
        "from cases.store.reading import read_store\n"
        "from cases.workbook.read import read_workbook\n"
        f"read_store({filled_file!r})\n"
        f"read_workbook({str(data / 'rosters' / 'chi-bo-nho.xlsx')!r})\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'alembic', 'pydantic', 'xlsxwriter', 'openpyxl', 'polars', 'rich'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_writing_and_verifying_import_nothing_heavy(filled: str) -> None:
    """From the command that is typed to the anchor of its write, and where that is verified, nothing comes in but the
    driver of the database."""
    script = """
import sys
from cli.main import run
store = ["--store", sys.argv[1]]
for line in (
    ["record", "HS-1", "announced_on", "--on", "2025-03-01", "--confirm"],
    ["correct", "HS-1", "note=một", "--confirm"],
    ["undo", "--confirm"],
    ["log", "verify"],
):
    sys.argv = ["dubi", *line, *store]
    try:
        run()
    except SystemExit as ended:
        assert not ended.code, line
print(*{"sqlalchemy", "sqlmodel", "pydantic", "alembic", "cases.store.tables"} & sys.modules.keys(), file=sys.stderr)
"""
    run = subprocess.run([sys.executable, "-c", script, filled], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.splitlines()[-1]) == (0, ""), run.stderr
    with querying(filled) as execute:
        assert [batch.action for batch in read_batches(execute)] == ["import", "record", "correct", "undo"]


def test_a_preview_needs_no_store(data: Path, tmp_path: Path) -> None:
    """Before there is a store, a preview shows everything as new, and makes none; writing asks for one."""
    url = f"sqlite:///{tmp_path / 'chua-co.sqlite'}"
    source = data / "rosters" / "chi-bo-nho.xlsx"
    assert import_file(url, source).plan.cases.new == 26
    assert not file_of(url).exists()
    with pytest.raises(StoreProblem, match="dubi init"):
        import_file(url, source, apply=True)
