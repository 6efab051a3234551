"""What is asked about: a file of people, which is only read, or a store by its address."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cases.store.connection import home as home
from cases.store.connection import querying
from cases.store.connection import store_url as store_url
from cases.store.held.once import reading_once as reading_once
from cases.store.keys.boxes import clear_fleeting as clear_fleeting
from cases.store.keys.boxes import fleeting as fleeting
from cases.store.keys.carried import beside
from cases.store.keys.ring import ask_by as ask_by
from cases.store.keys.ring import is_locked as is_locked
from cases.store.keys.ring import unlock
from cases.values.places import private_folder as private_folder
from cases.values.places import sqlite_path

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from cases.history.receipts import Source
    from cases.log.batches import Head
    from cases.store.sight import Sight
    from cases.values.records import Roster
    from rules.loader.overlays import Confirmation

Place = Path | str
"""The path of a workbook, or the address of a store (`store_url` gives it)."""


class Opened(NamedTuple):
    """The records that were read, and from which state of the source."""

    roster: Roster
    batch: str | None = None
    """The last write that they know of; None for a file, or where nothing was written."""
    stands: Head | None = None
    """Where the log of the store stood then; None for a file."""

    def source(self, place: Place) -> Source:
        """Where the records are from, as a receipt names it."""
        from cases.history.receipts import Source, file_hash
        from cases.store.held.anchoring import code

        if isinstance(place, Path):
            return Source(None, file_hash(place), place.name)
        assert self.stands is not None
        return Source(self.batch, self.stands.hash, None, self.stands.store, self.stands.number, code(self.stands))


def open_source(place: Place, known_on: dt.date | None = None, tell: Callable[[str], None] | None = None) -> Opened:
    """Read a source, a store as it was recorded by a day where one is given; remarks about a file are told.

    Raises `BadFile`, `Refused`, `StoreProblem`, and `BadInput` for a day before the first write.
    """
    if isinstance(place, Path):
        from cases.workbook.read import read_workbook
        from desk.words.remarks import remarks_in_short

        reading = read_workbook(place)
        if tell is not None:
            for line in remarks_in_short(reading.warnings):
                tell(line)
        return Opened(reading.roster)
    from cases.log.batches import Head, erased_by, head, last_batch, read_batches, store_id
    from cases.store.reading import roster_from

    with querying(place) as execute:
        if known_on is None:
            last = last_batch(execute)
            return Opened(roster_from(execute), None if last is None else last.name, head(execute))
        from cases.history.replay import known_after, nothing_known
        from cases.log.clock import end_of, last_by

        batches = read_batches(execute)
        known = last_by(batches, end_of(known_on))
        if known is None:
            raise nothing_known(batches, known_on)
        if tell is not None and (gone := erased_by(execute, known.id)):
            tell(f"{gone} hồ sơ từng có trong kho đến ngày ấy đã xoá hẳn theo yêu cầu: không còn gì để tính ở đây.")
        stands = Head(store_id(execute), known.id, known.hash)
        return Opened(known_after(execute, known.id), known.name, stands)


def stands_at(url: str) -> Head:
    """Where the log of a store stands; raises `StoreProblem`."""
    from cases.log.batches import head

    with querying(url) as execute:
        return head(execute)


def read_by(url: str, known_on: dt.date | None) -> tuple[Confirmation, ...]:
    """What the office had read of the law by the end of a day, or until now; raises `StoreProblem`."""
    from cases.store.overlay_choice import confirmations

    if known_on is None:
        return confirmations(url)
    from cases.log.batches import read_batches
    from cases.log.clock import end_of, last_by

    with querying(url) as execute:
        known = last_by(read_batches(execute), end_of(known_on))
    return confirmations(url, known.id if known else 0)


def open_roster(place: Place) -> Roster:
    """The records of a source; raises `BadFile`, `Refused`, `StoreProblem`."""
    return open_source(place).roster


_LARGE: OrderedDict[tuple[str, Head, Sight | None], bool] = OrderedDict()
_FEW_STATES = 256
"""So many answers are kept: on a server a wall has every case looked at before it is known that there are few."""


def is_large(url: str) -> bool:
    """Whether a store holds so many cases, in the eyes of who asks, that it is swept; raises `StoreProblem`."""
    from cases.log.batches import head
    from cases.store.sight import sight
    from engine.evaluators import MANY

    with querying(url) as execute:
        now = url, head(execute), sight()
        large = _LARGE.get(now)
        if large is None:
            large = any(True for _ in execute(f"SELECT id FROM cases LIMIT 1 OFFSET {MANY - 1}"))  # noqa: S608  # a number
            _LARGE[now] = large
            if len(_LARGE) > _FEW_STATES:
                _LARGE.popitem(last=False)
        return large


def last_hash(url: str) -> str:
    """The hash of the last write, which tells one state of a store from another; raises `StoreProblem`."""
    from cases.log.batches import head

    with querying(url) as execute:
        return head(execute).hash


def open_store(url: str, typed: str) -> None:
    """Open the key of an encrypted store for as long as this process lives; raises `WrongKey`, `KeyFileDamaged`."""
    path = sqlite_path(url)
    wrapped = None if path is None else beside(path)
    if wrapped is not None:
        unlock(wrapped, typed)


def seen_state(url: str) -> str:
    """What tells one state of what is seen of a store from another; raises `StoreProblem`.

    Whoever sees a part has another state once a write has done something to what she sees, or something has come into
    her sight or gone out of it: then other writes are hers, or others of their changes.
    """
    from cases.store.sight import sight

    if sight() is None:
        return last_hash(url)
    with querying(url) as execute:
        ((writes, changes, latest),) = execute(
            "SELECT count(name), sum(size), max(id) FROM batches WHERE name IS NOT NULL"
        )
        ((units, named),) = execute("SELECT count(*), sum(id) FROM units")
    return f"{writes} {changes} {latest} {units} {named}"
