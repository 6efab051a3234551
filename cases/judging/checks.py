"""What the dates of one record must not say, and what they had better not: one list for workbook and store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.values.records import Record, StepEntry, Value

RECOGNITION_STEPS = ("cell_proposed_recognition_on", "recognition_decided_on", "recognised_from")

# The order in which the process runs; a later step dated before an earlier one is usually a slip of the pen.
_IN_ORDER = (
    ("cell_proposed_admission_on", "admission_decided_on"),
    ("admission_decided_on", "admission_decision_received_on"),
    ("admission_decided_on", "admitted_on"),
    ("admission_decision_received_on", "admitted_on"),
    ("admitted_on", "new_member_certified_on"),
    ("cell_proposed_recognition_on", "recognition_decided_on"),
    ("previous_exit_on", "admission_decided_on"),
    ("previous_exit_on", "admitted_on"),
    ("admitted_on", "left_on"),
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about one field: refused, or taken with a warning."""

    name: str
    code: str
    refused: bool
    details: Mapping[str, object] = field(default_factory=dict)


def doubts_about(fields: Mapping[str, Value]) -> Iterator[Doubt]:
    """What is wrong or doubtful in the fields of one record."""
    born_on = fields.get("born_on")
    if isinstance(born_on, date):
        for name, day in fields.items():
            if isinstance(day, date) and day < born_on:
                yield Doubt(name, "date_before_birth", True, {"born_on": shown_day(born_on)})
    else:
        yield Doubt("born_on", "missing_birth_date", False)
    admitted_on = fields.get("admitted_on")
    if isinstance(admitted_on, date):
        for name in RECOGNITION_STEPS:
            step = fields.get(name)
            if isinstance(step, date) and step < admitted_on:
                yield Doubt(name, "recognition_before_admission", True, {"admitted_on": shown_day(admitted_on)})
    for earlier, later in _IN_ORDER:
        first, second = fields.get(earlier), fields.get(later)
        if isinstance(first, date) and isinstance(second, date) and second < first:
            label = vocabulary.load().facts[earlier].column
            details = {"earlier": f"“{label}”", "earlier_on": shown_day(first)}
            yield Doubt(later, "dates_out_of_order", False, details)


def doubts_about_step(step: StepEntry, fields: Mapping[str, Value]) -> Iterator[Doubt]:
    """What is wrong with an earlier step beside the fields of its record."""
    born_on, admitted_on = fields.get("born_on"), fields.get("admitted_on")
    if isinstance(born_on, date) and step.on < born_on:
        yield Doubt("on", "date_before_birth", True, {"born_on": shown_day(born_on)})
    if step.kind in RECOGNITION_STEPS and isinstance(admitted_on, date) and step.on < admitted_on:
        yield Doubt("on", "recognition_before_admission", True, {"admitted_on": shown_day(admitted_on)})


def contradicts_itself(record: Record) -> bool:
    """Whether a workbook would be refused for the dates of a record, were they not said to be kept."""
    doubts = (doubt.refused for doubt in doubts_about(record.fields))
    return any(doubts) or any(True for step in record.steps for _ in doubts_about_step(step, record.fields))
