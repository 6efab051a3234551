"""Carrying out a plan on the tables: every thing made, changed or taken out, each given back as the log will say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import LOGGED, difference, flatten, written
from cases.log.execute import in_parts
from cases.store.rows.statements import delete, first_like, insert_numbered, insert_values, rows_where, update
from cases.store.rows.unit_writing import UnitWriter
from cases.store.seeding import NOT_ATTRIBUTES, seed
from cases.values.history import step_order
from cases.values.kinds import KINDS, beside_cases
from rules.loader import vocabulary
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cases.log.write_plan import Part, WritePlan
    from cases.store.drivers.transaction import Transaction
    from cases.values.kinds import Kind
    from cases.values.records import Record, StepEntry, Value

_TYPED = ("case_id", "name", "type", "code_list", "value")
_HISTORY = {
    "steps": ("case_id", "kind", "happened_on", "document", "result", "note", "stored_at"),
    "attributes": _TYPED,
    "dated_attributes": (*_TYPED, "since"),
    "memberships": ("case_id", "unit_id", "since", "until"),
}
"""The tables of what a case has many of, with their columns."""
_BARE_STEP = _HISTORY["steps"][:3]
"""The columns of a step without papers, as nearly all are: the others need not be said."""
CASES_A_STEP = 2_000

Progress = Callable[[int, int], None]
"""Told how much of how much is done."""


@dataclass(frozen=True, slots=True)
class Written:
    """One thing as it was and as it is, in the words of the log: None where it was not there, or is not any more."""

    entity: str
    item: int
    key: str
    before: str | None
    after: str | None


def carry_out(store: Transaction, plan: WritePlan, progress: Progress | None = None) -> Iterator[Written]:
    """Write a plan within the caller's transaction, and say what was written: it is written as that is asked for."""
    return _Writer(store, progress).apply(plan)


