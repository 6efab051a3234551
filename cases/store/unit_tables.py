"""The tables of units: what each is, where it stood through time, and what it has settled."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from cases.store.table_parts import NUMBERED_ONCE, Table, day_checks, flag, flag_check, one_of, text, text_check
from cases.values.sheets import LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT


class Unit(Table, table=True):
    """An organisation of the Party. One that was only named, never declared with its details, is not ``declared``."""

    __tablename__ = "units"
    __table_args__ = (
        text_check("code", LONGEST_KEY),
        text_check("name", LONGEST_NAME),
        sa.CheckConstraint("parent_id <> id", name="parent_is_another"),
        *day_checks("opened_on"),
        *day_checks("closed_on"),
        flag_check("no_masses_left"),
        flag_check("few_members"),
        flag_check("declared"),
        NUMBERED_ONCE,
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = text(LONGEST_KEY, unique=True)
    name: str | None = text(LONGEST_NAME, default=None)
    level: str | None = Field(default=None, sa_type=one_of("unit_level"))
    sector: str | None = Field(default=None, sa_type=one_of("unit_sector"))
    parent_id: int | None = Field(default=None, foreign_key="units.id", index=True)
    opened_on: date | None = None
    closed_on: date | None = None
    no_masses_left: bool = flag()
    few_members: bool = flag()
    declared: bool = flag()


class UnitStanding(Table, table=True):
    """Where a unit stands from a day on: below a parent, or merged into another unit."""

    __tablename__ = "unit_standings"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "since"),
        sa.CheckConstraint("parent_id <> unit_id", name="parent_is_another"),
        sa.CheckConstraint("merged_into_id <> unit_id", name="heir_is_another"),
        *day_checks("since"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    parent_id: int | None = Field(default=None, foreign_key="units.id")
    since: date | None = None
    merged_into_id: int | None = Field(default=None, foreign_key="units.id")


class UnitSetting(Table, table=True):
    """What a unit has settled for its forms and its book, each by its field."""

    __tablename__ = "unit_settings"
    __table_args__ = (text_check("name", LONGEST_KEY), text_check("value", LONGEST_TEXT), {"sqlite_with_rowid": False})

    unit_id: int = Field(foreign_key="units.id", primary_key=True)
    name: str = text(LONGEST_KEY, primary_key=True)
    value: str = text(LONGEST_TEXT)
