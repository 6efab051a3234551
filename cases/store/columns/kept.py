"""What is kept of a large store in columns, beside it: read anew only where the store has another log than it had.

A folder holds the columns as they were after one write, and is named by it; it is made aside and gets its name whole.
After later writes only the cases that these touched are read anew. Nothing is lost with the folder: whoever deletes it
waits once more for the tables to be read. Of an encrypted store nothing is kept, and only who sees everybody is served.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
from bisect import bisect_right
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import polars as pl

from cases.log.batches import store_id
from cases.store.columns.beside import folder_beside
from cases.store.columns.tables_read import BATCH, PARTS, Columns, Part, Reader, all_columns
from cases.store.columns.touched import touched_since
from cases.store.connection import SCHEMA, querying, sqlite_path
from cases.store.keys.ring import keys_beside
from cases.store.sight import sight
from rules.loader import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from typing_extensions import Buffer

_Done = TypeVar("_Done")

LEAST = 20_000
"""Smaller stores are read from their tables: that takes no longer than a glance."""
MOST_TOUCHED = 20_000
"""Where more cases were written to, all are read anew."""
_FORM = 1
_SAYS = "columns.json"
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Kept:
    """The folder of one state of a store: its last write, and where each part begins with the digests of its files."""

    folder: Path
    number: int
    hash: str
    facts: frozenset[str]
    """What of a case's own columns and attributes is kept; of steps all are."""
    begins: tuple[int, ...]
    digests: tuple[dict[str, str], ...]


def kept_parts(url: str, columns: Columns) -> Iterator[Part] | None:
    """All cases of a large store in parts with at least these columns; None where nothing is kept of such a store.

    Raises `StoreProblem`.
    """
    path = sqlite_path(url)
    if path is None or sight() is not None or keys_beside(path):
        return None
    with querying(url) as execute:
        ((number, whole, first, last),) = execute(
            "SELECT coalesce((SELECT max(id) FROM batches), 0), "
            "coalesce((SELECT hash FROM batches ORDER BY id DESC LIMIT 1), ''), min(id), max(id) FROM cases"
        )
        if first is None or last - first + 1 < LEAST:
            return None
        mark = _mark(store_id(execute))
        place = folder_beside(path)
        every = list(_all_kept(place, mark))
        known = [kept for kept in every if kept.number <= number and kept.facts.issuperset(columns.types)]
        now = next((kept for kept in known if (kept.number, kept.hash) == (number, whole)), None)
        if now is None:
            earlier = max(known, key=lambda kept: kept.number, default=None)
            touched = None if earlier is None else touched_since(execute, earlier.number, earlier.hash)
    if now is None and earlier is not None and touched is not None and len(touched) <= MOST_TOUCHED:
        with suppress(OSError, _Unlike):
            now = _refreshed(url, place, mark, earlier, touched, (number, whole))
    if now is not None:
        with suppress(OSError, _Unlike):
            return _read(now, columns)
    # the first question has its columns read and no more; whoever asks for others has all of them read, once
    return _keeping(url, place, mark, all_columns() if every else columns)


class _Unlike(Exception):
    """What is kept is not what was put there, or the store went on meanwhile."""


def _mark(store: str) -> str:
    """What a folder was made by and for: another program, vocabulary or store takes no notice of it."""
    facts = [(name, fact.kind, str(fact.type), fact.codes) for name, fact in vocabulary.load().facts.items()]
    made = json.dumps([_FORM, SCHEMA, pl.__version__, BATCH, store, facts], default=str)
    return blake2b(made.encode(), digest_size=16).hexdigest()


def _all_kept(place: Path, mark: str) -> Iterator[_Kept]:
    for says in place.glob(f"*/{_SAYS}"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads(says.read_bytes())
            if said["mark"] == mark:
                begins, digests = zip(*said["parts"], strict=True)
                facts = frozenset(map(str, said["facts"]))
                yield _Kept(says.parent, int(said["number"]), str(said["hash"]), facts, begins, digests)


def _read(kept: _Kept, columns: Columns) -> Iterator[Part]:
    """The parts that are kept; all files are opened and looked at before the first is given: they may be replaced."""
    with ExitStack() as stack:
        opened = [
            {name: stack.enter_context((kept.folder / f"{number}-{name}").open("rb")) for name in PARTS}
            for number in range(len(kept.begins))
        ]
        for files, digests in zip(opened, kept.digests, strict=True):
            for name, file in files.items():
                if _digest(file) != digests[name]:
                    raise _Unlike
        open_still = stack.pop_all()
    wanted = ["row", *columns.own, *columns.attributes, *columns.kinds]

    def parts() -> Iterator[Part]:
        with open_still:
            for files in opened:
                yield Part(**{name: _frame(file, wanted if name == "cases" else None) for name, file in files.items()})

    return parts()


def _digest(file: IO[bytes]) -> str:
    found = blake2b(digest_size=16)
    while some := file.read(_AT_ONCE):
        found.update(some)
    file.seek(0)
    return found.hexdigest()


def _frame(file: IO[bytes], names: list[str] | None) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(file.read()), columns=names)