class _Writer:
    """Carries out a plan; knows the ids of what it has to refer to."""

    def __init__(self, store: Transaction, progress: Progress | None = None) -> None:
        self.store, self.progress = store, progress

    def apply(self, plan: WritePlan) -> Iterator[Written]:
        seed(self.store)
        units = UnitWriter(self.store)
        for item, code, before, after in units.save(plan):
            yield Written("unit", item, code, *map(written, difference(before, after)))
        persons = self._persons_of(plan.cases)
        ids = {"unit": units.ids, "case": self._save_cases(plan, units.ids)}
        yield from self._said("case", plan.cases, [ids["case"][one.after.code] for one in plan.cases.altered])
        plain = [kind for kind in beside_cases() if kind.name != "unit"]
        for kind in plain:
            yield from self._save(kind, plan.of(kind.name), ids)
            if kind.has_code:
                ids[kind.name] = self._ids(kind.table, _named(plan, kind.name))
        for kind in reversed(plain):
            if not kind.has_code:
                yield from self._remove(kind, plan.of(kind.name))
        self._forget_history([one.item for one in plan.cases.removed])
        yield from self._remove(KINDS["case"], plan.cases)
        self._remove_persons_without_case(persons)
        for kind in reversed(plain):
            if kind.has_code:
                yield from self._remove(kind, plan.of(kind.name))
        for item, code, before in units.remove(plan):
            yield Written("unit", item, code, written(before), None)

    def _said(self, entity: str, part: Part[Any], items: Sequence[int]) -> Iterator[Written]:
        for one, item in zip(part.altered, items, strict=True):
            if one.before is None:
                yield Written(entity, item, one.key, None, LOGGED.of(one.after))
            else:
                differs = difference(flatten(one.before), flatten(one.after))
                yield Written(entity, item, one.key, *map(written, differs))

    def _ids(self, table: str, codes: Iterable[str]) -> dict[str, int]:
        """The number of each of these codes that there is."""
        return dict(rows_where(self.store, f"SELECT code, id FROM {table}", "code", codes))  # noqa: S608  # our own names

    def _save(self, kind: Kind, part: Part[Any], ids: dict[str, dict[str, int]]) -> Iterator[Written]:
        """Make or change the things of one table."""

        def row_of(thing: Any) -> dict[str, Any]:
            return _row(kind, thing, ids)

        fresh = [{"id": one.item, **row_of(one.after)} for one in part.altered if one.before is None]
        made = iter(insert_numbered(self.store, kind.table, fresh))
        items = []
        for one in part.altered:
            if one.before is None:
                items.append(next(made))
                continue
            item = one.item or first_like(self.store, kind.table, row_of(one.before))
            update(self.store, kind.table, [{"id": item, **row_of(one.after)}])
            items.append(item)
        yield from self._said(kind.name, part, items)

    def _remove(self, kind: Kind, part: Part[Any]) -> Iterator[Written]:
        delete(self.store, kind.table, "id", [one.item for one in part.removed])
        for one in part.removed:
            yield Written(kind.name, one.item, one.key, LOGGED.of(one.before), None)

    def _save_cases(self, plan: WritePlan, units: dict[str, int]) -> dict[str, int]:
        altered = plan.cases.altered
        ids = self._ids("cases", _named(plan, "case"))
        for one in altered:
            if one.before is not None and one.before.code != one.after.code:
                ids[one.after.code] = self._recode(ids.pop(one.before.code), one.after.code)
        fresh = [one for one in altered if one.before is None]
        old = [one.after for one in altered if one.before is not None]
        persons = self._save_persons([one.after for one in fresh], old)
        rows = [{"id": one.item, "code": one.after.code, **_placed(one.after, persons, units)} for one in fresh]
        ids.update(zip((one.after.code for one in fresh), insert_numbered(self.store, "cases", rows), strict=True))
        update(self.store, "cases", [{"id": ids[one.code], **_placed(one, persons, units)} for one in old])
        self._forget_history([ids[record.code] for record in old])
        self._save_history([(ids[one.after.code], one.after) for one in altered], units)
        return ids

    def _recode(self, number: int, code: str) -> int:
        update(self.store, "cases", [{"id": number, "code": code}])
        return number

    def _persons_of(self, part: Part[Record]) -> set[int]:
        """The persons of the cases that are changed or go: some may have none afterwards."""
        were = (*(one.before for one in part.altered), *(one.before for one in part.removed))
        codes = [record.code for record in were if record is not None]
        return {number for (number,) in rows_where(self.store, "SELECT person_id FROM cases", "code", codes)}

    def _remove_persons_without_case(self, persons: set[int]) -> None:
        cases = f"SELECT 1 FROM {self.store.schema}cases WHERE person_id = ?"  # noqa: S608  # our own names
        alone = f"DELETE FROM {self.store.schema}persons WHERE id = ? AND NOT EXISTS ({cases})"  # noqa: S608  # our own names
        self.store.run(alone, [(number, number) for number in sorted(persons)])

    def _save_persons(self, fresh: list[Record], old: list[Record]) -> dict[str, int]:
        """The person of each case: found by the person's code, else the one the case already has, else a new one."""
        known: dict[str, int] = {}
        own: dict[str, tuple[int, str | None]] = {}
        if old or any("person_code" in record.fields for record in fresh):
            codes = {str(record.fields["person_code"]) for record in (*fresh, *old) if "person_code" in record.fields}
            known = self._ids("persons", sorted(codes))
            joined = (
                "SELECT cases.code, persons.id, persons.code FROM cases JOIN persons ON persons.id = cases.person_id"
            )
            rows = rows_where(self.store, joined, "cases.code", (record.code for record in (*fresh, *old)))
            own = {case: (number, code) for case, number, code in rows}
        found: dict[str, int] = {}
        made: list[Record] = []
        kept: list[dict[str, Any]] = []
        to_make: dict[str, None] = {}
        for record in (*fresh, *old):
            code = record.fields.get("person_code")
            number, old_code = own.get(record.code, (None, None))
            if code is not None and str(code) in known:
                number = known[str(code)]
            elif number is not None and old_code != code and old_code is not None:
                number = None  # the tie to the other cases of that person is undone
            elif code is not None and str(code) in to_make:
                continue
            if number is None:
                made.append(record)
                if code is not None:
                    to_make[str(code)] = None
            else:
                found[record.code] = number
                if code is not None:
                    known[str(code)] = number
                kept.append({**_person_row(record), "id": number})
        update(self.store, "persons", kept)
        for some in in_parts(made, CASES_A_STEP):
            numbers = insert_numbered(self.store, "persons", [{"id": None, **_person_row(record)} for record in some])
            for record, number in zip(some, numbers, strict=True):
                found[record.code] = number
                if (code := record.fields.get("person_code")) is not None:
                    known[str(code)] = number
        for record in (*fresh, *old):
            if record.code not in found:
                found[record.code] = known[str(record.fields["person_code"])]
        return found

    def _forget_history(self, ids: list[int]) -> None:
        for name in _HISTORY:
            delete(self.store, name, "case_id", ids)

    def _save_history(self, records: list[tuple[int, Record]], units: dict[str, int]) -> None:
        for start in range(0, len(records), CASES_A_STEP):
            self._save_some_history(records[start : start + CASES_A_STEP], units)
            if self.progress is not None:
                self.progress(min(start + CASES_A_STEP, len(records)), len(records))

    def _save_some_history(self, records: list[tuple[int, Record]], units: dict[str, int]) -> None:
        bare, steps, attributes, dated, stays = (list[tuple[Any, ...]]() for _ in range(1 + len(_HISTORY)))
        kinds, known = step_order(), _kinds()
        for number, record in records:
            shown = []
            for name, value in record.fields.items():
                if name in kinds:
                    shown.append((name, value))
                elif (kind := known.get(name)) is not None:
                    attributes.append((number, name, *kind, _text(value)))
            mere, told = _step_rows(number, shown, record.steps)
            bare += mere
            steps += told
            for entry in record.attributes:
                dated.append((number, entry.name, *known[entry.name], _text(entry.value), _day(entry.since)))
            for stay in record.placements:
                stays.append((number, units[stay.unit], _day(stay.since), _day(stay.until)))
        insert_values(self.store, "steps", _BARE_STEP, bare)
        for (name, columns), rows in zip(_HISTORY.items(), (steps, attributes, dated, stays), strict=True):
            insert_values(self.store, name, columns, rows)


