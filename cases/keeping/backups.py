"""Copies of a store: made whole and checked before they count, kept for their owner only, the old ones cleared away.

A backup is a SQLite file whatever the store is on: of a server the rows are copied into one. An automatic one is made
before every import and every migration, in a folder beside the store.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cases.log.batches import head
from cases.store.connection import SCHEMA, anchor, home, initialise, is_store, open_to_read, querying, sqlite_path
from cases.store.held.anchoring import anchored, beside, keep
from cases.store.keys.carried import drop_beside
from cases.store.keys.problems import KeyProblem
from cases.store.keys.ring import carrying, keys_of_copy, remember
from cases.store.opening import connect, connect_to_read, form_of
from cases.store.problems import sqlite_errors, store_errors
from cases.values.apart import apart, require_file
from cases.values.places import key_file, private_folder
from cases.values.refusals import TargetExists
from cases.values.whole_file import whole_file
from rules.loader.errors import BadInput, StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.batches import Head

NEWEST = 10
MONTHS = 12
"""Of the automatic backups the newest are kept, and of each of the last months the last one."""

_AUTOMATIC = re.compile(r"(\d{8}-\d{6})-(?:import|migration|restore)(?:-\d+)?\.sqlite")


@dataclass(frozen=True, slots=True)
class Kept:
    """An automatic backup that was made, and how many old ones were cleared away."""

    path: Path
    cleared: int


class NotABackup(BadInput):
    """The file to restore from is none, is damaged, or is of a newer program."""


def folder(url: str) -> Path:
    """Where the automatic backups of a store are kept: beside it, or in the user's folder for a server's."""
    path = sqlite_path(url)
    if path is not None:
        return path.with_name(f"{path.name}.backups")
    return home() / f"backups-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def automatic(
    url: str, why: str, now: dt.datetime | None = None, *, through: sqlite3.Connection | None = None
) -> Kept | None:
    """Back up a store before something is done to it; None for a store that is not there or holds nothing yet.

    ``through`` is the connection to a SQLite store that keeps everybody else out.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return None
    if path is None and why == "migration":  # a server changes its tables in one transaction, and has its own backups
        return None
    if why != "migration" and _is_empty(url, through):
        return None
    place, now = folder(url), now or local_now()
    with store_errors(str(place)):
        private_folder(place)
        made = _unused(place, f"{now:%Y%m%d-%H%M%S}-{why}")
        copy_to_file(url, made, through)
        return Kept(made, clear(place, now.date()))


def initialise_safely(url: str) -> tuple[bool, Kept | None]:
    """Make a store, or bring an older one up to date after backing it up; whether it was made now, and the backup."""
    path = sqlite_path(url)
    older = False
    if path is not None and path.is_file():
        with store_errors(url):
            version = is_store(path)
        older = version is not None and version < SCHEMA
    made = automatic(url, "migration") if older else None
    new = initialise(url)
    if new or older or _is_held(url):
        anchor(url)
    return new, made


def _is_held(url: str) -> bool:
    """Whether nothing outside a store speaks against its log: one that was altered is not anchored as it stands."""
    with querying(url) as execute:
        return anchored(url, execute).holds


def local_now() -> dt.datetime:
    """Now by the clocks of this place, for the names of files."""
    return dt.datetime.now(dt.UTC).astimezone()


def _is_empty(url: str, through: sqlite3.Connection | None = None) -> bool:
    first = "SELECT 1 FROM batches LIMIT 1"
    if through is not None:
        return through.execute(first).fetchone() is None
    with querying(url) as execute:
        return not list(execute(first))


def _unused(place: Path, name: str) -> Path:
    for ending in ("", *(f"-{number}" for number in range(2, 1000))):
        path = place / f"{name}{ending}.sqlite"
        if not path.exists():
            return path
    raise StoreProblem(f"Thư mục “{place}” có quá nhiều bản sao lưu của cùng một lúc.")


def kept(url: str) -> list[Path]:
    """The automatic backups of a store, the newest last."""
    place = folder(url)
    found = place.iterdir() if place.is_dir() else ()
    return sorted(path for path in found if _AUTOMATIC.fullmatch(path.name))


def clear(place: Path, today: dt.date) -> int:
    """Delete automatic backups beyond the newest ones and the last of each month; gives how many."""
    found = sorted(path for path in place.iterdir() if _AUTOMATIC.fullmatch(path.name))
    keep = set(found[-NEWEST:])
    first = today.year * 12 + today.month - MONTHS
    of_month: dict[int, Path] = {}
    for path in found:
        month = int(path.name[:4]) * 12 + int(path.name[4:6])
        if month > first:
            of_month[month] = path
    keep |= set(of_month.values())
    gone = [path for path in found if path not in keep]
    for path in gone:
        path.unlink(missing_ok=True)
        beside(path).unlink(missing_ok=True)
    return len(gone)


