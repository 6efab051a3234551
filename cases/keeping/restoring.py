"""Putting a backup in the place of the store: the copy is checked first, then everything happens in one section that
nobody else writes in: what would be lost is found, the store of now is kept aside, and the backup takes its place.

Whoever kills the process finds the store as it was or as the backup has it; whoever waited writes to the new one.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cases.history.verification import verify
from cases.keeping.alone import Damaged, alone_with, take_its_place
from cases.keeping.backups import NotABackup, automatic, check, check_foreign, folder, local_now
from cases.keeping.erased_backups import let_go, let_go_again
from cases.keeping.lost_writes import Lost, Write, entries, lost
from cases.keeping.recasting import copy_in_form
from cases.log.batches import RESTORE, head
from cases.log.clock import local, require_near
from cases.store.connection import anchor, initialise, put_in_place, querying, sqlite_path, writing
from cases.store.held.anchoring import expect, taken_back
from cases.store.keys.carried import beside as wrapped_beside
from cases.store.keys.carried import keep_beside
from cases.store.keys.ring import key_under, lent
from cases.store.opening import connect, form_of
from cases.store.problems import sqlite_errors, store_errors
from cases.values.places import key_file, private_folder
from rules.loader.spelling.days import shown_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from cases.history.verification import Verdict
    from cases.log.batches import Head
    from cases.store.keys.wrapping import Wrapped
    from cases.store.reading import Execute

SHOWN = 20
"""As many of the writes that would be lost are named."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the store of before, kept aside (None where there was none), and what the backup held."""

    aside: Path | None
    verdict: Verdict
    lost: Lost


class ToConfirm(NotABackup):
    """Restoring has to be confirmed; ``doubt`` names what was asked, to be handed back when it was answered."""

    doubt = ""


class LogBroken(ToConfirm):
    """The backup's own log does not hold."""

    doubt = "log"


class WritesLost(ToConfirm):
    """The store holds writes that the backup does not have; ``lost`` names them."""

    def __init__(self, file: Path, found: Lost) -> None:
        self.lost, self.doubt = found, f"lost {found.head}"
        writes = found.writes
        shown = [
            f"  - {one.number}: {one.name}, {shown_moment(local(one.made_at))}, {one.who}, {one.size} thay đổi"
            for one in writes[-SHOWN:]
        ]
        if len(writes) > SHOWN:
            shown.insert(0, f"  - … {len(writes) - SHOWN} lần ghi trước đó nữa, xem: dubi log")
        other = " Tệp này là bản sao lưu của một kho khác." if found.whole else ""
        head = f"Phục hồi từ tệp “{file}” sẽ bỏ {len(writes)} lần ghi mà bản sao lưu không có:{other}"
        last = "Kho đang dùng sẽ được cất lại trước khi phục hồi. Nếu vẫn muốn phục hồi, thêm --confirm."
        super().__init__("\n".join([head, *shown, last]))


def restore(
    url: str, file: Path, *, confirmed: bool = False, accepted: Collection[str] = (), who: str | None = None
) -> Restored:
    """Put a backup in the place of the store; raises `NotABackup`, `LogBroken`, `WritesLost`,
    `ClockDoubted` and `StoreProblem`.

    What is asked is ``confirmed`` as a whole, or ``accepted`` by the names of the doubts that were shown: a write that
    came up since is asked about again.
    """
    check_foreign(file)
    target = sqlite_path(url)
    with _draft(url, target, file) as (draft, wrapped):
        draft_url = f"sqlite:///{draft}"
        initialise(draft_url)
        verdict = verify(draft_url)
        if not verdict.holds and not confirmed and LogBroken.doubt not in accepted:
            raise LogBroken(
                f"Nhật ký trong tệp “{file}” không còn nguyên (xem: dubi log verify --store {file}). "
                "Nếu vẫn muốn phục hồi, thêm --confirm."
            )

        def prepare(execute: Execute | None) -> Lost:
            """What is lost, once that is confirmed, with a line about it in the log that takes the store's place."""
            with closing(connect(draft)) as copy:
                stored, kept = [] if execute is None else entries(execute), entries(copy.execute)
            found = lost(stored, kept)
            if found.writes and not confirmed and f"lost {found.head}" not in accepted:
                raise WritesLost(file, found)
            gone = frozenset[str]() if execute is None else let_go(execute)
            again = let_go_again(draft, gone, "xoá lại khi phục hồi một bản sao lưu cũ", who) if gone else 0
            taken = set[str]() if execute is None else _taken_before(execute)
            _note(draft_url, file, who, replace(found, erased_again=again), next(reversed(stored or kept), None), taken)
            check(draft)
            with querying(draft_url) as said:
                expect(url, None if execute is None else _stands(execute), head(said))
            return replace(found, erased_again=again)

        aside, found = _take_over(url, target, draft, wrapped, prepare)
        anchor(url)
        return Restored(aside, verdict, found)


