"""What a write would do, thing by thing: made, changed, taken out. A roster names what is to be there; what it does
not mention stays: nobody is deleted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cases.values.kinds import KINDS, roster_of
from cases.values.records import (
    Record,
    Roster,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from cases.values.kinds import Kind

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

    def laid_over(self, stored: Roster) -> Roster:
        """The roster after the write; ``stored`` is the one that the plan was made for."""
        things = {}
        for kind in KINDS.values():
            part = self.of(kind.name)
            made = {id(one.before): one.after for one in part.altered if one.before is not None}
            kept = [made.get(id(thing), thing) for thing in kind.of(stored)]
            things[kind.name] = (*kept, *(one.after for one in part.altered if one.before is None))
        return replace(roster_of(things), kept=stored.kept)

    @property
    def cases(self) -> Part[Record]:
        """What happens to cases."""
        return self.of("case")

    @property
    def units(self) -> Part[Unit]:
        """What happens to units."""
        return self.of("unit")


_NOTHING: Part[Any] = Part()


def compare(stored: Roster, roster: Roster) -> WritePlan:
    """What it takes that the store holds the things of a roster as they are there; what it does not name stays."""
    parts = {kind.name: _part(kind.of(stored), kind.of(roster), kind) for kind in KINDS.values()}
    parts["case"] = with_shared_persons(stored.records, parts["case"])
    known = {unit.code for unit in (*stored.units, *roster.units)}
    named = {str(record.fields["unit"]) for record in roster.records if "unit" in record.fields}
    return WritePlan(parts, tuple(sorted(named - known)) if stored.units or roster.units else ())


def _part(stored: Iterable[Any], incoming: Iterable[Any], kind: Kind) -> Part[Any]:
    """Match things by key; of several with one key the first is matched with the first, the second with the second."""
    key = kind.identity_of
    seen: Counter[Hashable] = Counter()
    before: dict[Hashable, Any] = {}
    for thing in stored:
        own = key(thing)
        seen[own] += 1
        before[own, seen[own]] = thing
    seen.clear()
    altered, unchanged = [], 0
    for new in incoming:
        own = key(new)
        seen[own] += 1
        old = before.get((own, seen[own]))
        if old == new:
            unchanged += 1
        else:
            altered.append(Alteration(kind.called_by(own), old, new))
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
