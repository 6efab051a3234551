"""Backups and the erasing of a person: which of a store's own backups hold her, and each written anew without her.

A backup is rewritten beside its place and takes it whole; where it stands in the log's chain stays the same. One that
is damaged cannot be rewritten: it is named, for whoever decides to delete it. Copies put elsewhere are not known here;
restoring one of them lets go again of whoever the store has let go since (`let_go_again`).
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cases.history.erasing import erase_in_copy, erased_lines, still_kept
from cases.history.traces import seeds_like, trace_of
from cases.keeping.backups import check, folder
from cases.keeping.recasting import copy_in_form
from cases.log.batches import read_changes
from cases.store.connection import SCHEMA, initialise, is_store, open_to_read, querying, sqlite_path
from cases.store.keys.problems import KeyProblem
from cases.store.keys.ring import carrying
from cases.store.opening import connect, form_of
from cases.store.problems import sqlite_errors
from cases.values.whole_file import whole_file
from rules.loader.errors import DubiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.history.traces import Trace
    from cases.store.reading import Execute

_ENDINGS = (".sqlite", ".sqlite-wal", ".restore")
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Holding:
    """A backup that holds somebody; ``damaged`` where it cannot be opened and only its bytes say so."""

    path: Path
    damaged: bool = False


def holding(url: str, found: Trace) -> list[Holding]:
    """The backups that the program made of a store, those of damaged stores too, that hold somebody."""
    return list(_holding(backup_files(url), found))


def backup_files(url: str) -> list[Path]:
    """The backups that the program made of a store, what it kept of damaged ones, and what a killed process left."""
    place = folder(url)
    own = sqlite_path(url)
    beside = [] if own is None else own.absolute().parent.glob(f".{own.name}.*.restore")  # of a process that was killed
    kept = place.iterdir() if place.is_dir() else ()
    return sorted(path for path in (*kept, *beside) if path.name.endswith(_ENDINGS))


def _holding(files: Iterable[Path], found: Trace) -> Iterator[Holding]:
    words = [name.encode() for name in found.spelt]
    for path in files:
        try:
            if path.suffix == ".sqlite" and is_store(path) == SCHEMA:
                with querying(f"sqlite:///{path}") as execute:
                    if seeds_like(execute, found.codes, found.names):
                        yield Holding(path)
                continue
            older = path.suffix == ".sqlite" and is_store(path) is not None
        except KeyProblem:  # nobody can say that she is not in it
            yield Holding(path, damaged=True)
            continue
        except sqlite_errors("DatabaseError", DubiError):
            older = False
        if _has_bytes(path, words):
            yield Holding(path, damaged=not older)


def _has_bytes(path: Path, words: list[bytes]) -> bool:
    """Whether one of these words stands in a file, also across two pieces of it."""
    longest = max(map(len, words), default=0)
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_AT_ONCE):
            if any(word in before + piece for word in words):
                return True
            before = piece[-longest:] if longest else b""
    return False


def rewrite(path: Path, found: Trace, ground: str, who: str | None, *, learners: bool) -> None:
    """Write a backup anew without somebody; raises `DubiError`, and then it is what it was."""
    key, wrapped = form_of(path)
    with whole_file(path, replace=True, store=True, as_it_came=True) as draft, carrying(draft, key, wrapped):
        copy_in_form(path, draft, key)
        initialise(f"sqlite:///{draft}")
        with querying(f"sqlite:///{draft}") as execute:
            seeds = seeds_like(execute, found.codes, found.names)
        if seeds:
            erase_in_copy(f"sqlite:///{draft}", seeds, ground, who=who, learners=learners)
        as_one_file(draft)
        check(draft)


def as_one_file(path: Path) -> None:
    """Have a copy be one file without a journal beside it."""
    with closing(connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


def let_go(execute: Execute) -> frozenset[str]:
    """The digests of the lines that a log has let go; none of a store of an earlier form, which let nobody go."""
    with suppress(*sqlite_errors("OperationalError")):
        return erased_lines(execute)
    return frozenset()


def let_go_again(draft: Path, gone: frozenset[str], ground: str, who: str | None) -> int:
    """Erase in a copy that is to take a store's place whoever the store has let go; gives how many cases that met."""
    with closing(open_to_read(draft)) as copy:
        seeds = still_kept(copy.execute, gone)
        if not seeds:
            return 0
        lines = set(trace_of(copy.execute, seeds).learner_lines)
        learners = any(one.id in lines and one.digest in gone for one in read_changes(copy.execute))
    erase_in_copy(f"sqlite:///{draft}", seeds, ground, who=who, learners=learners)
    return len(seeds)
