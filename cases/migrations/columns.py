"""How migrations write columns and constraints. What a migration has once run must not change its meaning here."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

KEY, NAME, TEXT = 64, 200, 32_767
"""The longest code, name and text."""

NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""A row number that was used is never given to another row."""


def check(table: str, name: str, condition: str, *, only: str | None = None) -> sa.CheckConstraint:
    """A named CHECK, of one kind of database only where that is named."""
    constraint = sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
    return constraint.ddl_if(dialect=only) if only else constraint


def filled(table: str, name: str, longest: int) -> sa.CheckConstraint:
    """Text that is neither empty nor padded."""
    return check(table, f"{name}_is_text", f"length({name}) BETWEEN 1 AND {longest} AND trim({name}) = {name}")


def day(table: str, name: str) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """A day of 1900–2100 that the calendar has."""
    return (
        check(table, f"{name}_in_bounds", f"{name} BETWEEN '1900-01-01' AND '2100-12-31'"),
        check(table, f"{name}_is_day", f"date({name}, '+0 days') IS {name}", only="sqlite"),
    )


def decimal(table: str, name: str) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """A number without sign as text, whole or with a point and digits behind it."""
    strange = f"{name} GLOB '*[^0-9.]*' OR {name} GLOB '*.*.*' OR {name} GLOB '.*' OR {name} GLOB '*.' OR {name} = ''"
    return (
        check(table, f"{name}_is_number", f"NOT ({strange})", only="sqlite"),
        check(table, f"{name}_is_decimal", f"{name} ~ '^[0-9]+([.][0-9]+)?$'", only="postgresql"),
    )


def flag(table: str, name: str) -> sa.CheckConstraint:
    """Nought or one."""
    return check(table, f"{name}_is_flag", f"{name} IN (0, 1)", only="sqlite")


def one_of(name: str, *codes: str) -> sa.Enum:
    """A code of a closed list."""
    return sa.Enum(*codes, name=name, native_enum=False)


def closed(table: str, column: str, name: str, *codes: str) -> sa.CheckConstraint:
    """The CHECK of a closed list."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return check(table, name, f"{column} IN ({listed})")


def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """A named primary key."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """A named key that no two rows share."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def refers(table: str, columns: str, target: str) -> sa.ForeignKeyConstraint:
    """A named foreign key; several columns are separated by spaces."""
    names, (other, _, theirs) = columns.split(), target.partition(".")
    return sa.ForeignKeyConstraint(
        names, [f"{other}.{their}" for their in theirs.split()], name=op.f(f"fk_{table}_{'_'.join(names)}")
    )


def column(name: str, kind: Any, *, empty: bool = False) -> sa.Column[Any]:
    """A column that must be filled unless said otherwise."""
    return sa.Column(name, kind, nullable=empty)


def typed_value(table: str, marks: str) -> tuple[sa.Constraint, ...]:
    """A value held to the type of its attribute."""
    return (
        refers(table, "name type", "attribute_kinds.name type"),
        refers(table, "name code_list", "attribute_kinds.name code_list"),
        refers(table, "code_list value", "codes.list code"),
        check(table, "code_has_list", "(type = 'code') = (code_list IS NOT NULL)"),
        check(table, "mark_is_sign", f"type <> 'mark' OR value IN ({marks})"),
        check(table, "number_is_whole", "type <> 'number' OR CAST(CAST(value AS INTEGER) AS VARCHAR) = value"),
        check(
            table,
            "date_in_bounds",
            "type <> 'date' OR (length(value) = 10 AND value BETWEEN '1900-01-01' AND '2100-12-31')",
        ),
        check(table, "date_is_day", "type <> 'date' OR date(value, '+0 days') IS value", only="sqlite"),
        check(
            table,
            "date_is_real",
            "type <> 'date' OR CAST(CAST(value AS DATE) AS VARCHAR) = value",
            only="postgresql",
        ),
        filled(table, "value", TEXT),
    )


_EVENTS = ("UPDATE", "DELETE")


def append_only(table: str) -> None:
    """Have the database refuse that a row of the table is altered or taken out."""
    if op.get_bind().dialect.name == "sqlite":
        for event in _EVENTS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
    )
    for event in (*_EVENTS, "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
        )


def append_only_no_more(table: str) -> None:
    """Take the triggers away again."""
    if op.get_bind().dialect.name == "sqlite":
        for event in _EVENTS:
            op.execute(f"DROP TRIGGER {table}_no_{event.lower()}")
        return
    for event in (*_EVENTS, "TRUNCATE"):
        op.execute(f"DROP TRIGGER {table}_no_{event.lower()} ON {table}")
    op.execute(f"DROP FUNCTION {table}_only_grows()")
