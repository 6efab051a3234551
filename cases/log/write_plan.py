"""What an import would do: the roster of a file laid over what is stored, compared thing by thing.

A case of the file takes the place of the stored case with its code, for the columns that the file has; what a file
cannot say (a column or a history it lacks) stays. What the file does not mention stays too: nobody is deleted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cases.values.history import settle_steps
from cases.values.kinds import KINDS
from cases.values.records import (
    PAPERS,
    Record,
    Roster,
    StepEntry,
    TypedFigure,
    Unit,
)
from cases.workbook import schema as layout

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping

    from cases.values.kinds import Kind
    from cases.values.records import Value

_Thing = TypeVar("_Thing")

PERSON_FIELDS = ("full_name", "born_on", "sex")
"""What a person's cases share."""


@dataclass(frozen=True, slots=True)
class Alteration(Generic[_Thing]):
    """One thing that an import makes or changes; ``before`` is None for a new one."""

    key: str
    before: _Thing | None
    after: _Thing
    item: int | None = None
    """The number of the thing's row, where it is known already or has to be a certain one."""


@dataclass(frozen=True, slots=True)
class Removal(Generic[_Thing]):
    """One thing that goes; no import removes anything, taking an import back does."""

    key: str
    before: _Thing
    item: int


@dataclass(frozen=True, slots=True)
class Part(Generic[_Thing]):
    """What happens to the things of one sheet."""

    altered: tuple[Alteration[_Thing], ...] = ()
    unchanged: int = 0
    removed: tuple[Removal[_Thing], ...] = ()

    @property
    def new(self) -> int:
        """How many are made."""
        return sum(1 for one in self.altered if one.before is None)

    @property
    def changed(self) -> int:
        """How many are changed."""
        return len(self.altered) - self.new


@dataclass(frozen=True, slots=True)
class WritePlan:
    """What an import or another write would do to the things of each kind, by the kind's name."""

    parts: Mapping[str, Part[Any]] = field(default_factory=dict)
    unlisted_units: tuple[str, ...] = field(default=())
    """Units that cases name and neither the file nor the store lists, where the store has a list of units."""
    bare_units: frozenset[str] = frozenset()
    """Units among those altered that are to be only named, not declared."""

    @property
    def alters(self) -> bool:
        """Whether anything is made or changed."""
        return any(part.altered or part.removed for part in self.parts.values())

    def of(self, kind: str) -> Part[Any]:
        """What happens to the things of a kind."""
        return self.parts.get(kind, _NOTHING)

    @property
    def cases(self) -> Part[Record]:
        """What happens to cases."""
        return self.of("case")

    @property
    def units(self) -> Part[Unit]:
        """What happens to units."""
        return self.of("unit")


_NOTHING: Part[Any] = Part()


def compare(stored: Roster, roster: Roster, covered: Mapping[str, Collection[str]]) -> WritePlan:
    """Lay a roster over what is stored; ``covered`` names the fields that each sheet of the file has columns for."""
    parts = {
        kind.name: _part(kind.of(stored), kind.of(roster), kind, _merging(kind, covered)) for kind in KINDS.values()
    }
    parts["case"] = with_shared_persons(stored.records, parts["case"])
    known = {unit.code for unit in (*stored.units, *roster.units)}
    named = {str(record.fields["unit"]) for record in roster.records if "unit" in record.fields}
    return WritePlan(parts, tuple(sorted(named - known)) if stored.units or roster.units else ())


def _merging(kind: Kind, covered: Mapping[str, Collection[str]]) -> Callable[[Any, Any], Any]:
    """How a thing of the file is laid over the stored one."""
    names = covered.get(kind.sheet.name)
    if kind.made is Record:
        papers = covered.get(layout.STEPS.name)
        return lambda old, new: overlay(old, new, names, papers)
    lays: dict[type, Callable[[Any, Any, Collection[str] | None], Any]] = {
        Unit: _unit_overlaid,
        TypedFigure: _figure_overlaid,
    }
    lay = lays.get(kind.made, _overlaid)
    return lambda old, new: lay(old, new, names)


