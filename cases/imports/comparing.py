"""What a file that comes again changes of one thing: three ways where what it was made from is known, else two.

Pure: plain cells in, plain cells and differences out. What the file does not say has been filled in before from what
it is compared with, so that a cell which is lacking here was emptied by somebody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from cases.history.snapshots import Flat
from cases.imports.cells import FIELD, STEPS, Cell, Cells, Days, days_of, flat_of

Take = Literal["file", "store"]
Kind = Literal["added", "changed", "removed", "conflict", "kept"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of which file and store say different things, or which the file brings.

    ``open`` ones stand as the store has them until somebody answers.
    """

    cell: Cell
    old: Any
    """What the store says; None where it says nothing."""
    new: Any
    """What the file says; None where it was emptied."""
    kind: Kind
    open: bool = False

    @property
    def field(self) -> str:
        """The name of the field, with the paper of a step behind a point."""
        if self.cell[0] == FIELD:
            return self.cell[1]
        if self.cell[0] != STEPS:
            return self.cell[0]
        return ".".join((self.cell[1], *self.cell[3:]))

    @property
    def fact(self) -> str:
        """The field that it tells of, also where it tells of that field at some time."""
        return self.cell[1] if self.cell[0] in (FIELD, STEPS, "attributes") else self.cell[0]

    @property
    def before(self) -> Flat:
        """What the store says of it, in the flat form of the log."""
        return self._flat(self.old)

    @property
    def after(self) -> Flat:
        """What the file says of it, in the flat form of the log."""
        return self._flat(self.new)

    def _flat(self, value: Any) -> Flat:
        if self.cell[0] != STEPS:
            return {} if value is None else flat_of({self.cell: value})
        if len(self.cell) > 3:
            return flat_of({self.cell[:3]: {self.cell[3]: value} if value is not None else {}})
        return {} if value is None else flat_of({(STEPS, self.cell[1], value): {}})


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a thing, and by what differences."""

    cells: Cells
    differences: tuple[Difference, ...] = ()


CameFromFile = Callable[[Cell], bool]
"""Whether the value that the store has in a cell was last brought by a file and not by a hand."""


def settle(base: Cells | None, file: Cells, store: Cells, take: Take | None, came_from_file: CameFromFile) -> Settled:
    """Lay what a file says over what the store holds; ``base`` is what both began with, None where nobody knows.

    With a base, what only the file changed is the file's, what only the store changed the store's; what both changed
    is a conflict. Without one, the file fills what is empty and replaces what came from a file.
    """
    laid, found = dict(store), list[Difference]()
    for cell in dict.fromkeys((*store, *file)):
        if cell[0] == STEPS:
            continue
        one = _cell(cell, base, file, store, came_from_file)
        if one is not None:
            one = _answered(one, take)
            found.append(one)
            _put(laid, one)
    for kind in dict.fromkeys(cell[1] for cell in (*store, *file) if cell[0] == STEPS):
        steps = _Steps(kind, None if base is None else days_of(base, kind), days_of(file, kind), days_of(store, kind))
        after, some = _steps(steps, take, came_from_file)
        found += some
        if after != steps.store:
            laid = {cell: value for cell, value in laid.items() if cell[:2] != (STEPS, kind)}
            laid |= {(STEPS, kind, day): papers for day, papers in sorted(after.items())}
    return Settled(laid, tuple(found))


def _cell(cell: Cell, base: Cells | None, file: Cells, store: Cells, came_from_file: CameFromFile) -> Difference | None:
    new, old = file.get(cell), store.get(cell)
    if new == old:
        return None
    if base is None:
        filled: Kind = "added" if old is None else "changed" if came_from_file(cell) else "conflict"
        return Difference(cell, old, new, filled, open=filled == "conflict")
    was = base.get(cell)
    if new == was:
        return None
    if old != was:
        return Difference(cell, old, new, "conflict", open=True)
    if new is None:
        return Difference(cell, old, None, "removed", open=True)
    return Difference(cell, old, new, "added" if old is None else "changed")


def _answered(one: Difference, take: Take | None) -> Difference:
    """A difference after somebody has said whose value holds."""
    if not one.open or take is None:
        return one
    if take == "store":
        return replace(one, kind="kept", open=False)
    kind: Kind = "removed" if one.new is None else "added" if one.old is None else "changed"
    return replace(one, kind=kind, open=False)


def _put(laid: Cells, one: Difference) -> None:
    if one.open or one.kind == "kept":
        return
    if one.new is None:
        laid.pop(one.cell, None)
    else:
        laid[one.cell] = one.new


@dataclass(frozen=True, slots=True)
class _Steps:
    """All that is said of one step of one case."""

    kind: str
    base: Days | None
    file: Days
    store: Days


def _steps(steps: _Steps, take: Take | None, came_from_file: CameFromFile) -> tuple[Days, list[Difference]]:
    """The days after the file, and the differences: of days first, then of the papers of days that both have."""
    after, found = _settled_days(steps, take)
    for day in sorted(steps.file.keys() & after.keys() & steps.store.keys()):
        # the papers are compared as the cells of a thing are
        def of(days: Days | None, day: str = day) -> Cells | None:
            known = None if days is None else days.get(day)
            return None if known is None else {(STEPS, steps.kind, day, name): text for name, text in known.items()}

        papers = _of_papers(of(steps.base), of(steps.file) or {}, of(steps.store) or {}, take, came_from_file)
        found += papers.differences
        after[day] = {cell[3]: text for cell, text in papers.cells.items()}
    return after, found


def _of_papers(
    base: Cells | None, file: Cells, store: Cells, take: Take | None, came_from_file: CameFromFile
) -> Settled:
    laid, found = dict(store), list[Difference]()
    for cell in dict.fromkeys((*store, *file)):
        if base is None and cell not in file:
            continue  # an empty cell says nothing
        one = _cell(cell, base, file, store, lambda cell: came_from_file(cell[:3]))
        if one is not None:
            one = _answered(one, take)
            found.append(one)
            _put(laid, one)
    return Settled(laid, tuple(found))


def _settled_days(steps: _Steps, take: Take | None) -> tuple[Days, list[Difference]]:
    base, file, store = steps.base, steps.file, steps.store
    come = sorted(file.keys() - store.keys() - (base or {}).keys())
    gone = sorted((base.keys() - file.keys()) & store.keys()) if base is not None else []
    after, found = dict(store), list[Difference]()
    if come and _clash(steps, come[-1]):
        day, shown = come.pop(), max(store, default=None)
        one = _answered(_of_day(steps.kind, shown, day, "conflict", open_=True), take)
        found.append(one)
        if one.open or one.kind == "kept":
            gone = []
        else:
            after = {
                known: papers for known, papers in store.items() if known in file or (known != shown and known < day)
            }
            after[day] = file[day]
            gone = [known for known in gone if known in after]
    while come and gone:
        was, day = gone.pop(), come.pop()
        after[day] = _moved(steps, was, day)
        del after[was]
        found.append(_of_day(steps.kind, was, day, "changed"))
    for day in come:
        after[day] = file[day]
        found.append(_of_day(steps.kind, None, day, "added"))
    for day in gone:
        one = _answered(_of_day(steps.kind, day, None, "removed", open_=True), take)
        found.append(one)
        if not one.open and one.kind == "removed":
            after.pop(day, None)
    return after, found


def _clash(steps: _Steps, day: str) -> bool:
    """Whether the latest day of the file stands against another one that the store shows for the same step."""
    shown = max(steps.store, default=None)
    if day != max(steps.file) or shown in steps.file:
        return False
    return shown is not None if steps.base is None else shown != max(steps.base, default=None)


def _moved(steps: _Steps, was: str, day: str) -> dict[str, Any]:
    """The papers of a step whose day the file changed: the file's, under what the store has written there since."""
    known = (steps.base or {}).get(was, {})
    since = {name: text for name, text in steps.store[was].items() if known.get(name) != text}
    return {**steps.file[day], **since}


def _of_day(kind: str, old: str | None, new: str | None, of: Kind, *, open_: bool = False) -> Difference:
    return Difference((STEPS, kind, new or old or ""), old, new, of, open_)
