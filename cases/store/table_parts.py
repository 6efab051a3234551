"""What the tables are made of: the names of their constraints, and columns with the CHECKs that hold them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from cases.values.sheets import LONGEST_TEXT
from rules.loader import vocabulary
from rules.loader.spelling.days import FIRST_DAY, LAST_DAY

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""The log names a thing by the number of its row: a number that was used is never given to another."""


class Table(SQLModel, registry=registry(metadata=metadata)):
    """What all tables share: one set of names for their constraints."""


def text_check(name: str, longest: int) -> sa.CheckConstraint:
    """Text that is neither empty nor padded."""
    return sa.CheckConstraint(
        f"length({name}) BETWEEN 1 AND {longest} AND trim({name}) = {name}", name=f"{name}_is_text"
    )


def day_checks(name: str) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """Two checks: a day within bounds, and (SQLite) one that the calendar has, written as yyyy-mm-dd."""
    return (
        sa.CheckConstraint(f"{name} BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'", name=f"{name}_in_bounds"),
        sa.CheckConstraint(f"date({name}, '+0 days') IS {name}", name=f"{name}_is_day").ddl_if(dialect="sqlite"),
    )


def decimal_checks(name: str) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """A number without sign as text, whole or with a point and digits behind it."""
    strange = f"{name} GLOB '*[^0-9.]*' OR {name} GLOB '*.*.*' OR {name} GLOB '.*' OR {name} GLOB '*.' OR {name} = ''"
    return (
        sa.CheckConstraint(f"NOT ({strange})", name=f"{name}_is_number").ddl_if(dialect="sqlite"),
        sa.CheckConstraint(f"{name} ~ '^[0-9]+([.][0-9]+)?$'", name=f"{name}_is_decimal").ddl_if(dialect="postgresql"),
    )


def one_of(codes: str) -> sa.Enum:
    """A code of a closed list."""
    return sa.Enum(
        *vocabulary.load().codes[codes], name=codes, native_enum=False, create_constraint=True, validate_strings=True
    )


def flag() -> Any:
    """A yes or no that is always one of both."""
    return Field(default=False, sa_type=sa.Boolean(create_constraint=False), nullable=False)


def flag_check(name: str) -> sa.CheckConstraint:
    """Nought or one, where the database has no truth values."""
    return sa.CheckConstraint(f"{name} IN (0, 1)", name=f"{name}_is_flag").ddl_if(dialect="sqlite")


def text(longest: int, **options: Any) -> Any:
    """A column of text that is no longer than said."""
    return Field(sa_type=sa.String(longest), **options)


def typed_value(*, marks: str) -> tuple[sa.Constraint, ...]:
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
        sa.CheckConstraint(
            "type <> 'date' OR CAST(CAST(value AS DATE) AS VARCHAR) = value", name="date_is_real"
        ).ddl_if(dialect="postgresql"),
        text_check("value", LONGEST_TEXT),
    )
