"""Writing units: those declared with their details, and those that something merely names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.history.snapshots import DECLARED, Flat, flatten
from cases.store.rows.statements import delete, insert, insert_numbered, update
from cases.store.wall.beyond import come_into_sight
from cases.values.kinds import beside_cases
from cases.values.records import UNIT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.log.write_plan import WritePlan
    from cases.store.drivers.transaction import Transaction
    from cases.values.records import Unit

_BARE = {
    "name": None,
    "level": None,
    "sector": None,
    "opened_on": None,
    "closed_on": None,
    "no_masses_left": False,
    "few_members": False,
    "declared": False,
}


class UnitWriter:
    """Writes the units of a plan, and knows the number of each by its code."""

    def __init__(self, store: Transaction) -> None:
        self.store = store
        rows = list(store.execute("SELECT code, id, declared FROM units"))
        self.ids: dict[str, int] = {code: number for code, number, _ in rows}
        self.declared = {code for code, _, declared in rows if declared}

    def save(self, plan: WritePlan) -> Iterator[tuple[int, str, Flat | None, Flat]]:
        """Make and change units; gives number, code, before and after of each."""
        listed = {one.after.code: one for one in plan.units.altered}
        named = [code for code in dict.fromkeys(_named(plan)) if code not in self.ids and code not in listed]
        known = set(self.ids)
        fresh = [{"id": one.item, **self._row(one.after, plan)} for code, one in listed.items() if code not in known]
        self._insert([*fresh, *({"id": None, **_BARE, "code": code} for code in named)])
        for code, one in listed.items():
            parent = self.ids[one.after.parent] if one.after.parent else None
            if code in known or parent is not None:
                values = {**self._row(one.after, plan), "parent_id": parent, "id": self.ids[code]}
                update(self.store, "units", [values])
        self._save_beside([one.after for one in listed.values()], known)
        for code in named:
            yield self.ids[code], code, None, {"code": code}
        for code, one in listed.items():
            before = None
            if code in known:
                was = flatten(one.before) if one.before is not None else {"code": code}
                before = {**was, DECLARED: True} if code in self.declared else was
            after = flatten(one.after)
            yield self.ids[code], code, before, after if code in plan.bare_units else {**after, DECLARED: True}

    def _save_beside(self, units: list[Unit], known: set[str]) -> None:
        """Where the units stood through time and what they settled, in the place of what is stored of it."""
        self._forget([self.ids[unit.code] for unit in units if unit.code in known])
        standings = [
            {
                "unit_id": self.ids[unit.code],
                "parent_id": self.ids[one.parent] if one.parent else None,
                "since": one.since,
                "merged_into_id": self.ids[one.merged_into] if one.merged_into else None,
            }
            for unit in units
            for one in unit.history
        ]
        settings = [
            {"unit_id": self.ids[unit.code], "name": name, "value": value}
            for unit in units
            for name in UNIT_SETTINGS
            if (value := getattr(unit, name))
        ]
        insert(self.store, "unit_standings", standings)
        insert(self.store, "unit_settings", settings)

    def _forget(self, numbers: list[int]) -> None:
        for table in ("unit_standings", "unit_settings"):
            delete(self.store, table, "unit_id", numbers)

    def remove(self, plan: WritePlan) -> Iterator[tuple[int, str, Flat]]:
        """Take units out; gives number, code and how each stood."""
        numbers = [one.item for one in plan.units.removed]
        self._forget(numbers)
        update(self.store, "units", [{"id": number, "parent_id": None} for number in numbers])
        delete(self.store, "units", "id", numbers)
        for one in plan.units.removed:
            was = flatten(one.before)
            yield one.item, one.key, {**was, DECLARED: True} if one.key in self.declared else was

    def _row(self, unit: Unit, plan: WritePlan) -> dict[str, Any]:
        own = {name: getattr(unit, name) for name in _BARE if name != "declared"}
        return {**own, "code": unit.code, "declared": unit.code not in plan.bare_units}

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        numbers = insert_numbered(self.store, "units", rows)
        come_into_sight(self.store.execute, numbers)
        self.ids |= zip((row["code"] for row in rows), numbers, strict=True)


def _named(plan: WritePlan) -> Iterable[str]:
    """The units that a plan refers to."""
    for unit in (one.after for one in plan.units.altered):
        yield from (code for code in (unit.parent, *_places(unit)) if code)
    for record in (one.after for one in plan.cases.altered):
        if "unit" in record.fields:
            yield str(record.fields["unit"])
        yield from (stay.unit for stay in record.placements)
    for kind in beside_cases():
        names = [name for name, named in kind.names.items() if named == "unit" and kind.name != "unit"]
        for one in plan.of(kind.name).altered:
            yield from (code for name in names if (code := getattr(one.after, name)))


def _places(unit: Unit) -> Iterator[str | None]:
    """The units that the history of a unit names."""
    for one in unit.history:
        yield one.parent
        yield one.merged_into
