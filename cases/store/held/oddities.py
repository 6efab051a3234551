"""What in a store is not as the program makes it, beside the log: its tables, its lists of codes, its loose rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.log.guards import dialect_of
from cases.store.rows.written_tables import INDEXES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.log.execute import Execute

_NOT_OURS = ("alembic_version", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4")
_LOOSE = {
    "người không có hồ sơ nào": "SELECT count(*) FROM persons WHERE id NOT IN (SELECT person_id FROM cases)",
    "mục của hồ sơ sai kiểu so với bảng mã": (
        "SELECT count(*) FROM (SELECT name, type, code_list FROM attributes "
        "UNION ALL SELECT name, type, code_list FROM dated_attributes) AS held "
        "LEFT JOIN attribute_kinds AS kinds ON kinds.name = held.name "
        "WHERE kinds.name IS NULL OR kinds.type <> held.type "
        "OR coalesce(kinds.code_list, '') <> coalesce(held.code_list, '')"
    ),
    "mục của hồ sơ có mã không có trong bảng mã": (
        "SELECT count(*) FROM (SELECT code_list, value FROM attributes WHERE code_list IS NOT NULL "
        "UNION ALL SELECT code_list, value FROM dated_attributes WHERE code_list IS NOT NULL) AS held "
        "LEFT JOIN codes ON codes.list = held.code_list AND codes.code = held.value WHERE codes.code IS NULL"
    ),
    "dòng nhận dạng của kho sai số": "SELECT count(*) FROM identity WHERE id <> 1",
    "bước không có trong bảng mã": "SELECT count(*) FROM steps WHERE kind NOT IN (SELECT name FROM step_kinds)",
}
"""Rows that nothing in the program makes; each is counted."""


def oddities(execute: Execute) -> Iterator[str]:
    """Everything of this kind, in words."""
    if dialect_of(execute) == "sqlite":
        yield from _of_the_file(execute)
    yield from _codes(execute)
    for words, query in _LOOSE.items():
        ((number,),) = execute(query)
        if number:
            yield f"{number} {words}"


def _of_the_file(execute: Execute) -> Iterator[str]:
    """Tables and columns that are missing or were added, rows that point nowhere, a file that is not whole."""
    if (found := [str(row[0]) for row in execute("PRAGMA integrity_check(1)")]) != ["ok"]:
        yield f"tệp kho không toàn vẹn ({found[0]})"
    if list(execute("PRAGMA foreign_key_check")):
        yield "có dòng trỏ tới chỗ không có"
    there = {str(name) for (name,) in execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    for name in sorted(there - TABLES.keys() - set(_NOT_OURS)):
        yield f"bảng “{name}” không phải của dubi"
    for name, table in TABLES.items():
        columns = {str(row[1]) for row in execute(f"PRAGMA table_info({name})")}
        if odd := sorted(columns ^ table.columns.keys()):
            yield f"bảng {name} thiếu hay thừa cột: {', '.join(odd)}"
            continue
        for column, kind in table.columns.items():
            if kind == "flag":
                query = f"SELECT count(*) FROM {name} WHERE {column} NOT IN (0, 1)"  # noqa: S608  # our own names
                ((number,),) = execute(query)
                if number:
                    yield f"bảng {name} có {number} dòng mà cột {column} không phải có hay không"
    indexes = {str(name) for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    for index in INDEXES:
        if index not in indexes:
            yield f"thiếu chỉ mục {index}"


def _codes(execute: Execute) -> Iterator[str]:
    """Where the reference tables differ from the vocabulary of the rules, which they are made from."""
    from cases.store.seeding import reference_rows

    for table, columns, wanted in reference_rows():
        found = {tuple(row) for row in execute(f"SELECT {', '.join(columns)} FROM {table}")}  # noqa: S608  # our own words
        for row in sorted(found - wanted, key=repr):
            yield f"bảng mã {table} có dòng lạ: {' '.join(str(part) for part in row if part is not None)}"
        if missing := wanted - found:
            yield f"bảng mã {table} thiếu {len(missing)} dòng (dubi init bổ sung nếu là của bản dubi mới)"
