"""What of a store lies before the wall: the units on the day, and of the log what tells of things that are seen.

Worked out once for a state of the store, for it takes a look at all units and at the log; told by its head. What most
writes do, a step or a value of a case, alters nothing of it but one line: then it goes on from what was known.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from cases.log.batches import ERASE, REPORTED, RESTORE, SEAL, Head, head, stood_at
from cases.log.execute import equal, in_parts
from cases.store.rows.unit_reading import every_unit
from cases.store.wall.views import Sets, rows_of
from cases.values.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cases.log.execute import Execute
    from cases.store.sight import Sight
    from cases.store.wall.views import Among

FEW = 5_000
"""Up to so many cases are named to the database one by one; of more it is asked for each whether its unit is seen."""
_MOST = 256
_FIGURES = ("stats", "report")
_MANY = 1_000
"""Of more changes than these everything is looked at anew."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody sees, by the numbers of rows."""

    whole: bool
    """Whether that is everything: every unit there is, so that nothing is anybody else's."""
    units: tuple[int, ...] = ()
    """Those whose cases are seen."""
    above: tuple[int, ...] = ()
    """Those above them: seen by code and name."""
    named: tuple[int, ...] = ()
    """Those that something seen names: seen by code."""
    few: bool = True
    """Whether the cases seen are so few that they are named one by one."""
    batches: tuple[tuple[int, int], ...] = ()
    """The writes that did something to what is seen, each with to how many things."""
    gone: tuple[tuple[str, int], ...] = ()
    """What is in no table any more and was of these units when it went, by its kind in the log."""


_Key = tuple[Head, "Sight"]
_KEPT: OrderedDict[_Key, Scope] = OrderedDict()
_LOCK = Lock()


def scope_of(execute: Execute, eyes: Sight) -> Scope:
    """What these eyes see of a store that is read past the wall; without a tree nothing."""
    now = head(execute)
    key = now, eyes
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    with _LOCK:
        before = max((one for one in _KEPT if one[1] == eyes and one[0].store == now.store), key=_number, default=None)
        known = None if before is None else _KEPT[before]
    found = None
    if before is not None and known is not None and before[0].number < now.number and stood_at(execute, before[0]):
        found = _gone_on(execute, known, before[0].number)
    found = found or _looked_at(execute, eyes)
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return found


def _number(key: _Key) -> int:
    return key[0].number


def _gone_on(execute: Execute, known: Scope, since: int) -> Scope | None:
    """What is seen after writes that moved nothing; None where it has to be worked out anew."""
    if known.whole:
        return None
    done = f"SELECT action FROM batches WHERE id > {since}"
    if any(action in (SEAL, ERASE, RESTORE) for (action,) in execute(done)):
        return None
    rows = list(execute(f"SELECT entity, item, before, after FROM changes WHERE batch_id > {since} LIMIT {_MANY + 1}"))
    gone = set(known.gone)
    if len(rows) > _MANY or any((entity, item) in gone or _moves(entity, *sides) for entity, item, *sides in rows):
        return None
    condition = rows_of(str, _sets(known.units, known.gone))["changes"]
    told = f"own.batch_id > {since} AND ({condition})"
    counted = execute(f"SELECT batch_id, count(*) FROM changes AS own WHERE {told} GROUP BY batch_id")
    more = tuple((int(number), int(size)) for number, size in counted)
    more += _reports(execute, known.units, since)
    return replace(known, batches=known.batches + more) if known.units else known


def _moves(entity: str, before: str | None, after: str | None) -> bool:
    """Whether a change may alter what anybody sees beside itself: what belongs to whom, what is named."""
    if after is None or entity in ("unit", "course", "enrolment"):
        return True
    made = before is None
    named = {name for side in (before, after) if side for name in json.loads(side)}
    return bool(named & {"placements", "case", "code", "unit"} - ({"unit", "code", "case"} if made else set()))


