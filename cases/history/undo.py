"""Taking back a write, and taking that back again: `undo` and `redo` are writes of their own, and the log keeps all.

A write can be taken back as long as nothing rests on it: what it changed still stands as it left it, what it made was
not changed since, and nothing refers to it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.history.people import Concerned, concerned
from cases.history.references_held import dangling
from cases.history.snapshots import DECLARED, changed, rebuild
from cases.history.touched import others_with_key, touched_state
from cases.history.verification import key_of
from cases.log.batches import ERASE, REPORTED, RESTORE, SEAL, LoggedBatch, known_batch, read_batches, read_changes
from cases.log.clock import local
from cases.log.write_plan import Alteration, Part, Removal, WritePlan
from cases.store.connection import writing
from cases.store.overlay_choice import ACTION as OVERLAY_CHOICE
from cases.store.overlay_choice import CONFIRMED
from cases.values.kinds import KINDS
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.history.replay import State
    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedChange
    from cases.store.reading import Execute
    from cases.values.kinds import Identity

NOT_TAKEN_BACK = ("undo", "redo", RESTORE, OVERLAY_CHOICE, CONFIRMED, SEAL, ERASE, REPORTED)
"""Writes that `undo` does not take for a command of the user's."""


class NothingToTakeBack(BadInput):
    """There is no write that could be taken back, or it was taken back already."""


class RestsOnIt(BadInput):
    """Later writes rest on the one that was to be taken back; ``reasons`` names them."""

    def __init__(self, batch: LoggedBatch, reasons: list[str]) -> None:
        self.reasons = tuple(reasons)
        shown = [f"  - {reason}" for reason in reasons[:20]]
        if len(reasons) > 20:
            shown.append(f"  - … và {len(reasons) - 20} chỗ nữa.")
        head = f"Không hoàn tác được lần ghi {batch.name}, vì những lần ghi sau dựa vào nó; chưa có gì thay đổi."
        super().__init__("\n".join([head, *shown, "Hoàn tác những lần ghi sau đó trước, hoặc sửa bằng: dubi correct"]))


