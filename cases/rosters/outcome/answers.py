"""What a person has answered about a file: told once for the file, a column or a row, and kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cases.files.mending import Mended

Joined = Literal["ceremony", "decision"]
OnMatch = Literal["fill", "keep", "replace"]
Take = Literal["file", "store"]
Place = int | str
"""Which of the lists beside each other, or the name of another sheet."""


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


def _no_takes() -> Mapping[tuple[int, Place], Take]:
    return MappingProxyType({})


def _no_cells() -> Mended:
    return MappingProxyType({})


def _no_rows() -> Mapping[int | tuple[int, int], str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers; every one has a default, so that a reading never stops half-way."""

    unit: str | None = None
    """The unit of a roster that names none."""
    sheet: str | None = None
    header_row: int | None = None
    """The row, as shown, in which the header begins."""
    columns: Mapping[str, str] = field(default_factory=_nothing)
    """The field of a column, by its letter or its header; '' for a column that is not to be read."""
    joined: Joined = "ceremony"
    """What “Ngày vào Đảng” is the day of."""
    decode: bool | None = None
    """Whether old text without a font is decoded; None: when every word of a column then becomes Vietnamese. True:
    words that are none (a name of another people, a slip of the pen) are decoded with the others."""
    day_first: frozenset[str] = frozenset()
    """The fields whose column looks month-first and is right all the same."""
    accepted: frozenset[str] = frozenset()
    """The codes of the proposals that are accepted for the whole file: `zero_lost`, `date_as_number`, `ditto` …"""
    month_first: frozenset[str] = frozenset()
    """The columns, by letter or header, whose texts name the month before the day."""
    persons: Mapping[int | tuple[int, int], str] = field(default_factory=_no_rows)
    """By row, as shown, or by row and block where lists stand beside each other:
    `same` or `other` than the person that the row was found to resemble."""
    pairs: Mapping[frozenset[str], str] = field(default_factory=lambda: MappingProxyType({}))
    """By the codes of two rows that may be one person's: `same`, `other`, or the code of the one that stands."""
    everybody: str | None = None
    """`same` or `other`, for every row about which nothing else was said."""
    on_match: OnMatch | None = None
    """What happens to the fields of a person who is stored already; None: each difference is looked at."""
    take: Take | None = None
    """Whose value holds where file and store say different things; None: the store's, and it is asked."""
    takes: Mapping[tuple[int, Place], Take] = field(default_factory=_no_takes)
    """The same for one row, by its number and its list or sheet."""
    profile: str | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """Further words of this office by field: `{"schooling": {"7/10": "lower_secondary"}}`."""
    mended: Mended = field(default_factory=_no_cells)
    """Cells that were typed anew, over what the file says."""
    as_of: date | None = None
    """The day after which a date is not believed; none is doubted without it."""

    def person(self, row: int, block: int) -> str | None:
        """What was said of the person of a row: `same`, `other`, or nothing."""
        own = self.persons.get((row, block)) or (self.persons.get(row) if block == 1 else None)
        return own or self.everybody

    def pair(self, one: str, other: str) -> str | None:
        """What was said of two codes: `same`, `other`, the code of the one that stands, or nothing."""
        return self.pairs.get(frozenset((one, other)))

    def taken(self, row: int | None, place: Place) -> Take | None:
        """What was answered about the differences of a row."""
        if row is not None and (own := self.takes.get((row, place))) is not None:
            return own
        return self.take or ("file" if self.on_match == "replace" else None)
