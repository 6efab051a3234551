"""Plain Python: a loop over dictionaries."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bench.law import Law
from bench.peers.facts import Found, as_dicts, as_frame, facts

NAME = "plain Python"


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    rows = as_dicts(cases)
    as_of = law.as_of

    def run() -> Found:
        found: Found = []
        for case in rows:
            known = facts(case, law)
            code, stage, ends = case["code"], known["stage"], known["ends"]
            if stage == "probationary":
                if ends > as_of:
                    if ends <= law.upcoming_until:
                        found.append((code, "recognition.upcoming", ends))
                        if known["certified"] is None:
                            found.append((code, "recognition.course_needed", ends))
                else:
                    found.append((code, "recognition.ended_not_recognised", ends))
                    if known["certified"] is None:
                        found.append((code, "recognition.ended_without_course", ends))
                    if known["proposed"] is None and as_of > known["window"]:
                        found.append((code, "recognition.past_cell_window", known["window"]))
                if known["limit"] is not None and as_of > known["limit"]:
                    found.append((code, "recognition.past_decision_limit", known["limit"]))
            elif stage == "official":
                if known["both"] is not None and known["decided"] is not None and known["decided"] > known["both"]:
                    found.append((code, "recognition.recognised_late", known["both"]))
            elif stage == "candidate":
                if known["admission_limit"] is not None and as_of > known["admission_limit"]:
                    found.append((code, "admission.past_decision_limit", known["admission_limit"]))
            elif stage == "approved" and known["ceremony_limit"] is not None and as_of > known["ceremony_limit"]:
                found.append((code, "admission.past_ceremony_limit", known["ceremony_limit"]))
            if stage in ("probationary", "official") and ends is not None:
                steps = (known["proposed"], known["decided"])
                if any(step is not None and step <= ends for step in steps):
                    found.append((code, "recognition.early_step", ends + 1))
        return found

    return run


def findings(outcome: Found) -> pl.DataFrame:
    return as_frame(outcome)
