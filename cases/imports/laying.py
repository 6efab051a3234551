"""A file laid over the store: each thing of it compared with the stored one, and every change in words' reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import Flat, flatten, rebuild
from cases.imports.cells import FIELD, Cell, Cells, cells_of, flat_of
from cases.imports.comparing import Difference, Settled, settle
from cases.imports.moving import UNIT, Elsewhere, elsewhere
from cases.imports.saying import FileSays
from cases.values.kinds import KINDS, roster_of
from cases.values.masking import MASK, fact_of, may_show
from cases.values.records import Record, Roster, TypedFigure, Unit
from cases.workbook import schema as layout

if TYPE_CHECKING:
    from cases.imports.comparing import Take
    from cases.values.kinds import Identity, Kind

Key = tuple["Identity", int]
"""What makes a thing this one, and of several alike which."""

WHOLE: Cell = (FIELD, "")
"""The cell that stands for a thing as a whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a file changes, or would: of whom, in which row."""

    kind: Kind
    code: str
    name: str | None
    row: int | None
    difference: Difference
    key: Key
    block: int = 1

    def as_json(self, *, applied: bool) -> dict[str, Any]:
        """The form that the contract fixes; what is of no case names its sheet too.

        ``applied``: the rest was written, and what nobody has answered was kept.
        """
        one = self.difference
        elsewhere = {} if self.kind.name == "case" else {"sheet": self.kind.sheet.name}
        hidden = one.old is not None and not may_show(self.code, (fact_of(self.kind.name, one.fact),))
        old = MASK if hidden else one.old  # what the file says stands in the file
        said = {"code": self.code, "name": self.name, "field": one.field, "old": old, "new": one.new}
        return {
            **elsewhere,
            **said,
            "kind": "kept" if applied and one.open else one.kind,
            "row": self.row,
            "open": one.open,
        }


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of what the file was made from."""

    base: Mapping[str, Mapping[Key, Cells]] | None = None
    """By kind: the things that it began with; None where nobody knows."""
    came_from_file: Callable[[Kind, Any, Cell], bool] = lambda *_: False
    """Whether a stored value was last brought by a file."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What the store is to hold of the things of the file, and by which changes."""

    roster: Roster
    changes: tuple[Change, ...]
    absent: tuple[str, ...]
    """The cases of the same units that the file does not list any more."""

    @property
    def open(self) -> tuple[Change, ...]:
        """The conflicts and removals that nobody has answered: they stand as the store has them."""
        return tuple(one for one in self.changes if one.difference.open)


def lay(stored: Roster, says: FileSays, known: Known, take: Callable[[Kind, int | None, int], Take | None]) -> Laid:
    """Lay a file over what is stored; ``take`` gives the answer for a row of a sheet."""
    changes: list[Change] = []
    things: dict[str, list[Any]] = {}
    for kind in KINDS.values():
        there = dict(keyed(kind, kind.of(stored)))
        base = None if known.base is None else known.base.get(kind.name, {})
        things[kind.name] = []
        for key, thing in keyed(kind, kind.of(says.roster)):
            if says.says_nothing_new(kind, thing, there.get(key)):
                things[kind.name].append(there[key])
                continue
            row = says.rows.get(kind.name, {}).get(key[0])
            block = says.blocks.get(thing.code, 1) if kind.name == "case" else 1
            one = _one(kind, thing, there.get(key), None if base is None else base.get(key), says)
            settled = one.settled(says, known, take(kind, row, block))
            if settled is None:
                things[kind.name].append(thing)  # nobody knows it yet
                continue
            if settled.cells:
                things[kind.name].append(one.made(settled, says))
            code, name = one.called
            changes += [Change(kind, code, name, row, found, key, block) for found in settled.differences]
    return Laid(roster_of(things), tuple(changes), _absent(stored, says.roster, known))


