"""The measurements, each run in a process of its own: `python -m bench.measures NAME '{"size": 1000}'` prints JSON."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from bench import AS_OF
from bench.law import Law, cases
from bench.machine import of_spans, peak_megabytes, timed
from bench.peers import IN_COLUMNS, PER_CASE, peer
from bench.population import population
from cases.roster import Record, Roster, Unit
from engine.ruleset import RuleSet, load_ruleset

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
COMPARED_ON = (dt.date(2025, 9, 30), AS_OF, dt.date(2026, 9, 30))
"""The peers are held against each other on these days, and timed on the first."""

Json = dict[str, Any]


def _ruleset(which: str) -> RuleSet:
    ruleset = load_ruleset()
    if which == "contract":
        ruleset = replace(ruleset, rules={name: ruleset.rules[name] for name in CONTRACT})
    return ruleset


def sweep(size: int, rules: str, rounds: int) -> Json:
    """From a frame to the long frame of findings, and to that of what cannot be decided."""
    from engine.sweep import SweepEvaluator

    ruleset = _ruleset(rules)
    evaluator, frame = SweepEvaluator(ruleset), population(size)
    before = peak_megabytes()
    found = {}

    def run() -> None:
        result = evaluator.evaluate(frame, AS_OF)
        found["findings"] = result.findings.collect().height
        found["unknown"] = result.unknown.collect().height

    spans = timed(run, rounds)
    told = {"size": size, "rules": len(ruleset.rules), "before": before, "peak": peak_megabytes()}
    return {**told, **asdict(spans), **found}


def peers(column_size: int, size: int, check_size: int, rounds: int) -> Json:
    """All peers in turns, so that whatever else the machine does meets them alike; first they must agree."""
    for as_of in COMPARED_ON:
        _agree(check_size, as_of)
    law = Law.on(COMPARED_ON[0])
    runs: dict[str, Callable[[], Any]] = {}
    for name in (*IN_COLUMNS, *PER_CASE):
        runs[name] = peer(name).prepare(cases(size if name in PER_CASE else column_size), law)
    spans: dict[str, list[float]] = {name: [] for name in runs}
    outcomes = {}
    for number in range(rounds):
        for name, run in runs.items():
            if name in PER_CASE and number >= 3:  # what takes long varies little
                continue
            start = time.perf_counter()
            outcomes[name] = run()
            spans[name].append(time.perf_counter() - start)
    largest = _said(peer(IN_COLUMNS[0]).findings(outcomes[IN_COLUMNS[0]]))
    told = []
    for name, outcome in outcomes.items():
        height = size if name in PER_CASE else column_size
        found = _said(peer(name).findings(outcome))
        if name not in PER_CASE:
            _same(name, found, largest)
        told.append(
            {"name": peer(name).NAME, "size": height, "findings": found.height, **asdict(of_spans(spans[name]))}
        )
    return {"peers": told, "day": str(COMPARED_ON[0]), "checked": check_size, "days": [str(day) for day in COMPARED_ON]}


def _agree(size: int, as_of: dt.date) -> None:
    """All peers find the same in a population on a day."""
    frame, law = cases(size), Law.on(as_of)
    first = None
    for name in (*IN_COLUMNS, *PER_CASE):
        found = _said(peer(name).findings(peer(name).prepare(frame, law)()))
        first = found if first is None else first
        _same(f"{name} as of {as_of}", found, first)


def _said(found: pl.DataFrame) -> pl.DataFrame:
    """Whose finding, by which rule, due when: in one order."""
    return found.select(pl.col("case", "rule").cast(pl.String), "due").sort("case", "rule", "due")


def _same(name: str, found: pl.DataFrame, expected: pl.DataFrame) -> None:
    if not found.equals(expected):
        raise SystemExit(f"{name} finds something else: {found.height} findings instead of {expected.height}")


def records(size: int) -> list[Record]:
    """A population as records, as the store and a workbook give them."""
    rows = population(size).iter_rows(named=True)
    return [Record(row["code"], {name: value for name, value in row.items() if value is not None}) for row in rows]


def live(size: int) -> Json:
    """One case after the other on durable-rules, and explained: milliseconds."""
    from cases import desk
    from engine.evaluators import durable_rules_installed
    from engine.explanation import Explainer

    if not durable_rules_installed():
        raise SystemExit("durable-rules is not installed: there is no live evaluator to measure")
    evaluator = desk.evaluator(load_ruleset())
    explainer = Explainer(evaluator)

    def judge(record: Record) -> None:
        situation = evaluator.situation(record, AS_OF)
        if situation is not None:
            evaluator.case(situation)

    def explain(record: Record) -> None:
        explainer.explain(record, AS_OF)

    found: Json = {"size": size}
    people = records(size)
    for name, what in (("judged", judge), ("explained", explain)):
        spans = []
        for record in people:
            start = time.perf_counter()
            what(record)
            spans.append((time.perf_counter() - start) * 1000)
        cuts = statistics.quantiles(spans[size // 10 :], n=100)
        found[name] = {"first": spans[0], "p50": cuts[49], "p99": cuts[98]}
    return found


def figures(size: int, rounds: int) -> Json:
    """All statistics of a period by all units, counted over columns and member by member: both must agree."""
    from cases.desk_populations import RosterSource
    from cases.desk_reports import book
    from cases.figures import ManualFigures
    from engine.counting import Run
    from engine.ledger import Counter, Ledger
    from engine.statistics import RecordCounter, Result, result
    from engine.sweep_statistics import ColumnCounter
    from engine.units import UnitTree
    from rules import settingbook

    ruleset, settings = load_ruleset(), settingbook.chosen({})
    people = records(size)
    codes = sorted({str(record.fields["unit"]) for record in people})
    units = tuple(Unit(code, code, parent=None if place == 0 else codes[0]) for place, code in enumerate(codes))
    roster, tree = Roster(tuple(people), units), UnitTree({unit.code: unit.parent for unit in units})
    run = Run(dt.date(2024, 1, 1), AS_OF, AS_OF)
    told: Json = {"size": size, "indicators": len(book(ruleset).texts), "units": len(units)}
    results: dict[str, Result] = {}

    def ask(name: str, kind: type[Any]) -> None:
        counter: Counter = kind(book(ruleset), RosterSource(roster, ruleset, settings), tree, settings)
        results[name] = result(Ledger(book(ruleset), counter, ManualFigures(()), tree, settings, run), None, ())

    for name, kind in (("columns", ColumnCounter), ("members", RecordCounter)):
        told[name] = asdict(timed(partial(ask, name, kind), rounds))
    if (
        results["columns"].values != results["members"].values
        or results["columns"].by_unit != results["members"].by_unit
    ):
        raise SystemExit("the two ways of counting disagree")
    return {**told, "peak": peak_megabytes()}


def fill(path: str, size: int) -> Json:
    """A new store with so many cases."""
    from bench import stores

    start = time.perf_counter()
    stores.fill(Path(path), size)
    return {"seconds": time.perf_counter() - start}


def store(url: str, severities: list[str]) -> Json:
    """Where the time goes between a store and its overdue list: reading alone, then reading and judging."""
    from cases.desk_sweep import results, sweep_store
    from cases.frames import stored_cases
    from engine.sweep import facts_needed

    ruleset = load_ruleset()
    facts = facts_needed(ruleset, severities)
    start = time.perf_counter()
    rows = sum(batch.cases.height for batch in stored_cases(url, facts))
    reading = time.perf_counter() - start
    start = time.perf_counter()
    for result in results(url, ruleset, AS_OF, severities):
        result.findings.collect()
    judging = time.perf_counter() - start
    start = time.perf_counter()
    found = sweep_store(url, AS_OF, severities)
    whole = time.perf_counter() - start
    return {
        "rows": rows,
        "facts": len(facts),
        "reading": reading,
        "judging": judging,
        "whole": whole,
        "findings": found.findings.height,
        "peak": peak_megabytes(),
    }


MEASURES: dict[str, Callable[..., Json]] = {
    "sweep": sweep,
    "peers": peers,
    "live": live,
    "figures": figures,
    "fill": fill,
    "store": store,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](**json.loads(sys.argv[2]))))
