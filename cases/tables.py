"""The tables of the store. The database itself refuses what must not be kept: SQLModel's table models do not validate.

- Kinds of steps, kinds of attributes and their codes are rows of reference tables, filled from the rules' vocabulary
  (`cases.seeding`), and foreign keys hold to them: a new kind of step is data and needs no migration, and a misspelt
  one is refused by the database, not only by Python. The closed lists of the contract (levels, sectors, kinds of
  courses, forms of discipline, sex) are CHECK constraints.
- A date column of SQLite is text: a CHECK holds it to a day that the calendar has (adding no days makes
  SQLite reckon: without, it takes 31 February as written). Other databases have dates.
- Steps and attributes are clustered by case, the order in which they are read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from cases.layout import FIRST_YEAR, LAST_YEAR, LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT
from rules import vocabulary

FIRST_DAY, LAST_DAY = f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Table(SQLModel, registry=registry(metadata=metadata)):
    """What all tables share: one set of names for their constraints."""


def _length(name: str, longest: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"length({name}) BETWEEN 1 AND {longest} AND trim({name}) = {name}", name=f"{name}_is_text"
    )


def _day(name: str) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """Two checks: a day within bounds, and (SQLite) one that the calendar has, written as yyyy-mm-dd."""
    return (
        sa.CheckConstraint(f"{name} BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'", name=f"{name}_in_bounds"),
        sa.CheckConstraint(f"date({name}, '+0 days') IS {name}", name=f"{name}_is_day").ddl_if(dialect="sqlite"),
    )


def _one_of(codes: str) -> sa.Enum:
    return sa.Enum(
        *vocabulary.load().codes[codes], name=codes, native_enum=False, create_constraint=True, validate_strings=True
    )


def _flag() -> Any:
    return Field(default=False, sa_type=sa.Boolean(create_constraint=False), nullable=False)


def _is_flag(name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN (0, 1)", name=f"{name}_is_flag").ddl_if(dialect="sqlite")


def _text(longest: int, **options: Any) -> Any:
    return Field(sa_type=sa.String(longest), **options)


class StepKind(Table, table=True):
    """A kind of dated step that the rules know."""

    __tablename__ = "step_kinds"

    name: str = _text(LONGEST_KEY, primary_key=True)


class Code(Table, table=True):
    """A code of one of the vocabulary's lists."""

    __tablename__ = "codes"

    list: str = _text(LONGEST_KEY, primary_key=True)
    code: str = _text(LONGEST_KEY, primary_key=True)


class AttributeKind(Table, table=True):
    """An attribute that the rules know, with its type and, for a code, its list."""

    __tablename__ = "attribute_kinds"
    __table_args__ = (
        sa.UniqueConstraint("name", "type"),
        sa.UniqueConstraint("name", "code_list"),
        sa.CheckConstraint("type IN ('date', 'number', 'mark', 'code', 'text')", name="type_is_known"),
        sa.CheckConstraint("(type = 'code') = (code_list IS NOT NULL)", name="code_has_list"),
    )

    name: str = _text(LONGEST_KEY, primary_key=True)
    type: str = _text(6)
    code_list: str | None = _text(LONGEST_KEY, default=None)


