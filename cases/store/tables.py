"""The tables of the store. The database itself refuses what must not be kept: SQLModel's table models do not validate.

- Kinds of steps, kinds of attributes and their codes are rows of reference tables, filled from the rules' vocabulary
  (`cases.store.seeding`), and foreign keys hold to them: a new kind of step is data and needs no migration, a misspelt
  one is refused by the database, not only by Python. The closed lists of the contract (levels, sectors, kinds of
  courses, forms of discipline, sex) are CHECK constraints.
- A date column of SQLite is text: a CHECK holds it to a day that the calendar has (adding no days makes
  SQLite reckon: without, it takes 31 February as written). Other databases have dates.
- Steps and attributes are clustered by case, the order in which they are read.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from cases.store.log_tables import Batch, Change, Identity
from cases.store.rows.asked_after import ASKED_IN, asked_after
from cases.store.table_parts import (
    NUMBERED_ONCE,
    Table,
    day_checks,
    decimal_checks,
    flag,
    flag_check,
    metadata,
    one_of,
    text,
    text_check,
    typed_value,
)
from cases.store.unit_tables import Unit, UnitSetting, UnitStanding
from cases.values.sheets import LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT
from rules.loader.spelling.days import FIRST_YEAR, LAST_YEAR

__all__ = [
    "Attribute",
    "AttributeKind",
    "Batch",
    "Case",
    "Change",
    "Code",
    "Course",
    "DatedAttribute",
    "Discipline",
    "Enrolment",
    "Figure",
    "Identity",
    "Membership",
    "Person",
    "Step",
    "StepKind",
    "Target",
    "Unit",
    "UnitSetting",
    "UnitStanding",
    "metadata",
]


class StepKind(Table, table=True):
    """A kind of dated step that the rules know."""

    __tablename__ = "step_kinds"

    name: str = text(LONGEST_KEY, primary_key=True)


class Code(Table, table=True):
    """A code of one of the vocabulary's lists."""

    __tablename__ = "codes"

    list: str = text(LONGEST_KEY, primary_key=True)
    code: str = text(LONGEST_KEY, primary_key=True)


class AttributeKind(Table, table=True):
    """An attribute that the rules know, with its type and, for a code, its list."""

    __tablename__ = "attribute_kinds"
    __table_args__ = (
        sa.UniqueConstraint("name", "type"),
        sa.UniqueConstraint("name", "code_list"),
        sa.CheckConstraint("type IN ('date', 'number', 'mark', 'code', 'text')", name="type_is_known"),
        sa.CheckConstraint("(type = 'code') = (code_list IS NOT NULL)", name="code_has_list"),
    )

    name: str = text(LONGEST_KEY, primary_key=True)
    type: str = text(6)
    code_list: str | None = text(LONGEST_KEY, default=None)


