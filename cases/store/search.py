"""Finding cases: one by its code, those of a person or of a name, through the indexes of the store; and people by any
part of a name with or without diacritics, by code, by unit.

A condition that the database tests may let more through than is meant, never less: whoever asks looks again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.log.execute import ANY, equal, within
from cases.log.guards import dialect_of
from cases.store.reading import every_unit
from rules.loader.errors import UnknownName
from rules.loader.spelling.days import stored_day
from rules.loader.spelling.folding import fold, tidy
from rules.loader.spelling.name_order import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from cases.log.execute import Execute

_HEADS = """
    SELECT cases.id, cases.code, cases.person_id, persons.code, persons.full_name, persons.folded_name,
        persons.born_on, units.code
    FROM cases JOIN persons ON persons.id = cases.person_id LEFT JOIN units ON units.id = cases.unit_id
    WHERE {chosen} ORDER BY cases.id"""
_CODES = "SELECT code, id FROM cases WHERE {chosen} ORDER BY id"
_SMALL = {"sqlite": "lower(code)", "postgresql": 'lower(code COLLATE "C")'}
_NOT_PLAIN = {"sqlite": "code GLOB '*[^ -~]*'", "postgresql": "code COLLATE \"C\" ~ '[^ -~]'"}
"""Of other signs than those of ASCII only we know the small letters and what they look like."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a case is found by."""

    id: int
    code: str
    person: int
    person_code: str | None
    full_name: str
    folded_name: str
    born_on: dt.date | None
    unit: str | None


def heads(execute: Execute, chosen: str = ANY) -> list[Head]:
    """What every case is found by, or those for which a condition of SQL holds, in the order of the store."""
    return [
        Head(number, code, person, person_code, name, folded, stored_day(born_on), unit)
        for number, code, person, person_code, name, folded, born_on, unit in execute(_HEADS.format(chosen=chosen))
    ]


def with_code(execute: Execute, code: str) -> Head | None:
    """The case of exactly that code."""
    return next((head for head in heads(execute, equal("cases.code", code)) if head.code == code), None)


def with_numbers(execute: Execute, numbers: Collection[int]) -> list[Head]:
    """The cases with these numbers."""
    return heads(execute, f"cases.id IN ({_listed(numbers)})")


def numbers_with(execute: Execute, codes: Collection[str]) -> list[int]:
    """The numbers of the cases of exactly these codes, in the order of the store."""
    chosen = " OR ".join(equal("code", code) for code in codes) or "1 = 0"
    return [number for code, number in execute(_CODES.format(chosen=chosen)) if code in codes]


def of_person(execute: Execute, person: int) -> list[Head]:
    """The cases of one person."""
    return heads(execute, f"cases.person_id = {int(person)}")


def with_person_code(execute: Execute, code: str) -> list[Head]:
    """The cases of the person who is known by a code."""
    return [head for head in heads(execute, equal("persons.code", code)) if head.person_code == code]


def named(execute: Execute, folded: str) -> list[Head]:
    """The cases of people of exactly that name, as names are compared."""
    return [head for head in heads(execute, equal("persons.folded_name", folded)) if head.folded_name == folded]


def saying(execute: Execute, text: str) -> list[Head]:
    """All cases whose name has all words of a text within, or whose code has the text; and some more."""
    folded, dialect = fold(text), dialect_of(execute)
    if not folded:
        return heads(execute)
    names = " AND ".join(within("folded_name", word) for word in folded.split())
    code = f"{within(_SMALL[dialect], folded)} OR {_NOT_PLAIN[dialect]} OR {within('code', '  ')}"
    return heads(
        execute,
        f"cases.person_id IN (SELECT id FROM persons WHERE {names}) OR cases.id IN (SELECT id FROM cases WHERE {code})",  # noqa: S608  # quoted
    )


def codes_of(execute: Execute) -> dict[str, int]:
    """Every code with the number of its case, in the order of the store."""
    return dict(execute(_CODES.format(chosen=ANY)))


def codes_looking_like(execute: Execute, look: str) -> list[str]:
    """All codes that may look like one, told by what those have in common that look the same; and some more."""
    dialect = dialect_of(execute)
    same = equal(f"replace({_SMALL[dialect]}, ' ', '')", look)
    return [code for code, _ in execute(_CODES.format(chosen=f"{same} OR {_NOT_PLAIN[dialect]}"))]


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(map(str, map(int, numbers))) or "NULL"


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found; ``rank`` is the smaller the nearer it is to what was asked for."""

    head: Head
    rank: int

    @property
    def code(self) -> str:
        """The case's code."""
        return self.head.code

    @property
    def name(self) -> str:
        """The person's name."""
        return self.head.full_name

    @property
    def unit(self) -> str | None:
        """The case's unit."""
        return self.head.unit

    @property
    def born_on(self) -> dt.date | None:
        """The person's day of birth."""
        return self.head.born_on


def find(execute: Execute, text: str, units: Iterable[str] | None = None) -> list[Hit]:
    """The cases whose code or name the text means; the nearest first, then in the order of names.

    The code of a case, as it is written or in small letters, means that case alone.
    """
    inside = None if units is None else set(units)
    for code in _spelt(text):
        case = with_code(execute, code)
        if case and (inside is None or case.unit in inside):
            return [Hit(case, 0)]
    found = []
    for head in saying(execute, text):
        if inside is not None and head.unit not in inside:
            continue
        rank = _rank(text, head)
        if rank is not None:
            found.append(Hit(head, rank))
    return sorted(found, key=lambda hit: (hit.rank, name_key(hit.name), hit.code))