class OthersWrite(BadInput):
    """The write that was to be taken back is somebody else's, and nobody said that it is meant."""

    def __init__(self, batch: LoggedBatch, whom: Concerned) -> None:
        self.batch = batch
        about = f", về {whom}" if whom.people else ""
        super().__init__(
            f"Lần ghi {batch.name} là của {batch.who} ({shown_moment(local(batch.made_at))}, {batch.size} thay đổi"
            f"{about}), không phải của anh/chị; chưa có gì thay đổi. Nếu vẫn muốn, thêm --confirm."
        )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back, whom it was about, and how many things were removed, changed back and brought back by it."""

    batch: LoggedBatch
    name: str
    removed: Counter[str]
    altered: Counter[str]
    restored: Counter[str]
    whom: Concerned


def in_force(batches: list[LoggedBatch]) -> dict[str, LoggedBatch]:
    """The writes that were not taken back, by name."""
    taken: set[str] = set()
    for batch in reversed(batches):
        if batch.name not in taken and batch.undoes is not None:
            taken.add(batch.undoes)
    return {batch.name: batch for batch in batches if batch.name not in taken}


def to_undo(batches: list[LoggedBatch], name: str | None = None) -> LoggedBatch:
    """The write that `undo` means: the one named, else the last command that is still in force."""
    held = in_force(batches)
    if name is None:
        since = _in_force_since(batches)
        own = [batch for batch in held.values() if batch.action not in NOT_TAKEN_BACK]
        if not own:
            raise NothingToTakeBack("Không có lần ghi nào để hoàn tác.")
        return max(own, key=lambda batch: since[batch.name])
    batch = known_batch(batches, name)
    if batch.action == "undo":
        raise NothingToTakeBack(f"Lần ghi {batch.name} là một lần hoàn tác. Muốn làm lại thì dùng: dubi redo")
    if batch.action == "redo":
        raise NothingToTakeBack(f"Lần ghi {batch.name} là một lần làm lại. Ghi tên lần ghi gốc, xem: dubi log")
    if batch.action == RESTORE:
        raise NothingToTakeBack(
            f"Lần ghi {batch.name} là một lần phục hồi. Muốn trở lại thì phục hồi từ tệp đã cất: dubi restore TỆP"
        )
    if batch.action == SEAL:
        raise NothingToTakeBack(f"Lần ghi {batch.name} niêm phong nhật ký khi nâng cấp kho, không hoàn tác được.")
    if batch.action == ERASE:
        raise NothingToTakeBack(f"Lần ghi {batch.name} xoá hẳn dữ liệu theo yêu cầu, không lấy lại được.")
    if batch.action == REPORTED:
        raise NothingToTakeBack(
            f"Lần ghi {batch.name} đánh dấu một báo cáo đã gửi, không hoàn tác được. "
            "Báo lại thì ghi lần nữa: dubi report BIỂU … --receipt TỆP.json"
        )
    if batch.action == CONFIRMED:
        raise NothingToTakeBack(
            f"Lần ghi {batch.name} đối chiếu một giá trị của luật. Muốn sửa thì đối chiếu lại: dubi rules confirm"
        )
    if batch.action == OVERLAY_CHOICE:
        raise NothingToTakeBack(f"Lần ghi {batch.name} chọn quy định riêng cho kho. Chọn lại bằng lệnh: dubi overlay")
    if batch.name not in held:
        raise NothingToTakeBack(f"Lần ghi {batch.name} đã được hoàn tác rồi. Muốn làm lại thì dùng: dubi redo")
    return batch


def to_redo(batches: list[LoggedBatch], name: str | None = None) -> LoggedBatch:
    """The `undo` that `redo` takes back: the one named (or that took back the one named), else the last command."""
    if name is None:
        ready: list[LoggedBatch] = []
        for batch in batches:
            if batch.action == "undo":
                ready.append(batch)
            elif batch.action == "redo":
                ready = [other for other in ready if other.name != batch.undoes]
            elif batch.action != REPORTED:  # which changes nothing that could stand in the way
                ready.clear()
        if not ready:
            raise NothingToTakeBack("Lệnh ngay trước không phải là hoàn tác. Muốn làm lại lần ghi nào thì ghi tên nó.")
        return ready[-1]
    undone = [batch for batch in in_force(batches).values() if batch.action == "undo"]
    named = known_batch(batches, name)
    for batch in reversed(undone):
        if named.name in (batch.name, batch.undoes):
            return batch
    raise NothingToTakeBack(f"Lần ghi {named.name} không phải là lần đã hoàn tác. Xem các lần ghi bằng lệnh: dubi log")


def _in_force_since(batches: list[LoggedBatch]) -> dict[str, int]:
    """The number of the write that last brought each one into force: its own, or that of a `redo`."""
    undone = {batch.name: batch.undoes for batch in batches if batch.action == "undo"}
    since = {batch.name: batch.id for batch in batches}
    for batch in batches:
        if batch.action == "redo" and (original := undone.get(batch.undoes or "")):
            since[original] = batch.id
    return since


def undo(url: str, name: str | None = None, *, who: str | None = None, confirmed: bool = False) -> TakenBack:
    """Take back a write; raises `NothingToTakeBack`, `RestsOnIt` or `UnknownName`, and then nothing has changed.

    For a write of somebody else that is not ``confirmed`` it raises `OthersWrite`.
    """
    return _take_back(url, name, who, "undo", confirmed=confirmed)


def redo(url: str, name: str | None = None, *, who: str | None = None, confirmed: bool = False) -> TakenBack:
    """Take back an `undo`."""
    return _take_back(url, name, who, "redo", confirmed=confirmed)


def _take_back(url: str, name: str | None, who: str | None, action: str, *, confirmed: bool) -> TakenBack:
    from cases.store.writing import apply_plan, new_batch

    with writing(url) as store:
        execute = store.execute
        batches = read_batches(execute)
        chosen = (to_undo if action == "undo" else to_redo)(batches, name)
        if chosen.in_part:
            raise NothingToTakeBack(
                f"Lần ghi {chosen.name} còn ghi cho nơi khác, chỉ người thấy hết mới hoàn tác được. "
                "Sửa phần của mình bằng: dubi correct"
            )
        original = next((known for known in batches if known.name == chosen.undoes), chosen)
        whom = concerned(execute, [original.id])[original.id]
        batch = new_batch(who, chosen.source, action, undoes=chosen)
        if chosen.who != batch.who and not confirmed:
            raise OthersWrite(chosen, whom)
        before, after = _both_sides(execute, batches, chosen)
        plan, counts = plan_between(before, after)
        if not plan.alters:
            raise NothingToTakeBack(f"Lần ghi {chosen.name} không còn gì để lấy lại: nội dung đã xoá theo yêu cầu.")
        apply_plan(store, plan, batch)
    return TakenBack(chosen if action == "undo" else original, batch.id, *counts, whom)


def _both_sides(execute: Execute, batches: list[LoggedBatch], batch: LoggedBatch) -> tuple[State, State]:
    """What a write is about as it is, and as it is without the write; raises `RestsOnIt`."""
    changes = list(read_changes(execute, first=batch.id, last=batch.id))
    before = touched_state(execute, changes)
    after = before.copy()
    keyed = _Keyed(after)
    disturbed = [
        change
        for change in reversed(changes)
        if not _take_out(keyed, change) or _taken_elsewhere(execute, change, before)
    ]
    if disturbed:
        later = {(one.entity, one.item): one.batch for one in read_changes(execute, first=batch.id + 1)}
        names = {known.id: known for known in batches}
        raise RestsOnIt(
            batch, [_disturbance(one, names.get(later.get((one.entity, one.item), 0))) for one in disturbed]
        )
    made = {(change.entity, change.item): change for change in changes if change.before is None}
    reasons = []
    for entity, item, needed, holder in dangling(before, after):
        if entity == "unit" and DECLARED not in before.things["unit"][item]:
            after.things["unit"][item] = before.things["unit"][item]  # something later names it too
        else:
            key = made[entity, item].key if (entity, item) in made else needed
            reasons.append(f"{KINDS[entity].label} “{key}” đang được dùng ở {holder}.")
    if reasons:
        raise RestsOnIt(batch, list(dict.fromkeys(reasons)))
    return before, after


class _Keyed:
    """The things of a state with the keys that they have, counted: none is looked for among all of them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._keys: dict[str, Counter[Identity]] = {}

    def is_taken(self, entity: str, flat: Flat) -> bool:
        """Whether something has the key of a thing whose key nothing else may have."""
        kind = KINDS[entity]
        return kind.is_alone(flat.get) and self._of(entity)[kind.identity(flat.get)] > 0

    def put(self, entity: str, item: int, flat: Flat | None) -> None:
        """Put another form in the place of a thing, or take it away."""
        things, keys, identity = self.state.things[entity], self._of(entity), KINDS[entity].identity
        if (old := things.pop(item, None)) is not None:
            keys[identity(old.get)] -= 1
        if flat is not None:
            things[item] = flat
            keys[identity(flat.get)] += 1

    def _of(self, entity: str) -> Counter[Identity]:
        if entity not in self._keys:
            identity = KINDS[entity].identity
            self._keys[entity] = Counter(identity(one.get) for one in self.state.things[entity].values())
        return self._keys[entity]