class Person(Table, table=True):
    """Somebody, through all of their cases. ``folded_name`` is how the name is searched for."""

    __tablename__ = "persons"
    __table_args__ = (
        text_check("code", LONGEST_KEY),
        text_check("full_name", LONGEST_NAME),
        text_check("folded_name", LONGEST_NAME),
        *day_checks("born_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str | None = text(LONGEST_KEY, default=None, unique=True)
    full_name: str = text(LONGEST_NAME)
    folded_name: str = text(LONGEST_NAME, index=True)
    born_on: date | None = None
    sex: str | None = Field(default=None, sa_type=one_of("sex"))


class Case(Table, table=True):
    """One way into the Party: a first admission, or a later re-admission of the same person."""

    __tablename__ = "cases"
    __table_args__ = (text_check("code", LONGEST_KEY), NUMBERED_ONCE)

    id: int | None = Field(default=None, primary_key=True)
    code: str = text(LONGEST_KEY, unique=True)
    person_id: int = Field(foreign_key="persons.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="units.id", index=True)


def _asked_index(table: str) -> sa.Index:
    """Finds whether anybody has one of the facts that rules ask after only where they are kept."""
    asked = sa.text(asked_after(ASKED_IN[table]))
    return sa.Index(f"ix_{table}_asked", ASKED_IN[table], sqlite_where=asked, postgresql_where=asked)


class Step(Table, table=True):
    """A dated step of a case; of each kind at most one a day."""

    __tablename__ = "steps"
    __table_args__ = (
        *day_checks("happened_on"),
        text_check("document", LONGEST_TEXT),
        text_check("result", LONGEST_TEXT),
        text_check("note", LONGEST_TEXT),
        text_check("stored_at", LONGEST_TEXT),
        _asked_index("steps"),
        {"sqlite_with_rowid": False},
    )

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    kind: str = text(LONGEST_KEY, foreign_key="step_kinds.name", primary_key=True)
    happened_on: date = Field(primary_key=True)
    document: str | None = text(LONGEST_TEXT, default=None)
    result: str | None = text(LONGEST_TEXT, default=None)
    note: str | None = text(LONGEST_TEXT, default=None)
    stored_at: str | None = text(LONGEST_TEXT, default=None)


class Attribute(Table, table=True):
    """A value that holds now; no row is an empty cell, and a mark has a row only when it is yes."""

    __tablename__ = "attributes"
    __table_args__ = (*typed_value(marks="'1'"), _asked_index("attributes"), {"sqlite_with_rowid": False})

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    name: str = text(LONGEST_KEY, primary_key=True)
    type: str = text(6)
    code_list: str | None = text(LONGEST_KEY, default=None)
    value: str = text(LONGEST_TEXT)


class DatedAttribute(Table, table=True):
    """A value that an attribute took on a day, for the figures of a day past."""

    __tablename__ = "dated_attributes"
    __table_args__ = (
        *typed_value(marks="'0', '1'"),
        *day_checks("since"),
        sa.UniqueConstraint("case_id", "name", "since"),
        _asked_index("dated_attributes"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    name: str = text(LONGEST_KEY)
    type: str = text(6)
    code_list: str | None = text(LONGEST_KEY, default=None)
    value: str = text(LONGEST_TEXT)
    since: date | None = None


class Membership(Table, table=True):
    """A stay of a case in a unit, both days included."""

    __tablename__ = "memberships"
    __table_args__ = (*day_checks("since"), *day_checks("until"), sa.UniqueConstraint("case_id", "unit_id", "since"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    unit_id: int = Field(foreign_key="units.id", index=True)
    since: date | None = None
    until: date | None = None


class Course(Table, table=True):
    """A class held."""

    __tablename__ = "courses"
    __table_args__ = (
        text_check("code", LONGEST_KEY),
        text_check("audience", LONGEST_TEXT),
        *day_checks("opened_on"),
        *day_checks("closed_on"),
        flag_check("online"),
        NUMBERED_ONCE,
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = text(LONGEST_KEY, unique=True)
    kind: str = Field(sa_type=one_of("course_kind"))
    unit_id: int | None = Field(default=None, foreign_key="units.id", index=True)
    opened_on: date | None = None
    closed_on: date | None = None
    audience: str | None = text(LONGEST_TEXT, default=None)
    online: bool = flag()


class Enrolment(Table, table=True):
    """A learner of a class: a case, or a name without a dossier."""

    __tablename__ = "enrolments"
    __table_args__ = (
        sa.CheckConstraint("case_id IS NOT NULL OR full_name IS NOT NULL", name="learner_is_somebody"),
        sa.UniqueConstraint("course_id", "case_id"),
        text_check("full_name", LONGEST_NAME),
        *day_checks("certified_on"),
        flag_check("youth_union"),
        flag_check("trade_union"),
        NUMBERED_ONCE,
    )

    id: int | None = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    full_name: str | None = text(LONGEST_NAME, default=None)
    youth_union: bool = flag()
    trade_union: bool = flag()
    certified_on: date | None = None


class Target(Table, table=True):
    """How many admissions a unit is to reach in a year."""

    __tablename__ = "targets"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "year"),
        sa.CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year_in_bounds"),
        sa.CheckConstraint("value BETWEEN 0 AND 1000000000", name="value_in_bounds"),
        NUMBERED_ONCE,
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    year: int
    value: int


class Discipline(Table, table=True):
    """A disciplinary measure."""

    __tablename__ = "disciplines"
    __table_args__ = (*day_checks("decided_on"), NUMBERED_ONCE)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    form: str = Field(sa_type=one_of("discipline_form"))
    decided_on: date


class Figure(Table, table=True):
    """A figure that somebody typed in because no record gives it."""

    __tablename__ = "figures"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "indicator", "begins_on", "ends_on"),
        text_check("indicator", LONGEST_KEY),
        *day_checks("begins_on"),
        *day_checks("ends_on"),
        sa.CheckConstraint("begins_on <= ends_on", name="period_has_days"),
        *decimal_checks("value"),
        text_check("source", LONGEST_TEXT),
        text_check("author", LONGEST_NAME),
        *day_checks("entered_on"),
        NUMBERED_ONCE,
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    indicator: str = text(LONGEST_KEY)
    begins_on: date
    ends_on: date
    value: str = text(20)
    """Exact: a database may keep a decimal number as a binary one."""
    source: str | None = text(LONGEST_TEXT, default=None)
    author: str | None = text(LONGEST_NAME, default=None)
    entered_on: date | None = None
