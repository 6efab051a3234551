"""Whom the entries of the log are about, by code and name; of somebody in no table any more the log itself tells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.store.search import with_code, with_numbers
from cases.values.kinds import KEYS_APART

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.store.reading import Execute

MOST = 3
"""As many of an entry's people are named unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Person:
    """A case with the name of its person; the name is empty where it was erased for ever."""

    code: str
    name: str

    def __str__(self) -> str:
        """The code and the name."""
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom an entry is about: the first of them, and how many more there are."""

    people: tuple[Person, ...] = ()
    more: int = 0

    def first(self, most: int) -> Concerned:
        """The same with no more than so many of them named."""
        return Concerned(self.people[:most], self.more + max(0, len(self.people) - most))

    def __str__(self) -> str:
        """The people in one line; empty where an entry is about nobody."""
        more = f" và {self.more} người nữa" if self.more else ""
        return ", ".join(map(str, self.people)) + more


def concerned(execute: Execute, entries: Iterable[int], most: int = MOST) -> dict[int, Concerned]:
    """The people of each of these entries, by its number, in the order of its lines."""
    lines = {number: _lines(execute, number) for number in entries}
    items = {item for own in lines.values() for item in list(own)[:most] if isinstance(item, int)}
    codes = {code for own in lines.values() for code in list(own)[:most] if isinstance(code, str)}
    known = _known(execute, items, codes)
    found = {}
    for number, own in lines.items():
        people = [known.get(one) or Person(one if isinstance(one, str) else key, "") for one, key in own.items()]
        unique = list(dict.fromkeys(people))
        found[number] = Concerned(tuple(unique[:most]), max(0, len(unique) - most))
    return found


def _lines(execute: Execute, number: int) -> dict[int | str, str]:
    """What an entry's lines name: the number of a case, or the code under which a class or a discipline has it."""
    found: dict[int | str, str] = {}
    rows = execute(
        "SELECT entity, item, coalesce(key, '') FROM changes "  # noqa: S608  # a number
        f"WHERE batch_id = {int(number)} AND entity IN ('case', 'enrolment', 'discipline') ORDER BY id"
    )
    for entity, item, key in rows:
        if entity == "case":
            found[int(item)] = str(key)
        elif key:
            course, _, learner = str(key).partition(KEYS_APART)
            code = learner if entity == "enrolment" else course
            found[code] = code
    return found


def _known(execute: Execute, items: set[int], codes: set[str]) -> dict[int | str, Person]:
    """The people of the tables, and for numbers that are not there any more those of the log."""
    if not items and not codes:
        return {}
    found: dict[int | str, Person] = {}
    there = [*with_numbers(execute, items), *(head for code in sorted(codes) if (head := with_code(execute, code)))]
    for head in there:
        found[head.id] = found[head.code] = Person(head.code, head.full_name)
    gone = items - found.keys()
    if gone:
        listed = ", ".join(str(number) for number in sorted(gone))
        for item, before, after in execute(
            f"SELECT item, before, after FROM changes WHERE entity = 'case' AND item IN ({listed}) ORDER BY id"  # noqa: S608  # numbers
        ):
            said = {name: value for side in (before, after) if side for name, value in json.loads(side).items()}
            last = found.get(item, Person("", ""))
            found[item] = Person(said.get("code", last.code), said.get("full_name", last.name))
    return found
