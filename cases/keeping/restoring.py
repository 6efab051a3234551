"""Putting a backup in the place of the store: the copy is checked first, the store of now is kept aside, and the change
is one step: who kills the process finds the store as it was or as the backup has it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cases.history.verification import verify
from cases.keeping.backups import Kept, NotABackup, automatic, check, folder, local_now
from cases.store.connection import initialise, put_in_place, sqlite_path, wait_seconds, writing
from cases.store.problems import store_errors
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from cases.history.verification import Verdict


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the store of before, kept aside (None where there was none), and what the backup held."""

    aside: Path | None
    verdict: Verdict


class LogBroken(NotABackup):
    """The backup's own log does not hold; restoring it has to be confirmed."""


def restore(url: str, file: Path, *, confirmed: bool = False, who: str | None = None) -> Restored:
    """Put a backup in the place of the store; raises `NotABackup`, `LogBroken` and `StoreProblem`."""
    check(file)
    target = sqlite_path(url)
    draft = _draft_beside(target or folder(url) / "restore")
    draft_url = f"sqlite:///{draft}"
    try:
        with store_errors(str(draft)):
            draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            shutil.copyfile(file, draft)
        initialise(draft_url)
        verdict = verify(draft_url)
        if not verdict.holds and not confirmed:
            raise LogBroken(
                f"Nhật ký trong tệp “{file}” không còn nguyên (xem: dubi log verify --store {file}). "
                "Nếu vẫn muốn phục hồi, thêm --confirm."
            )
        _note(draft_url, file, who)
        check(draft)
        aside = _keep_aside(url)
        if target is None:
            from cases.keeping.copying import replace_from_sqlite

            replace_from_sqlite(draft, url)
        else:
            _take_over(draft, target)
        return Restored(aside, verdict)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{draft}{ending}").unlink(missing_ok=True)


def _draft_beside(path: Path) -> Path:
    return path.absolute().with_name(f".{path.name}.{secrets.token_hex(4)}.restore")


def _note(url: str, file: Path, who: str | None) -> None:
    """Let the log of the restored store say that it was restored, from what and by whom."""
    from cases.store.writing import new_batch, write_down

    with writing(url) as connection:
        write_down(connection, [], new_batch(who, file.name, "restore"))
    path = sqlite_path(url)
    assert path is not None
    with store_errors(str(path)), closing(sqlite3.connect(path)) as draft:
        draft.execute("PRAGMA journal_mode=DELETE")


def _keep_aside(url: str) -> Path | None:
    """The store of now as a backup; one too damaged to be copied as a store is copied as bytes."""
    path = sqlite_path(url)
    try:
        made: Kept | None = automatic(url, "restore")
    except (StoreProblem, NotABackup):
        if path is None or not path.is_file():
            raise
        place = folder(url)
        with store_errors(str(place)):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = place / f"{local_now():%Y%m%d-%H%M%S}-hong.sqlite"
            for ending in ("", "-wal"):
                if Path(f"{path}{ending}").exists():
                    shutil.copyfile(f"{path}{ending}", f"{aside}{ending}")
                    Path(f"{aside}{ending}").chmod(0o600)
        return aside
    return None if made is None else made.path


def _take_over(draft: Path, target: Path) -> None:
    """Put the draft in the place of the store, within the store's own locks where it still is one."""
    with store_errors(str(target)):
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put_in_place(draft, target)
            return
    try:
        _copy_into(draft, target)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            with store_errors(str(target)):
                raise
        with store_errors(str(target)):  # not a database any more: nobody has it open as one
            for ending in ("-wal", "-shm"):
                Path(f"{target}{ending}").unlink(missing_ok=True)
            draft.replace(target)


def _copy_into(draft: Path, target: Path) -> None:
    """Overwrite the store page by page in one transaction of SQLite's own."""
    end = time.monotonic() + wait_seconds()

    def be_patient(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
            raise StoreProblem(f"Kho “{target}” đang bận vì một lệnh khác đang ghi. Đợi lệnh đó xong rồi thử lại.")

    with closing(sqlite3.connect(draft)) as source, closing(sqlite3.connect(target)) as store:
        store.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(store, progress=be_patient, sleep=0.05)