def overlay(old: Record, new: Record, names: Collection[str] | None, papers: Collection[str] | None = None) -> Record:
    """The stored record with what the file says of it; ``papers`` names the columns that the file has for steps."""
    kept = {} if names is None else {name: value for name, value in old.fields.items() if name not in names}
    steps = _with_papers(old, new.steps, papers) or _history_under(old, new.fields, names)
    fields, history = settle_steps({**kept, **new.fields}, steps)
    return Record(new.code, fields, history, new.attributes or old.attributes, new.placements or old.placements)


def _with_papers(old: Record, steps: Iterable[StepEntry], columns: Collection[str] | None) -> list[StepEntry]:
    """The steps of the file, with what is stored of the same steps in columns that the file does not have."""
    if columns is None:
        return list(steps)
    lacking = [name for name in PAPERS if name not in columns]
    stored = {(entry.kind, entry.on): entry for entry in old.steps} if lacking else {}
    return [
        replace(entry, **{name: getattr(known, name) for name in lacking})
        if (known := stored.get((entry.kind, entry.on)))
        else entry
        for entry in steps
    ]


def _history_under(old: Record, fields: Mapping[str, Value], names: Collection[str] | None) -> list[StepEntry]:
    """The stored steps that still hold beside the file's columns: a column shows the latest step of its kind.

    An entry that carried the papers of the date in its column goes with that date.
    """
    kept = []
    for entry in old.steps:
        if names is None or entry.kind in names:
            shown = fields.get(entry.kind)
            was_shown = old.fields.get(entry.kind) == entry.on
            if not isinstance(shown, date) or entry.on > shown or (was_shown and entry.on != shown):
                continue
        kept.append(entry)
    return kept


def _overlaid(old: Any, new: Any, names: Collection[str] | None) -> Any:
    if names is None:
        return new
    return replace(old, **{one.name: getattr(new, one.name) for one in fields(new) if one.name in names})


def _unit_overlaid(old: Unit, new: Unit, names: Collection[str] | None) -> Unit:
    """The stored unit with what the file says of it.

    A file without history of a unit shows where it stands now: another parent there corrects the last one known.
    """
    laid: Unit = _overlaid(old, new, names)
    if names is None or new.history:
        return replace(laid, history=new.history)
    if laid.history and laid.parent != old.parent:
        *before, last = sorted(laid.history, key=lambda one: one.since or date.min)
        return replace(laid, history=(*before, replace(last, parent=laid.parent)))
    return laid


def _figure_overlaid(old: TypedFigure, new: TypedFigure, names: Collection[str] | None) -> TypedFigure:
    """The stored figure with what the file says of it; another value is not its first author's any more."""
    laid: TypedFigure = _overlaid(old, new, names)
    if names is None or laid.value == old.value:
        return laid
    return replace(laid, author=new.author, entered_on=new.entered_on)


def _part(stored: Iterable[Any], incoming: Iterable[Any], kind: Kind, merge: Callable[[Any, Any], Any]) -> Part[Any]:
    """Match things by key; of several with one key the first is matched with the first, the second with the second."""
    key = kind.identity_of
    seen: Counter[Hashable] = Counter()
    before: dict[Hashable, Any] = {}
    for thing in stored:
        seen[key(thing)] += 1
        before[key(thing), seen[key(thing)]] = thing
    seen.clear()
    altered, unchanged = [], 0
    for thing in incoming:
        own = key(thing)
        seen[own] += 1
        old = before.get((own, seen[own]))
        new = thing if old is None else merge(old, thing)
        if old == new:
            unchanged += 1
        else:
            altered.append(Alteration(kind.called(partial(getattr, new)), old, new))
    return Part(tuple(altered), unchanged)


def with_shared_persons(stored: Iterable[Record], cases: Part[Record]) -> Part[Record]:
    """A person's name, birth and sex are one: other stored cases of the same person change with those altered."""
    persons = {
        one.after.fields["person_code"]: one.after.fields for one in cases.altered if "person_code" in one.after.fields
    }
    if not persons:
        return cases
    touched = {one.key for one in cases.altered}
    also = []
    for record in stored:
        person = persons.get(record.fields.get("person_code", ""))
        if person is None or record.code in touched:
            continue
        shared = {name: person[name] for name in PERSON_FIELDS if name in person}
        rest = {name: value for name, value in record.fields.items() if name not in PERSON_FIELDS}
        after = replace(record, fields={**rest, **shared})
        if after != record:
            also.append(Alteration(record.code, record, after))
    return Part((*cases.altered, *also), cases.unchanged)
