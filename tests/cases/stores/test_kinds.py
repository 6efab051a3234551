"""The registry of kinds: every room walks it, and an eighth kind is one entry beside its class and its table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cases.history.replay import known_after
from cases.history.telling import told
from cases.history.undo import undo
from cases.history.verification import verify
from cases.imports.importing import import_file
from cases.imports.merging import Part, merge
from cases.log.batches import read_batches, read_changes
from cases.store.connection import querying
from cases.store.drivers.engines import engine
from cases.store.reading import read_store
from cases.store.rows.written_tables import TABLES, WrittenTable
from cases.store.tables import metadata
from cases.values import kinds
from cases.values.kinds import KINDS, Kind
from cases.values.records import UNIT_SETTINGS, Roster
from cases.values.sheets import Sheet, date_column, key_column, text_column
from cases.workbook import schema
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from tests.cases.files.workbooks import case_book, somebody, table, write_book

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Visit:
    """A thing of an eighth kind: somebody of the committee sees a candidate at home."""

    case: str
    on: date
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class RosterWithVisits(Roster):
    """A roster with the field that an eighth kind adds."""

    visits: tuple[Visit, ...] = ()


VISIT = Kind(
    "visit",
    "visits",
    Visit,
    (("case",), ("on",)),
    Sheet(
        "Thăm",
        (
            key_column("case", "Mã hồ sơ", filled=True),
            date_column("on", "Ngày", filled=True),
            text_column("remark", "Nhận xét"),
        ),
        "Các lần đến nhà.",
    ),
    names={"case": "case"},
    columns={"on": "seen_on"},
    came_later=True,
)


@pytest.fixture
def visits(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A store that keeps an eighth kind: its entry in the registry, its field of a roster, its table."""
    monkeypatch.setitem(KINDS, "visit", VISIT)
    monkeypatch.setattr(kinds, "Roster", RosterWithVisits)
    own = sa.Table(
        "visits",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("remark", sa.String),
    )
    columns = {"id": "int", "case_id": "int", "seen_on": "day", "remark": "text"}
    monkeypatch.setitem(TABLES, "visits", WrittenTable(columns, ("id",)))
    with engine(store) as database, database.begin() as connection:  # what its migration does
        own.create(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA writable_schema = ON")
            connection.exec_driver_sql(
                """UPDATE sqlite_master SET sql = replace(sql, "'figure')", "'figure', 'visit')")"""
            )
            connection.exec_driver_sql("PRAGMA writable_schema = RESET")
        else:
            connection.exec_driver_sql("ALTER TABLE changes DROP CONSTRAINT ck_changes_entity_is_known")
    schema.all_sheets.cache_clear()
    yield store
    metadata.remove(own)
    monkeypatch.undo()
    schema.all_sheets.cache_clear()


def test_a_further_kind_is_one_entry(visits: str, tmp_path: Path) -> None:
    """With its entry an eighth kind is read, refused, stored, told, replayed, taken back, exported and merged."""
    sheets = {"Hồ sơ": table(schema.case_sheet(), [somebody("HS-1"), somebody("HS-2")])}
    rows = [{"case": "HS-1", "on": date(2024, 3, 5), "remark": "tốt"}]
    book = write_book(tmp_path / "so.xlsx", {**sheets, "Thăm": table(VISIT.sheet, rows)})
    done = import_file(visits, book, apply=True)
    assert done.as_json()["other_sheets"]["Thăm"] == {"new": 1, "changed": 0, "unchanged": 0}
    stored = read_store(visits)
    assert VISIT.of(stored) == (Visit("HS-1", date(2024, 3, 5), "tốt"),)
    with querying(visits) as execute:
        batches = read_batches(execute)
        (change,) = [one for one in read_changes(execute) if one.entity == "visit"]
        assert known_after(execute, batches[-1].id) == stored
    assert change.key == "HS-1 · 2024-03-05"
    assert list(told("visit", None, {"case": "HS-1"}, change.key)) == ["thêm thăm"]
    assert verify(visits).holds
    out = write_workbook(stored, tmp_path / "ra.xlsx")
    assert read_workbook(out).roster == stored
    assert VISIT.of(merge([Part("a", stored), Part("b", stored)]).roster) == VISIT.of(stored)
    undo(visits)
    assert VISIT.of(read_store(visits)) == ()
    assert verify(visits).holds

    twice = write_book(tmp_path / "hai.xlsx", {**sheets, "Thăm": table(VISIT.sheet, rows * 2)})
    assert {one.code for one in import_file(visits, twice).refused} == {"duplicate_row"}
    nobody = write_book(tmp_path / "la.xlsx", {**sheets, "Thăm": table(VISIT.sheet, [{**rows[0], "case": "HS-9"}])})
    assert {one.code for one in import_file(visits, nobody).refused} == {"case_unknown"}


def test_every_kind_fits_its_sheet_and_its_table() -> None:
    """The fields of each kind are the columns of its sheet, and each stands in a column of its table."""
    assert {kind.things for kind in KINDS.values()} == {one.name for one in fields(Roster) if one.compare}
    for kind in KINDS.values():
        columns = {column.name for column in metadata.tables[kind.table].columns}
        if kind.name != "case":
            names = set(kind.fields_of()) - {"history"}  # the history of a unit has a sheet and a table of its own
            assert names == {column.field for column in kind.sheet.columns}
            if kind.name == "unit":
                names -= set(UNIT_SETTINGS)  # they have a table of their own too: a further one needs no migration
            assert {kind.column_of(name) for name in names} <= columns
        assert set(kind.names) <= {column.field for column in kind.sheet.columns}
        assert set(kind.names.values()) <= {one.name for one in KINDS.values() if one.has_code}


MAY_NAME_THEM = {
    "cases/values/kinds.py": "the registry",
    "cases/values/records.py": "the classes",
    "cases/store/tables.py": "the tables",
    "cases/store/log_tables.py": "the constraint of the log's table, which only a migration changes",
    "cases/store/reading.py": "typed ways to the things of one kind",
}


def test_no_other_module_lists_the_kinds() -> None:
    """Outside the registry, the classes and the tables no module of `cases` names four of the kinds beside units,
    cases and classes, nor three of the fields of a roster that hold them: it walks the registry.
    """
    rare = {"enrolment", "target", "discipline", "figure"}
    fields_of = {KINDS[name].things for name in rare}
    lists = {}
    for path in sorted((ROOT / "cases").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in MAY_NAME_THEM or "migrations" in name:
            continue
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        said = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        if len(said & rare) > 2 or len(used & fields_of) > 2:
            lists[name] = (said & rare, used & fields_of)
    assert lists == {}


def test_what_is_there_once_is_refused_twice(tmp_path: Path, store: str) -> None:
    """For every kind with a key of its own, a second row of that key is refused on its sheet."""
    rows = {
        "unit": {"code": "CB-1"},
        "course": {"code": "L1", "kind": "awareness"},
        "enrolment": {"course": "L1", "case": "HS-1"},
        "target": {"unit": "CB-1", "year": 2024, "value": 3},
        "figure": {
            "unit": "CB-1",
            "indicator": next(iter(schema.choices("typed_figure"))),
            "begins_on": date(2024, 1, 1),
            "ends_on": date(2024, 12, 31),
            "value": 3,
        },
    }
    alone = {kind.name for kind in KINDS.values() if kind.unique and kind.name != "case"}
    assert rows.keys() == alone
    for name in alone:
        sheets: dict[str, Any] = {KINDS[kind].things: [row] * (1 + (kind == name)) for kind, row in rows.items()}
        refused = import_file(store, case_book(tmp_path / f"{name}.xlsx", somebody("HS-1"), **sheets)).refused
        assert {(one.sheet, one.row) for one in refused} == {(KINDS[name].sheet.name, row) for row in (2, 3)}
