"""The little that is asked past the wall: whether a code is free, and whether a person has cases elsewhere too.

Codes are one's alone in the whole store. What is answered names nobody, and says nothing else of what lies behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.log.execute import equal, in_parts
from cases.log.guards import dialect_of
from cases.store.sight import sight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.log.execute import Execute

_AT_ONCE = 500
_CODED = ("cases", "persons", "courses", "units")


def taken(execute: Execute, table: str, codes: Iterable[str]) -> set[str]:
    """Those of some codes that something behind the wall bears; none where there is no wall."""
    if sight() is None:
        return set()
    assert table in _CODED
    found: set[str] = set()
    sqlite = dialect_of(execute) == "sqlite"
    for some in in_parts(dict.fromkeys(codes), _AT_ONCE):
        chosen = " OR ".join(equal("code", code) for code in some)
        source = f"main.{table}" if sqlite else f"codes_of_{table}() AS code"
        rows = execute(f"SELECT code FROM {source} WHERE {chosen}")
        found |= {str(code) for (code,) in rows}.intersection(some)
    return found


def stands_before(execute: Execute) -> bool:
    """Whether a wall stands before this connection: whoever sees every unit there is needs none."""
    if dialect_of(execute) == "sqlite":
        query = "SELECT 1 FROM temp.sqlite_master WHERE type = 'view' AND name = 'cases'"
    else:
        query = "SELECT 1 WHERE current_setting('dubi.units', true) IS DISTINCT FROM '*'"
    return any(True for _ in execute(query))


def come_into_sight(execute: Execute, units: Iterable[int]) -> None:
    """Have whoever makes units see them for the rest of her write."""
    numbers = list(units)
    if not numbers or sight() is None or not stands_before(execute):
        return
    if dialect_of(execute) == "sqlite":
        rows = ", ".join(f"({number})" for number in numbers)
        execute(f"INSERT OR IGNORE INTO temp.seen_units (id) VALUES {rows}")
    else:
        more = ",".join(map(str, numbers))
        now = "nullif(current_setting('dubi.units'), '')"
        execute(f"SELECT set_config('dubi.units', concat_ws(',', {now}, '{more}'), true)")


def is_taken(execute: Execute, code: str) -> bool:
    """Whether a case behind the wall bears a code."""
    return bool(taken(execute, "cases", (code,)))


def shared(execute: Execute, codes: Iterable[str]) -> set[str]:
    """Those of some cases whose person has a case behind the wall too."""
    if sight() is None:
        return set()
    found: set[str] = set()
    sqlite = dialect_of(execute) == "sqlite"
    for some in in_parts(dict.fromkeys(codes), _AT_ONCE):
        chosen = " OR ".join(equal("own.code", code) for code in some)
        others = "main.cases AS other" if sqlite else "persons_of_cases() AS other"
        own = f"SELECT own.id, own.code, own.person_id FROM cases AS own WHERE {chosen}"
        rows = execute(
            f"SELECT mine.code FROM ({own}) AS mine JOIN {others} ON other.person_id = mine.person_id "
            "WHERE other.id NOT IN (SELECT id FROM cases)"
        )
        found |= {str(code) for (code,) in rows}.intersection(some)
    return found