@contextmanager
def _draft(url: str, target: Path | None, file: Path) -> Iterator[tuple[Path, Wrapped | None]]:
    """A copy of a backup beside the store: encrypted as the store is, else as the backup is, else plain.

    With it the wrapped key that has to stand beside the store from then on, where that is not there already.
    """
    key, coming = form_of(file)
    if target is not None and (own := wrapped_beside(target)) is not None:
        key, coming = key_under(own, target), None
    draft = _draft_beside(target or folder(url) / "restore")
    try:
        with lent(draft, key):
            with store_errors(url):
                private_folder(draft.parent)
                os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
                copy_in_form(file, draft, key)
            yield draft, coming
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{draft}{ending}").unlink(missing_ok=True)


def _stands(execute: Execute) -> Head | None:
    """Where the log of the store of now stands; None for one of an earlier form, whose log was not sealed yet."""
    with suppress(*sqlite_errors("OperationalError")):
        return head(execute)
    return None


def _taken_before(execute: Execute) -> set[str]:
    """The entries that restores before this one took back: backups from then are still held against the log."""
    with suppress(*sqlite_errors("OperationalError")):  # a store of an earlier form
        return taken_back(execute)
    return set()


def _draft_beside(path: Path) -> Path:
    return path.absolute().with_name(f".{path.name}.{secrets.token_hex(4)}.restore")


def _note(url: str, file: Path, who: str | None, found: Lost, last: Write | None, taken: set[str]) -> None:
    """Let the log of the restored store say that it was restored, from what, by whom, and which writes that took.

    The clock is held against the last entry of the store of now, else of the backup; raises `ClockDoubted`.
    """
    from cases.store.writing import new_batch, write_down

    told = {"lost": [one.as_json() for one in found.entries], "other_store": found.whole}
    told |= {"taken_back": sorted(taken)} if taken else {}
    with writing(url, lasting=False) as store:
        batch = new_batch(who, file.name, RESTORE)
        require_near(last, batch.made_at)
        write_down(store, [], replace(batch, details=json.dumps(told, ensure_ascii=False)))
    path = sqlite_path(url)
    assert path is not None
    with store_errors(str(path)), closing(connect(path)) as draft:
        draft.execute("PRAGMA journal_mode=DELETE")


def _take_over(
    url: str, target: Path | None, draft: Path, wrapped: Wrapped | None, prepare: Callable[[Execute | None], Lost]
) -> tuple[Path | None, Lost]:
    """The one section in which nobody else writes: from the look at what is lost to the backup in its place."""
    if target is None:
        from cases.keeping.copying import replace_from_sqlite, replacing
        from cases.store.drivers.engines import under

        initialise(url)
        with replacing(url) as connection:
            of_server = prepare(under(connection).execute)
            kept = automatic(url, "restore")
            replace_from_sqlite(draft, connection)
        return (kept.path if kept else None), of_server
    if not target.exists():
        of_nothing = prepare(None)
        with store_errors(str(target)):
            private_folder(target.parent)
            if wrapped is not None:
                keep_beside(target, wrapped)
            put_in_place(draft, target)
        return None, of_nothing
    found: Lost | None = None
    try:
        with alone_with(target) as store:
            found = prepare(store.execute)
            aside = _aside(url, store)
            if wrapped is None:
                _copy_into(draft, store)
            else:
                keep_beside(target, wrapped)
                take_its_place(draft, target, store)
        return aside, found
    except sqlite_errors("DatabaseError", Damaged) as error:
        if isinstance(error, sqlite_errors("OperationalError")):
            with store_errors(str(target)):
                raise
    if found is None:  # the log of a damaged store cannot be read: the store is kept byte by byte
        found = prepare(None)
    aside = _bytes_aside(url, target)
    with store_errors(str(target)):
        for ending in ("-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        if wrapped is not None:
            keep_beside(target, wrapped)
        draft.replace(target)
    return aside, found


def _aside(url: str, store: sqlite3.Connection) -> Path | None:
    """The store of now as a backup."""
    try:
        kept = automatic(url, "restore", through=store)
    except NotABackup as error:
        raise Damaged from error
    return kept.path if kept else None


def _copy_into(draft: Path, store: sqlite3.Connection) -> None:
    """Overwrite the store page by page in one transaction of SQLite's own."""
    with closing(connect(draft)) as source:
        source.backup(store)


def _bytes_aside(url: str, path: Path) -> Path:
    """The damaged store of now, byte by byte, among the backups; with its key, where it has one."""
    place = folder(url)
    with store_errors(str(place)):
        private_folder(place)
        aside = place / f"{local_now():%Y%m%d-%H%M%S}-hong.sqlite"
        for ending in ("", "-wal"):
            if Path(f"{path}{ending}").exists():
                shutil.copyfile(f"{path}{ending}", f"{aside}{ending}")
                Path(f"{aside}{ending}").chmod(0o600)
        if key_file(path).exists():
            shutil.copyfile(key_file(path), key_file(aside))
            key_file(aside).chmod(0o600)
    return aside
