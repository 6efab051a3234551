"""Dubi itself: the sweep, with ten rules of the shipped law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from bench.law import Law, ten_rules
from engine.sweep.evaluator import SweepEvaluator

NAME = "Dubi (sweep)"


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], pl.DataFrame]:
    evaluator = SweepEvaluator(ten_rules())
    as_of = dt.date(1970, 1, 1) + dt.timedelta(days=law.as_of)

    def run() -> pl.DataFrame:
        found: pl.DataFrame = evaluator.evaluate(cases, as_of).findings.collect()
        return found

    return run


def findings(outcome: pl.DataFrame) -> pl.DataFrame:
    return outcome.select("case", "rule", "due")
