"""The desk's view of a whole store at once: every case swept in batches, memory bounded however many there are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cases.store.connection import querying
from cases.store.frames import BATCH, StoredCases, stored_cases
from cases.store.reading import every_unit
from cases.values.records import Roster, Unit
from desk.answers.checking import Checked
from desk.question import Question
from desk.reasons.not_yet import not_yet_in_store, rows_later
from desk.rosters import known_unit, unit_tree
from engine.evaluators import for_all_cases
from engine.findings import Evaluation, Finding, stages_found
from engine.ruleset import RuleSet, load_ruleset
from engine.sweep.evaluator import SweepResult, facts_needed
from engine.sweep.findings import in_words
from engine.sweep.frames import CaseFrames
from engine.unknowns import UnknownRule


@dataclass(frozen=True, slots=True)
class StoreSwept:
    """What a sweep of a store found: the stages of all cases, and the findings asked for as one frame."""

    as_of: dt.date
    stages: dict[str, int]
    findings: pl.DataFrame
    unknown: pl.DataFrame


def results(
    url: str,
    ruleset: RuleSet,
    as_of: dt.date,
    severities: Collection[str] | None = None,
    size: int = BATCH,
    units: Collection[str] | None = None,
) -> Iterator[SweepResult]:
    """The results of one batch of the store after the other: by rules of all severities or some, of all units or some.

    Raises `StoreProblem`.
    """
    for _, result in _swept(url, ruleset, as_of, severities, size, units):
        yield result


def _swept(
    url: str,
    ruleset: RuleSet,
    as_of: dt.date,
    severities: Collection[str] | None,
    size: int = BATCH,
    units: Collection[str] | None = None,
) -> Iterator[tuple[StoredCases, SweepResult]]:
    evaluator = for_all_cases(ruleset, None if severities is None else frozenset(severities))
    for batch in stored_cases(url, facts_needed(ruleset, severities), size):
        yield batch, evaluator.evaluate(frames(batch), as_of, units)


def frames(batch: StoredCases) -> CaseFrames:
    """A batch of the store as the engine takes it."""
    return CaseFrames(
        batch.cases.lazy(),
        None if batch.steps is None else batch.steps.lazy(),
        {name: entries.lazy() for name, entries in batch.attributes.items()},
        None if batch.placements is None else batch.placements.lazy(),
    )


def sweep_store(
    url: str,
    as_of: dt.date,
    severities: Collection[str] | None = None,
    law: dt.date | None = None,
    overlays: tuple[Path, ...] = (),
) -> StoreSwept:
    """All findings about a store, or those of some severities, by case and rule; raises `StoreProblem`."""
    stages: Counter[str] = Counter()
    findings: list[pl.DataFrame] = []
    unknown: list[pl.DataFrame] = []
    ruleset = load_ruleset(law, overlays)
    for result in results(url, ruleset, as_of, severities):
        stages.update(result.stages)
        kept = result.findings
        if severities is not None:
            kept = kept.filter(pl.col("severity").is_in(list(severities)))
        findings.append(kept.collect())
        unknown.append(result.unknown.collect())
    if not findings:
        empty = for_all_cases(ruleset).evaluate([], as_of)
        findings, unknown = [empty.findings.collect().clear()], [empty.unknown.collect()]
    return StoreSwept(
        as_of,
        stages_found(stages, ruleset),
        in_words(pl.concat(findings, how="vertical_relaxed")).sort("case", "rule"),
        pl.concat(unknown, how="vertical_relaxed").sort("case", "rule"),
    )


def scope(url: str, question: Question) -> tuple[tuple[Unit, ...], list[str] | None]:
    """The units that are declared, and the codes of those asked about (None = all); raises `UnknownName`."""
    with querying(url) as execute:
        every = list(every_unit(execute))
    known = Roster(units=tuple(unit for _, unit, _ in every))
    within = None
    if known_unit(known, question.unit) is not None:
        tree = unit_tree(known).on(question.as_of)
        within = [unit.code for unit in known.units if tree.holds(question.unit, unit.code)]
    return tuple(unit for _, unit, declared in every if declared), within


def check_store(url: str, question: Question, listed: Collection[str] | None = None) -> Checked:
    """The same answer from the columns of a store, in batches; raises `StoreProblem`, `UnknownName`.

    Sentences are written only for findings of the severities `listed` (None = all that are asked for).
    """
    units, within = scope(url, question)
    stages: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    findings: list[Finding] = []
    unknown: list[UnknownRule] = []
    undecided: dict[str, tuple[str, str | None]] = {}
    numbers_later: list[int] = []
    asked = question.ruleset, question.as_of, question.severities
    for batch, result in _swept(url, *asked, units=within):
        numbers_later += rows_later(batch.cases, question.ruleset, question.as_of)
        stages.update(result.stages)
        found = result.findings
        if question.severities is not None:
            found = found.filter(_one_of(question.severities))
        numbers.update(dict(found.group_by("severity").len().collect().iter_rows()))
        findings += result.showing.findings(found if listed is None else found.filter(_one_of(listed)))
        unknown += result.showing.unknown(result.unknown)
        lacking = result.unknown.select("case", "name", "unit").unique().collect()
        undecided |= {case: (name or "", unit) for case, name, unit in lacking.iter_rows()}
    evaluation = Evaluation(
        question.as_of,
        stages_found(stages, question.ruleset),
        sorted(findings, key=lambda finding: (finding.case, finding.rule)),
        sorted(unknown, key=lambda entry: (entry.case, entry.rule)),
    )
    later = not_yet_in_store(url, numbers_later, question.ruleset, question.as_of)
    if within is not None:
        later = tuple(one for one in later if one.unit in within)
    return Checked(question, evaluation, numbers, units, undecided, later)


def _one_of(severities: Collection[str]) -> pl.Expr:
    return pl.col("severity").is_in(list(severities))
