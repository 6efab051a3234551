"""Timing many cases in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.statistics.measurement import end_of_months
from engine.sweep.asking.ahead import AskColumns
from engine.sweep.asking.timings import MeasuredColumns, TimingColumns

if TYPE_CHECKING:
    from desk.question import Question
    from desk.sweeping.batches import Batches
    from engine.statistics.ahead import Ask
    from engine.statistics.counting import Run


def timed(batches: Batches, question: Question, run: Run) -> MeasuredColumns:
    """Time the cases."""
    columns = TimingColumns(question.ruleset, run)
    for batch in batches.frames:
        columns.add(batch, batches.within)
    return columns.measured()


def timed_ahead(batches: Batches, question: Question, run: Run) -> tuple[MeasuredColumns, list[Ask]]:
    """Time the cases, and say what the months ahead ask for."""
    columns = TimingColumns(question.ruleset, run)
    asked = AskColumns(question.ruleset, run.as_of, end_of_months(run.as_of))
    for batch in batches.frames:
        columns.add(batch, batches.within)
        asked.add(batch, batches.within)
    return columns.measured(), asked.asks()
