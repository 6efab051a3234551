"""Dubi itself: the sweep, with ten rules of the shipped law, asked for what the others give: case, rule and due day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from bench.law import Law, ten_rules
from engine.sweep.evaluator import SweepEvaluator

NAME = "Dubi (sweep)"
GIVEN = ("case", "rule", "due")


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], pl.DataFrame]:
    swept = sweeping(law)
    return lambda: swept(cases).select(*GIVEN).collect()


def sweeping(law: Law) -> Callable[[pl.DataFrame], pl.LazyFrame]:
    """What finds all findings of cases on the day, with everything that they say."""
    evaluator = SweepEvaluator(ten_rules())
    as_of = dt.date(1970, 1, 1) + dt.timedelta(days=law.as_of)

    def swept(cases: pl.DataFrame) -> pl.LazyFrame:
        found: pl.LazyFrame = evaluator.evaluate(cases, as_of).findings
        return found

    return swept


def findings(outcome: pl.DataFrame) -> pl.DataFrame:
    return outcome.select(*GIVEN)
