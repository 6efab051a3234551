"""What stands about a whole store: kept, and later only the cases are looked at that may have changed.

A case may have changed when it was written to, or when its change day has come; all others stand as they did.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

import polars as pl

from cases.history.receipts import rules_hash
from cases.log.batches import last_batch, read_batches, read_changes
from cases.store.connection import querying
from cases.store.frames import kept_columns, stored_cases
from cases.store.search import codes_of
from cases.store.sight import sight
from desk.question import Question
from desk.sweeping.soon import LEAST, Soon, Written
from desk.sweeping.store_sweep import frames
from engine.evaluators import for_all_cases
from engine.ruleset import RuleSet
from engine.sweep.refresh import COLUMNS, Refreshing, SweepState

if TYPE_CHECKING:
    from cases.log.execute import Execute


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer about a whole store rests on: the last write it knows of, and the law with its overlays."""

    batch: int
    head: str
    rules: str


def basis_of(url: str, question: Question) -> Basis:
    """What an answer about everybody rests on now, in the eyes of who asks; raises `StoreProblem`."""
    with querying(url) as execute:
        last = last_batch(execute)
        batch, head = (last.id, last.hash) if last is not None else (0, "")
    # A column that the office begins to keep changes what is found about everybody.
    eyes, law = sight(), [] if question.law is None else [str(question.law)]
    whose = [] if eyes is None else [repr(sorted(eyes.roots))]
    words = [rules_hash(question.overlay_files), *sorted(kept_columns(url)), *map(repr, question.confirmed)]
    return Basis(batch, head, " ".join([*words, *law, *whose]))


def written_since(url: str, before: Basis, known: pl.Series) -> set[str] | None:
    """The cases written to since, and those of whoever asks that have come into sight.

    None where the log is another, a unit was given another code, or one of the cases ``known`` has gone out of sight.
    Raises `StoreProblem`.
    """
    with querying(url) as execute:
        written = _written(execute, before)
        return written if written is None or sight() is None else _seen_otherwise(execute, known, written)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on a day, with what it rests on: the last write it knows of, and the law with its overlays."""

    state: SweepState
    batch: int
    head: str
    rules: str


@dataclass(frozen=True)
class Renewed:
    """What was looked at anew for a day, and what stood before about all other cases, which stand as they did."""

    refreshing: Refreshing
    basis: Basis
    seen: SweepState
    before: Standing | None = None
    """None where every case was looked at."""
    stirring: pl.Series = field(default_factory=lambda: pl.Series("case", dtype=pl.String))
    """The cases of `before` that may have changed: what is said of them there holds no more."""

    @cached_property
    def standing(self) -> Standing:
        """What stands about everybody."""
        state, basis = self.seen, self.basis
        if self.before is not None:
            state = self.refreshing.joined(self.before.state, self.stirring, self.seen)
        return Standing(state, basis.batch, basis.head, basis.rules)


def standing_of(url: str, question: Question, before: Standing | None) -> tuple[Standing, int]:
    """What stands on the day of a question about everybody; and how many cases were looked at.

    What stood before serves where it is of the same law and log, and of no later day. Raises `StoreProblem`.
    """
    found = renewed(url, question, before)
    return found.standing, found.seen.cases.height


def renewed(url: str, question: Question, before: Standing | None) -> Renewed:
    """A look at those cases that may stand otherwise than before; raises `StoreProblem`."""
    as_of, now = question.as_of, basis_of(url, question)
    written = None
    if before is not None:
        written = written_since(url, Basis(before.batch, before.head, before.rules), before.state.cases["case"])
    refreshing = refreshing_of(question.ruleset)
    if before is None or written is None or before.rules != now.rules or as_of < before.state.as_of:
        return Renewed(refreshing, now, _look(refreshing, url, as_of))
    stirring = refreshing.stirring(before.state, as_of, written)
    seen = _look(refreshing, url, as_of, sorted({*stirring, *written}), before.state)
    return Renewed(refreshing, now, seen, before, stirring)


def written_to(url: str, question: Question, codes: Collection[str], before: SweepState) -> Written:
    """How some cases stood, and a look at them on the day of a question; raises `StoreProblem`."""
    known = before.only(codes)
    seen = _look(refreshing_of(question.ruleset), url, question.as_of, sorted(codes), known)
    return Written(sorted(codes), known, seen)


def soon(url: str, question: Question, state: SweepState) -> Soon | None:
    """What will stand on the days after a look; None where there are so few cases that nobody waits for a look.

    Raises `StoreProblem`.
    """
    if state.cases.height < LEAST:
        return None
    refreshing = refreshing_of(question.ruleset)
    return Soon.of(state, lambda day, codes: _look(refreshing, url, day, sorted(codes), state))


@cache
def refreshing_of(ruleset: RuleSet) -> Refreshing:
    """The plans of a rule set, kept for the next question."""
    return Refreshing(for_all_cases(ruleset))


def _look(
    refreshing: Refreshing,
    url: str,
    as_of: dt.date,
    codes: Sequence[str] | None = None,
    before: SweepState | None = None,
) -> SweepState:
    """What stands about all cases of the store, or about some; where there are none, no rule is planned for them."""
    names = [name for name, fact in refreshing.evaluator.ruleset.vocabulary.facts.items() if fact.kind != "computed"]
    batches = () if codes is not None and not codes else stored_cases(url, names, codes=codes)
    found = [refreshing.full(frames(batch), as_of) for batch in batches]
    if not found:
        return refreshing.full([], as_of) if before is None else before.of_nobody(as_of)
    parts = [pl.concat([getattr(one, part) for one in found], how="vertical_relaxed") for part in COLUMNS]
    return SweepState(as_of, *parts)


def _seen_otherwise(execute: Execute, known: pl.Series, written: set[str]) -> set[str] | None:
    """The cases written to, and those that have come into sight since; None where one has gone out of it."""
    seen, then = codes_of(execute).keys(), set(known)
    return None if then - seen else written | (seen - then)


def _written(execute: Execute, before: Basis) -> set[str] | None:
    """The cases written to since; None where the log is another, or a unit was given another code."""
    known = {batch.id: batch.hash for batch in read_batches(execute)}
    if known.get(before.batch, "") != before.head:
        return None
    written: set[str] = set()
    for change in read_changes(execute, first=before.batch + 1):
        flats = [json.loads(side) for side in (change.before, change.after) if side]
        if change.entity == "unit" and len(flats) == 2 and "code" in flats[0]:
            return None
        if change.entity == "case":
            written |= {change.key} | {flat["code"] for flat in flats if "code" in flat}
        elif change.entity == "discipline":
            written |= {change.key.partition(" · ")[0]} | {flat["case"] for flat in flats if "case" in flat}
    return written
