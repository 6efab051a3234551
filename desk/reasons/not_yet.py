"""Cases that are in the book and not in an answer: every step of theirs is dated after the day that was asked about.

A year mistyped (2062) keeps somebody out of every count without a word; here is the word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cases.store.connection import querying
from cases.store.reading import records_of
from engine.projection import Projector

if TYPE_CHECKING:
    import polars as pl

    from cases.values.records import Record
    from engine.ruleset import RuleSet


class NotYet(NamedTuple):
    """A case that does not exist yet on a day, and its first step."""

    case: str
    name: str
    unit: str | None
    first_on: dt.date

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {"case": self.case, "name": self.name, "unit": self.unit, "first_on": self.first_on}


def not_yet(records: Iterable[Record], ruleset: RuleSet, as_of: dt.date) -> tuple[NotYet, ...]:
    """Those of the records that do not exist yet on a day."""
    projector = Projector(ruleset.vocabulary)
    steps = frozenset(ruleset.vocabulary.step_kinds)
    found = []
    for record in records:
        days = [day for name, day in record.fields.items() if name in steps and isinstance(day, dt.date)]
        days += [step.on for step in record.steps]
        if days and min(days) > as_of and projector.project(record, as_of) is None:
            unit = record.fields.get("unit")
            name = str(record.fields.get("full_name", ""))
            found.append(NotYet(record.code, name, None if unit is None else str(unit), min(days)))
    return tuple(sorted(found, key=lambda one: one.case))


def not_yet_in_store(url: str, numbers: Sequence[int], ruleset: RuleSet, as_of: dt.date) -> tuple[NotYet, ...]:
    """Those of some cases of a store, of which only these are read; raises `StoreProblem`."""
    if not numbers:
        return ()
    with querying(url) as execute:
        records = list(records_of(execute, numbers))
    return not_yet(records, ruleset, as_of)


def rows_later(cases: pl.DataFrame, ruleset: RuleSet, as_of: dt.date) -> list[int]:
    """The numbers of the cases in columns whose steps of today's record are all dated after a day."""
    import polars as pl  # a small store waits for no columns

    steps = [name for name in cases.columns if name in ruleset.vocabulary.step_kinds]
    return cases.filter(pl.min_horizontal(steps) > as_of)["row"].to_list()
