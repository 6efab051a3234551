"""A dossier as a whole: taken out, joined with another of one person, given another code, with all that names it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.changes.changing import NotThere, entries_of
from cases.changes.joining import joined
from cases.changes.saving import Scene, allow, code_alike, known_head, require_units
from cases.changes.values import known_column, read_value
from cases.history.telling import said, step_label
from cases.judging.doubts import Doubt
from cases.judging.judging import new_doubts
from cases.log.write_plan import Alteration, Part, Removal, WritePlan, with_shared_persons
from cases.store.connection import writing
from cases.store.reading import naming_case, records_of
from cases.store.search import of_person
from cases.values.kinds import KINDS
from cases.values.refusals import masked
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cases.store.reading import Execute
    from cases.store.search import Head
    from cases.values.kinds import Kind
    from cases.values.records import Record


@dataclass(frozen=True, slots=True)
class WholeDraft:
    """What is done to a dossier before it is written; ``after`` is None where it goes."""

    code: str
    before: Record
    after: Record | None
    plan: WritePlan
    doubts: tuple[Doubt, ...] = ()

    def allow(self, *, confirmed: bool, accepted: Collection[Doubt] = ()) -> None:
        """Raise `Impossible` or, for what is neither confirmed nor accepted before, `Unconfirmed`."""
        allow(self.doubts, confirmed=confirmed, accepted=accepted)


@dataclass(slots=True)
class _Parts:
    """What happens to the things of each kind, as it is found."""

    altered: dict[str, list[Alteration[Any]]] = field(default_factory=dict)
    removed: dict[str, list[Removal[Any]]] = field(default_factory=dict)

    def alter(self, kind: Kind, before: Any, after: Any, item: int) -> None:
        key = kind.called(partial(getattr, after))
        self.altered.setdefault(kind.name, []).append(Alteration(key, before, after, item))

    def remove(self, kind: Kind, thing: Any, item: int) -> None:
        self.removed.setdefault(kind.name, []).append(Removal(kind.called(partial(getattr, thing)), thing, item))

    def plan(self, shared: Iterable[Record] = ()) -> WritePlan:
        parts = {
            name: Part(tuple(self.altered.get(name, ())), 0, tuple(self.removed.get(name, ())))
            for name in {**self.altered, **self.removed}
        }
        if "case" in parts:
            parts["case"] = replace(with_shared_persons(shared, parts["case"]), removed=parts["case"].removed)
        return WritePlan(parts)


def removed(execute: Execute, code: str) -> WholeDraft:
    """A dossier entered by mistake, taken out with its learners' lines and measures; raises `UnknownName`."""
    head, record = _found(execute, Scene(execute), code)
    parts, counted = _Parts(), {"bước": len(entries_of(record))}
    parts.remove(KINDS["case"], record, head.id)
    for kind, _, number, thing in naming_case(execute, record.code):
        parts.remove(kind, thing, number)
        words = kind.label.lower()
        counted[words] = counted.get(words, 0) + 1
    shown = ", ".join(f"{count} {words}" for words, count in counted.items() if count)
    doubts = (Doubt("removes_recorded", other=shown, needed=record.code),) if shown else ()
    return WholeDraft(record.code, record, None, parts.plan(), doubts)


def recoded(execute: Execute, code: str, new: str) -> WholeDraft:
    """A dossier under another code; raises `UnknownName`, and `BadInput` for a code that is taken or looks like one."""
    scene = Scene(execute)
    head, record = _found(execute, scene, code)
    own = str(read_value(known_column("code"), new))
    if own == record.code:
        raise NotThere(f"Hồ sơ “{masked(own)}” đang mang mã ấy rồi.")
    alike = code_alike(execute, own, but=record.code)
    if alike is not None:
        taken = "đã có" if alike == own else f"trông giống mã đã có “{masked(alike)}”"
        raise BadInput(f"Mã hồ sơ “{masked(own)}” {taken}. Ghi mã khác.")
    after = replace(record, code=own, fields={**record.fields, "code": own})
    parts = _Parts()
    parts.alter(KINDS["case"], record, after, head.id)
    for kind, name, number, thing in naming_case(execute, record.code):
        parts.alter(kind, thing, replace(thing, **{name: own}), number)
    return WholeDraft(own, record, after, parts.plan())


