"""Polars, written by hand for these ten rules and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bench.law import FIRST, STEPS, Law

NAME = "Polars by hand"


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], pl.DataFrame]:
    as_of = law.as_of
    probation, window, decision, admission, rank, worked = (
        pl.Series(table, dtype=pl.Int32)
        for table in (
            law.probation_ends,
            law.cell_window_ends,
            law.recognition_decision_limit,
            law.admission_decision_limit,
            law.rank,
            law.worked,
        )
    )
    from_issue, ceremony_days = pl.Series(law.ceremony_from_issue), pl.Series(law.ceremony_days, dtype=pl.Int32)

    def look(table: pl.Series, day: pl.Expr) -> pl.Expr:
        return pl.lit(table).gather(day - FIRST)

    def run() -> pl.DataFrame:
        step = {name: pl.col(name) for name in STEPS}
        there = {name: step[name].is_not_null() for name in STEPS}
        left = there["left_on"]
        away = there["moved_out_on"] & (step["moved_in_on"] >= step["moved_out_on"]).fill_null(value=False).not_()
        official = there["recognition_decided_on"] | (there["recognised_from"] & ~pl.col("decided"))
        stage = (
            pl.when(left | away)
            .then(pl.lit(0))
            .when(official)
            .then(pl.lit(4))
            .when(there["admitted_on"])
            .then(pl.lit(3))
            .when(there["admission_decided_on"])
            .then(pl.lit(2))
            .otherwise(pl.lit(1))
        )
        decided, received = step["admission_decided_on"], step["admission_decision_received_on"]
        wide = (
            cases.lazy()
            .select(
                "code",
                pl.col("recognition_decided_on").is_not_null().alias("decided"),
                *(pl.col(name).cast(pl.Int32) for name in STEPS),
            )
            .with_columns(pl.when(pl.col(name) <= as_of).then(pl.col(name)) for name in STEPS)
            .select(
                "code",
                "new_member_certified_on",
                "cell_proposed_recognition_on",
                "recognition_decided_on",
                stage.cast(pl.Int8).alias("stage"),
                look(probation, step["admitted_on"]).alias("ends"),
                look(decision, step["cell_proposed_recognition_on"]).alias("decision"),
                look(admission, step["cell_proposed_admission_on"]).alias("admission"),
                pl.when(look(from_issue, decided)).then(decided).otherwise(received).alias("begins"),
                look(ceremony_days, decided).alias("days"),
            )
            .with_columns(
                look(window, pl.col("ends")).alias("window"),
                pl.lit(worked).gather(look(rank, pl.col("begins")) + pl.col("days") - 1).alias("ceremony"),
            )
            .with_columns(look(decision, pl.col("window")).alias("both"))
            .collect()
            .lazy()
        )
        col = pl.col
        probationary, ended = col("stage") == 3, col("ends") <= as_of
        upcoming = probationary & (col("ends") > as_of) & (col("ends") <= law.upcoming_until)
        no_course = col("new_member_certified_on").is_null()
        early = (col("cell_proposed_recognition_on") <= col("ends")).fill_null(value=False) | (
            col("recognition_decided_on") <= col("ends")
        ).fill_null(value=False)
        rules = {
            "recognition.upcoming": (upcoming, col("ends")),
            "recognition.course_needed": (upcoming & no_course, col("ends")),
            "recognition.ended_not_recognised": (probationary & ended, col("ends")),
            "recognition.ended_without_course": (probationary & ended & no_course, col("ends")),
            "recognition.past_cell_window": (
                probationary & col("cell_proposed_recognition_on").is_null() & ended & (as_of > col("window")),
                col("window"),
            ),
            "recognition.past_decision_limit": (probationary & (as_of > col("decision")), col("decision")),
            "recognition.recognised_late": (
                (col("stage") == 4) & (col("recognition_decided_on") > col("both")),
                col("both"),
            ),
            "recognition.early_step": (col("stage").is_in([3, 4]) & early, col("ends") + 1),
            "admission.past_decision_limit": ((col("stage") == 1) & (as_of > col("admission")), col("admission")),
            "admission.past_ceremony_limit": ((col("stage") == 2) & (as_of > col("ceremony")), col("ceremony")),
        }
        return pl.concat(
            wide.filter(holds).select(
                col("code").alias("case"), pl.lit(name).alias("rule"), due.cast(pl.Date).alias("due")
            )
            for name, (holds, due) in rules.items()
        ).collect()

    return run


def findings(outcome: pl.DataFrame) -> pl.DataFrame:
    return outcome
