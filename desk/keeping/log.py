"""The log as an answer: what was written when by whom, whether it still is that, and what was taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.history import undo as taking_back
from cases.history.people import Concerned, concerned
from cases.history.telling import key_told
from cases.history.undo import OthersWrite as OthersWrite
from cases.history.undo import TakenBack, called, in_force
from cases.history.verification import Verdict
from cases.history.verification import verify as verdict_of
from cases.keeping.backups import kept
from cases.log.batches import RESTORE, LoggedBatch, LoggedChange, known_batch, read_batches, read_changes
from cases.store.connection import querying
from cases.store.sight import sight
from cases.values.kinds import KINDS
from desk.words.log import what_changed, without_numbers
from rules.loader.errors import NotAllowed

Agrees = Callable[[str], bool]
"""Asks whoever sits there; True for a yes."""
REFUSED = "tài khoản này chỉ hoàn tác lần ghi của mình. Nhờ người đã ghi, hoặc người có quyền hoàn tác của người khác."
MOST_PEOPLE = 1_000
"""As many people of one write are named where its changes are shown."""


@dataclass(frozen=True, slots=True)
class Written:
    """One write, with its changes where they were asked for."""

    batch: LoggedBatch
    in_force: bool
    """Whether it was not taken back since."""
    whom: Concerned
    """Whom it is about: the first of them, or all where its changes were asked for."""
    changes: tuple[LoggedChange, ...] | None = None

    @property
    def lost(self) -> list[dict[str, Any]]:
        """The writes that a restore took away."""
        batch = self.batch
        return list(json.loads(batch.details)["lost"]) if batch.action == RESTORE and batch.details else []

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
            **_people_json(self.whom),
            **({"lost": lost} if (lost := self.lost) else {}),
        }
        if self.changes is None:
            return values
        return {**values, "changes": [_change_json(change) for change in self.changes]}


def _people_json(whom: Concerned) -> dict[str, Any]:
    people = [{"code": without_numbers(one.code), "name": without_numbers(one.name)} for one in whom.people]
    return {"people": people, "more_people": whom.more}


def _change_json(change: LoggedChange) -> dict[str, Any]:
    key = without_numbers(key_told(change.entity, change.key))
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
            "unguarded": list(verdict.unguarded),
            "misfiled": [without_numbers(code) for code in verdict.misfiled],
            "odd": [without_numbers(one) for one in verdict.odd],
            "anchor": {"state": verdict.anchored.state, "number": verdict.anchored.number},
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """A write that was taken back, or made again."""

    done: TakenBack

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        done = self.done
        numbers = {"removed": done.removed, "altered": done.altered, "restored": done.restored}
        names = {"undone": done.batch.name, "action": done.batch.action, "batch": done.name}
        return {**names, **numbers, **_people_json(done.whom)}

    @property
    def told(self) -> list[str]:
        """Whom it was about, and how many things of each kind were removed, altered, restored, line by line."""
        parts = (("bỏ", self.done.removed), ("sửa lại", self.done.altered), ("thêm lại", self.done.restored))
        whom = [f"về {without_numbers(str(self.done.whom))}"] if self.done.whom.people else []
        return [*whom, *(f"{words} {number} {thing}" for words, counts in parts for thing, number in called(counts))]


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
        chosen = batches[-number:]
        whom = concerned(execute, [batch.id for batch in chosen])
    shown = tuple(_written(batch, held, whom[batch.id], changes.get(batch.id)) for batch in chosen)
    return LogShown(shown, len(batches))


def _is_about(change: LoggedChange, case: str) -> bool:
    """Whether a change is of a case, or of something that names it."""
    names_cases = change.entity == "case" or "case" in KINDS[change.entity].names.values()
    return names_cases and case in change.key.split(" · ")


def _written(
    batch: LoggedBatch, held: Mapping[str, LoggedBatch], whom: Concerned, changes: Sequence[LoggedChange] | None
) -> Written:
    return Written(batch, batch.name in held, whom, None if changes is None else tuple(changes))


def write(url: str, name: str) -> Written:
    """One write with all its changes; raises `UnknownName`, `StoreProblem`."""
    with querying(url) as execute:
        batches = read_batches(execute)
        batch = known_batch(batches, name)
        changes = list(read_changes(execute, first=batch.id, last=batch.id))
        whom = concerned(execute, [batch.id], MOST_PEOPLE)[batch.id]
    return _written(batch, in_force(batches), whom, changes)


def verified(url: str) -> Verified:
    """Hold the log against itself and the store against the log; raises `StoreProblem`.

    Whoever sees a part of the store is told whether all of it holds, and not which things do not.
    """
    verdict = verdict_of(url, kept(url))
    if sight() is not None:
        verdict = replace(verdict, strayed=tuple(replace(one, key="–") for one in verdict.strayed))
        verdict = replace(verdict, misfiled=tuple("–" for _ in verdict.misfiled), odd=tuple("–" for _ in verdict.odd))
    return Verified(verdict)


def undo(
    url: str, name: str | None, who: str | None, *, confirmed: bool, agrees: Agrees | None, others: bool = True
) -> Taken:
    """Take back a write, the last where none is named; raises `UnknownName`, `BadInput`, `StoreProblem`.

    One of somebody else is taken back when that is ``confirmed``, or when whoever is asked ``agrees``; never where
    those of ``others`` are not hers to take back, which raises `NotAllowed`.
    """
    return _taken(taking_back.undo, url, name, who, confirmed=confirmed, agrees=agrees, others=others)


def redo(
    url: str, name: str | None, who: str | None, *, confirmed: bool, agrees: Agrees | None, others: bool = True
) -> Taken:
    """Make again what was taken back; raises and asks as `undo` does."""
    return _taken(taking_back.redo, url, name, who, confirmed=confirmed, agrees=agrees, others=others)


def _taken(
    take: Callable[..., TakenBack],
    url: str,
    name: str | None,
    who: str | None,
    *,
    confirmed: bool,
    agrees: Agrees | None,
    others: bool,
) -> Taken:
    try:
        return Taken(take(url, name, who=who, confirmed=confirmed and others))
    except OthersWrite as asked:
        if not others:
            raise NotAllowed(f"Lần ghi {asked.batch.name} là của người khác: {REFUSED}") from None
        if agrees is None or not agrees(str(asked)):
            raise
        return Taken(take(url, asked.batch.name, who=who, confirmed=True))
