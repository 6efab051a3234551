"""The part of a store that a write is about: what it changed, and what names the things that it made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.history.replay import State
from cases.history.snapshots import DECLARED, flatten
from cases.log.execute import equal, in_parts
from cases.store.reading import every_unit, numbered, records_of
from cases.store.search import with_code
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from cases.history.snapshots import Flat
    from cases.log.batches import LoggedChange
    from cases.store.reading import Execute

_AT_ONCE = 5_000
"""So many numbers are listed in one query."""


def touched_state(execute: Execute, changes: Iterable[LoggedChange]) -> State:
    """The things in the tables that these changes are about, those that name what they made, and all units."""
    numbers: dict[str, set[int]] = {kind: set() for kind in KINDS}
    made: dict[str, set[int]] = {kind: set() for kind in KINDS}
    for change in changes:
        numbers[change.entity].add(change.item)
        if change.before is None:
            made[change.entity].add(change.item)
    for entity, items in made.items():
        for kind, item in _naming(execute, entity, items):
            numbers[kind].add(item)
    state = State()
    for number, unit, declared in every_unit(execute):
        state.things["unit"][number] = {**flatten(unit), **({DECLARED: True} if declared else {})}
    for entity, items in numbers.items():
        if entity != "unit":
            state.things[entity] = dict(_things(execute, entity, items))
    return state


def others_with_key(execute: Execute, entity: str, flat: Flat, state: State) -> bool:
    """Whether a thing of the tables that is not in a state, and so is as it was, has the key of another."""
    kind, known = KINDS[entity], state.things[entity]
    if entity == "unit":  # all of them are in the state
        return False
    if entity == "case":
        head = with_code(execute, str(flat["code"]))
        return head is not None and head.id not in known
    (first, *_), *_ = kind.key
    column = f"{first}_.code" if first in kind.names else f"{kind.table}.{kind.column_of(first)}"
    own = kind.identity(flat.get)
    return any(
        number not in known and kind.identity(flatten(thing).get) == own
        for number, thing in numbered(execute, kind, equal(column, str(flat[first])))
    )


def _things(execute: Execute, entity: str, items: Collection[int]) -> Iterator[tuple[int, Flat]]:
    """The things of a kind that have these numbers, in their order; some may not be there any more."""
    kind = KINDS[entity]
    for some in in_parts(sorted(items), _AT_ONCE):
        if entity == "case":
            there = [number for (number,) in execute(f"SELECT id FROM cases WHERE id IN {_in(some)} ORDER BY id")]  # noqa: S608  # numbers
            yield from zip(there, map(flatten, records_of(execute, there)), strict=True)
        else:
            for number, thing in numbered(execute, kind, f"{kind.table}.id IN {_in(some)}"):
                yield number, flatten(thing)


def _naming(execute: Execute, entity: str, items: Collection[int]) -> Iterator[tuple[str, int]]:
    """The kind and number of everything, beside units, that names one of these things."""
    columns = [
        (kind.name, kind.table, "id", kind.column_of(name))
        for kind in KINDS.values()
        if kind.name != "unit"
        for name, named in kind.names.items()
        if named == entity
    ]
    if entity == "unit":
        columns.append(("case", "memberships", "case_id", "unit_id"))
    for some in in_parts(sorted(items), _AT_ONCE):
        for kind_name, table, item, column in columns:
            for (number,) in execute(f"SELECT {item} FROM {table} WHERE {column} IN {_in(some)}"):  # noqa: S608  # our own names
                yield kind_name, number


def _in(numbers: Iterable[int]) -> str:
    return f"({', '.join(str(int(number)) for number in numbers)})"
