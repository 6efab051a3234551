"""What a sheet of the canonical workbook is: its columns, what their cells hold, and how long a text may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from rules.loader import vocabulary

ColumnType = Literal["date", "number", "decimal", "mark", "code", "text", "key", "partly", "codes"]
"""`key` is a short text on one line that others refer to or search by: a code, a name; `partly` a day known in part;
`codes` several codes of a list."""

LONGEST_KEY = 64
LONGEST_NAME = 200
LONGEST_TEXT = 32_767
"""What one cell of Excel holds."""

_CODES_AS_CODES = frozenset({"occupation", "unit_level", "unit_sector", "course_kind"})
"""Lists written as codes, which the contract has programs read and write; the others are written as labels."""

_KEYS = frozenset({"code", "full_name", "unit", "person_code", "ethnicity"})

# Without these a person cannot be told from another, or no age and no clock is known: a workbook that lacks one of
# the columns altogether is the wrong file more often than a roster with nothing to say.
_NEEDED_COLUMNS = frozenset({"code", "full_name", "born_on", "admitted_on"})


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet: its header, the field it fills and what its cells hold."""

    field: str
    header: str
    type: ColumnType
    codes: str | None = None
    filled: bool = False
    """Whether a row without it is refused."""
    needed: bool = False
    """Whether a sheet without the column is refused."""
    optional: bool = False
    """Whether the column is beyond the contract's list: nobody is told when it is absent."""
    longest: int = LONGEST_TEXT
    note: str | None = None

    @property
    def labelled(self) -> bool:
        """Whether cells are written as Vietnamese labels rather than codes."""
        return self.codes not in _CODES_AS_CODES


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its columns, in order."""

    name: str
    columns: tuple[SheetColumn, ...]
    note: str


def key_column(
    field: str, header: str, *, filled: bool = False, longest: int = LONGEST_KEY, note: str = ""
) -> SheetColumn:
    """A column of codes or names, short and on one line."""
    return SheetColumn(field, header, "key", filled=filled, needed=filled, longest=longest, note=note or None)


def code_column(field: str, header: str, codes: str, *, filled: bool = False) -> SheetColumn:
    """A column of the codes of a list."""
    return SheetColumn(field, header, "code", codes, filled=filled, needed=filled)


def date_column(field: str, header: str, *, filled: bool = False) -> SheetColumn:
    """A column of days."""
    return SheetColumn(field, header, "date", filled=filled, needed=filled)


def mark_column(field: str, header: str) -> SheetColumn:
    """A column of yes or nothing."""
    return SheetColumn(field, header, "mark")


def text_column(field: str, header: str, *, filled: bool = False) -> SheetColumn:
    """A column of text."""
    return SheetColumn(field, header, "text", filled=filled, needed=filled)


def setting_column(field: str, header: str, *, one_line: bool = False, note: str = "") -> SheetColumn:
    """A column of texts that not every office needs."""
    longest = LONGEST_NAME if one_line else LONGEST_TEXT
    return SheetColumn(field, header, "key" if one_line else "text", optional=True, longest=longest, note=note or None)


def number_column(field: str, header: str) -> SheetColumn:
    """A column of whole numbers, none of them missing."""
    return SheetColumn(field, header, "number", filled=True, needed=True)


def _case_column(fact: vocabulary.Fact) -> SheetColumn:
    key, partly = fact.name in _KEYS, fact.name in vocabulary.load().partly
    return SheetColumn(
        field=fact.name,
        header=fact.column or fact.label,
        type="key" if key else "partly" if partly else fact.type,  # type: ignore[arg-type]  # a recorded fact has one of the five types
        codes=fact.codes,
        filled=fact.required,
        needed=fact.name in _NEEDED_COLUMNS,
        optional=fact.optional,
        longest=(LONGEST_NAME if fact.name in ("full_name", "ethnicity") else LONGEST_KEY) if key else LONGEST_TEXT,
        note=fact.note,
    )


@cache
def case_sheet() -> Sheet:
    """Sheet `Hồ sơ`: one row per person."""
    columns = tuple(_case_column(fact) for fact in vocabulary.load().columns)
    return Sheet("Hồ sơ", columns, "Mỗi người một dòng. Đây là sheet bắt buộc duy nhất.")
