"""What was known when: the store as the log says it stood after any of its writes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases.history.snapshots import DECLARED, Flat, changed, flatten, rebuild
from cases.log.batches import read_batches, read_changes
from cases.log.clock import end_of, last_by, local
from cases.log.execute import in_parts
from cases.store.connection import querying
from cases.store.reading import every_unit, numbered, records_of
from cases.values.kinds import KINDS, roster_of
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.log.batches import LoggedBatch, LoggedChange
    from cases.store.reading import Execute
    from cases.values.records import Roster


_AT_ONCE = 2_000
"""So many cases are read at a time."""


@dataclass(slots=True)
class State:
    """Every thing in its flat form, by what it is and by the number of its row."""

    things: dict[str, dict[int, Flat]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def copy(self) -> State:
        """A state that can go another way from here."""
        return State({entity: dict(things) for entity, things in self.things.items()})

    def take(self, change: LoggedChange) -> None:
        """Let a change happen."""
        of_kind = self.things[change.entity]
        if change.after is None:  # taken out, or erased for ever
            of_kind.pop(change.item, None)
            return
        before: Flat = json.loads(change.before) if change.before else {}
        of_kind[change.item] = changed(of_kind.get(change.item, {}), before, json.loads(change.after))

    def roster(self) -> Roster:
        """The roster of this state, its things in the order of their rows."""

        things = {kind: [rebuild(kind, flat) for _, flat in sorted(self.things[kind].items())] for kind in KINDS}
        if not any(DECLARED in unit for unit in self.things["unit"].values()):
            things["unit"] = []
        return roster_of(things)


def replayed(changes: Iterable[LoggedChange]) -> State:
    """The state after these changes, from nothing."""
    state = State()
    for change in changes:
        state.take(change)
    return state


def stored_state(execute: Execute) -> State:
    """The state that the tables themselves hold."""
    state = State()
    for entity, number, flat in stored_things(execute):
        state.things[entity][number] = flat
    return state


def stored_things(execute: Execute) -> Iterator[tuple[str, int, Flat]]:
    """Every thing that the tables hold: its kind, the number of its row and its flat form; cases some at a time."""
    for number, unit, declared in every_unit(execute):
        yield "unit", number, {**flatten(unit), **({DECLARED: True} if declared else {})}
    for kind in KINDS.values():
        if kind.name == "case":
            for some in in_parts([number for (number,) in execute("SELECT id FROM cases ORDER BY id")], _AT_ONCE):
                for number, record in zip(some, records_of(execute, some), strict=True):
                    yield kind.name, number, flatten(record)
        elif kind.name != "unit":
            for number, thing in numbered(execute, kind):
                yield kind.name, number, flatten(thing)


def known_on(url: str, day: dt.date) -> Roster:
    """The roster as it was recorded by the end of a day; raises `BadInput` for a day before the first write."""
    with querying(url) as execute:
        batches = read_batches(execute)
        last = last_by(batches, end_of(day))
        if last is None:
            raise nothing_known(batches, day)
        return known_after(execute, last.id)


def nothing_known(batches: list[LoggedBatch], day: dt.date) -> BadInput:
    """The refusal of a day before the first write."""
    first = f"; lần ghi đầu tiên là ngày {shown_day(local(batches[0].made_at))}" if batches else ""
    return BadInput(f"Đến hết ngày {shown_day(day)} kho chưa có gì được ghi{first}.")


def known_after(execute: Execute, batch: int) -> Roster:
    """The roster as it stood after the write of that number."""
    return replayed(read_changes(execute, last=batch)).roster()
