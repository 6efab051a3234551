"""All that a store holds of one person: her cases of now and of earlier, and every line of the log that tells of them.

A case that was taken out, joined with another or imported anew has another number and stands in the log alone; it is
hers by the code of the person, by a joining that is in force, or by name with the code or the day of birth.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import Flat, changed
from cases.history.taken import taken_of, unpacked
from cases.history.undo import in_force
from cases.log.batches import REPORTED, RESTORE, SEAL, read_batches, read_changes
from cases.values.kinds import KEYS_APART, KINDS
from rules.loader.errors import UnknownName
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from cases.log.batches import LoggedBatch, LoggedChange
    from cases.store.reading import Execute

OF_A_CASE = ("enrolment", "discipline")
"""What is kept beside a case and goes with it."""
_JOIN = "join"


@dataclass(frozen=True, slots=True)
class Trace:
    """Somebody as tables and log know her; lines and headings are numbers of the log."""

    cases: dict[int, str]
    """Her cases in the tables, with their codes."""
    gone: dict[int, str]
    """Cases of hers that only the log still knows, with their last codes."""
    codes: frozenset[str]
    """Every code that one of them ever bore."""
    names: frozenset[str]
    """Every name that one of them ever bore, folded."""
    spelt: frozenset[str]
    """The same names as they were written."""
    lines: tuple[int, ...]
    headings: tuple[int, ...]
    learners: tuple[int, ...] = ()
    """Learners of her name without a dossier: whether they are she, only somebody who knows can say."""
    learner_lines: tuple[int, ...] = ()
    alike: tuple[str, ...] = ()
    """Other people's cases with her name: they stay."""

    @property
    def compact(self) -> frozenset[str]:
        """Her names as they are looked for in names of files."""
        return frozenset(in_signs(name) for name in self.names)


@dataclass(slots=True)
class _Known:
    """What the log knows of one case."""

    last: Flat = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def trace(execute: Execute, code: str) -> Trace:
    """All that is held of the person behind a case, in the tables or only in the log; raises `UnknownName`."""
    changes = list(read_changes(execute))
    known = _known(changes)
    stored = _stored(execute)
    seeds = {number for number, (own, _, _) in stored.items() if own == code}
    seeds = seeds or {number for number, one in known.items() if one.last.get("code") == code}
    if not seeds:
        raise UnknownName(f"Không có hồ sơ “{code}”. Tìm mã bằng lệnh: dubi find")
    return _trace(execute, seeds, changes, known, stored)


def trace_of(execute: Execute, seeds: Collection[int]) -> Trace:
    """All that is held of the people behind these numbers of cases."""
    changes = list(read_changes(execute))
    return _trace(execute, set(seeds), changes, _known(changes), _stored(execute))


def seeds_like(execute: Execute, codes: Collection[str], names: Collection[str]) -> set[int]:
    """The numbers of cases in another copy of the store that bore one of these codes and one of these names."""
    known = _known(list(read_changes(execute)))
    return {number for number, one in known.items() if one.codes & set(codes) and one.names & set(names)}


def _trace(
    execute: Execute,
    seeds: set[int],
    changes: Sequence[LoggedChange],
    known: dict[int, _Known],
    stored: dict[int, tuple[str, int, str]],
) -> Trace:
    batches = read_batches(execute)
    hers = _hers(seeds, known, stored, _joined(changes, batches))
    codes = frozenset().union(*(known[number].codes for number in hers if number in known))
    codes |= {stored[number][0] for number in hers if number in stored}
    spelt = frozenset(str(flat["full_name"]) for flat in _flats_of(changes, "case", hers) if flat.get("full_name"))
    names = frozenset(map(fold, spelt)) | {stored[number][2] for number in hers if number in stored}
    items = {"case": hers, **_items_beside(changes, hers)}
    learners = _learners(changes, names)
    compact = {in_signs(name) for name in names}
    return Trace(
        {number: stored[number][0] for number in sorted(hers & stored.keys())},
        {number: str(known[number].last.get("code", "")) for number in sorted(hers - stored.keys())},
        codes,
        names,
        spelt,
        tuple(one.id for one in changes if not one.erased and one.item in items.get(one.entity, ())),
        tuple(one.id for one in batches if not one.erased and _names(one, compact, codes)),
        tuple(sorted(learners)),
        tuple(one.id for one in changes if not one.erased and one.entity == "enrolment" and one.item in learners),
        tuple(sorted(own for number, (own, _, name) in stored.items() if name in names and number not in hers)),
    )


def _stored(execute: Execute) -> dict[int, tuple[str, int, str]]:
    """Every case of the tables by its number: its code, the number of its person, her folded name."""
    query = "SELECT cases.id, cases.code, person_id, folded_name FROM cases JOIN persons ON persons.id = person_id"
    return {int(number): (str(code), int(person), str(name)) for number, code, person, name in execute(query)}


def _sides(change: LoggedChange) -> list[Flat]:
    return [json.loads(side) for side in (change.before, change.after) if side]


