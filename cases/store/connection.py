"""Where the store is, and how it is made and opened: a SQLite file of the user's own, or another database by its URL.

Nothing heavy is imported until a store is made: to read or write one takes no more than the driver of its database.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cases.log.batches import head
from cases.store.drivers.transaction import begun
from cases.store.held.anchoring import keep
from cases.store.held.once import held
from cases.store.held.soundness import is_long, require_sound, rows_of
from cases.store.opening import connect_to_read, recovered, was_left_open
from cases.store.problems import codes_of_others, sqlite_errors, store_errors, without_password
from cases.store.rows.written_tables import TABLES
from cases.store.sight import seeing, sight
from cases.values.places import SQLITE, private_folder, require_own_disk
from cases.values.places import home as home
from cases.values.places import sqlite_path as sqlite_path
from cases.values.places import store_url as store_url
from cases.values.places import wait_seconds as wait_seconds
from rules.loader import vocabulary
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.execute import Execute
    from cases.store.drivers.transaction import Transaction
    from cases.store.sight import Sight

SCHEMA = "0009"
"""The newest migration: the form of the tables that this program reads and writes."""

_INIT = "Tạo kho bằng lệnh: dubi init"


def initialise(url: str) -> bool:
    """Make the store, or bring an older one up to date; True when it was made now."""
    from cases.store.drivers.engines import engine
    from cases.store.seeding import upgrade

    path = sqlite_path(url)
    if path is None:
        with store_errors(url):
            with begun(url, only_read=True) as store:
                version = _schema_behind(store.execute)
            _require_no_newer(url, version)
            with engine(url) as database:
                upgrade(database)
        return version is None
    require_own_disk(path.absolute())
    if path.exists():
        with store_errors(url):
            _require_store(path, upgradable=True)
            with engine(url) as database:
                upgrade(database)
        return False
    with store_errors(url):
        _make_file(path)
    return True


def _make_file(path: Path) -> None:
    """Make the file beside its place and move it there whole: a store is there or not, never half."""
    from cases.store.drivers.engines import engine
    from cases.store.seeding import upgrade

    private_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with engine(f"{SQLITE}{draft}") as database:
            upgrade(database)
        put_in_place(draft, path)
    finally:
        for leftover in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            leftover.unlink(missing_ok=True)


def put_in_place(draft: Path, path: Path) -> None:
    """Give the draft its name, unless another command was quicker."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise StoreProblem(f"Kho “{path}” vừa được tạo bởi một lệnh khác. Chạy lại lệnh.") from None
    except OSError:  # a file system without links
        draft.replace(path)


@contextmanager
def writing(url: str, *, lasting: bool = True) -> Iterator[Transaction]:
    """One transaction on a store that is there, sound and of today's form: all of it is kept, or nothing.

    Where the log stands then is anchored outside the store; a draft that is to take a store's place, and a store that
    a backup is to replace, are not ``lasting``: nothing is asked of them, and nothing is anchored.
    """
    path = sqlite_path(url)
    with store_errors(url):
        if path is not None:
            _require_store(path)
        vocabulary.load()  # what every write needs is read before anybody has to wait for it
        with begun(url) as store:
            if path is None:
                hold_alone(url, store.execute)
            if lasting:
                require_sound(url, store.execute)
            if (eyes := sight()) is not None and path is None:
                store.schema = f"{_before_a_server(store.execute, eyes)}."
            elif eyes is not None:
                _before_a_file(store.execute, eyes)
                store.schema = "main."
            with codes_of_others():
                yield store
    if lasting:
        anchor(url)


def _before_a_server(execute: Execute, eyes: Sight) -> str:
    from cases.store.wall.before_postgresql import stand_before  # nobody waits for a wall who sees everything

    return stand_before(execute, eyes)


def _before_a_file(execute: Execute, eyes: Sight) -> None:
    from cases.store.wall.before_sqlite import stand_before

    stand_before(execute, eyes)


def hold_alone(url: str, execute: Execute) -> None:
    """Let nobody else write to the store of a server until a transaction ends; raises `StoreProblem`.

    A SQLite file lets one writer in at a time by itself.
    """
    _require_schema(url, _schema_behind(execute))
    _let_nobody_write(execute)


def anchor(url: str) -> None:
    """Anchor a store where its log stands; while we look, no backup takes its place.

    What was written is written: where the store is busy by now, the anchor lags behind until the next write.
    """
    everything = querying(url) if sqlite_path(url) is not None else _alone(url)
    with suppress(StoreProblem), seeing(None), everything as execute:
        keep(url, head(execute), {} if is_long(url) else rows_of(execute, TABLES))


