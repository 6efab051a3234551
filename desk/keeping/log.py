"""The log as an answer: what was written when by whom, whether it still is that, and what was taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.history import undo as taking_back
from cases.history.undo import TakenBack, called, in_force
from cases.history.verification import Verdict
from cases.history.verification import verify as verdict_of
from cases.log.logbook import LoggedBatch, LoggedChange, known_batch, read_batches, read_changes
from cases.store.connection import querying
from cases.values.kinds import KINDS
from desk.words.log import what_changed, without_numbers


@dataclass(frozen=True, slots=True)
class Written:
    """One write, with its changes where they were asked for."""

    batch: LoggedBatch
    in_force: bool
    """Whether it was not taken back since."""
    changes: tuple[LoggedChange, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on; personal numbers are masked."""
        batch = self.batch
        values = {
            "number": batch.id,
            "batch": batch.name,
            "made_at": f"{batch.made_at.isoformat()}Z",
            "who": without_numbers(batch.who),
            "action": batch.action,
            "source": None if batch.source is None else without_numbers(batch.source),
            "undoes": batch.undoes,
            "in_force": self.in_force,
            "size": batch.size,
            "hash": batch.hash,
        }
        if self.changes is None:
            return values
        return {**values, "changes": [_change_json(change) for change in self.changes]}


def _change_json(change: LoggedChange) -> dict[str, Any]:
    key = without_numbers(change.key)
    return {"id": change.id, "entity": change.entity, "key": key, "changes": what_changed(change)}


@dataclass(frozen=True, slots=True)
class LogShown:
    """The latest writes, the earliest of them first."""

    writes: tuple[Written, ...]
    number: int
    """How many there are; fewer may be shown."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {"batches": [one.as_json() for one in self.writes]}


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the log is whole, and the store as the log says."""

    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        verdict, broken = self.verdict, self.verdict.broken
        strayed = [{"entity": one.entity, "key": one.key, "fields": list(one.fields)} for one in verdict.strayed]
        return {
            "holds": verdict.holds,
            "batches": verdict.batches,
            "changes": verdict.changes,
            "head": verdict.head,
            "broken": broken and {"batch": broken.batch, "change": broken.change, "why": broken.why},
            "strayed": strayed,
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """A write that was taken back, or made again."""

    done: TakenBack

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        done = self.done
        numbers = {"removed": done.removed, "altered": done.altered, "restored": done.restored}
        return {"undone": done.batch.name, "action": done.batch.action, "batch": done.name, **numbers}

    @property
    def told(self) -> list[str]:
        """How many things of each kind were removed, altered, restored, line by line."""
        parts = (("bỏ", self.done.removed), ("sửa lại", self.done.altered), ("thêm lại", self.done.restored))
        return [f"{words} {number} {thing}" for words, counts in parts for thing, number in called(counts)]


def log(url: str, number: int, case: str | None) -> LogShown:
    """The latest writes of a store, or those about a case with what they did to it; raises `StoreProblem`."""
    with querying(url) as execute:
        batches = read_batches(execute)
        held = in_force(batches)
        changes: dict[int, list[LoggedChange]] = {}
        if case is not None:
            for change in read_changes(execute):
                if _is_about(change, case):
                    changes.setdefault(change.batch, []).append(change)
            batches = [batch for batch in batches if batch.id in changes]
    return LogShown(tuple(_written(batch, held, changes.get(batch.id)) for batch in batches[-number:]), len(batches))


def _is_about(change: LoggedChange, case: str) -> bool:
    """Whether a change is of a case, or of something that names it."""
    names_cases = change.entity == "case" or "case" in KINDS[change.entity].names.values()
    return names_cases and case in change.key.split(" · ")


def _written(batch: LoggedBatch, held: Mapping[str, LoggedBatch], changes: Sequence[LoggedChange] | None) -> Written:
    return Written(batch, batch.name in held, None if changes is None else tuple(changes))


def write(url: str, name: str) -> Written:
    """One write with all its changes; raises `UnknownName`, `StoreProblem`."""
    with querying(url) as execute:
        batches = read_batches(execute)
        batch = known_batch(batches, name)
        changes = list(read_changes(execute, first=batch.id, last=batch.id))
    return _written(batch, in_force(batches), changes)


def verified(url: str) -> Verified:
    """Hold the log against itself and the store against the log; raises `StoreProblem`."""
    return Verified(verdict_of(url))


def undo(url: str, name: str | None, who: str | None) -> Taken:
    """Take back a write, the last where none is named; raises `UnknownName`, `BadInput`, `StoreProblem`."""
    return Taken(taking_back.undo(url, name, who=who))


def redo(url: str, name: str | None, who: str | None) -> Taken:
    """Make again what was taken back; raises `UnknownName`, `BadInput`, `StoreProblem`."""
    return Taken(taking_back.redo(url, name, who=who))
