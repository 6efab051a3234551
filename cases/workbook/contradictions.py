"""What the judge says of a row of sheet `Hồ sơ` and of its history, told where it stands in the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cases.judging.judging import doubts_about
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.judging.doubts import Doubt
    from cases.values.records import Placement, Record, StepEntry, Unit
    from cases.workbook.lines import Remarks, SheetLine

_HISTORY = {"placements": "since"}
"""What stands on a sheet of its own, with the column of it that a remark points to."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the records of a workbook on a day."""

    remarks: Remarks
    units: Mapping[str, Unit]
    today: date

    def say(
        self,
        record: Record,
        line: SheetLine,
        steps: list[tuple[SheetLine, StepEntry]],
        stays: list[tuple[SheetLine, Placement]],
        *,
        kept: bool,
    ) -> None:
        """Refuse and warn of what contradicts itself; a row whose dates are said to be kept is only warned of."""
        if "born_on" not in record.fields and not line.has_cell("born_on"):
            self.remarks.warn(line, "born_on", "missing_birth_date")
        for doubt in dict.fromkeys(doubts_about(record, self.today, self.units)):
            outcome = doubt.at("book")
            if outcome is None or (doubt.code == "place_missing" and not self._has_place(doubt, line)):
                continue
            place, name = _where(doubt, line, steps, stays)
            refuse = outcome == "refused" and not (kept and doubt.code != "born_later")
            self.remarks.contradict(place, doubt, name, refuse=refuse)
        for name, day in record.fields.items() if record.steps else ():  # a later step needs a history
            shown = line.values.get(name)
            if isinstance(shown, date) and isinstance(day, date) and shown != day:
                self.remarks.warn(line, name, "later_step", on=shown_day(day))

    def _has_place(self, doubt: Doubt, line: SheetLine) -> bool:
        """Whether the workbook has the column of the place: where an office does not use it, nobody is asked for it."""
        place = {"moved_out_on": "moved_to", "moved_in_on": "moved_from"}[doubt.field]
        return (line.sheet.name, place) in self.remarks.letters


def _where(
    doubt: Doubt, line: SheetLine, steps: list[tuple[SheetLine, StepEntry]], stays: list[tuple[SheetLine, Placement]]
) -> tuple[SheetLine, str]:
    """The row and column of what a doubt is about: the case's own, or that of a step or a stay of its history."""
    if doubt.field in _HISTORY:
        found = next((own for own, stay in stays if doubt.day in (stay.since, None)), None)
        return (found, _HISTORY[doubt.field]) if found is not None else (line, "code")
    if line.values.get(doubt.field) != doubt.day:
        for own, step in steps:
            if (step.kind, step.on) == (doubt.field, doubt.day):
                return own, "on"
    return line, doubt.field or "code"