def _take_out(keyed: _Keyed, change: LoggedChange) -> bool:
    """Take one change out of a state; False where the thing no longer stands as the change left it."""
    if change.erased:  # nothing is left of what it touched
        return True
    current = keyed.state.things[change.entity].get(change.item)
    before: Flat | None = json.loads(change.before) if change.before else None
    after: Flat | None = json.loads(change.after) if change.after else None
    if after is None:
        if current is not None or keyed.is_taken(change.entity, before or {}):
            return False
        keyed.put(change.entity, change.item, before or {})
    elif before is None:
        if current != after:
            return False
        keyed.put(change.entity, change.item, None)
    else:
        if current is None or any(current.get(name) != after.get(name) for name in {**before, **after}):
            return False
        keyed.put(change.entity, change.item, changed(current, after, before))
    return True


def _taken_elsewhere(execute: Execute, change: LoggedChange, before: State) -> bool:
    """Whether what a change took out cannot come back, because something that the write is not about has its key."""
    if change.erased or change.after is not None:
        return False
    flat: Flat = json.loads(change.before or "{}")
    return KINDS[change.entity].is_alone(flat.get) and others_with_key(execute, change.entity, flat, before)


def _disturbance(change: LoggedChange, later: LoggedBatch | None) -> str:
    by = ""
    if later is not None:
        by = f" bởi lần ghi {later.name} ({later.who}, {shown_moment(local(later.made_at))})"
    return f"{KINDS[change.entity].label} “{change.key}” đã thay đổi sau đó{by}."


def plan_between(before: State, after: State) -> tuple[WritePlan, tuple[Counter[str], Counter[str], Counter[str]]]:
    """The plan that leads from one state to another, and what it removes, changes and brings back, by kind."""
    removed, altered, restored = Counter[str](), Counter[str](), Counter[str]()
    parts: dict[str, Part[Any]] = {}
    bare = set()
    for entity, was in before.things.items():
        now = after.things[entity]
        changes: list[Alteration[Any]] = []
        removals: list[Removal[Any]] = []
        for item in sorted(was.keys() | now.keys()):
            old, new = was.get(item), now.get(item)
            if old == new:
                continue
            thing = None if old is None else rebuild(entity, old)
            if new is None:
                removals.append(Removal(key_of(entity, old or {}), thing, item))
                removed[entity] += 1
                continue
            changes.append(Alteration(key_of(entity, new), thing, rebuild(entity, new), item))
            (restored if old is None else altered)[entity] += 1
            if entity == "unit" and DECLARED not in new:
                bare.add(new["code"])
        parts[entity] = Part(tuple(changes), 0, tuple(removals))
    plan = WritePlan(parts, bare_units=frozenset(bare))
    return plan, (removed, altered, restored)


def called(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    """The kinds of things in Vietnamese with their numbers."""
    return ((KINDS[entity].label.lower(), number) for entity, number in counts.items())
