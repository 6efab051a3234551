"""Opening what figures are counted of: record by record, or in columns where there are many, as asked or by the number.

Both ways give the same figures and the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.evaluators import at_once

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.counting.counting import InFrames
    from desk.question import Question
    from engine.statistics.counting import Run
    from engine.statistics.ledger import Ledger
    from rules.loader.indicators import IndicatorText


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted; its cases are in `frames` where they are counted in columns."""

    roster: Roster
    """Without its cases where these were read into frames at once."""
    frames: InFrames | None = None

    def ledger(
        self,
        run: Run,
        unit: str | None,
        settings: Mapping[str, str],
        more: Mapping[str, IndicatorText] | None = None,
    ) -> Ledger:
        """The ledger of a period; raises `UnknownName`."""
        if self.frames is not None:
            from desk.counting.counting import ledger as in_columns

            return in_columns(self.frames, run, unit, settings, more=more)
        from desk.counting.ledgers import ledger

        return ledger(self.roster, run, unit, settings, more=more)


def counted_of_store(url: str, facts: Iterable[str] = (), more: Mapping[str, IndicatorText] | None = None) -> Counted:
    """A store in columns; ``facts`` are read besides those that figures, ``more`` too, rest on.

    Raises `StoreProblem`.
    """
    from desk.counting.counting import facts_counted, of_store

    frames = of_store(url, {*facts_counted(more), *facts})
    return Counted(frames.others, frames)


def counted_of_roster(roster: Roster, question: Question) -> Counted:
    """A roster, in columns where that is asked for or there are many."""
    if not at_once(len(roster.records), question.by):
        return Counted(roster)
    from desk.counting.counting import of_roster

    return Counted(roster, of_roster(roster))
