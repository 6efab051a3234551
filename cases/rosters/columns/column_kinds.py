"""How the cells of a column are read: one word for each way."""

from __future__ import annotations

from typing import Literal

FieldKind = Literal[
    "row_number",
    "code",
    "name",
    "family_name",
    "middle_name",
    "given_name",
    "birth",
    "birth_male",
    "birth_female",
    "birth_day",
    "birth_month",
    "birth_year",
    "sex",
    "male_mark",
    "female_mark",
    "ethnicity",
    "religion",
    "unit",
    "mark",
    "number",
    "listed",
    "step",
    "day",
    "joined",
    "decided",
    "died",
    "ended",
    "due",
    "course_step",
    "course_word",
    "personal_id",
    "old_id",
    "card",
    "phone",
    "occupation",
    "schooling",
    "qualification",
    "academic_title",
    "exit_kind",
    "status",
    "member_mark",
    "part",
    "moved_place",
    "text",
    "reasons",
    "skipped",
]
"""`step` is a date of the process that limits run from, `day` any other date, `listed` a code of a list, `skipped` a
column that is never read, `reasons` the last column of our own error workbook.

The kinds that settle only together with others (Nam/Nữ columns, three columns of a date, `joined`, `decided`, `ended`,
`status`) are collected first and settled when the whole row has been read.
"""

BIRTH_KINDS = frozenset({"birth", "birth_male", "birth_female", "birth_day", "birth_month", "birth_year"})
DATE_KINDS = frozenset({"birth", "step", "day", "joined", "decided", "died", "ended", "due", "course_step"})
NAME_KINDS = frozenset({"name", "family_name", "middle_name", "given_name"})
NEVER_REPEATED = frozenset(
    {
        "code",
        "name",
        "family_name",
        "middle_name",
        "given_name",
        "part",
        "personal_id",
        "old_id",
        "card",
        "phone",
        "number",
        "unit",
        "text",
    }
    | BIRTH_KINDS
    | DATE_KINDS
)
"""Kinds for which a ditto mark never stands for the value above: names, numbers, dates, places, free text."""
