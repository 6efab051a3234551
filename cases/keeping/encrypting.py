"""A store encrypted, made plain, or given another key: written anew beside its place, compared, then put there at once.

Nobody reads or writes meanwhile. Whoever kills the process finds the old store or the new one, and the key of either
beside it: the key is put down before the store that needs it, and taken away after the one that needed it.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cases.keeping.alone import Damaged, alone_with, take_its_place
from cases.keeping.backups import check
from cases.keeping.erased_backups import backup_files
from cases.keeping.recasting import copy_in_form, recast
from cases.store.columns.beside import drop_columns
from cases.store.connection import SCHEMA, is_store, sqlite_path
from cases.store.keys.carried import beside, drop_beside, inside, keep_beside, put_inside
from cases.store.keys.ring import carrying, keys_of_copy, lent, remember
from cases.store.keys.wrapping import id_of
from cases.store.opening import connect, form_of
from cases.store.problems import sqlite_errors, store_errors
from cases.values.apart import in_child
from cases.values.child_limits import Bounds, most_memory
from cases.values.places import KEY_ENDING, desk_file, key_file
from cases.values.whole_file import sync, whole_file
from rules.loader.errors import BadQuestion, DubiError, StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.store.keys.wrapping import Wrapped

_SECONDS, _SECONDS_A_MEGABYTE = 60, 2
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Copies:
    """The automatic backups of a store that have another form than it has; ``left`` could not be opened or written."""

    done: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()


def file_to_recast(url: str) -> Path:
    """The file of a store that can be given another form; raises `BadQuestion` and `StoreProblem`."""
    path = sqlite_path(url)
    if path is None:
        raise BadQuestion(
            "Kho trên máy chủ do máy chủ mã hoá (ổ đĩa, bản sao lưu của máy chủ); lệnh này chỉ dùng cho kho là một tệp."
        )
    path = path.resolve()
    with store_errors(url):
        if not path.is_file():
            raise StoreProblem(f"Chưa có kho “{path}”. Tạo kho bằng lệnh: dubi init")
        if is_store(path) != SCHEMA:
            raise StoreProblem(f"Kho “{path}” chưa theo mẫu mới. Nâng cấp bằng lệnh: dubi init")
    return path


def recast_store(url: str, wrapped: Wrapped | None, raw: bytes | None) -> None:
    """Give a store another form: encrypted with this key, whose wrapping is put beside it, or plain.

    What is kept of its users goes along. A key of before is left beside a plain store: `drop_key` takes it away.
    Raises `StoreProblem`; then the store is what it was.
    """
    path = file_to_recast(url)
    if raw is not None:
        remember(raw)
    before, _ = form_of(path)
    drop_columns(url)
    _recast_file(path, wrapped, raw, before)
    drop_columns(url)  # once more: somebody may have read in between
    users = desk_file(f"sqlite:///{path}")
    if users is not None and users.is_file() and users.stat().st_size:
        _recast_file(users, None, raw, before)


def is_encrypted(url: str) -> bool:
    """Whether the file of a store is encrypted, and not only a key beside it; raises as `connect` does."""
    return form_of(file_to_recast(url))[0] is not None


def users_are_encrypted(url: str) -> bool:
    """Whether what is kept of the users of a store is encrypted; raises as `connect` does."""
    users = desk_file(url)
    return users is not None and users.is_file() and users.stat().st_size > 0 and form_of(users)[0] is not None


def fits(path: Path, raw: bytes) -> bool:
    """Whether a key opens a file; raises SQLite's errors."""
    with lent(path, raw):
        return form_of(path)[0] == raw


def drop_key(url: str) -> None:
    """Take the key away that stands beside a plain store; raises `OSError`."""
    drop_beside(file_to_recast(url))