def _known(changes: Iterable[LoggedChange]) -> dict[int, _Known]:
    found: dict[int, _Known] = {}
    for change in changes:
        if change.entity != "case" or change.erased:
            continue
        one = found.setdefault(change.item, _Known())
        for flat in _sides(change):
            one.codes |= {str(flat["code"])} if "code" in flat else set()
            one.names |= {fold(str(flat["full_name"]))} if "full_name" in flat else set()
        before: Flat = json.loads(change.before) if change.before else {}
        one.last = changed(one.last, before, json.loads(change.after)) if change.after else {**one.last, **before}
    return found


def _joined(changes: Iterable[LoggedChange], batches: Sequence[LoggedBatch]) -> list[set[int]]:
    """The numbers of cases that became one, for each joining in force."""
    joinings = {one.id for one in in_force(list(batches)).values() if one.action == _JOIN}
    found: dict[int, set[int]] = {}
    for change in changes:
        if change.batch in joinings and change.entity == "case":
            found.setdefault(change.batch, set()).add(change.item)
    return list(found.values())


def _hers(
    seeds: set[int], known: dict[int, _Known], stored: dict[int, tuple[str, int, str]], joined: list[set[int]]
) -> set[int]:
    """All cases of the person: those of the tables by their person, those of the log alone by what they said last."""
    hers: set[int] = set()
    coming = set(seeds)
    while coming:
        hers |= coming
        people = {stored[number][1] for number in hers & stored.keys()}
        coming = {number for number, (_, person, _) in stored.items() if person in people}
        coming |= set().union(*(group for group in joined if group & hers))
        own = [known[number] for number in hers & known.keys()]
        coming |= {
            number
            for number, one in known.items()
            if number not in stored and any(_is_same(one, other) for other in own)
        }
        coming -= hers
    return hers


def _is_same(one: _Known, other: _Known) -> bool:
    if (person := one.last.get("person_code")) is not None and person == other.last.get("person_code"):
        return True
    if not one.names & other.names:
        return False
    born = one.last.get("born_on")
    return bool(one.codes & other.codes) or (born is not None and born == other.last.get("born_on"))


def _flats_of(changes: Iterable[LoggedChange], entity: str, items: Collection[int]) -> Iterator[Flat]:
    for change in changes:
        if change.entity == entity and change.item in items:
            yield from _sides(change)


def _items_beside(changes: Iterable[LoggedChange], hers: Collection[int]) -> dict[str, set[int]]:
    """What is kept beside her cases, by its numbers: found by the codes that the cases bore at the time."""
    bearer: dict[str, int] = {}
    found: dict[str, set[int]] = {entity: set() for entity in OF_A_CASE}
    for change in changes:
        flats = _sides(change)
        if change.entity == "case":
            bearer |= {str(flat["code"]): change.item for flat in flats if "code" in flat}
        elif change.entity in OF_A_CASE:
            codes = [str(flat["case"]) for flat in flats if flat.get("case")]
            if any(bearer.get(code) in hers for code in (*codes, *change.key.split(KEYS_APART))):
                found[change.entity].add(change.item)
    return found


def _learners(changes: Iterable[LoggedChange], names: Collection[str]) -> set[int]:
    """The learners without a dossier that bear one of these names, by their numbers, also those of the log alone."""
    found = set()
    for change in changes:
        if change.entity == "enrolment" and any(
            not flat.get("case") and fold(str(flat.get("full_name", ""))) in names for flat in _sides(change)
        ):
            found.add(change.item)
    return found


def _names(batch: LoggedBatch, compact: Collection[str], codes: Collection[str]) -> bool:
    """Whether a heading names her: by the name of a file, or in what it keeps of a file, a restore or a receipt.

    What sealed an earlier form of the log holds hashes without salts, by which values could be tried.
    """
    if batch.action == SEAL:
        return True
    if any(name in in_signs(batch.source or "") for name in compact):
        return True
    if not batch.details:
        return False
    if batch.action == RESTORE:
        return any(name in in_signs(batch.details) for name in compact)
    if batch.action == REPORTED:
        return any(re.search(rf"[\".]{re.escape(code)}[\".]", batch.details) for code in codes)
    taken = taken_of(batch)
    return taken is not None and bool(list(of_whom(unpacked(taken["content"]), compact, codes)))


def of_whom(
    things: dict[str, list[Flat]], compact: Collection[str], codes: Collection[str]
) -> Iterator[tuple[str, Flat]]:
    """What of the things that a heading keeps is hers, each with its kind."""
    for entity, flats in things.items():
        names_cases = KINDS[entity].names
        for flat in flats:
            bears: Any = flat.get("code") if entity == "case" else flat.get("case") if "case" in names_cases else None
            if bears in codes or in_signs(str(flat.get("full_name", ""))) in compact:
                yield entity, flat


def in_signs(text: str) -> str:
    """The letters and digits of a text, folded: as names are looked for where they may be written in any way."""
    return "".join(filter(str.isalnum, fold(text)))
