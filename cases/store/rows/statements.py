"""Statements made of the columns of the tables, the same for every database, and run by its driver.

Every database takes a day and a moment as text and a yes or no as a truth value; what it keeps is its own affair.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from cases.log.execute import in_parts
from cases.store.rows.written_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cases.store.drivers.transaction import Transaction

AT_ONCE = 500
"""How many values one query names."""
_ROWS_AT_ONCE = 2_000
"""How many rows are made ready together."""
_MOST_VALUES = 900
"""How many values one statement writes: fewer than any database takes."""

Row = dict[str, Any]


def rows_where(store: Transaction, query: str, column: str, values: Iterable[Any]) -> Iterator[Any]:
    """The rows of a query in which a column is one of some values."""
    for some in in_parts(values, AT_ONCE):
        marks = ", ".join("?" * len(some))
        yield from store.select(f"{query} WHERE {column} IN ({marks})", some)


def first_like(store: Transaction, table: str, row: Mapping[str, Any]) -> int:
    """The number of the first row that holds these values."""
    same = " AND ".join(f"{name} IS NULL" if value is None else f"{name} = ?" for name, value in row.items())
    held = {name: value for name, value in row.items() if value is not None}
    query = f"SELECT min(id) FROM {table} WHERE {same}"  # noqa: S608  # our own names
    ((number,),) = store.select(query, _values(table, tuple(held), held))
    return int(number)


def insert(store: Transaction, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all of the same columns."""
    for some in in_parts(rows, _ROWS_AT_ONCE):
        names = tuple(rows[0])
        insert_values(store, table, names, [_values(table, names, row) for row in some])


def insert_values(store: Transaction, table: str, names: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values for these columns, days and moments as text.

    Many rows go with one statement: what a table looks up for each, as the lists of its checks and indexes, is then
    made ready once for all of them.
    """
    many = _MOST_VALUES // len(names)
    whole = len(rows) // many * many
    if whole:
        together = (list(chain.from_iterable(rows[first : first + many])) for first in range(0, whole, many))
        store.run(_inserting(store.schema, table, names, many), together)
    if whole < len(rows):
        store.run(_inserting(store.schema, table, names, 1), rows[whole:])


def insert_numbered(store: Transaction, table: str, rows: Sequence[Row]) -> list[int]:
    """Insert rows of the same columns, of which ``id`` may be empty: it is filled in; gives the number of each."""
    insert(store, table, [row for row in rows if row["id"] is not None])
    fresh = [row for row in rows if row["id"] is None]
    for row, number in zip(fresh, _free_numbers(store, table, len(fresh)), strict=True):
        row["id"] = number
    insert(store, table, fresh)
    return [row["id"] for row in rows]


def update(store: Transaction, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put values, of the same columns for all, into the rows whose number each names as ``id``."""
    if rows:
        names = tuple(name for name in rows[0] if name != "id")
        store.run(_updating(store.schema, table, names), (_values(table, (*names, "id"), row) for row in rows))


def delete(store: Transaction, table: str, column: str, numbers: Iterable[int]) -> None:
    """Take out the rows in which a column holds one of some numbers."""
    if rows := [(number,) for number in numbers]:
        store.run(f"DELETE FROM {store.schema}{table} WHERE {column} = ?", rows)  # noqa: S608  # our own names


@cache
def _inserting(schema: str, table: str, names: tuple[str, ...], many: int) -> str:
    marks = ", ".join([f"({', '.join('?' * len(names))})"] * many)
    return f"INSERT INTO {schema}{table} ({', '.join(names)}) VALUES {marks}"  # noqa: S608  # our own names


@cache
def _updating(schema: str, table: str, names: tuple[str, ...]) -> str:
    put = ", ".join(f"{name} = ?" for name in names)
    return f"UPDATE {schema}{table} SET {put} WHERE id = ?"  # noqa: S608  # our own names


def _free_numbers(store: Transaction, table: str, many: int) -> Sequence[int]:
    """So many numbers that no row of a table has or ever had; nobody else writes meanwhile."""
    if not many:
        return ()
    if store.dialect == "postgresql":
        counter = f"pg_get_serial_sequence('{store.schema}{table}', 'id')"
        drawn = f"SELECT nextval({counter}) FROM generate_series(1, {many})"  # noqa: S608  # our own names
        return [int(number) for (number,) in store.execute(drawn)]
    borne = f"SELECT max(id) FROM main.{table}"  # noqa: S608  # our own names
    given = f"SELECT seq FROM main.sqlite_sequence WHERE name = '{table}'"  # noqa: S608  # our own names
    last = max((number for (number,) in store.execute(f"{borne} UNION ALL {given}") if number is not None), default=0)
    return range(last + 1, last + 1 + many)


def _moment(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat(" ", "microseconds")


_WRITTEN: dict[str, Callable[[Any], Any]] = {"day": str, "time": _moment, "flag": bool}
"""How a value of a kind is given to a database; others as they are."""


@cache
def _hows(table: str, names: tuple[str, ...]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    columns = TABLES[table].columns
    return tuple((name, _WRITTEN.get(columns[name])) for name in names)


def _values(table: str, names: tuple[str, ...], row: Mapping[str, Any]) -> list[Any]:
    return [
        value if how is None or value is None else how(value)
        for value, how in ((row[name], how) for name, how in _hows(table, names))
    ]
