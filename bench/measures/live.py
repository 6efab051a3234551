"""One case after the other on durable-rules."""

from __future__ import annotations

import statistics
from functools import partial

from bench import AS_OF
from bench.machine import Watch
from bench.measures import Json
from bench.population import population
from cases.values.records import Record
from engine.ruleset import load_ruleset


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
