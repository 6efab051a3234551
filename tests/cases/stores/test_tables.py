"""The database itself refuses what must not be kept, whoever writes to it and by whatever means."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cases.store.connection import initialise, sqlite_path
from cases.store.drivers.engines import engine
from cases.store.rows.written_tables import INDEXES, TABLES, WrittenTable
from cases.store.seeding import NOT_ATTRIBUTES
from cases.store.tables import Case, Person, Unit, metadata
from cases.workbook.schema import all_sheets, choices
from rules.loader import vocabulary
from tests.postgresql import on_postgresql, own_store

PROVEN = "hex(zeroblob(16)), hex(zeroblob(32))"
"""A salt and a digest, for which {proven} stands below."""

PEOPLE = [
    "INSERT INTO units VALUES (1, 'CB-1', NULL, 'cell', NULL, NULL, NULL, NULL, 0, 0, 1)",
    "INSERT INTO persons VALUES (1, NULL, 'Trần Văn Mẫu', 'tran van mau', '1990-05-15', 'Nam')",
    "INSERT INTO cases VALUES (1, 'HS-1', 1, 1)",
    "INSERT INTO courses VALUES (1, 'L1', 'awareness', 1, NULL, NULL, NULL, 0)",
    "INSERT INTO steps VALUES (1, 'admitted_on', '2020-01-05', NULL, NULL, NULL, NULL)",
    "INSERT INTO attributes VALUES (1, 'schooling', 'code', 'schooling', 'primary')",
    "INSERT INTO attributes VALUES (1, 'youth_union', 'mark', NULL, '1')",
    "INSERT INTO attributes VALUES (1, 'previous_exit_on', 'date', NULL, '2015-01-01')",
    "INSERT INTO attributes VALUES (1, 'population_child_order', 'number', NULL, '3')",
    "INSERT INTO dated_attributes VALUES (1, 1, 'youth_union', 'mark', NULL, '0', '2019-01-01')",
    "INSERT INTO memberships VALUES (1, 1, 1, '2020-01-01', NULL)",
    "INSERT INTO enrolments VALUES (1, 1, 1, NULL, 1, 0, '2019-05-06')",
    "INSERT INTO targets VALUES (1, 1, 2024, 3)",
    "INSERT INTO disciplines VALUES (1, 1, 'warning', '2021-01-01')",
    "INSERT INTO figures VALUES (1, 1, 'card.new', '2024-01-01', '2024-12-31', '3.5', NULL, 'thư ký', '2025-01-02')",
    "INSERT INTO batches VALUES (1, 'b1', '2024-01-01', 'thư ký', 'import', NULL, NULL, 1, NULL, {proven}, {hash})",
    "INSERT INTO changes VALUES (1, 1, 'case', 1, 'HS-1', NULL, '{}', {proven})",
]
"""One row of each kind, all of them right: what follows differs from these in one point."""


def test_statements_see_the_columns_that_there_are() -> None:
    """Every table of the models, every column in order, with key and kind, and every index; each table after
    those that it names.
    """
    kinds = {int: "int", str: "text", dt.date: "day", dt.datetime: "time", bool: "flag"}

    def written(table: sa.Table) -> WrittenTable:
        columns = {column.name: kinds[column.type.python_type] for column in table.columns}
        return WrittenTable(columns, tuple(table.primary_key.columns.keys()))

    assert {name: written(table) for name, table in metadata.tables.items()} == TABLES
    assert all(list(TABLES[name].columns) == metadata.tables[name].columns.keys() for name in TABLES)
    assert {str(index.name) for table in metadata.tables.values() for index in table.indexes} == set(INDEXES)
    order = list(TABLES)
    for name, table in metadata.tables.items():
        for key in table.foreign_keys:
            assert order.index(key.column.table.name) <= order.index(name)


REFUSED = {
    "a level of no list": "UPDATE units SET level = 'tổ'",
    "a sector of no list": "UPDATE units SET sector = 'chợ'",
    "a sex of no list": "UPDATE persons SET sex = 'nam'",
    "a course of no kind": "UPDATE courses SET kind = 'politics'",
    "a form of discipline of no list": "UPDATE disciplines SET form = 'fine'",
    "a change of nothing known": "INSERT INTO changes VALUES (2, 1, 'rain', 1, 'HS-1', NULL, '{}', {proven})",
    "a flag that is neither": "UPDATE units SET declared = 2",
    "a flag that is a word": "UPDATE enrolments SET youth_union = 'có lẽ'",
    "a step of no kind": "UPDATE steps SET kind = 'baptised_on'",
    "an attribute of no kind": "UPDATE attributes SET name = 'height' WHERE name = 'schooling'",
    "an attribute of another type": "UPDATE attributes SET type = 'text' WHERE name = 'youth_union'",
    "a code of no list": "UPDATE attributes SET value = '12/12' WHERE name = 'schooling'",
    "a code of another list": (
        "UPDATE attributes SET code_list = 'qualification', value = 'doctor' WHERE name = 'schooling'"
    ),
    "a code without a list": "UPDATE attributes SET code_list = NULL WHERE name = 'schooling'",
    "a mark that says no": "UPDATE attributes SET value = '0' WHERE type = 'mark'",
    "a mark that is a word": "UPDATE dated_attributes SET value = 'x'",
    "a number that is none": "UPDATE attributes SET value = '3.5' WHERE type = 'number'",
    "a date attribute that is no day": "UPDATE attributes SET value = '2015-02-30' WHERE type = 'date'",
    "a date attribute out of bounds": "UPDATE attributes SET value = '1815-02-03' WHERE type = 'date'",
    "31 February": "UPDATE steps SET happened_on = '2023-02-31'",
    "a day written our way": "UPDATE steps SET happened_on = '05/01/2020'",
    "a day with an hour": "UPDATE steps SET happened_on = '2020-01-05 08:00'",
    "a day that is a year": "UPDATE persons SET born_on = 1990",
    "a day that is now": "UPDATE persons SET born_on = 'now'",
    "a birth in 1890": "UPDATE persons SET born_on = '1890-01-01'",
    "a certificate of 2150": "UPDATE enrolments SET certified_on = '2150-01-01'",
    "a step on no day": "UPDATE steps SET happened_on = NULL",
    "a unit that closed on no day": "UPDATE units SET closed_on = '2025-13-01'",
    "a target of the year 24": "UPDATE targets SET year = 24",
    "a target below nothing": "UPDATE targets SET value = -1",
    "a figure of no unit": "UPDATE figures SET unit_id = 9",
    "a figure below nothing": "UPDATE figures SET value = '-1'",
    "a figure with two points": "UPDATE figures SET value = '1.2.3'",
    "a figure with a comma": "UPDATE figures SET value = '3,5'",
    "a figure without digits": "UPDATE figures SET value = '.'",
    "a figure of a period turned round": "UPDATE figures SET ends_on = '2023-12-31'",
    "a figure twice": (
        "INSERT INTO figures VALUES (2, 1, 'card.new', '2024-01-01', '2024-12-31', '4', NULL, NULL, NULL)"
    ),
    "a figure of nobody": "UPDATE figures SET author = ''",
    "a code of nothing": "UPDATE cases SET code = ''",
    "a code with spaces around": "UPDATE cases SET code = ' HS-1'",
    "a code too long": "UPDATE cases SET code = hex(zeroblob(33))",
    "a code used twice": "INSERT INTO cases VALUES (2, 'HS-1', 1, 1)",
    "a name of nothing": "UPDATE persons SET full_name = ''",
    "a name of 500 letters": "UPDATE persons SET full_name = hex(zeroblob(250))",
    "no name": "UPDATE persons SET full_name = NULL",
    "a case of nobody": "UPDATE cases SET person_id = 9",
    "a case in no unit": "UPDATE cases SET unit_id = 9",
    "a step of no case": "UPDATE steps SET case_id = 9",
    "a stay in no unit": "UPDATE memberships SET unit_id = 9",
    "a learner of no course": "UPDATE enrolments SET course_id = 9",
    "a learner who is nobody": "UPDATE enrolments SET case_id = NULL",
    "a learner twice": "INSERT INTO enrolments VALUES (2, 1, 1, NULL, 0, 0, NULL)",
    "a unit below itself": "UPDATE units SET parent_id = 1",
    "a unit below nothing": "UPDATE units SET parent_id = 9",
    "a unit that cases are in": "DELETE FROM units",
    "a person who has a case": "DELETE FROM persons",
    "a case that has steps": "DELETE FROM cases",
    "a change without what changed": "INSERT INTO changes VALUES (2, 1, 'case', 1, 'HS-1', NULL, NULL, {proven})",
    "a change of nobody": "INSERT INTO changes VALUES (2, 1, 'case', 1, NULL, NULL, '{}', {proven})",
    "a change without its salt": (
        "INSERT INTO changes VALUES (2, 1, 'case', 1, 'HS-1', NULL, '{}', NULL, hex(zeroblob(32)))"
    ),
    "a change in no batch": "INSERT INTO changes VALUES (2, 9, 'case', 1, 'HS-1', NULL, '{}', {proven})",
    "a batch by nobody": (
        "INSERT INTO batches VALUES (2, 'b2', '2024-01-01', '', 'import', NULL, NULL, 0, NULL, {proven}, {hash})"
    ),
    "a second name of the store": "INSERT INTO identity VALUES (2, hex(zeroblob(16)))",
    "another name of the store": "UPDATE identity SET store = hex(zeroblob(16))",
    "a store without a name": "DELETE FROM identity",
    "a change altered": 'UPDATE changes SET after = \'{"note":""}\'',
    "a change half emptied": "UPDATE changes SET salt = NULL, before = NULL, after = NULL",
    "a change emptied and moved": ("UPDATE changes SET salt = NULL, key = NULL, before = NULL, after = NULL, item = 2"),
    "a batch emptied and signed by another": (
        "UPDATE batches SET salt = NULL, source = NULL, details = NULL, who = 'người khác'"
    ),
    "a change taken out": "DELETE FROM changes",
    "a batch altered": "UPDATE batches SET who = 'người khác'",
    "a batch taken out": "DELETE FROM batches",
}


OF_A_FILE = {"a day written our way", "a day with an hour", "a day that is a year", "a day that is now"}
"""What a database with days of its own reads as a day, or cannot be told."""

IN_POSTGRESQL = {
    "NULL, 0, 0, 1)": "NULL, false, false, true)",
    "NULL, NULL, NULL, 0)": "NULL, NULL, NULL, false)",
    "NULL, 1, 0, '2019": "NULL, true, false, '2019",
    "NULL, 0, 0, NULL)": "NULL, false, false, NULL)",
    "hex(zeroblob(16))": "repeat('0', 32)",
    "hex(zeroblob(32))": "repeat('0', 64)",
    "hex(zeroblob(33))": "repeat('0', 66)",
    "hex(zeroblob(250))": "repeat('0', 500)",
}


def _said(statement: str, connection: sa.Connection) -> str:
    """The statement as the connection's database says it."""
    statement = statement.replace("{proven}", PROVEN).replace("{hash}", "hex(zeroblob(32))")
    if connection.dialect.name == "postgresql":
        for ours, theirs in IN_POSTGRESQL.items():
            statement = statement.replace(ours, theirs)
    return statement


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=on_postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty store for all tests here: what they write they never commit."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('kho') / 'dubi.sqlite'}"
        initialise(url)
        yield url
        return
    with own_store() as url:
        yield url


