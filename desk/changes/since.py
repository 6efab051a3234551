"""What was written about the things of a change since somebody looked at it: nobody is written over unseen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.history.snapshots import difference, flatten, step_of
from cases.history.telling import key_told, told
from cases.log.batches import Head, head, read_batches, read_changes, stood_at, store_id
from cases.store.connection import querying
from cases.values.kinds import KINDS
from desk.changes.values import AddPerson, CourseChange, SetFigure, cases_of
from desk.words.log import what_changed
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.changes.saving import Draft
    from cases.log.batches import LoggedBatch, LoggedChange
    from cases.store.reading import Execute
    from desk.changes.values import Change


class WrittenSince(BadInput):
    """Somebody wrote about the same things after they were looked at."""


@dataclass(frozen=True, slots=True)
class OthersWrote:
    """One write since the look, with what it did to the things of the change, line by line."""

    batch: LoggedBatch
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What others wrote since a change was looked at, and what both they and the change say."""

    writes: tuple[OthersWrote, ...]
    both: tuple[str, ...]
    """What the change would now write over what they wrote, line by line; empty where it can be laid on top."""


def look(url: str) -> str:
    """Where a store stands, to be given back when what was looked at is written; raises `StoreProblem`."""
    with querying(url) as execute:
        stands = head(execute)
    return f"{stands.number}:{stands.hash}"


def require_nothing_since(execute: Execute, change: Change, seen: str) -> None:
    """Refuse a change of things that somebody wrote about since ``seen``; raises `WrittenSince`."""
    if next(_relevant(execute, change, seen), None) is not None:
        raise WrittenSince("Trong lúc bạn xem, có người đã ghi thêm. Chưa ghi gì; xem lại cả hai rồi quyết định.")


def since(url: str, change: Change, drafts: Iterable[Draft], seen: str) -> Since:
    """What was written since ``seen`` about the things of a change, which was drafted anew; raises `StoreProblem`."""
    with querying(url) as execute:
        changes = list(_relevant(execute, change, seen))
        batches = {batch.id: batch for batch in read_batches(execute)} if changes else {}
    lines: dict[int, list[str]] = {}
    touched: dict[str, set[str]] = {}
    for one in changes:
        lines.setdefault(one.batch, []).extend(f"{key_told(one.entity, one.key)}: {line}" for line in what_changed(one))
        if one.entity == "case":
            before, after = (json.loads(text) if text else {} for text in (one.before, one.after))
            touched.setdefault(one.key, set()).update(_parts({**before, **after}))
    writes = tuple(OthersWrote(batches[number], tuple(said)) for number, said in lines.items())
    return Since(writes, tuple(_both(drafts, touched)))


def _both(drafts: Iterable[Draft], touched: dict[str, set[str]]) -> Iterator[str]:
    """What a change says of parts of a case that others wrote about, line by line."""
    for draft in drafts:
        if draft.before is None or draft.before.code not in touched:
            continue
        before, after = difference(flatten(draft.before), flatten(draft.after))
        theirs = touched[draft.before.code]
        old, new = (
            {name: flat[name] for name in flat if _part(name) in theirs} for flat in (before or {}, after or {})
        )
        yield from (f"{draft.before.code}: {line}" for line in told("case", old, new, draft.before.code))


def _parts(flat: Iterable[str]) -> set[str]:
    return {_part(name) for name in flat}


def _part(name: str) -> str:
    """What of a case a flat name is: its steps of a kind are one thing, whatever their day."""
    step = step_of(name)
    return name if step is None else step[0]


def _relevant(execute: Execute, change: Change, seen: str) -> Iterator[LoggedChange]:
    """The changes since ``seen`` of what a change is about; all of them where the log never stood there."""
    number, _, hash_ = seen.partition(":")
    known = Head(store_id(execute), int(number) if number.isdecimal() else 0, hash_)
    first = known.number + 1 if stood_at(execute, known) else 1
    cases = {code.strip().casefold() for code in cases_of(change)}
    kinds = _kinds(change) if not cases else frozenset[str]()
    for one in read_changes(execute, first=first):
        if one.entity in kinds or (cases and _names(one, cases)):
            yield one


def _kinds(change: Change) -> frozenset[str]:
    """The kinds of things that a change which names no case is about; somebody new contradicts nobody's write."""
    if isinstance(change, AddPerson):
        return frozenset()
    if isinstance(change, CourseChange):
        return frozenset({"course", "enrolment"})
    return frozenset({"figure"} if isinstance(change, SetFigure) else {"unit", "target"})


def _names(one: LoggedChange, cases: set[str]) -> bool:
    """Whether a change is of one of these cases, or of something that names it."""
    names_cases = one.entity == "case" or "case" in KINDS[one.entity].names.values()
    return names_cases and any(part.casefold() in cases for part in one.key.split(" · "))
