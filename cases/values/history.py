"""How the steps of a record divide between its columns, which show the latest of each kind, and its history."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from cases.values.records import StepEntry
from rules.loader import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.values.records import Value


@cache
def step_order() -> dict[str, int]:
    """The kinds of steps in the order of the process."""
    kinds = (fact.name for fact in vocabulary.load().columns if fact.kind == "step")
    return {kind: place for place, kind in enumerate(kinds)}


def steps_in(values: Mapping[str, Value]) -> dict[str, date]:
    """The days that stand in the columns of steps of one row."""
    return {name: day for name, day in values.items() if name in step_order() and isinstance(day, date)}


def settle_steps(
    fields: Mapping[str, Value], entries: Iterable[StepEntry]
) -> tuple[dict[str, Value], tuple[StepEntry, ...]]:
    """The fields with the latest step of each kind, and the steps that the fields do not wholly show.

    A date in a column is a step like any other: when the history knows a later one of its kind, the later one takes
    the column and the earlier joins the history. An entry that says no more than its column is left out.
    """
    settled = dict(fields)
    steps: dict[tuple[str, date], StepEntry] = {(entry.kind, entry.on): entry for entry in entries}
    for kind, day in dict(sorted(steps)).items():  # the latest of each kind
        shown = settled.get(kind)
        if not isinstance(shown, date) or shown < day:
            if isinstance(shown, date):
                steps.setdefault((kind, shown), StepEntry(kind, shown))
            settled[kind] = day
    kept = [entry for entry in steps.values() if entry.has_papers or settled[entry.kind] != entry.on]
    order = step_order()
    return settled, tuple(sorted(kept, key=lambda entry: (order[entry.kind], entry.on)))
