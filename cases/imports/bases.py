"""What a file that comes again began with: the store as it stood then, or what was last taken from the same store.

Of a file that comes from another store the log keeps what was taken, in the heading of the import: the next file of
that store is compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.history.replay import State, known_after
from cases.history.snapshots import flatten
from cases.history.taken import SAID, packed, taken_of, unpacked
from cases.history.undo import in_force
from cases.imports.cells import Cell, Cells, cells_of, flat_of, logged_as
from cases.imports.laying import WHOLE, Change, Known, keyed, keyed_cells, keyed_flats
from cases.log.batches import Head, read_batches, read_changes, stood_at, store_id
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from cases.imports.laying import Key
    from cases.store.reading import Execute
    from cases.values.kinds import Kind
    from cases.values.records import Roster
    from cases.workbook.stamp import Stamp

IMPORT = "import"
_NOBODYS_WORD = ("undo", "redo")
"""Writes that only bring back what another one had said."""


def known_of(execute: Execute, stamp: Stamp | None) -> Known:
    """What is known of what a file with this stamp, or with none, began with."""
    origins = _Origins(execute)
    if stamp is None:
        return Known(None, origins)
    if stood_at(execute, Head(stamp.store, stamp.number, stamp.hash)):
        return Known(keyed_cells(known_after(execute, stamp.number)), origins)
    if stamp.store == store_id(execute):
        return Known(None, origins)  # the log went another way since: rebuilt, or restored from before
    return Known(_last_taken(execute, stamp.store), origins)


def is_foreign(execute: Execute, stamp: Stamp | None) -> bool:
    """Whether a file is another store's."""
    return stamp is not None and stamp.store != store_id(execute)


def _last_taken(execute: Execute, store: str) -> Mapping[str, Mapping[Key, Cells]] | None:
    for batch in reversed(in_force(read_batches(execute)).values()):
        if batch.action == IMPORT and batch.details and (taken := taken_of(batch)) and taken["store"] == store:
            return keyed_flats(unpacked(taken["content"]))
    return None


def told_of(stamp: Stamp, roster: Roster, known: Known, changes: Iterable[Change]) -> str:
    """What the heading of an import is to keep of a file from another store, as JSON.

    What nobody has answered was not taken: there it stays as it was taken before, and is asked again next time.
    """
    changed: dict[tuple[str, Key], list[Change]] = {}
    for change in changes:
        if change.difference.open:
            changed.setdefault((change.kind.name, change.key), []).append(change)

    def said(kind: Kind, key: Key, thing: Any) -> str:
        own = changed.get((kind.name, key)) if changed else None
        if own is None:
            return SAID.of(thing)
        things = {key: cells_of(flatten(thing))}
        for change in own:
            _leave(things, change, (known.base or {}).get(kind.name, {}))
        flat = flat_of(things[key])
        return SAID.spelled(flat) if flat else ""

    content = (
        (kind.name, filter(None, (said(kind, key, thing) for key, thing in keyed(kind, kind.of(roster)))))
        for kind in KINDS.values()
    )
    taken = {"store": stamp.store, "number": stamp.number, "hash": stamp.hash, "kept": list(stamp.kept)}
    return json.dumps({"taken": {**taken, "content": packed(content)}}, ensure_ascii=False)


def _leave(things: dict[Key, Cells], change: Change, before: Mapping[Key, Cells]) -> None:
    """Put the cell of an open change back to what it was taken for before."""
    key, cell = change.key, change.difference.cell
    was, now = before.get(key, {}), things[key]
    if cell == WHOLE:
        things[key] = dict(was)
        return
    of_step = cell[:2] if cell[0] == "step" else None
    for one in {*now, *was}:
        if one == cell or (of_step is not None and one[:2] == of_step):
            now.pop(one, None)
            if one in was:
                now[one] = was[one]


@dataclass(slots=True)
class _Origins:
    """Who last said what is stored, read from the log when it is first asked: a file, or somebody by hand."""

    execute: Execute
    said: dict[tuple[str, int, str, str], bool] = field(default_factory=dict, init=False)
    items: dict[tuple[str, Any], int] | None = field(default=None, init=False)

    def __call__(self, kind: Kind, thing: Any, cell: Cell) -> bool:
        """Whether the value that a stored thing has in a cell came from a file."""
        if self.items is None:
            self.items = self._read()
        flat = flatten(thing)
        item = self.items.get((kind.name, kind.identity(flat.get)))
        name = logged_as(cell)
        return item is not None and self.said.get((kind.name, item, name, _text(flat.get(name))), False)

    def _read(self) -> dict[tuple[str, Any], int]:
        actions = {batch.id: batch.action for batch in read_batches(self.execute)}
        state = State()
        for change in read_changes(self.execute):
            state.take(change)
            action = actions.get(change.batch, "")
            if change.after is None or action in _NOBODYS_WORD:
                continue
            for name, value in json.loads(change.after).items():
                self.said[change.entity, change.item, name, _text(value)] = action == IMPORT
        return {
            (name, KINDS[name].identity(flat.get)): item
            for name, things in state.things.items()
            for item, flat in things.items()
        }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