class People:
    """Everybody in a state of a store, by name: read once, searched as often as somebody types."""

    def __init__(self, execute: Execute) -> None:
        """Read what every case is found by."""
        self._heads = sorted(heads(execute), key=lambda head: (name_key(head.full_name), head.code))
        self._codes = [head.code.lower() if head.code.isascii() else fold(head.code) for head in self._heads]
        self._places = {head.code: place for place, head in enumerate(self._heads)}
        self._bearers: dict[str, list[int]] = defaultdict(list)
        for place, head in enumerate(self._heads):
            self._bearers[head.full_name].append(place)
        self._names = [(f" {self._heads[places[0]].folded_name}", places) for places in self._bearers.values()]

    def find(self, text: str, units: Iterable[str] | None = None) -> list[Hit]:
        """The same people in the same order as `find` gives."""
        return self.nearest(text, units)[0]

    def nearest(
        self,
        text: str,
        units: Iterable[str] | None = None,
        most: int | None = None,
        meant: Callable[[str], bool] | None = None,
    ) -> tuple[list[Hit], int]:
        """At most so many of the same people, the nearest, and how many there are; ``meant``: only codes it takes."""
        inside = None if units is None else set(units)
        heads, hits, number = self._heads, list[Hit](), 0
        for code in _spelt(text):
            place = self._places.get(code)
            if place is not None and (inside is None or heads[place].unit in inside):
                hits = [Hit(heads[place], 0)] if meant is None or meant(code) else []
                return hits, len(hits)
        ranked = self._ranked(text)
        for rank in sorted(ranked):
            places = sorted(ranked[rank])
            if inside is not None:
                places = [place for place in places if heads[place].unit in inside]
            if meant is not None:
                places = [place for place in places if meant(heads[place].code)]
            number += len(places)
            hits += [Hit(heads[place], rank) for place in (places if most is None else places[: most - len(hits)])]
        return hits, number

    def _ranked(self, text: str) -> dict[int, list[int]]:
        """The places of the cases that are meant, by how near they are; a name ranks the same for all who bear it."""
        folded, ranked = fold(text), defaultdict[int, list[int]](list)
        if not folded:
            ranked[0] = list(range(len(self._heads)))
            return ranked
        by_code: dict[int, int] = {}
        for place in (place for place, code in enumerate(self._codes) if folded in code):
            rank = _rank(text, self._heads[place])
            if rank is not None:
                by_code[place] = rank
                ranked[rank].append(place)
        begins = [f" {word}" for word in folded.split()]
        for name, places in self._names:
            if all(begin in name for begin in begins):
                rank = _rank_of_name(text, self._heads[places[0]])
                if rank is not None:
                    ranked[rank] += [place for place in places if place not in by_code] if by_code else places
        return ranked


def _spelt(text: str) -> tuple[str, ...]:
    """How a code would be written in full."""
    code = tidy(text)
    return (code, code.upper())


def _rank(text: str, head: Head) -> int | None:
    """How near a case is: 0 its code or name as written … 7 its words in another order; None = not meant."""
    return _with_code(text, head, _rank_of_name(text, head))


def _rank_of_name(text: str, head: Head) -> int | None:
    """The same by its name alone."""
    asked, folded, name = tidy(text).casefold(), fold(text), head.full_name
    if not folded or asked == name.casefold():
        return 0
    words, wanted = head.folded_name.split(), folded.split()
    if _begin(words, wanted):
        if asked != folded and not _begin(name.casefold().split(), asked.split()):
            return 6
        if words == wanted:
            return 1
        if words[-len(wanted) :] == wanted:
            return 2
        return 3 if set(wanted) <= set(words) else 4
    return 7 if len(wanted) > 1 and _begin_in_any_order(words, wanted) else None


def _with_code(text: str, head: Head, by_name: int | None) -> int | None:
    """The same by name and code: 0 the code as written, 5 a part of it that is long enough to be meant."""
    folded = fold(text)
    if folded and tidy(text).casefold() == head.code.casefold():
        return 0
    meant = len(folded) > 2 and folded in fold(head.code) and by_name in (None, 7)
    return 5 if meant else by_name


def _begin(words: list[str], wanted: list[str]) -> bool:
    """Whether each wanted word begins one of the words, in their order."""
    rest = iter(words)
    return all(any(word.startswith(one) for word in rest) for one in wanted)


def _begin_in_any_order(words: list[str], wanted: list[str]) -> bool:
    """Whether each wanted word begins a word of its own: people are called by their last name before the first."""
    rest = list(words)
    for one in sorted(wanted, key=len, reverse=True):
        meant = next((word for word in rest if word.startswith(one)), None)
        if meant is None:
            return False
        rest.remove(meant)
    return True


def units_below(execute: Execute, code: str) -> list[str]:
    """A unit with all below it, by code or name; raises `UnknownName`."""
    units = [unit for _, unit, _ in every_unit(execute)]
    known = {fold(unit.code): unit.code for unit in units}
    known = {fold(unit.name): unit.code for unit in units if unit.name} | known
    top = known.get(fold(code))
    if top is None:
        raise UnknownName(f"Không có đơn vị “{code}”. Xem danh sách đơn vị bằng lệnh: dubi units")
    below, grown = {top}, True
    while grown:
        more = {unit.code for unit in units if unit.parent in below} - below
        below |= more
        grown = bool(more)
    return sorted(below)
