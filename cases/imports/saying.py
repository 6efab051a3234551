"""What a file says of a thing, filled up with what it is compared with wherever the file says nothing.

A column that is not there says nothing, and neither does a sheet of history that is not there. An empty cell says
that somebody emptied it where the file is known to have begun with a value, and nothing where nobody knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import flatten
from cases.imports.cells import FIELD, STEPS, Cell, Cells, Days, cells_of, days_of
from cases.values.history import steps_in
from cases.values.masking import sensitive
from cases.values.records import PAPERS
from cases.workbook import schema as layout

if TYPE_CHECKING:
    from datetime import date

    from cases.values.kinds import Identity, Kind
    from cases.values.records import Roster

_SHEETS = {"attributes": layout.ATTRIBUTES, "placements": layout.PLACEMENTS, "history": layout.UNIT_HISTORY}
"""The sheets of what one row cannot show, by the field of it."""


@dataclass(frozen=True, slots=True)
class FileSays:
    """What was read of a file, as far as a comparison needs it."""

    roster: Roster
    covered: Mapping[str, Collection[str]]
    """The fields that each sheet has columns for."""
    shown: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    """By code of a case with a history of steps: the days that stand in its columns, whatever the history says."""
    rows: Mapping[str, Mapping[Identity, int]] = field(default_factory=dict)
    """By the name of the kind: the row of each thing."""
    blocks: Mapping[str, int] = field(default_factory=dict)
    """By code: which of the lists beside each other, where there are several."""
    other_codes: Collection[str] = frozenset()
    """The codes of people whom the file has under others, and who were said to be the same."""

    def of(self, kind: Kind, thing: Any, beside: Cells, *, began: bool) -> Cells:
        """All that the file says of a thing; ``beside`` fills up what it is silent about.

        ``began``: the file began with what stands ``beside`` it, so that a cell which it lacks was emptied.
        """
        names = self.covered.get(kind.sheet.name, frozenset())
        own = cells_of(flatten(thing))
        said: Cells = {cell: value for cell, value in own.items() if cell[0] != STEPS}
        for cell, value in beside.items():
            if cell[0] != STEPS and cell not in said and not (began and self._has_column(cell, names)):
                said[cell] = value
        for step in dict.fromkeys(cell[1] for cell in (*beside, *own) if cell[0] == STEPS):
            days = self._days(step, thing.code, days_of(own, step), days_of(beside, step), names, began=began)
            said |= {(STEPS, step, day): papers for day, papers in days.items()}
        return said

    def says_nothing_new(self, kind: Kind, thing: Any, stored: Any | None) -> bool:
        """Whether the file says of a thing exactly what is stored, in its columns as well as in its history."""
        if stored != thing:
            return False
        return kind.name != "case" or self.shown.get(thing.code) in (None, steps_in(stored.fields))

    def _has_column(self, cell: Cell, names: Collection[str]) -> bool:
        if cell[0] == FIELD:
            return cell[1] in names
        if cell[0] == "attributes" and cell[1] in sensitive() and cell[1] not in names:
            return False  # a file without the column was written without what is sensitive
        return _SHEETS[cell[0]].name in self.covered

    def _days(self, step: str, code: str, own: Days, beside: Days, names: Collection[str], *, began: bool) -> Days:
        """The days of a step. Another day in its column than was there is the same step with its papers, corrected."""
        shown = self.shown.get(code)
        day = None if shown is None else shown.get(step)
        written = day.isoformat() if day is not None else max(own, default=None) if shown is None else None
        was = max(beside, default=None)
        if layout.STEPS.name not in self.covered:
            if step not in names or (written is None and not began):
                return beside
            if written in beside:
                return {known: papers for known, papers in beside.items() if known <= written or not began}
            kept = {known: papers for known, papers in beside.items() if known != was}
            return {**kept, **({written: beside.get(was or "", {})} if written else {})}
        days = self._with_papers(own, beside)
        if began and step in names and was in days and written != was:
            papers = days.pop(was)
            if written is not None:
                days[written] = {**papers, **days.get(written, {})}
        return days

    def _with_papers(self, own: Days, beside: Days) -> Days:
        """The days of the file with the papers for which it has no column."""
        lacking = [name for name in PAPERS if name not in self.covered[layout.STEPS.name]]
        return {
            day: {
                **papers,
                **{name: text for name, text in beside.get(day, {}).items() if name in lacking and name not in papers},
            }
            for day, papers in own.items()
        }
