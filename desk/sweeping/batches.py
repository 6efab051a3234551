"""Many cases in columns, gone through once: a store batch after batch, a large roster at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cases.store.frames import stored_cases
from desk.rosters import in_unit, known_unit
from desk.sweeping.store_sweep import frames, scope
from engine.sweep.frames import CaseFrames

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

    from cases.values.records import Roster, Unit
    from desk.question import Question
    from engine.sweep.asking.looking import Looking


@dataclass(frozen=True, slots=True)
class Batches:
    """Cases in columns, to be gone through once."""

    looks: Iterable[Callable[[Looking], pl.DataFrame]]
    """Of each batch what looks at it: one row for each case of the units that are asked about."""
    units: tuple[Unit, ...]
    """Those that are declared."""


def of_store(url: str, question: Question, facts: Iterable[str]) -> Batches:
    """The cases of a store with the columns of some facts; raises `UnknownName`, `StoreProblem`."""
    units, within = scope(url, question)
    return Batches((partial(_look, frames(batch), within) for batch in stored_cases(url, facts)), units)


def of_roster(roster: Roster, question: Question) -> Batches:
    """The cases of a roster; raises `UnknownName`."""
    ruleset = question.ruleset
    records = in_unit(roster, ruleset, known_unit(roster, question.unit), question.as_of)
    return Batches([partial(_look, CaseFrames.of_records(records, ruleset.vocabulary), None)], roster.units)


def _look(batch: CaseFrames, within: Collection[str] | None, looking: Looking) -> pl.DataFrame:
    return looking.look(batch, within)