def one_of_two(execute: Execute, code: str, other: str, today: dt.date, on: dt.date | None = None) -> WholeDraft:
    """The second dossier joined into the first: one person, all steps of both, and all that named either.

    ``on``: the day on which the person moved from the second's unit to the first's. Raises `UnknownName`, `BadInput`.
    """
    scene = Scene(execute)
    (head, keep), (other_head, gone) = _found(execute, scene, code), _found(execute, scene, other)
    if head.id == other_head.id:
        raise BadInput(f"Hai mã đều là hồ sơ “{masked(keep.code)}”. Ghi mã của hai hồ sơ.")
    if on is not None and keep.fields.get("unit") in (None, gone.fields.get("unit")):
        raise BadInput("Hai hồ sơ không ở hai đơn vị khác nhau nên không có ngày chuyển; bỏ --on.")
    both = joined(keep, gone, on)
    require_units(scene, both.record)
    doubts = [
        Doubt(
            "join_differs",
            step_label(one.field),
            other=said(one.field, one.left, keep.code),
            needed=said(one.field, one.kept, keep.code),
        )
        for one in both.left
    ]
    if not _may_be_one(head, other_head):
        doubts.insert(0, Doubt("not_one_person", other=_called(gone), needed=_called(keep)))
    doubts = [*new_doubts(keep, both.record, today, scene.units), *doubts]
    parts = _Parts()
    parts.alter(KINDS["case"], keep, both.record, head.id)
    parts.remove(KINDS["case"], gone, other_head.id)
    _take_along(execute, keep.code, gone.code, parts)
    mates = [mate.id for mate in of_person(execute, head.person) if mate.id not in (head.id, other_head.id)]
    return WholeDraft(
        keep.code, keep, both.record, parts.plan(records_of(execute, mates) if mates else ()), tuple(doubts)
    )


def _take_along(execute: Execute, keep: str, gone: str, parts: _Parts) -> None:
    """What named the second dossier names the first; what both have is there once, with what only the second knew."""
    own: dict[str, dict[Any, tuple[int, Any]]] = {name: {} for name in KINDS}
    for kind, _, number, thing in naming_case(execute, keep):
        own[kind.name][kind.identity_of(thing)] = number, thing
    for kind, name, number, thing in naming_case(execute, gone):
        moved = replace(thing, **{name: keep})
        known = own[kind.name].get(kind.identity_of(moved))
        if known is None:
            parts.alter(kind, thing, moved, number)
            continue
        parts.remove(kind, thing, number)
        whole = completed(kind, known[1], moved)
        if whole != known[1]:
            parts.alter(kind, known[1], whole, known[0])


def completed(kind: Kind, one: Any, other: Any) -> Any:
    """A thing with what another of the same key has and it lacks."""
    return replace(one, **{name: getattr(one, name) or getattr(other, name) for name in kind.fields_of()})


def _found(execute: Execute, scene: Scene, code: str) -> tuple[Head, Record]:
    head = known_head(scene, code)
    (record,) = records_of(execute, [head.id])
    return head, record


def _may_be_one(one: Head, other: Head) -> bool:
    if one.person == other.person:
        return True
    return one.folded_name == other.folded_name and (
        one.born_on == other.born_on or None in (one.born_on, other.born_on)
    )


def _called(record: Record) -> str:
    born_on = record.fields.get("born_on")
    birth = f", sinh {said('born_on', born_on, record.code)}" if born_on else ""
    return f"{record.code} {record.fields['full_name']}{birth}"


def save_whole(
    url: str,
    made: Callable[[Execute], WholeDraft],
    action: str,
    *,
    accepted: Collection[Doubt] = (),
    who: str | None = None,
) -> str:
    """Make the draft anew within one transaction and write it; gives the name of the write.

    Raises what making it raises, `Impossible`, and `Unconfirmed` for a doubt that has come up since it was shown.
    """
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, None, action)
    with writing(url) as store:
        now = made(store.execute)
        now.allow(confirmed=False, accepted=accepted)
        apply_plan(store, now.plan, batch)
    return batch.id
