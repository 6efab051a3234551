"""The desk's view of a whole store at once: every case swept in batches, memory bounded however many there are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cases.frames import BATCH, StoredCases, stored_cases
from engine.findings import Evaluation
from engine.ruleset import RuleSet, load_ruleset
from engine.sweep import SweepEvaluator, SweepResult, facts_needed
from engine.sweep_frames import CaseFrames


@dataclass(frozen=True, slots=True)
class StoreSwept:
    """What a sweep of a store found: the stages of all cases, and the findings asked for as one frame."""

    as_of: dt.date
    stages: dict[str, int]
    findings: pl.DataFrame
    unknown: pl.DataFrame


def results(
    url: str, ruleset: RuleSet, as_of: dt.date, severities: Collection[str] | None = None, size: int = BATCH
) -> Iterator[SweepResult]:
    """The results of one batch of the store after the other, by rules of all severities or some.

    Raises `StoreProblem`.
    """
    evaluator = SweepEvaluator(ruleset, severities=severities)
    for batch in stored_cases(url, facts_needed(ruleset, severities), size):
        yield evaluator.evaluate(frames(batch), as_of)


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
    for result in results(url, load_ruleset(law, overlays), as_of, severities):
        stages.update(result.stages)
        kept = result.findings
        if severities is not None:
            kept = kept.filter(pl.col("severity").is_in(list(severities)))
        findings.append(kept.collect())
        unknown.append(result.unknown.collect())
    empty = SweepEvaluator(load_ruleset(law, overlays)).evaluate([], as_of)
    return StoreSwept(
        as_of,
        {stage: stages[stage] for stage in empty.stages},
        pl.concat([empty.findings.collect().clear(), *findings], how="vertical_relaxed").sort("case", "rule"),
        pl.concat([empty.unknown.collect().clear(), *unknown], how="vertical_relaxed").sort("case", "rule"),
    )


def check_store(url: str, as_of: dt.date, law: dt.date | None = None, overlays: tuple[Path, ...] = ()) -> Evaluation:
    """The evaluation of a store as the live evaluator gives it, by the sweep; raises `StoreProblem`."""
    stages: Counter[str] = Counter()
    parts = []
    for result in results(url, load_ruleset(law, overlays), as_of):
        stages.update(result.stages)
        parts.append(result.evaluation())
    findings = sorted((f for part in parts for f in part.findings), key=lambda f: (f.case, f.rule))
    unknown = sorted((u for part in parts for u in part.unknown), key=lambda u: (u.case, u.rule))
    codes = load_ruleset(law, overlays).vocabulary.codes["stage"]
    return Evaluation(as_of, {stage: stages[stage] for stage in codes}, findings, unknown)