@pytest.fixture
def connection(empty: str) -> Iterator[sa.Connection]:
    """A connection to a store with one row of each kind."""
    with engine(empty) as database, database.connect() as opened:
        for row in PEOPLE:
            opened.exec_driver_sql(_said(row, opened))
        yield opened


@pytest.mark.parametrize("name", REFUSED)
def test_raw_sql_is_refused(connection: sa.Connection, name: str) -> None:
    """Plain SQL that differs from a good row in one bad point changes nothing."""
    if name in OF_A_FILE and connection.dialect.name != "sqlite":
        return
    refused = sa.exc.IntegrityError if connection.dialect.name == "sqlite" else sa.exc.DBAPIError
    with pytest.raises(refused):
        connection.exec_driver_sql(_said(REFUSED[name], connection))


def test_checks_hold_for_any_program(file_store: str) -> None:
    """The checks are the file's, not the connection's: another program that opens it is refused as well."""
    path = sqlite_path(file_store)
    assert path is not None
    other = sqlite3.connect(path)
    for row in PEOPLE[:3]:
        other.execute(row)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute("UPDATE persons SET born_on = '1990-02-31'")
    other.close()


def test_models_do_not_validate_but_the_database_does(connection: sa.Connection) -> None:
    """What SQLModel takes without a word, a level of no list or a name of 500 letters, does not reach the tables."""
    careless = Unit(code="CB-2", level="tổ")
    with pytest.raises(sa.exc.StatementError):
        connection.execute(sa.insert(metadata.tables["units"]), [careless.model_dump(exclude={"id"})])
    connection.rollback()
    somebody = Person(full_name="a" * 500, folded_name="a")
    with pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.insert(metadata.tables["persons"]), [somebody.model_dump(exclude={"id"})])
    assert Case.__tablename__ == "cases"


def test_every_fact_has_its_place(connection: sa.Connection) -> None:
    """Each column of the workbook is a kind of step, a kind of attribute, or a column of person or case."""
    steps = set(connection.exec_driver_sql("SELECT name FROM step_kinds").scalars())
    attributes = set(connection.exec_driver_sql("SELECT name FROM attribute_kinds").scalars())
    columns = {fact.name for fact in vocabulary.load().columns}
    assert steps | attributes | NOT_ATTRIBUTES == columns
    assert len(steps) + len(attributes) + len(NOT_ATTRIBUTES) == len(columns)


def test_closed_lists_are_those_of_the_vocabulary() -> None:
    """Every list of codes of the other sheets is held by a CHECK of the same codes."""
    checked = {
        column.type.name: tuple(column.type.enums)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Enum)
    }
    lists = {column.codes for sheet in all_sheets()[1:6] for column in sheet.columns if column.type == "code"}
    assert lists <= checked.keys()
    for name, codes in checked.items():
        assert codes == tuple(choices(str(name)))
