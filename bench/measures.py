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
from bench.machine import Watch, peak_megabytes, timed
from bench.peers import IN_COLUMNS, PER_CASE, peer
from bench.population import population
from cases.values.records import Record, Roster, Unit
from desk.counting import counting as desk_counting
from desk.counting import ledgers as desk_reports
from engine.ruleset import RuleSet, load_ruleset
from engine.statistics.counting import Run
from engine.statistics.results import Result, result
from engine.sweep.frames import ROW, CaseFrames

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

PERIOD = Run(dt.date(2024, 1, 1), AS_OF, AS_OF)
"""The period of the statistics."""

Json = dict[str, Any]


def _ruleset(which: str) -> RuleSet:
    ruleset = load_ruleset()
    if which == "contract":
        ruleset = replace(ruleset, rules={name: ruleset.rules[name] for name in CONTRACT})
    return ruleset


def sweep(size: int, rules: str, rounds: int) -> Json:
    """From a frame to the long frame of findings, and to that of what cannot be decided."""
    from engine.sweep.evaluator import SweepEvaluator

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


def peers(column_size: int, size: int, check_size: int, rounds: int) -> Json:
    """All peers in turns, so that whatever else the machine does meets them alike; first they must agree."""
    for as_of in COMPARED_ON:
        _agree(check_size, as_of)
    law = Law.on(COMPARED_ON[0])
    runs: dict[str, Callable[[], Any]] = {}
    for name in (*IN_COLUMNS, *PER_CASE):
        runs[name] = peer(name).prepare(cases(size if name in PER_CASE else column_size), law)
    watches = {name: Watch() for name in runs}
    outcomes = {}
    for number in range(rounds):
        for name, run in runs.items():
            if name not in PER_CASE or number < 4:  # what takes long varies little
                outcomes[name] = watches[name].time(run)
    largest = _said(peer(IN_COLUMNS[0]).findings(outcomes[IN_COLUMNS[0]]))
    told = []
    for name, outcome in outcomes.items():
        height = size if name in PER_CASE else column_size
        found = _said(peer(name).findings(outcome))
        if name not in PER_CASE:
            _same(name, found, largest)
        told.append(
            {"name": peer(name).NAME, "size": height, "findings": found.height, **asdict(watches[name].timed())}
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
    from desk.rosters import evaluator as evaluator_of
    from engine.evaluators import durable_rules_installed
    from engine.explanation import Explainer

    if not durable_rules_installed():
        raise SystemExit("durable-rules is not installed: there is no live evaluator to measure")
    evaluator = evaluator_of(load_ruleset())
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
        watch = Watch()
        for record in people:
            watch.time(partial(what, record))
        warm = slice(size // 10, None)
        cuts, busy = (statistics.quantiles(spans[warm], n=100) for spans in (watch.spans, watch.busy))
        milliseconds = {"first": watch.spans[0], "p50": cuts[49], "p99": cuts[98], "cpu": busy[49]}
        found[name] = {part: span * 1000 for part, span in milliseconds.items()}
    return found


def figures(size: int, rounds: int, agree: int) -> Json:
    """All statistics of a period by all units, from a frame; on fewer cases they are those counted one by one."""
    found = _counted(agree)
    if found != _counted(agree, one_by_one=True):
        raise SystemExit("the two ways of counting disagree")
    frame, units = population(size), _units(population(size))
    spans = timed(partial(_figures, frame, units), rounds)
    texts = desk_reports.book(load_ruleset()).texts
    told = {"size": size, "agree": agree, "indicators": len(texts), "units": len(units), "peak": peak_megabytes()}
    return {**told, **asdict(spans)}


def _units(frame: pl.DataFrame) -> tuple[Unit, ...]:
    """The units of a population, all below the first."""
    codes = frame["unit"].unique().sort().to_list()
    return tuple(Unit(code, code, parent=codes[0] if place else None) for place, code in enumerate(codes))


def _figures(frame: pl.DataFrame, units: tuple[Unit, ...]) -> Result:
    """All figures, counted over columns."""
    frames = CaseFrames(frame.with_row_index(ROW).lazy())
    ledger = desk_counting.ledger(desk_counting.InFrames(frames, Roster(units=units), units), PERIOD)
    return result(ledger, None, ())


def _counted(size: int, *, one_by_one: bool = False) -> list[object]:
    """The figures of a small population, for all and by unit."""
    units = _units(population(size))
    if one_by_one:
        found = result(desk_reports.ledger(Roster(tuple(records(size)), units), PERIOD), None, ())
    else:
        found = _figures(population(size), units)
    return [found.values, found.by_unit]


def fill(path: str, size: int) -> Json:
    """A new store with so many cases."""
    from bench import stores

    start = time.perf_counter()
    stores.fill(Path(path), size)
    return {"seconds": time.perf_counter() - start}


def store(url: str, severities: list[str]) -> Json:
    """Where the time goes between a store and its overdue list: reading alone, then reading and judging."""
    from cases.store.frames import stored_cases
    from desk.sweeping.store_sweep import results, sweep_store
    from engine.sweep.evaluator import facts_needed

    ruleset = load_ruleset()
    facts = facts_needed(ruleset, severities)
    start = time.perf_counter()
    rows = sum(batch.cases.height for batch in stored_cases(url, facts))
    reading = time.perf_counter() - start
    start = time.perf_counter()
    for swept in results(url, ruleset, AS_OF, severities):
        swept.findings.collect()
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