class Unit(Table, table=True):
    """An organisation of the Party. One that was only named, never declared with its details, is not ``declared``."""

    __tablename__ = "units"
    __table_args__ = (
        _length("code", LONGEST_KEY),
        _length("name", LONGEST_NAME),
        sa.CheckConstraint("parent_id <> id", name="parent_is_another"),
        *_day("opened_on"),
        *_day("closed_on"),
        _is_flag("no_masses_left"),
        _is_flag("few_members"),
        _is_flag("declared"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = _text(LONGEST_KEY, unique=True)
    name: str | None = _text(LONGEST_NAME, default=None)
    level: str | None = Field(default=None, sa_type=_one_of("unit_level"))
    sector: str | None = Field(default=None, sa_type=_one_of("unit_sector"))
    parent_id: int | None = Field(default=None, foreign_key="units.id", index=True)
    opened_on: date | None = None
    closed_on: date | None = None
    no_masses_left: bool = _flag()
    few_members: bool = _flag()
    declared: bool = _flag()


class Person(Table, table=True):
    """Somebody, through all of their cases. ``folded_name`` is how the name is searched for."""

    __tablename__ = "persons"
    __table_args__ = (
        _length("code", LONGEST_KEY),
        _length("full_name", LONGEST_NAME),
        _length("folded_name", LONGEST_NAME),
        *_day("born_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str | None = _text(LONGEST_KEY, default=None, unique=True)
    full_name: str = _text(LONGEST_NAME)
    folded_name: str = _text(LONGEST_NAME, index=True)
    born_on: date | None = None
    sex: str | None = Field(default=None, sa_type=_one_of("sex"))


class Case(Table, table=True):
    """One way into the Party: a first admission, or a later re-admission of the same person."""

    __tablename__ = "cases"
    __table_args__ = (_length("code", LONGEST_KEY),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = _text(LONGEST_KEY, unique=True)
    person_id: int = Field(foreign_key="persons.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="units.id", index=True)


class Step(Table, table=True):
    """A dated step of a case; of each kind at most one a day."""

    __tablename__ = "steps"
    __table_args__ = (
        *_day("happened_on"),
        _length("document", LONGEST_TEXT),
        _length("result", LONGEST_TEXT),
        _length("note", LONGEST_TEXT),
        {"sqlite_with_rowid": False},
    )

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    kind: str = _text(LONGEST_KEY, foreign_key="step_kinds.name", primary_key=True)
    happened_on: date = Field(primary_key=True)
    document: str | None = _text(LONGEST_TEXT, default=None)
    result: str | None = _text(LONGEST_TEXT, default=None)
    note: str | None = _text(LONGEST_TEXT, default=None)


def _typed_value(*, marks: str) -> tuple[sa.Constraint, ...]:
    """A value held to the type of its attribute, and a code to the attribute's own list."""
    return (
        sa.ForeignKeyConstraint(["name", "type"], ["attribute_kinds.name", "attribute_kinds.type"]),
        sa.ForeignKeyConstraint(["name", "code_list"], ["attribute_kinds.name", "attribute_kinds.code_list"]),
        sa.ForeignKeyConstraint(["code_list", "value"], ["codes.list", "codes.code"]),
        sa.CheckConstraint("(type = 'code') = (code_list IS NOT NULL)", name="code_has_list"),
        sa.CheckConstraint(f"type <> 'mark' OR value IN ({marks})", name="mark_is_sign"),
        sa.CheckConstraint(
            "type <> 'number' OR CAST(CAST(value AS INTEGER) AS VARCHAR) = value", name="number_is_whole"
        ),
        sa.CheckConstraint(
            f"type <> 'date' OR (length(value) = 10 AND value BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}')",
            name="date_in_bounds",
        ),
        sa.CheckConstraint("type <> 'date' OR date(value, '+0 days') IS value", name="date_is_day").ddl_if(
            dialect="sqlite"
        ),
        _length("value", LONGEST_TEXT),
    )


class Attribute(Table, table=True):
    """A value that holds now; no row is an empty cell, and a mark has a row only when it is yes."""

    __tablename__ = "attributes"
    __table_args__ = (*_typed_value(marks="'1'"), {"sqlite_with_rowid": False})

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    name: str = _text(LONGEST_KEY, primary_key=True)
    type: str = _text(6)
    code_list: str | None = _text(LONGEST_KEY, default=None)
    value: str = _text(LONGEST_TEXT)


class DatedAttribute(Table, table=True):
    """A value that an attribute took on a day, for the figures of a day past."""

    __tablename__ = "dated_attributes"
    __table_args__ = (
        *_typed_value(marks="'0', '1'"),
        *_day("since"),
        sa.UniqueConstraint("case_id", "name", "since"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    name: str = _text(LONGEST_KEY)
    type: str = _text(6)
    code_list: str | None = _text(LONGEST_KEY, default=None)
    value: str = _text(LONGEST_TEXT)
    since: date | None = None


class Membership(Table, table=True):
    """A stay of a case in a unit, both days included."""

    __tablename__ = "memberships"
    __table_args__ = (*_day("since"), *_day("until"), sa.UniqueConstraint("case_id", "unit_id", "since"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    unit_id: int = Field(foreign_key="units.id", index=True)
    since: date | None = None
    until: date | None = None


class Course(Table, table=True):
    """A class held."""

    __tablename__ = "courses"
    __table_args__ = (
        _length("code", LONGEST_KEY),
        _length("audience", LONGEST_TEXT),
        *_day("opened_on"),
        *_day("closed_on"),
        _is_flag("online"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = _text(LONGEST_KEY, unique=True)
    kind: str = Field(sa_type=_one_of("course_kind"))
    unit_id: int | None = Field(default=None, foreign_key="units.id", index=True)
    opened_on: date | None = None
    closed_on: date | None = None
    audience: str | None = _text(LONGEST_TEXT, default=None)
    online: bool = _flag()


class Enrolment(Table, table=True):
    """A learner of a class: a case, or a name without a dossier."""

    __tablename__ = "enrolments"
    __table_args__ = (
        sa.CheckConstraint("case_id IS NOT NULL OR full_name IS NOT NULL", name="learner_is_somebody"),
        sa.UniqueConstraint("course_id", "case_id"),
        _length("full_name", LONGEST_NAME),
        *_day("certified_on"),
        _is_flag("youth_union"),
        _is_flag("trade_union"),
    )

    id: int | None = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    full_name: str | None = _text(LONGEST_NAME, default=None)
    youth_union: bool = _flag()
    trade_union: bool = _flag()
    certified_on: date | None = None


class Target(Table, table=True):
    """How many admissions a unit is to reach in a year."""

    __tablename__ = "targets"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "year"),
        sa.CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year_in_bounds"),
        sa.CheckConstraint("value BETWEEN 0 AND 1000000000", name="value_in_bounds"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    year: int
    value: int


class Discipline(Table, table=True):
    """A disciplinary measure."""

    __tablename__ = "disciplines"
    __table_args__ = (*_day("decided_on"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    form: str = Field(sa_type=_one_of("discipline_form"))
    decided_on: date


class Change(Table, table=True):
    """What one write did to one thing: who, when, in which batch, and how the thing stood before and after."""

    __tablename__ = "changes"
    __table_args__ = (
        _length("batch", LONGEST_KEY),
        _length("who", LONGEST_NAME),
        _length("key", LONGEST_TEXT),
        sa.CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="something_changed"),
        sa.CheckConstraint(
            "entity IN ('case', 'unit', 'course', 'enrolment', 'target', 'discipline')", name="entity_is_known"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch: str = _text(LONGEST_KEY, index=True)
    made_at: datetime = Field(sa_type=sa.DateTime)
    """In UTC."""
    who: str = _text(LONGEST_NAME)
    source: str | None = _text(LONGEST_NAME, default=None)
    entity: str = _text(10)
    key: str = _text(LONGEST_TEXT)
    before: str | None = Field(default=None, sa_type=sa.Text)
    after: str | None = Field(default=None, sa_type=sa.Text)
