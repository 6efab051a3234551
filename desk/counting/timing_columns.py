"""Timing many cases: a store batch after batch, a large roster at once, in columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.store.frames import stored_cases
from desk.rosters import in_unit, known_unit
from desk.sweeping.store_sweep import frames, scope
from engine.statistics.measurement import end_of_months
from engine.sweep.asking.ahead import AskColumns
from engine.sweep.asking.timings import MeasuredColumns, TimingColumns, facts_timed
from engine.sweep.frames import CaseFrames

if TYPE_CHECKING:
    from cases.values.records import Roster, Unit
    from desk.question import Question
    from engine.statistics.ahead import Ask
    from engine.statistics.counting import Run


@dataclass(frozen=True, slots=True)
class Batches:
    """Cases in columns, to be gone through once."""

    frames: Iterable[CaseFrames]
    within: Collection[str] | None
    """The units that are asked about; None = all cases."""
    units: tuple[Unit, ...]


def of_store(url: str, question: Question) -> Batches:
    """The cases of a store; raises `UnknownName`, `StoreProblem`."""
    units, within = scope(url, question)
    return Batches(map(frames, stored_cases(url, facts_timed(question.ruleset))), within, units)


def of_roster(roster: Roster, question: Question) -> Batches:
    """The cases of a roster; raises `UnknownName`."""
    ruleset = question.ruleset
    records = in_unit(roster, ruleset, known_unit(roster, question.unit), question.as_of)
    return Batches([CaseFrames.of_records(records, ruleset.vocabulary)], None, roster.units)


def timed(batches: Batches, question: Question, run: Run) -> MeasuredColumns:
    """Time the cases."""
    columns = TimingColumns(question.ruleset, run)
    for batch in batches.frames:
        columns.add(batch, batches.within)
    return columns.measured()


def timed_ahead(batches: Batches, question: Question, run: Run) -> tuple[MeasuredColumns, list[Ask]]:
    """Time the cases, and say what the months ahead ask for."""
    columns, asked = (
        TimingColumns(question.ruleset, run),
        AskColumns(question.ruleset, run.as_of, end_of_months(run.as_of)),
    )
    for batch in batches.frames:
        columns.add(batch, batches.within)
        asked.add(batch, batches.within)
    return columns.measured(), asked.asks()
