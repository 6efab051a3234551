"""Codes for the people of a list that has none: new ones, and the one that the very same row was given before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.rosters.rows.people import compared_name
from cases.values.codes import new_codes
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

RowSays = tuple[str, ...]
"""All by which a row without a code is known again."""
Given = Mapping[RowSays, Sequence[str]]
"""The codes that rows were given when lists were taken in before, in their order."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a store knows beside its records: which codes rows were given before, and which are taken."""

    look: Callable[[], Given]
    is_taken: Callable[[str], bool]
    """Whether a code is borne by something that whoever reads the list does not see."""


def row_says(fields: Mapping[str, Any]) -> RowSays:
    """By what a row is known again: who the person is, where, and since when; a day may be a day or its text."""
    return (
        compared_name(str(fields.get("full_name", ""))),
        str(fields.get("born_on") or fields.get("birth_year") or ""),
        str(fields.get("sex", "")),
        fold(str(fields.get("unit", ""))),
        str(fields.get("admitted_on", "")),
    )


@dataclass(slots=True)
class Giving:
    """Gives codes while a list is read."""

    known: Iterable[str]
    """The codes that are there."""
    remembered: Given
    is_taken: Callable[[str], bool] | None = None
    given: int = field(default=0, init=False)
    """How many people were given a new code."""
    _new: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._new = new_codes(self.known, self.is_taken)

    def new(self) -> str:
        """A code that goes on where those that are there stopped."""
        self.given += 1
        return next(self._new)

    def before(self, fields: Mapping[str, Any], claimed: Collection[str], skipped: int) -> str | None:
        """The code that this very row was given before, but for those of earlier rows; None for a row never read.

        Rows that say the same are told apart by their order: ``skipped`` of them come before this one.
        """
        codes = self.remembered.get(row_says(fields), ())[skipped:]
        return next((code for code in codes if code not in claimed), None)
