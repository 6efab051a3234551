"""Numpy, written by hand for these ten rules and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from bench.law import FIRST, NEVER, RULES, STEPS, Law

NAME = "numpy by hand"

Found = tuple[np.ndarray, np.ndarray, np.ndarray]
"""The codes of the cases, the places of the rules in their list and the due days of all findings."""


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    recorded = {name: cases[name].cast(pl.Int32).fill_null(NEVER).to_numpy() for name in STEPS}
    codes, as_of = cases["code"].to_numpy(), np.int32(law.as_of)
    probation, window, decision, admission, rank, worked, ceremony_days = (
        np.array(table, dtype=np.int32)
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
    from_issue = np.array(law.ceremony_from_issue)

    def run() -> Found:
        step = {name: np.where(days <= as_of, days, NEVER) for name, days in recorded.items()}
        there = {name: days != NEVER for name, days in step.items()}
        away = there["moved_out_on"] & ~(there["moved_in_on"] & (step["moved_in_on"] >= step["moved_out_on"]))
        gone = there["left_on"] | away
        no_decision = recorded["recognition_decided_on"] == NEVER
        recognised = there["recognition_decided_on"] | (there["recognised_from"] & no_decision)
        official = ~gone & recognised
        probationary = ~gone & ~recognised & there["admitted_on"]
        waiting = ~gone & ~recognised & ~there["admitted_on"]
        approved, candidate = waiting & there["admission_decided_on"], waiting & ~there["admission_decided_on"]

        ends = probation[step["admitted_on"] - FIRST]
        cell_window = window[ends - FIRST]
        recognition_limit = decision[step["cell_proposed_recognition_on"] - FIRST]
        both = decision[cell_window - FIRST]
        admission_limit = admission[step["cell_proposed_admission_on"] - FIRST]
        decided = step["admission_decided_on"]
        begins = np.where(from_issue[decided - FIRST], decided, step["admission_decision_received_on"])
        ceremony = worked[rank[begins - FIRST] + ceremony_days[decided - FIRST] - 1]

        ended = ends <= as_of
        upcoming = probationary & ~ended & (ends <= law.upcoming_until)
        no_course = ~there["new_member_certified_on"]
        early = (there["cell_proposed_recognition_on"] & (step["cell_proposed_recognition_on"] <= ends)) | (
            there["recognition_decided_on"] & (step["recognition_decided_on"] <= ends)
        )
        early &= ends != NEVER
        not_proposed = ~there["cell_proposed_recognition_on"]
        rules = (
            (upcoming, ends),
            (upcoming & no_course, ends),
            (probationary & ended, ends),
            (probationary & ended & no_course, ends),
            (probationary & not_proposed & ended & (as_of > cell_window), cell_window),
            (probationary & (as_of > recognition_limit), recognition_limit),
            (official & there["recognition_decided_on"] & (step["recognition_decided_on"] > both), both),
            ((probationary | official) & early, ends + 1),
            (candidate & (as_of > admission_limit), admission_limit),
            (approved & (as_of > ceremony), ceremony),
        )
        rows = [np.flatnonzero(holds) for holds, _ in rules]
        due = [days[found] for (_, days), found in zip(rules, rows, strict=True)]
        which = np.repeat(np.arange(len(rules), dtype=np.int8), [len(found) for found in rows])
        return codes[np.concatenate(rows)], which, np.concatenate(due)

    return run


def findings(outcome: Found) -> pl.DataFrame:
    codes, which, due = outcome
    return pl.DataFrame(
        {
            "case": pl.Series(codes, dtype=pl.String),
            "rule": pl.Series(RULES).gather(which),
            "due": pl.Series(due, dtype=pl.Int32).cast(pl.Date),
        }
    )
