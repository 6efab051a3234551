"""What is asked of every case of a large store on a day, one row a case: kept, and after a write looked at anew only
where a case may have changed. Units, the time that things take and what lies ahead are counted from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from cases.store.frames import stored_cases
from desk.sweeping.batches import Batches
from desk.sweeping.standing import Basis, basis_of, written_since
from desk.sweeping.store_sweep import frames, scope
from engine.statistics.counting import Run
from engine.statistics.timing.measurement import end_of_months
from engine.sweep.asking import standing
from engine.sweep.asking.ahead import AskColumns
from engine.sweep.asking.coming_up import Limits
from engine.sweep.asking.looking import WHO, Looking
from engine.sweep.asking.timings import TimingColumns, facts_timed
from engine.sweep.evaluator import facts_needed
from engine.sweep.frames import ROW

if TYPE_CHECKING:
    import datetime as dt

    from desk.question import Question
    from engine.ruleset import RuleSet
    from engine.sweep.findings import Describing
    from engine.sweep.nodes import Node

_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Looked:
    """One row a case, in the order of the store, and what it rests on."""

    question: Question
    """Of everybody."""
    rows: pl.DataFrame
    basis: Basis

    def batches(self, url: str, question: Question) -> Batches:
        """The rows of the units that are asked about, as a store's batches; raises `UnknownName`, `StoreProblem`."""
        units, within = scope(url, question)
        rows = self.rows if within is None else self.rows.filter(pl.col("unit").is_in(within))
        return Batches([lambda _: rows], units)


def looked_of(url: str, question: Question, before: Looked | None = None) -> Looked:
    """What is asked of everybody on a day; of what was looked at ``before`` on that day only what may have changed.

    Raises `StoreProblem`.
    """
    basis = basis_of(url, question)
    looking, facts = _looking(question.ruleset, question.as_of)
    written = None
    if before is not None and before.question == question and before.basis.rules == basis.rules:
        written = written_since(url, before.basis, before.rows["case"])
    if before is None or written is None:
        parts = [_small(looking.look(frames(batch))) for batch in stored_cases(url, facts)]
        rows = pl.concat(parts) if parts else pl.DataFrame(schema=WHO)
    elif not written:
        return Looked(question, before.rows, basis)
    else:
        rows = _joined(before.rows, written, _seen(url, looking, facts, written))
    return Looked(question, rows.drop(ROW).with_row_index(ROW), basis)


def _seen(url: str, looking: Looking, facts: frozenset[str], codes: set[str]) -> pl.DataFrame | None:
    found = [looking.look(frames(batch)) for batch in stored_cases(url, facts, codes=sorted(codes))]
    return _small(pl.concat(found)) if found else None


def _joined(rows: pl.DataFrame, written: set[str], seen: pl.DataFrame | None) -> pl.DataFrame:
    """The rows of the cases that were not written to, and those that were seen anew, each in its place."""
    placed = rows.with_row_index(_PLACE)
    resting = placed.filter(~pl.col("case").is_in(list(written)))
    if seen is None:
        return resting.drop(_PLACE)
    places = placed.select("case", _PLACE)
    anew = seen.join(places, on="case", how="left", maintain_order="left")
    last = pl.lit(rows.height, dtype=pl.UInt32)  # who is new comes after all others, in the order that she was written
    anew = anew.with_columns(pl.col(_PLACE).fill_null(last)).select(resting.columns)
    return pl.concat([resting, anew], how="vertical_relaxed").sort(_PLACE, maintain_order=True).drop(_PLACE)


def _small(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with words that stand in many of them kept once: what is cited, and who holds."""
    words = [name for name, kind in rows.schema.items() if kind == pl.String and name not in WHO]
    return rows.with_columns(pl.col(words).cast(pl.Categorical))


@cache
def _looking(ruleset: RuleSet, as_of: dt.date) -> tuple[Looking, frozenset[str]]:
    """What asks all this of cases, and the recorded facts behind it."""
    last = end_of_months(as_of)
    limits = Limits.of(ruleset, as_of, last)
    timed, asked = TimingColumns(ruleset, Run(as_of, as_of, as_of)), AskColumns(ruleset, as_of, last)

    def everything(describing: Describing) -> Mapping[str, Node]:
        one, two, three = timed.asked(describing), asked.asked(describing), limits.asked(describing)
        return {**standing.asked(describing), **one, **two, **three}

    facts = facts_needed(ruleset, ["overdue"]) | facts_timed(ruleset) | limits.facts(ruleset)
    return Looking(ruleset, as_of, everything), frozenset(facts)
