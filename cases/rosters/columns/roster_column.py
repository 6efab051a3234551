"""A column of a list, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.columns.labels import Field
from rules.loader.spelling.days import day_first


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """A column with its header and what it means: one field, several stacked ones in their order, or none."""

    position: int
    header: str
    fields: tuple[Field, ...] = ()
    meanings: tuple[Field, ...] = ()
    """What an ambiguous header may mean, when the values do not settle it."""
    repeats: int = 0
    """In how many columns the meaning stands, when it may stand in one only."""
    compared: bool = False
    """Whether another column has the same meaning and holds the same: cells that differ are in question."""
    holds: str = ""
    """What stands in a column that was not understood, where it matters: days, marks or codes."""
    likely: tuple[Field, ...] = ()
    """What a heading that was not understood may mean."""
    reason: str = ""
    """Why the column is read as it is: the words of its heading and what its cells are."""
    is_told: bool = False
    """Whether somebody has said what the column is, or that it is not to be read."""
    month_first: bool = False
    """Whether somebody has said that its texts name the month before the day."""

    @property
    def is_of_days(self) -> bool:
        """Whether the column holds dates and nothing else."""
        return len(self.fields) == 1 and self.fields[0].kind in DATE_KINDS | BIRTH_KINDS

    def in_order(self, raw: Any) -> Any:
        """A cell with the day before the month."""
        return day_first(raw) if self.month_first else raw