def _looked_at(execute: Execute, eyes: Sight) -> Scope:
    if eyes.tree is None or eyes.on is None or not eyes.roots:
        return Scope(whole=False)
    every = list(every_unit(execute))
    line = eyes.tree((unit for _, unit, _ in every), eyes.on)
    numbers = {unit.code: number for number, unit, _ in every}
    seen = {code for code in numbers if not eyes.roots.isdisjoint(line(code))}
    if seen and len(seen) == len(numbers):
        return Scope(whole=True)
    above = {code for one in seen for code in line(one)}.difference(seen) & numbers.keys()
    told = {
        code
        for _, unit, _ in every
        if unit.code in seen
        for one in unit.history
        for code in (one.parent, one.merged_into)
    }
    units = tuple(sorted(numbers[code] for code in seen))
    gone = _gone(execute, units, seen)
    rows = rows_of(str, _sets(units, gone))
    named = {numbers[code] for code in told if code in numbers}
    for table in ("memberships", "courses"):
        where = f"({rows[table]}) AND own.unit_id IS NOT NULL"
        named |= {number for (number,) in execute(f"SELECT DISTINCT own.unit_id FROM {table} AS own WHERE {where}")}
    counted = execute(f"SELECT batch_id, count(*) FROM changes AS own WHERE {rows['changes']} GROUP BY batch_id")
    return Scope(
        False,
        units,
        tuple(sorted(numbers[code] for code in above)),
        tuple(sorted(named)),
        _few(execute, units),
        tuple((int(number), int(size)) for number, size in counted) + _reports(execute, units),
        gone,
    )


def _reports(execute: Execute, units: tuple[int, ...], since: int = 0) -> tuple[tuple[int, int], ...]:
    """The reports sent of these units: those of figures, for one of findings names whoever was there then."""
    told = f"SELECT id, details FROM batches WHERE action = '{REPORTED}' AND details IS NOT NULL AND id > {since}"
    sent = [(int(number), json.loads(details)["question"]) for number, details in execute(told)]
    if not sent:
        return ()
    own = {code for (code,) in execute(f"SELECT code FROM units WHERE {_among(units)('id')}")}
    return tuple((number, 0) for number, asked in sent if asked["command"] in _FIGURES and asked["unit"] in own)


def _sets(units: tuple[int, ...], gone: tuple[tuple[str, int], ...]) -> Sets:
    inside = f"FROM cases WHERE {_among(units)('unit_id')}"
    return Sets(
        _among(units),
        lambda column: f"{column} IN (SELECT id {inside})",
        lambda column: f"{column} IN (SELECT person_id {inside})",
        _one_of(gone),
    )


def _among(numbers: Iterable[int]) -> Among:
    listed = ", ".join(map(str, numbers)) or "NULL"
    return lambda column: f"{column} IN ({listed})"


def _one_of(things: Iterable[tuple[str, int]]) -> Callable[[str, str], str]:
    """The condition that a kind and a number are those of one of some things."""
    by_kind: dict[str, list[int]] = {}
    for entity, item in things:
        by_kind.setdefault(entity, []).append(item)
    said = {entity: _among(items) for entity, items in by_kind.items()}
    return lambda kind, number: " OR ".join(
        ["1 = 0", *(f"({kind} = '{entity}' AND {among(number)})" for entity, among in said.items())]
    )


def _few(execute: Execute, units: tuple[int, ...]) -> bool:
    query = f"SELECT id FROM cases WHERE {_among(units)('unit_id')} LIMIT 1 OFFSET {FEW}"
    return not any(True for _ in execute(query))


def _gone(execute: Execute, units: tuple[int, ...], seen: set[str]) -> tuple[tuple[str, int], ...]:
    """What was taken out of the store and was of these units then."""
    rows = "SELECT entity, item, before FROM changes WHERE after IS NULL AND before IS NOT NULL ORDER BY id"
    gone = {(str(entity), int(item)): json.loads(before) for entity, item, before in execute(rows)}
    gone = {thing: gone[thing] for thing in gone.keys() - _there(execute, gone)}
    found = {thing for thing, flat in gone.items() if flat.get("parent" if thing[0] == "unit" else "unit") in seen}
    own = {str(gone[thing]["code"]) for thing in found if thing[0] == "case"}
    named = {str(flat["case"]) for flat in gone.values() if flat.get("case")}
    now = _unit_of_each(execute, named)
    own = {code for code in named if (now[code] in units if code in now else code in own)}
    return tuple(sorted(found | {thing for thing, flat in gone.items() if flat.get("case") in own}))


def _there(execute: Execute, things: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of some things that are in their tables."""
    by_kind: dict[str, list[int]] = {}
    for entity, item in things:
        by_kind.setdefault(entity, []).append(item)
    found = set()
    for entity, items in by_kind.items():
        listed = ", ".join(map(str, items))
        rows = execute(f"SELECT id FROM {KINDS[entity].table} WHERE id IN ({listed})")
        found |= {(entity, int(number)) for (number,) in rows}
    return found


def _unit_of_each(execute: Execute, codes: Iterable[str]) -> dict[str, int | None]:
    """The number of the unit of each of these cases that there is."""
    found: dict[str, int | None] = {}
    for some in in_parts(sorted(codes), FEW):
        chosen = " OR ".join(equal("code", code) for code in some)
        found |= dict(execute(f"SELECT code, unit_id FROM cases WHERE {chosen}"))
    return found
