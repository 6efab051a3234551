"""Whether the log is what was written, and the store what the log says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.history.packed import PackedState
from cases.history.replay import stored_things
from cases.log.batches import ERASE, START, broken_before, read_batches, read_changes, store_id, with_changes
from cases.log.chain import Broken, Line, first_break
from cases.log.guards import unguarded
from cases.store.connection import querying
from cases.store.held.anchoring import NOT_ANCHORED, Anchored, anchored, held_to_backups
from cases.store.held.oddities import oddities
from cases.store.problems import is_damage
from cases.store.sight import seeing
from cases.values.kinds import KINDS
from rules.loader.errors import DubiError
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedBatch
    from cases.store.reading import Execute


_EMPTIED = "nội dung đã bị xoá mà không lần ghi nào nói là xoá theo yêu cầu"


@dataclass(frozen=True, slots=True)
class Strayed:
    """A thing that the tables hold otherwise than the log says; ``fields`` are those that differ."""

    entity: str
    item: int
    key: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about the log of a store: how long it is, its last hash, and what does not hold."""

    batches: int
    changes: int
    head: str
    broken: Broken | None
    strayed: tuple[Strayed, ...] = ()
    """Things changed past the log; empty where the log itself is broken, for then it proves nothing."""
    unguarded: tuple[str, ...] = ()
    """The guards of the log that were taken away, altered or added."""
    misfiled: tuple[str, ...] = ()
    """Cases that would not be found by their name: what is searched is not made of it."""
    odd: tuple[str, ...] = ()
    """What else is not as the program makes it, in words: tables, lists of codes, rows that nothing refers to."""
    anchored: Anchored = NOT_ANCHORED
    """How the log stands to what is kept of it outside the store."""

    @property
    def holds(self) -> bool:
        """Whether nothing was tampered with; a store that is not anchored here is not held to anything outside."""
        found = self.strayed or self.unguarded or self.misfiled or self.odd
        return self.broken is None and not found and self.anchored.holds


def verify(url: str, backups: Iterable[Path] = ()) -> Verdict:
    """Check the whole log of a store, the store against it, and the log against its anchor and those of its backups.

    All of it is read whoever asks: a part of a log proves nothing. A store that is damaged is a verdict too.
    Raises `StoreProblem` where there is none, or it cannot be opened.
    """
    try:
        with seeing(None), querying(url) as execute:
            return verdict(execute, url, tuple(backups))
    except DubiError as error:
        if not is_damage(error.__cause__):
            raise
        why = "tệp kho bị hỏng, không đọc được tiếp"
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a row that was written past the program can lead anywhere
        why = f"có dòng không đọc được ({type(error).__name__}): đã bị sửa thẳng hoặc bị hỏng"
    return Verdict(0, 0, START, Broken("–", None, why))


def verdict(execute: Execute, url: str | None = None, backups: Sequence[Path] = ()) -> Verdict:
    """Check the log behind a connection that is open already; its anchors too where the store's address is given."""
    batches = read_batches(execute)
    lines = _Lines(execute, batches)
    broken = first_break(store_id(execute), with_changes(batches, iter(lines)))
    for _ in lines:  # what is behind a break is counted all the same
        pass
    broken = broken or lines.unaccounted
    broken = broken or _broken_before(batches)
    last = batches[-1] if batches else None
    if broken is None and lines.count > sum(batch.size for batch in batches):
        broken = Broken(last.name if last else "–", None, "sau lần ghi này có dòng không thuộc lần ghi nào")
    head = last.hash if last else START
    strayed = () if broken else tuple(_strayed(execute, lines.standing))
    stands = NOT_ANCHORED if url is None else anchored(url, execute)
    if stands.holds and backups:
        stands = max(stands, held_to_backups(execute, backups), key=lambda one: not one.holds)
    return Verdict(
        len(batches),
        lines.count,
        head,
        broken,
        strayed,
        tuple(unguarded(execute)),
        tuple(_misfiled(execute)),
        (*oddities(execute), *_emptied(batches, backups)),
        stands,
    )


def _emptied(batches: list[LoggedBatch], backups: Sequence[Path]) -> Iterator[str]:
    if backups and not batches:
        yield f"kho trống mà bên cạnh có {len(backups)} bản sao lưu: phục hồi bản gần nhất “{backups[-1].name}”"


def _misfiled(execute: Execute) -> Iterator[str]:
    people = "FROM cases JOIN persons ON persons.id = person_id ORDER BY cases.id"
    for code, name, folded in execute(f"SELECT cases.code, full_name, folded_name {people}"):  # our own words
        if folded != fold(str(name)):
            yield str(code)


class _Lines:
    """The lines of a log, gone through once: counted, held to what was erased, and let happen."""

    def __init__(self, execute: Execute, batches: list[LoggedBatch]) -> None:
        told = {batch.id: json.loads(batch.details) for batch in batches if batch.action == ERASE and batch.details}
        self._told = told.keys()
        self._erased = {number for one in told.values() for number in one["lines"]}
        self._names = {batch.id: batch.name for batch in batches}
        headings = {number for one in told.values() for number in one["headings"]}
        emptied = next((batch for batch in batches if batch.erased and batch.id not in headings), None)
        self.unaccounted = None if emptied is None else Broken(emptied.name, None, _EMPTIED)
        """The first thing that was emptied although no entry tells that somebody was erased."""
        self.standing = PackedState()
        self.count = 0
        self._rest = self._gone_through(execute)

    def __iter__(self) -> Iterator[Line]:
        yield from self._rest

    def _gone_through(self, execute: Execute) -> Iterator[Line]:
        hold = True
        for change in read_changes(execute):
            self.count += 1
            if change.erased and change.id not in self._erased and change.batch not in self._told:
                name = self._names.get(change.batch, "–")
                self.unaccounted = self.unaccounted or Broken(name, change.id, _EMPTIED)
            line = Line.of(change)
            hold = hold and line.holds
            if hold:  # behind a line that was altered nothing is proven
                self.standing.take(change)
            yield line


def _broken_before(batches: list[LoggedBatch]) -> Broken | None:
    """What did not hold already when a log of an earlier form was sealed."""
    name = broken_before(batches)
    return Broken(name, None, "nhật ký đã bị can thiệp từ trước khi được niêm phong") if name else None


def _strayed(execute: Execute, logged: PackedState) -> Iterator[Strayed]:
    """What the tables hold otherwise than the log says, by kind and number."""
    places = {entity: place for place, entity in enumerate(KINDS)}
    found = list(logged.strayed(stored_things(execute)))
    for entity, item, one, two in sorted(found, key=lambda one: (places[one[0]], one[1])):
        names = sorted(name for name in {**(one or {}), **(two or {})} if _value(one, name) != _value(two, name))
        yield Strayed(entity, item, key_of(entity, two or one or {}), tuple(names))


def _value(flat: Flat | None, name: str) -> object:
    return None if flat is None else flat.get(name)


def key_of(entity: str, flat: Flat) -> str:
    """How a thing is called in the log."""
    return KINDS[entity].called(flat.get)