def _named(plan: WritePlan, kind: str) -> Iterable[str]:
    """The codes of the things of a kind that a plan makes or changes, or that things in it name; each once."""
    own = (code for one in plan.of(kind).altered for side in (one.before, one.after) if side for code in (side.code,))
    others = (
        getattr(side, name)
        for other in beside_cases()
        for name, named in other.names.items()
        if named == kind
        for one in plan.of(other.name).altered
        for side in (one.before, one.after)
        if side
    )
    return dict.fromkeys(code for code in (*own, *others) if code)


def _row(kind: Kind, thing: Any, ids: dict[str, dict[str, int]]) -> dict[str, Any]:
    """The row of a thing: what it names stands there by its number."""
    row: dict[str, Any] = {}
    for name in kind.fields_of():
        value, named = getattr(thing, name), kind.names.get(name)
        row[kind.column_of(name)] = ids[named][value] if named and value else value
    return row


def _placed(record: Record, persons: dict[str, int], units: dict[str, int]) -> dict[str, Any]:
    unit = record.fields.get("unit")
    return {"person_id": persons[record.code], "unit_id": None if unit is None else units[str(unit)]}


def _person_row(record: Record) -> dict[str, Any]:
    fields = record.fields
    return {
        "code": fields.get("person_code"),
        "full_name": fields["full_name"],
        "folded_name": fold(str(fields["full_name"])),
        "born_on": fields.get("born_on"),
        "sex": fields.get("sex"),
    }


@cache
def _kinds() -> dict[str, tuple[str, str | None]]:
    """The type and the code list of each attribute that has rows of its own."""
    return {
        fact.name: (fact.type or "text", fact.codes if fact.type == "code" else None)
        for fact in vocabulary.load().columns
        if fact.kind in ("attribute", "mark") and fact.name not in NOT_ATTRIBUTES
    }


def _step_rows(
    case_id: int, shown: list[tuple[str, Any]], history: tuple[StepEntry, ...]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Every step of a case once: those of its columns without more, and those of its history with their papers."""
    papers = {(entry.kind, entry.on): entry for entry in history}
    bare = [step for step in shown if step not in papers] if papers else shown
    told = [
        (case_id, one.kind, _day(one.on), one.document, one.result, one.note, one.stored_at) for one in papers.values()
    ]
    return [(case_id, kind, _day(on)) for kind, on in bare], told


@lru_cache(maxsize=65_536)
def _day(day: date | None) -> str | None:
    """A day as a database is given it; few occur, and many times each."""
    return None if day is None else day.isoformat()


def _text(value: Value) -> str:
    """A value as the tables of attributes keep it."""
    if isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, date) else str(int(value) if isinstance(value, bool) else value)
