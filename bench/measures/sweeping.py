"""The sweep, from a frame in memory to the frames of all findings and of what cannot be decided."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl

from bench import AS_OF
from bench.all_facts import all_facts
from bench.machine import Watch, peak_megabytes, timed
from bench.measures import Json
from bench.population import population
from engine.ruleset import RuleSet, load_ruleset
from engine.sweep.evaluator import SweepEvaluator

CONTRACT = (
    *("recognition.upcoming", "recognition.course_needed", "recognition.ended_not_recognised"),
    *("recognition.ended_without_course", "recognition.past_cell_window", "recognition.past_decision_limit"),
    *("recognition.recognised_late", "recognition.early_step"),
    *("admission.past_decision_limit", "admission.past_ceremony_limit", "admission.certificate_expired"),
    *("admission.papers_expired", "admission.course_missing", "admission.under_age", "admission.over_60"),
    "admission.schooling",
    *("special.religion", "special.religious_office", "special.business_owner", "special.foreign_spouse"),
    *("special.ethnic_chinese", "special.population_policy", "special.readmission"),
)
"""The rules that scripts rely on."""


def _ruleset(which: str) -> RuleSet:
    ruleset = load_ruleset()
    if which == "contract":
        ruleset = replace(ruleset, rules={name: ruleset.rules[name] for name in CONTRACT})
    return ruleset


def sweep(size: int, rules: str, rounds: int) -> Json:
    """From a frame to the long frame of findings, and to that of what cannot be decided."""
    ruleset = _ruleset(rules)
    evaluator, frame = SweepEvaluator(ruleset), population(size)
    before = peak_megabytes()
    found = {}

    def run() -> None:
        swept = evaluator.evaluate(frame, AS_OF)
        found["findings"] = swept.findings.collect().height
        found["unknown"] = swept.unknown.collect().height

    spans = timed(run, rounds)
    told = {"size": size, "rules": len(ruleset.rules), "before": before, "peak": peak_megabytes()}
    return {**told, **asdict(spans), **found}


def frame(path: str, size: int) -> Json:
    """The population with all facts as a file that whoever is compared reads."""
    cases = all_facts(size)
    cases.write_parquet(Path(path))
    return {"size": cases.height, "facts": cases.width}


def whole_law(path: str, rounds: int) -> Json:
    """The whole law on the frame of a file; every run makes its plans anew."""
    start = time.perf_counter()
    ruleset, cases = load_ruleset(), pl.read_parquet(path)
    loading, watch, found = time.perf_counter() - start, Watch(), pl.DataFrame()

    def run() -> pl.DataFrame:
        swept = SweepEvaluator(ruleset).evaluate(cases, AS_OF)
        swept.unknown.collect()
        collected: pl.DataFrame = swept.findings.collect()
        return collected

    for _ in range(rounds):
        found = watch.time(run)
    said = {"rules": len(ruleset.rules), "firing": found["rule"].n_unique(), "findings": found.height}
    return {**said, "spans": watch.spans, "busy": watch.busy, "peak": peak_megabytes(), "loading": loading}