def _recast_file(path: Path, wrapped: Wrapped | None, raw: bytes | None, before: bytes | None) -> None:
    """Give one file another form; beside threads of ours a child does it, which SQLite's locks keep apart from them."""
    if form_of(path)[0] == raw:
        return
    if threading.active_count() == 1:
        _recast_here(path, wrapped, raw, before)
        return
    bounds = Bounds(_SECONDS + _SECONDS_A_MEGABYTE * (path.stat().st_size // 1_000_000), most_memory())
    in_child(path, bounds, _recast_here, wrapped, raw, before, fresh=True)


def _recast_here(path: Path, wrapped: Wrapped | None, raw: bytes | None, before: bytes | None) -> None:
    for key in (raw, before):
        if key is not None:
            remember(key)
    is_store_itself = key_file(path).name == f"{path.name}{KEY_ENDING}"
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.restore")
    try:
        with store_errors(str(path)), lent(draft, raw):
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            # the old file is opened before any lock is taken, for closing it would take that away
            with (
                _wiping(path),
                alone_with(path, to_recast=True, table="batches" if is_store_itself else "users") as store,
            ):
                recast(store, draft, raw)
                _look_through(draft)
                with _key_beside(path, wrapped):
                    take_its_place(draft, path, store)
            sync(path.parent)
    except Damaged as error:
        raise StoreProblem(f"Kho “{path}” bị hỏng nên chưa đổi gì. Phục hồi từ bản sao lưu trước.") from error
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{draft}{ending}").unlink(missing_ok=True)


@contextmanager
def _key_beside(path: Path, wrapped: Wrapped | None) -> Iterator[None]:
    """Put a key beside a store before the block runs; where that fails, what stood there stands there again."""
    stood = beside(path)
    if wrapped is not None:
        keep_beside(path, wrapped)
    try:
        yield
    except BaseException:
        if wrapped is not None and stood is not None:
            keep_beside(path, stood)
        elif wrapped is not None:
            drop_beside(path)
        raise


def _look_through(draft: Path) -> None:
    """Have SQLite go through every page of what was written, and keep its journal as every store's is.

    Raises `StoreProblem`.
    """
    with closing(connect(draft)) as made:
        if [row[0] for row in made.execute("PRAGMA integrity_check(1)")] != ["ok"]:
            raise StoreProblem("Bản viết lại của kho không toàn vẹn. Chưa đổi gì; kiểm tra ổ đĩa rồi thử lại.")
        made.execute("PRAGMA journal_mode=WAL")


@contextmanager
def _wiping(path: Path) -> Iterator[None]:
    """Overwrite what stood in a file, where the block put another in its place and nothing else bears its name.

    On some media (SSD) that reaches not every copy of it. Windows replaces no file that is open, so nothing is done.
    """
    if sys.platform == "win32":
        yield
        return
    with path.open("rb+") as old:
        yield
        stands = os.fstat(old.fileno())
        if stands.st_nlink:
            return
        with suppress(OSError):
            for at in range(0, stands.st_size, _AT_ONCE):
                os.pwrite(old.fileno(), bytes(min(_AT_ONCE, stands.st_size - at)), at)
            os.fsync(old.fileno())


def backups_of_another_form(url: str, raw: bytes | None) -> list[Path]:
    """The automatic backups, and what was kept of damaged stores, that have not this key; the newest last."""
    return [path for path in backup_files(url) if _is_of_another(path, raw)]


def _is_of_another(path: Path, raw: bytes | None) -> bool:
    """Whether a file has another key than this; a journal has that of its file."""
    wrapped = beside(path.with_name(path.name.removesuffix("-wal"))) or inside(path)
    if raw is None:
        return wrapped is not None
    return wrapped is None or wrapped.id != id_of(raw)


def recast_backups(url: str, wrapped: Wrapped | None, raw: bytes | None) -> Copies:
    """Write every automatic backup anew in the form of its store; those that cannot be are named, and left."""
    done, left = [], []
    for path in backups_of_another_form(url, raw):
        made = path.stat()
        try:
            with _wiping(path), whole_file(path, replace=True, store=True, as_it_came=True) as draft:
                with carrying(draft, raw, wrapped):
                    copy_in_form(path, draft, raw)
                    check(draft)
                drop_beside(path)
            os.utime(path, ns=(made.st_atime_ns, made.st_mtime_ns))  # it is still of the day on which it was made
            done.append(path)
        except sqlite_errors("Error", DubiError, OSError):
            left.append(path)
    return Copies(tuple(done), tuple(left))


def remove_backups(url: str, raw: bytes | None) -> Copies:
    """Delete every automatic backup that is not of the form of its store."""
    done = backups_of_another_form(url, raw)
    for path in done:
        drop_beside(path)
        path.unlink()
        path.with_name(f"{path.name}.anchor").unlink(missing_ok=True)
    return Copies(tuple(done))


def rewrap(url: str, wrapped: Wrapped) -> Copies:
    """Put another wrapping of the same key beside a store and into its automatic backups; raises `DubiError`."""
    path = file_to_recast(url)
    keep_beside(path, wrapped)
    done, left = [], []
    for copy in backup_files(url):
        try:
            if (own := inside(copy)) is None or own.id != wrapped.id or own == wrapped:
                continue
            with whole_file(copy, replace=True, store=True, as_it_came=True) as draft:
                copy_in_form(copy, draft, next(iter(keys_of_copy(copy)), None))
                put_inside(draft, replace(wrapped, earlier=()))
            done.append(copy)
        except (DubiError, OSError):
            left.append(copy)
    return Copies(tuple(done), tuple(left))
