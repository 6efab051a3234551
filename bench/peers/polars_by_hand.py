"""Polars, by hand for these ten rules: cases are parted by stage first, and each stage computes its own limits."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from polars import col

from bench.law import FIRST, RULES, STEPS, Law

NAME = "Polars by hand"

_RULE = pl.Enum(RULES)


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], pl.DataFrame]:
    as_of = law.as_of
    days = cases.select("code", *(col(name).cast(pl.Int32) for name in STEPS))
    from_issue = pl.lit(pl.Series(law.ceremony_from_issue))
    probation, window, decision, admission, rank, worked, ceremony_days = (
        pl.lit(pl.Series(table, dtype=pl.Int32))
        for table in (
            law.probation_ends,
            law.cell_window_ends,
            law.recognition_decision_limit,
            law.admission_decision_limit,
            law.rank,
            law.worked,
            law.ceremony_days,
        )
    )

    def at(table: pl.Expr, day: pl.Expr) -> pl.Expr:
        return table.gather(day - FIRST)

    def done(name: str) -> pl.Expr:
        return (col(name) <= as_of).fill_null(value=False)

    def seen(name: str) -> pl.Expr:
        return pl.when(col(name) <= as_of).then(col(name))

    def say(frame: pl.DataFrame, rule: int, holds: pl.Expr, due: pl.Expr) -> pl.LazyFrame:
        told = pl.lit(RULES[rule], dtype=_RULE).alias("rule"), due.cast(pl.Date).alias("due")
        return frame.lazy().filter(holds).select(col("code").alias("case"), *told)

    back = done("moved_in_on") & (col("moved_in_on") >= col("moved_out_on")).fill_null(value=False)
    gone = done("left_on") | (done("moved_out_on") & ~back)
    recognised = done("recognition_decided_on") | (done("recognised_from") & col("recognition_decided_on").is_null())
    ends = at(probation, col("admitted_on")).alias("ends")
    proposed = seen("cell_proposed_recognition_on").alias("proposed")
    begins = pl.when(at(from_issue, col("admission_decided_on"))).then(col("admission_decided_on"))
    begins = begins.otherwise(seen("admission_decision_received_on"))
    ceremony = worked.gather(at(rank, begins) + at(ceremony_days, col("admission_decided_on")) - 1)
    early = (col("proposed") <= col("ends")).fill_null(value=False)
    early_decided = (col("decided") <= col("ends")).fill_null(value=False)
    ended = col("ends") <= as_of
    upcoming = ~ended & (col("ends") <= law.upcoming_until)

    def run() -> pl.DataFrame:
        here = days.lazy().filter(~gone)
        staged = here.with_columns(recognised.alias("recognised"), done("admitted_on").alias("admitted")).collect()
        whole = staged.lazy()
        waiting = whole.filter(~col("recognised") & ~col("admitted"))
        official, probationary, candidates, approved = pl.collect_all(
            [
                whole.filter(col("recognised") & col("admitted"))
                .select("code", ends, proposed, seen("recognition_decided_on").alias("decided"))
                .with_columns(at(decision, at(window, col("ends"))).alias("both")),
                whole.filter(~col("recognised") & col("admitted"))
                .select("code", ends, proposed, (~done("new_member_certified_on")).alias("untaught"))
                .with_columns(at(window, col("ends")).alias("window"), at(decision, col("proposed")).alias("limit")),
                waiting.filter(~done("admission_decided_on")).select(
                    "code", at(admission, seen("cell_proposed_admission_on")).alias("limit")
                ),
                waiting.filter(done("admission_decided_on")).select("code", ceremony.alias("limit")),
            ]
        )
        return pl.concat(
            [
                say(probationary, 0, upcoming, col("ends")),
                say(probationary, 1, upcoming & col("untaught"), col("ends")),
                say(probationary, 2, ended, col("ends")),
                say(probationary, 3, ended & col("untaught"), col("ends")),
                say(probationary, 4, ended & col("proposed").is_null() & (col("window") < as_of), col("window")),
                say(probationary, 5, col("limit") < as_of, col("limit")),
                say(official, 6, col("decided") > col("both"), col("both")),
                say(official, 7, early | early_decided, col("ends") + 1),
                say(probationary, 7, early, col("ends") + 1),
                say(candidates, 8, col("limit") < as_of, col("limit")),
                say(approved, 9, col("limit") < as_of, col("limit")),
            ]
        ).collect()

    return run


def findings(outcome: pl.DataFrame) -> pl.DataFrame:
    return outcome