@dataclass(frozen=True, slots=True)
class _One:
    """A thing of the file with the stored one and the one that the file began with."""

    kind: Kind
    thing: Any
    stored: Any | None
    base: Cells | None
    elsewhere: Elsewhere | None = None
    """Of somebody whom the store has in another unit: what is to be made of it."""

    @property
    def called(self) -> tuple[str, str | None]:
        """Its code, or what stands for one, and the name of the person."""
        shown = self.stored or self.thing
        if self.kind.name == "case":
            return shown.code, shown.fields.get("full_name")
        return self.kind.called(lambda name: getattr(shown, name)), None

    def settled(self, says: FileSays, known: Known, take: Take | None) -> Settled | None:
        """What becomes of it; None for one that is new, no cells for one that stays gone."""
        if self.stored is None:
            return None if self.base is None else self._gone(says, self.base, take)
        store = cells_of(flatten(self.stored))
        file = says.of(self.kind, self.thing, store if self.base is None else self.base, began=self.base is not None)
        return settle(self.base, file, store, take, partial(self._came_from_file, known))

    def _came_from_file(self, known: Known, cell: Cell) -> bool:
        if cell == UNIT and self.elsewhere is not None and self.elsewhere.unit is not None:
            return self.elsewhere.unit
        return known.came_from_file(self.kind, self.stored, cell)

    def _gone(self, says: FileSays, base: Cells, take: Take | None) -> Settled | None:
        """One that the store had when the file was made, and has not any more."""
        if take == "file":
            return None
        changed = says.of(self.kind, self.thing, base, began=True) != base
        asked = changed and take is None
        shown = " ".join(filter(None, self.called))
        return Settled({}, (Difference(WHOLE, None, shown, "conflict" if asked else "kept", open=asked),))

    def made(self, settled: Settled, says: FileSays) -> Any:
        """The thing as it is to be stored; the stored one itself where nothing changes."""
        if not any(one.kind in ("added", "changed", "removed") and not one.open for one in settled.differences):
            return self.stored
        made = rebuild(self.kind.name, flat_of(settled.cells))
        if isinstance(made, Unit) and isinstance(self.stored, Unit):
            return _standing_there(made, self.stored, says)
        if isinstance(made, TypedFigure) and isinstance(self.stored, TypedFigure) and made.value != self.stored.value:
            return _typed_anew(made, self.thing, self.stored)
        if isinstance(made, Record) and self.elsewhere is not None:
            made = self.elsewhere.placed(made)
        return _with_one_birth(made, self.stored) if isinstance(made, Record) and self.stored else made


def _one(kind: Kind, thing: Any, stored: Any | None, base: Cells | None, says: FileSays) -> _One:
    """A thing of the file, with what it tells of somebody whom the store has in another unit."""
    if not isinstance(thing, Record) or stored is None:
        return _One(kind, thing, stored, base)
    if base is not None and base.get(UNIT) == thing.fields.get("unit"):
        return _One(kind, thing, stored, base)
    found = elsewhere(stored, thing, other_code=thing.code in says.other_codes)
    return _One(kind, found.row, stored, base, found)


def _with_one_birth(made: Record, stored: Record) -> Record:
    """A day of birth that the file brings completes the year that was known."""
    born_on = made.fields.get("born_on")
    if "born_on" in stored.fields or not isinstance(born_on, date) or made.fields.get("birth_year") != born_on.year:
        return made
    return replace(made, fields={name: value for name, value in made.fields.items() if name != "birth_year"})


def _standing_there(made: Unit, stored: Unit, says: FileSays) -> Unit:
    """A file without the history of units shows where one stands now: another parent corrects the last one known."""
    if made.parent == stored.parent or not made.history or layout.UNIT_HISTORY.name in says.covered:
        return made
    *before, last = sorted(made.history, key=lambda one: one.since or date.min)
    return replace(made, history=(*before, replace(last, parent=made.parent)))


def _typed_anew(made: TypedFigure, of_file: TypedFigure, stored: TypedFigure) -> TypedFigure:
    """Another value is not its first author's any more."""
    if (of_file.author, of_file.entered_on) == (stored.author, stored.entered_on):
        return replace(made, author=None, entered_on=None)
    return replace(made, author=of_file.author, entered_on=of_file.entered_on)


def keyed(kind: Kind, things: tuple[Any, ...]) -> Iterator[tuple[Key, Any]]:
    """Things by key; of several with one key the first is matched with the first, the second with the second."""
    seen: Counter[Identity] = Counter()
    for thing in things:
        own = kind.identity_of(thing)
        seen[own] += 1
        yield (own, seen[own]), thing


def keyed_cells(roster: Roster) -> dict[str, dict[Key, Cells]]:
    """All things of a roster as cells, by kind and key: a base to compare with."""
    return {
        kind.name: {key: cells_of(flatten(thing)) for key, thing in keyed(kind, kind.of(roster))}
        for kind in KINDS.values()
    }


def keyed_flats(flats: Mapping[str, list[Flat]]) -> dict[str, dict[Key, Cells]]:
    """The same of flat forms that were kept."""
    return keyed_cells(roster_of({name: [rebuild(name, flat) for flat in things] for name, things in flats.items()}))


def _absent(stored: Roster, file: Roster, known: Known) -> tuple[str, ...]:
    listed = {record.code for record in file.records}
    units = {record.fields["unit"] for record in file.records if "unit" in record.fields}
    began = None
    if known.base is not None:
        began = {cells[FIELD, "code"] for cells in known.base.get("case", {}).values()}
    return tuple(
        record.code
        for record in stored.records
        if record.code not in listed
        and (record.code in began if began is not None else record.fields.get("unit") in units)
    )