def _keeping(url: str, place: Path, mark: str, columns: Columns) -> Iterator[Part]:
    """The parts of a store from its tables, each put aside on its way; whoever does not go to the end keeps nothing."""
    parts = Reader(url, columns, BATCH).parts()
    number, whole, *_ = next(parts)
    draft = _Draft(place, mark, number, whole, columns)
    try:
        for part in parts:
            draft.put(part)
            yield part
        draft.finish()
    finally:
        draft.leave()


def _refreshed(
    url: str, place: Path, mark: str, earlier: _Kept, touched: Collection[int], head: tuple[int, str]
) -> _Kept | None:
    """What is kept, with the cases that were written to as they are now, up to the entry that was looked for.

    Raises `_Unlike` where somebody has written since: what that touched is not among these cases.
    """
    columns = Columns.of(earlier.facts)
    parts = Reader(url, columns, BATCH, numbers=touched).parts()
    number, whole, *_ = next(parts)
    if (number, whole) != head:
        raise _Unlike
    fresh = list(parts)
    chosen: dict[int, set[int]] = {}
    for case in touched:
        chosen.setdefault(max(0, bisect_right(earlier.begins, case) - 1), set()).add(case)
    old = _read(earlier, columns)
    draft = _Draft(place, mark, number, whole, columns)
    try:
        for at, part in enumerate(old):
            if at not in chosen:
                draft.take_over(earlier, at)
                continue
            joined = _joined(part, fresh, chosen[at])
            if joined.cases.height > 2 * BATCH:
                return None
            draft.put(joined, earlier.begins[at])
        return draft.finish()
    finally:
        draft.leave()


def _joined(part: Part, fresh: Sequence[Part], numbers: set[int]) -> Part:
    """A part in which some cases are as they were read anew, or gone."""
    theirs = pl.col("row").is_in(list(numbers))

    def one(name: str) -> pl.DataFrame:
        frames: list[pl.DataFrame] = [
            getattr(part, name).filter(~theirs),
            *(getattr(new, name).filter(theirs) for new in fresh),
        ]
        return pl.concat(frames, how="vertical").sort("row", maintain_order=True)

    return Part(**{name: one(name) for name in PARTS})


class _Draft:
    """A folder in the making; where the disk is full or may not be written to, nothing is kept, and that is all."""

    def __init__(self, place: Path, mark: str, number: int, whole: str, columns: Columns) -> None:
        self._place, self._mark, self._number, self._hash = place, mark, number, whole
        self._facts = frozenset(columns.types)
        self._draft, self._failed = place / f"{secrets.token_hex(8)}.new", False
        self._parts: list[tuple[int, dict[str, str]]] = []
        self._try(self._begin)

    def put(self, part: Part, begins: int | None = None) -> None:
        """Put a part down."""
        self._try(partial(self._put, part, int(part.cases["row"][0]) if begins is None else begins))

    def take_over(self, kept: _Kept, at: int) -> None:
        """Take a part from what was kept as it is."""
        self._try(partial(self._take_over, kept, at))

    def finish(self) -> _Kept | None:
        """Give the folder its name, and take away what was kept before; None where that could not be done."""
        return self._try(self._finish)

    def leave(self) -> None:
        """Take away what was not finished."""
        shutil.rmtree(self._draft, ignore_errors=True)

    def _try(self, work: Callable[[], _Done]) -> _Done | None:
        if not self._failed:
            try:
                return work()
            except OSError:
                self._failed = True
        return None

    def _begin(self) -> None:
        self._place.mkdir(mode=0o700, exist_ok=True)
        self._draft.mkdir(mode=0o700)

    def _put(self, part: Part, begins: int) -> None:
        digests = {}
        for name in PARTS:
            content = io.BytesIO()
            getattr(part, name).write_ipc(content, compression="lz4")
            digests[name] = blake2b(content.getbuffer(), digest_size=16).hexdigest()
            self._write(f"{len(self._parts)}-{name}", content.getbuffer())
        self._parts.append((begins, digests))

    def _take_over(self, kept: _Kept, at: int) -> None:
        for name in PARTS:
            old, new = kept.folder / f"{at}-{name}", self._draft / f"{len(self._parts)}-{name}"
            try:
                new.hardlink_to(old)
            except OSError:  # a file system without links
                shutil.copyfile(old, new)
        self._parts.append((kept.begins[at], kept.digests[at]))

    def _finish(self) -> _Kept:
        says = {"mark": self._mark, "number": self._number, "hash": self._hash, "facts": sorted(self._facts)}
        self._write(_SAYS, json.dumps({**says, "parts": self._parts}).encode())
        folder = self._place / secrets.token_hex(8)
        self._draft.rename(folder)
        for other in self._place.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        begins, digests = zip(*self._parts, strict=True)
        return _Kept(folder, self._number, self._hash, self._facts, begins, digests)

    def _write(self, name: str, content: Buffer) -> None:
        with os.fdopen(os.open(self._draft / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
