"""Opening what figures are counted of: record by record, or in columns where there are many, as asked or by the number.

Both ways give the same figures and the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.reporting.receipts import open_for

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from cases.history.receipts import Source
    from cases.values.records import Roster
    from desk.counting.counting import InFrames
    from engine.statistics.counting import Run
    from engine.statistics.ledger import Ledger
    from rules.loader.indicators import IndicatorText


@dataclass(frozen=True, slots=True)
class Opened:
    """What is counted; its cases are in `frames` where they are counted in columns."""

    roster: Roster
    """Without its cases where these were read into frames at once."""
    source: Source | None
    frames: InFrames | None

    def ledger(
        self,
        run: Run,
        unit: str | None,
        settings: Mapping[str, str],
        more: Mapping[str, IndicatorText] | None = None,
    ) -> Ledger:
        """The ledger of a period."""
        if self.frames is not None:
            from desk.counting import counting as desk_counting

            return desk_counting.ledger(self.frames, run, unit, settings, more=more)
        from desk.counting import ledgers as desk_reports

        return desk_reports.ledger(self.roster, run, unit, settings, more=more)


def open_counted(
    evaluator: str | None,
    receipt: Path | None,
    file: Path | None,
    store: str | None,
    known_on: dt.date | None,
    facts: Iterable[str] = (),
    more: Mapping[str, IndicatorText] | None = None,
) -> Opened:
    """What a question is about; `facts` are read besides those that figures, `more` too, rest on."""
    if file is None and known_on is None and receipt is None and to_sweep(store, evaluator):
        from cases.store.connection import store_url
        from desk.counting.counting import facts_counted, of_store

        frames = of_store(store_url(store), {*facts_counted(more), *facts})
        return Opened(frames.others, None, frames)
    roster, source = open_for(file, store, known_on)
    if evaluator != "sweep":
        return Opened(roster, source, None)
    from desk.counting.counting import of_roster

    return Opened(roster, source, of_roster(roster))


def to_sweep(store: str | None, evaluator: str | None) -> bool:
    """Whether a store is swept: as asked for, else by its size."""
    from desk.source import is_large, store_url

    return evaluator == "sweep" or (evaluator is None and is_large(store_url(store)))
