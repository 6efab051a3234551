"""Rows that may be one person's: the same `Mã người`, the same name and birth date, or the same steps on their days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from cases.values.history import step_order
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.values.records import Record

Why = Literal["person_code", "name_and_birth", "steps"]
ALIKE: dict[Why, str] = {
    "person_code": "cùng Mã người, cả hai đều ghi là đang ở đơn vị mình",
    "name_and_birth": "cùng họ tên và ngày sinh, khác Mã người",
    "steps": "cùng các bước vào cùng các ngày",
}
"""Why two rows may be one person's, in words."""
_MANY_STEPS = 4
_GONE = ("left_on", "left_partly", "moved_out_on", "moved_out_partly")


class Pair(NamedTuple):
    """Two rows that may be one person's, and why."""

    one: Record
    other: Record
    why: Why


def pairs(records: Iterable[Record]) -> Iterator[Pair]:
    """Every such pair once; two rows that the same `Mã người` joins are told only where both have the person now.

    Of one unit many are admitted together: there the same steps ask only where name or birth date agree too.
    """
    by_code, by_name, by_steps = _Alike(), _Alike(), _Alike()
    kinds = frozenset(kind for kind in step_order() if not kind.startswith(("moved_", "left_")))
    for record in records:
        fields = record.fields
        by_code.take(fields.get("person_code", record.code), record)
        if "full_name" in fields and "born_on" in fields:
            by_name.take((fold(str(fields["full_name"])), fields["born_on"]), record)
        taken = [name for name in fields if name in kinds and isinstance(fields[name], date)]
        if len(taken) >= _MANY_STEPS:
            taken.sort()
            by_steps.take((*taken, *[fields[name] for name in taken]), record)
    told = set[tuple[str, str]]()
    whys: tuple[tuple[Why, _Alike], ...] = (
        ("person_code", by_code),
        ("name_and_birth", by_name),
        ("steps", by_steps),
    )
    for why, groups in whys:
        for first, others in groups:
            for other in others:
                if (first.code, other.code) not in told and _asks(first, other, why):
                    told.add((first.code, other.code))
                    yield Pair(first, other, why)


class _Alike:
    """Records that have something in common; nearly all of them have it alone."""

    def __init__(self) -> None:
        self._first: dict[object, Record] = {}
        self._others: dict[object, list[Record]] = {}

    def take(self, common: object, record: Record) -> None:
        if self._first.setdefault(common, record) is not record:
            self._others.setdefault(common, []).append(record)

    def __iter__(self) -> Iterator[tuple[Record, list[Record]]]:
        """The first of those that are not alone with the others, in the order of the first ones."""
        if self._others:
            yield from ((one, self._others[common]) for common, one in self._first.items() if common in self._others)


def _asks(one: Record, other: Record, why: Why) -> bool:
    joined = one.fields.get("person_code", one.code) == other.fields.get("person_code", other.code)
    if why == "steps":
        return not joined and not _of_one_unit(one, other)
    if why != "person_code":
        return not joined
    return not any(name in record.fields for record in (one, other) for name in _GONE)


def _of_one_unit(one: Record, other: Record) -> bool:
    """Whether two who were of one unit have nothing of who they are in common."""
    names, births = ([row.fields.get(name) for row in (one, other)] for name in ("full_name", "born_on"))
    if not _units(one) & _units(other) or None in (*names, *births):
        return False
    return fold(str(names[0])) != fold(str(names[1])) and births[0] != births[1]


def _units(record: Record) -> set[str]:
    """Every unit in which somebody was."""
    unit = record.fields.get("unit")
    return {stay.unit for stay in record.placements} | ({str(unit)} if unit is not None else set())