def backup(url: str, path: Path, *, replace: bool = False) -> Path:
    """Copy a store to a file of its own; raises `TargetExists` where there is one already, `StoreProblem`."""
    if path.is_dir():
        path = path / f"dubi-{local_now():%Y%m%d-%H%M%S}.sqlite"
    if path.exists() and not replace:
        raise TargetExists(path)
    own = sqlite_path(url)
    if own is not None and ((path.exists() and path.samefile(own)) or key_file(path) == key_file(own)):
        raise BadInput(f"“{path}” chính là kho đang dùng, hoặc tệp đi cùng kho. Chọn tệp khác.")
    copy_to_file(url, path)
    return path


def copy_to_file(url: str, path: Path, through: sqlite3.Connection | None = None) -> None:
    """Copy a store to a file that comes into being whole: beside its place, checked, and then moved there.

    Of an encrypted store it is encrypted with the same key, and carries the wrapped key inside.
    """
    own = sqlite_path(url)
    key, wrapped = (None, None) if own is None else form_of(own)
    with whole_file(path, replace=True, store=True, as_it_came=True) as draft:
        with carrying(draft, key, wrapped):
            if through is not None:
                _copy_pages(through, draft)
            elif own is not None:
                with store_errors(str(own)), closing(open_to_read(own)) as file:
                    _copy_pages(file, draft)
            else:
                from cases.keeping.copying import copy_to_sqlite

                copy_to_sqlite(url, draft)
            check(draft)
            stands = _head_of(draft)
        drop_beside(path)
    if stands is not None:
        keep(url, stands, {}, at=beside(path))


def _head_of(file: Path) -> Head | None:
    """Where the log in a copy stands; None for a copy of an older form, whose log was not sealed yet."""
    with closing(open_to_read(file)) as copy:
        return head(copy.execute) if is_store(file) == SCHEMA else None


def _copy_pages(source: sqlite3.Connection, target: Path) -> None:
    with store_errors(str(target)), closing(connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that also opens on a read-only medium


def check(path: Path) -> None:
    """Have SQLite look through a copy; raises `NotABackup`."""
    if (problem := _first_problem(path)) is not None:
        raise NotABackup(f"Tệp “{path}” {problem}")


def check_foreign(path: Path) -> None:
    """The same for a file that may come from anybody: done in a child; raises `NotABackup`, and a `BadFile`."""
    if not path.exists():
        check(path)
        return
    require_file(path)
    apart(path, _check_with, *keys_of_copy(path))


def _check_with(path: Path, *keys: bytes) -> None:
    """Look through a copy in a child, whom nobody tells the key but we."""
    for raw in keys:
        remember(raw)
    check(path)


def _first_problem(path: Path) -> str | None:
    return next(problems_of(path), None)


def problems_of(path: Path) -> Iterator[str]:
    """What is wrong with a file as a backup, in words that follow its name."""
    if not path.exists():
        yield "không có. Kiểm tra lại tên tệp và thư mục."
        return
    try:
        version = is_store(path)
        if version is None:
            yield "không phải là kho của dubi."
        elif _runs_by_itself(path):
            yield "có lệnh chạy ngầm (trigger, view) không phải của dubi. Chọn bản sao lưu khác."
        elif version > SCHEMA:
            yield "do bản dubi mới hơn tạo. Cài bản dubi mới rồi thử lại."
        else:
            yield from damage(path)
    except KeyProblem:  # nothing is said of a file that nobody could look into
        raise
    except sqlite_errors("DatabaseError", StoreProblem):
        yield "bị hỏng hoặc không phải là kho của dubi. Chọn bản sao lưu khác."


_GUARD = re.compile(
    r"CREATE TRIGGER \w+ BEFORE (?:UPDATE|DELETE) ON \w+ (?:WHEN NOT \([\w. ]+\) )?"
    r"BEGIN SELECT RAISE\(ABORT, '[\w ]+'\); END"
)
"""A guard of the log in whatever form: it refuses, and does nothing else."""


def _runs_by_itself(path: Path) -> bool:
    """Whether a file holds what would run when its tables are read or written: it may come from anybody."""
    with closing(open_to_read(path)) as file:
        made = file.execute(
            "SELECT type, sql FROM sqlite_master WHERE type IN ('view', 'trigger') OR sql LIKE 'CREATE VIRTUAL%'"
        )
        return any(kind != "trigger" or not _GUARD.fullmatch(str(sql)) for kind, sql in made)


def damage(path: Path) -> Iterator[str]:
    """What SQLite finds wrong in the file itself."""
    with closing(connect_to_read(path)) as file:
        if [row[0] for row in file.execute("PRAGMA integrity_check(1)")] != ["ok"]:
            yield "bị hỏng: kiểm tra toàn vẹn không qua."
        elif file.execute("PRAGMA foreign_key_check").fetchone() is not None:
            yield "bị hỏng: có dòng trỏ tới chỗ không có."
