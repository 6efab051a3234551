"""The wall before a SQLite store: temporary views that a connection finds before the tables of the file.

A name without a schema is looked up among what is temporary first. The file is not touched.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from cases.log.execute import in_parts
from cases.store.wall.scope import scope_of
from cases.store.wall.views import Sets, views
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.log.execute import Execute
    from cases.store.sight import Sight

_AT_ONCE = 500
_TABLES = ("seen_units", "above_units", "named_units", "seen_cases", "seen_batches")
_FEW = Sets(
    lambda column: f"{column} IN (SELECT id FROM temp.seen_units)",
    lambda column: f"{column} IN (SELECT id FROM temp.seen_cases)",
    lambda column: f"{column} IN (SELECT person_id FROM main.cases WHERE id IN (SELECT id FROM temp.seen_cases))",
    lambda kind, number: f"EXISTS (SELECT 1 FROM temp.gone WHERE entity = {kind} AND item = {number})",
)
_MANY = Sets(
    lambda column: f"+{column} IN (SELECT id FROM temp.seen_units)",
    lambda column: (
        f"EXISTS (SELECT 1 FROM main.cases AS case_ WHERE case_.id = {column}"
        " AND +case_.unit_id IN (SELECT id FROM temp.seen_units))"
    ),
    lambda column: (
        f"EXISTS (SELECT 1 FROM main.cases AS case_ WHERE case_.person_id = {column}"
        " AND +case_.unit_id IN (SELECT id FROM temp.seen_units))"
    ),
    _FEW.gone,
)
"""Of many cases each is looked at where it stands: to begin with their units would put them into another order."""


def _main(table: str) -> str:
    return f"main.{table}"


_VIEWS = {
    few: views(
        _main,
        _FEW if few else _MANY,
        "SELECT id FROM temp.above_units",
        "SELECT id FROM temp.named_units",
        "SELECT id, size FROM temp.seen_batches",
    )
    for few in (True, False)
}


def stand_before(execute: Execute, eyes: Sight) -> None:
    """Have a connection find only what these eyes see, from now on and for every query that names no schema."""
    scope = scope_of(execute, eyes)
    if scope.whole:
        return
    if any(True for _ in execute("SELECT 1 FROM main.sqlite_master WHERE type = 'view'")):
        raise StoreProblem("Kho có thứ không do dubi tạo (một khung nhìn), nên không đọc. Xem: dubi doctor")
    for table in _TABLES:
        execute(f"CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY, size INTEGER)")
    execute("CREATE TEMP TABLE gone (entity TEXT, item INTEGER, PRIMARY KEY (entity, item)) WITHOUT ROWID")
    _fill(execute, "seen_units (id)", (f"({number})" for number in scope.units))
    _fill(execute, "above_units (id)", (f"({number})" for number in scope.above))
    _fill(execute, "named_units (id)", (f"({number})" for number in scope.named))
    _fill(execute, "seen_batches", (f"({number}, {size})" for number, size in scope.batches))
    _fill(execute, "gone", (f"('{entity}', {item})" for entity, item in scope.gone))
    if scope.few:
        inside = "SELECT id FROM main.cases WHERE unit_id IN (SELECT id FROM temp.seen_units)"
        execute(f"INSERT INTO temp.seen_cases (id) {inside}")
    for name, query in _VIEWS[scope.few].items():
        execute(f"CREATE TEMP VIEW {name} AS {query}")


def _fill(execute: Execute, table: str, rows: Iterable[str]) -> None:
    for some in in_parts(rows, _AT_ONCE):
        execute(f"INSERT INTO temp.{table} VALUES {', '.join(some)}")


def through_our_views(_: int, __: str | None, ___: str | None, ____: str | None, view: str | None) -> int:
    """What of a store may be read once the wall stands: nothing through any view but ours."""
    return sqlite3.SQLITE_OK if view is None or view in _VIEWS[True] else sqlite3.SQLITE_DENY