@contextmanager
def _alone(url: str) -> Iterator[Execute]:
    """What runs queries on a store of a server while nobody writes: a server lets readers go on beside a restore."""
    with store_errors(url), begun(url) as store:
        _let_nobody_write(store.execute)
        yield store.execute


def _let_nobody_write(execute: Execute) -> None:
    execute(f"SET LOCAL lock_timeout = {max(1, wait_seconds() * 1000)}")
    execute("LOCK TABLE batches IN EXCLUSIVE MODE")


@held
@contextmanager
def querying(url: str) -> Iterator[Execute]:
    """What runs queries on one state of a store, from the first row to the last; nothing can be written."""
    path = sqlite_path(url)
    if path is not None:
        with reading(path) as file:
            yield file.execute
        return
    with store_errors(url), begun(url, only_read=True) as store:
        _require_schema(url, _schema_behind(store.execute))
        if (eyes := sight()) is not None:
            _before_a_server(store.execute, eyes)
        yield store.execute


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads a SQLite store."""
    with store_errors(str(path)):
        _require_file(path)
        connection, eyes = open_to_read(path), sight()
        try:
            connection.execute("PRAGMA temp_store = MEMORY")  # nothing that is worked out is left on a disk
            connection.execute("BEGIN")  # one state from the first row to the last
            _require_schema(str(path), _form_in(connection))
            if eyes is not None:
                from cases.store.wall.before_sqlite import through_our_views

                _before_a_file(connection.execute, eyes)
                connection.set_authorizer(through_our_views)
            yield connection
        finally:
            connection.close()


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection to a SQLite file through which nothing can be written, and nothing is read that a view makes up."""
    if path.exists() and not path.is_file():
        raise StoreProblem(f"“{path}” không phải là một tệp thường. Chọn tệp khác bằng --store.")
    try:
        connection = connect_to_read(path)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite_errors("OperationalError") as error:
        log = Path(f"{path}-wal")
        if was_left_open(error) and os.access(path, os.W_OK):
            connection = recovered(path)
        elif os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        else:  # a store on a read-only medium: nobody writes, so no log is needed to read beside
            connection = connect_to_read(path, immutable=True)
    connection.set_authorizer(_through_no_view)
    return connection


def _through_no_view(_: int, __: str | None, ___: str | None, ____: str | None, view: str | None) -> int:
    """No store of ours has a view: in a foreign file one may stand where a table should, and be worked out for ever."""
    return sqlite3.SQLITE_OK if view is None else sqlite3.SQLITE_DENY


def _require_store(path: Path, *, upgradable: bool = False) -> None:
    _require_file(path)
    version = is_store(path)
    if version is None or not (upgradable and version < SCHEMA):
        _require_schema(str(path), version)


def _require_file(path: Path) -> None:
    require_own_disk(path.absolute())
    if path.is_dir():
        raise StoreProblem(f"Kho “{path}” là một thư mục. Ghi cả tên tệp, ví dụ {path / 'dubi.sqlite'}.")
    if not path.exists():
        raise StoreProblem(f"Chưa có kho “{path}”. {_INIT}")


def is_store(path: Path) -> str | None:
    """The form of the store in a SQLite file; None where the file holds something else."""
    connection = open_to_read(path)
    try:
        return _form_in(connection)
    finally:
        connection.close()


def _form_in(connection: sqlite3.Connection) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "batches", "changes", "cases", "steps"} <= tables:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _schema_behind(execute: Execute) -> str | None:
    """The form of the store of a server; None where there is none."""
    ((there,),) = execute("SELECT to_regclass('alembic_version')::text")
    forms = [] if there is None else list(execute("SELECT version_num FROM alembic_version"))
    return str(forms[0][0]) if forms else None


def _require_no_newer(place: str, version: str | None) -> None:
    if version is not None and version > SCHEMA:
        place = without_password(place)
        raise StoreProblem(f"Kho “{place}” do bản dubi mới hơn tạo. Cài bản dubi mới rồi thử lại.")


def _require_schema(place: str, version: str | None) -> None:
    if version is None and "://" in place:
        raise StoreProblem(f"Trên máy chủ “{without_password(place)}” chưa có kho. {_INIT}")
    if version is None:
        raise StoreProblem(f"“{place}” không phải là kho của dubi. Chọn tệp khác bằng --store.")
    _require_no_newer(place, version)
    if version < SCHEMA:
        raise StoreProblem(f"Kho “{without_password(place)}” theo mẫu cũ. Nâng cấp bằng lệnh: dubi init")
