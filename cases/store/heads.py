"""What cases are found by, read through the indexes of the store: one by its code, those of a person, those of a name.

A condition that the database tests may let more through than is meant, never less: whoever asks looks again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.log.guards import dialect_of
from rules.loader.spelling.days import stored_day
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

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
_NOT_SAID = re.compile("[%\\\\\0\ud800-\udfff]")
"""Signs that a database or its driver does not take for themselves, or not at all."""
_ALL = "1 = 1"


@dataclass(frozen=True, slots=True)
class Head:
    """What a case is found by."""

    id: int
    code: str
    person: int
    person_code: str | None
    full_name: str
    folded_name: str
    born_on: date | None
    unit: str | None


def heads(execute: Execute, chosen: str = _ALL) -> list[Head]:
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
    names = " AND ".join(_within("folded_name", word) for word in folded.split())
    code = f"{_within(_SMALL[dialect], folded)} OR {_NOT_PLAIN[dialect]} OR {_within('code', '  ')}"
    return heads(
        execute,
        f"cases.person_id IN (SELECT id FROM persons WHERE {names}) OR cases.id IN (SELECT id FROM cases WHERE {code})",  # noqa: S608  # quoted
    )


def codes_of(execute: Execute) -> dict[str, int]:
    """Every code with the number of its case, in the order of the store."""
    return {code: number for code, number in execute(_CODES.format(chosen=_ALL))}  # noqa: C416  # a row of another database is no pair to `dict`


def codes_looking_like(execute: Execute, look: str) -> list[str]:
    """All codes that may look like one, told by what those have in common that look the same; and some more."""
    dialect = dialect_of(execute)
    same = equal(f"replace({_SMALL[dialect]}, ' ', '')", look)
    return [code for code, _ in execute(_CODES.format(chosen=f"{same} OR {_NOT_PLAIN[dialect]}"))]


def equal(column: str, text: str) -> str:
    """The condition that a column holds a text, through its index; where that cannot be said so, one that all meet."""
    return _ALL if _NOT_SAID.search(text) else f"{column} = {_quoted(text)}"


def _within(column: str, text: str) -> str:
    # no LIKE: the driver of PostgreSQL takes its % for the place of a value
    return _ALL if _NOT_SAID.search(text) else f"replace({column}, {_quoted(text)}, '') <> {column}"


def _quoted(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(map(str, map(int, numbers))) or "NULL"
