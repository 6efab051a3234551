"""The sweep on Spark: the workers share out the cases, and each runs the sweep of its share on Polars.

No case depends on another, so nothing moves between the workers. What a worker needs is dubi itself; the rule set is
sent along, so that all judge by one law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import polars as pl

from engine.ruleset import RuleSet
from engine.sweep.evaluator import SweepEvaluator
from engine.sweep.findings import in_words

SHARE = 200_000
"""So many cases are swept at once: fewer would be thought about longer than they take."""
FINDING, UNDECIDED, STAGE = "finding", "undecided", "stage"
"""What a row of the answer is about; of a stage it says how many cases are in it."""
SAID = {"case": "string", "name": "string", "unit": "string", "rule": "string"}
FOUND = SAID | {"severity": "string", "due": "date", "days_late": "int", "held_by": "string", "document": "string"}
FOUND |= {"clause": "string", "certainty": "string", "forecast": "boolean", "later": "boolean"}
FOUND |= {"overlay": "string"}
LACKING = {**SAID, "missing": "array<string>"}
ANSWER = {"about": "string", **FOUND, **LACKING, "stage": "string", "cases": "bigint"}
_TYPES: dict[str, Any] = {
    "string": pl.String,
    "date": pl.Date,
    "int": pl.Int32,
    "boolean": pl.Boolean,
    "array<string>": pl.List(pl.String),
    "bigint": pl.Int64,
}


def swept(cases: Any, ruleset: RuleSet, as_of: dt.date) -> Any:
    """The answer to a frame of Spark with one row a case: findings, undecided rules and counts of stages as rows."""
    return cases.mapInArrow(_sweeping(ruleset, as_of), ", ".join(f"{name} {kind}" for name, kind in ANSWER.items()))


def _sweeping(ruleset: RuleSet, as_of: dt.date) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What a worker does with its share, which comes to it in batches of Arrow."""

    def sweep(batches: Iterator[Any]) -> Iterator[Any]:
        evaluator = SweepEvaluator(ruleset)
        for share in _gathered(pl.from_arrow(batch) for batch in batches):
            yield from answer(evaluator, share, as_of).to_arrow().cast(_arrow_schema()).to_batches()

    return sweep


def _gathered(frames: Iterable[Any]) -> Iterator[pl.DataFrame]:
    """The same rows in shares that are worth a sweep."""
    kept: list[pl.DataFrame] = []
    for frame in frames:
        kept.append(frame)
        if sum(part.height for part in kept) >= SHARE:
            yield pl.concat(kept, rechunk=True)
            kept = []
    if kept:
        yield pl.concat(kept, rechunk=True)


def answer(evaluator: SweepEvaluator, cases: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Everything that is said of some cases, in one frame."""
    result = evaluator.evaluate(cases, as_of)
    findings = in_words(result.findings.collect())
    undecided: pl.DataFrame = result.unknown.collect()
    stages = pl.DataFrame({"stage": list(result.stages), "cases": list(result.stages.values())})
    parts = {FINDING: findings, UNDECIDED: undecided, STAGE: stages}
    rows = [part.with_columns(pl.lit(about).alias("about")) for about, part in parts.items()]
    schema = {name: _TYPES[kind] for name, kind in ANSWER.items()}
    together = pl.concat([pl.DataFrame(schema=schema), *rows], how="diagonal_relaxed")
    return together.select(pl.col(name).cast(kind) for name, kind in schema.items())


@cache
def _arrow_schema() -> Any:
    import pyarrow as pa

    types = {"string": pa.string(), "date": pa.date32(), "int": pa.int32(), "boolean": pa.bool_()}
    types |= {"array<string>": pa.list_(pa.string()), "bigint": pa.int64()}
    return pa.schema([(name, types[kind]) for name, kind in ANSWER.items()])
