"""What the ten rules read of one case, worked out in plain Python: rule engines know no working days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from bench.law import FIRST, RULES, STEPS, Law

Case = Mapping[str, Any]


def as_dicts(cases: pl.DataFrame) -> list[Case]:
    """A dictionary a case, days as numbers."""
    return [*cases.select("code", *(pl.col(name).cast(pl.Int32) for name in STEPS)).iter_rows(named=True)]


def facts(case: Case, law: Law) -> dict[str, Any]:
    """Stage and limits of a case on the as-of day, and the steps that the rules compare; what is not there is None."""
    as_of = law.as_of

    def step(name: str) -> int | None:
        day = case[name]
        return day if day is not None and day <= as_of else None

    decided_recognition = step("recognition_decided_on")
    admitted, decided = step("admitted_on"), step("admission_decided_on")
    moved_out, moved_in = step("moved_out_on"), step("moved_in_on")
    if step("left_on") is not None:
        stage = "left"
    elif moved_out is not None and not (moved_in is not None and moved_in >= moved_out):
        stage = "moved_out"
    elif decided_recognition is not None or (
        step("recognised_from") is not None and case["recognition_decided_on"] is None
    ):
        stage = "official"
    elif admitted is not None:
        stage = "probationary"
    else:
        stage = "candidate" if decided is None else "approved"

    ends = None if admitted is None else law.probation_ends[admitted - FIRST]
    window = None if ends is None else law.cell_window_ends[ends - FIRST]
    proposed, proposed_admission = step("cell_proposed_recognition_on"), step("cell_proposed_admission_on")
    ceremony = None
    if decided is not None:
        begins = decided if law.ceremony_from_issue[decided - FIRST] else step("admission_decision_received_on")
        if begins is not None:
            ceremony = law.worked[law.rank[begins - FIRST] + law.ceremony_days[decided - FIRST] - 1]
    return {
        "as_of": as_of,
        "upcoming_until": law.upcoming_until,
        "stage": stage,
        "ends": ends,
        "day_after": None if ends is None else ends + 1,
        "window": window,
        "both": None if window is None else law.recognition_decision_limit[window - FIRST],
        "limit": None if proposed is None else law.recognition_decision_limit[proposed - FIRST],
        "admission_limit": None
        if proposed_admission is None
        else law.admission_decision_limit[proposed_admission - FIRST],
        "ceremony_limit": ceremony,
        "certified": step("new_member_certified_on"),
        "proposed": proposed,
        "decided": decided_recognition,
    }


CONDITIONS = {
    "recognition.upcoming": "stage == 'probationary' and ends > as_of and ends <= upcoming_until",
    "recognition.course_needed": "stage == 'probationary' and certified == null and ends > as_of "
    "and ends <= upcoming_until",
    "recognition.ended_not_recognised": "stage == 'probationary' and ends <= as_of",
    "recognition.ended_without_course": "stage == 'probationary' and ends <= as_of and certified == null",
    "recognition.past_cell_window": "stage == 'probationary' and proposed == null and ends <= as_of and as_of > window",
    "recognition.past_decision_limit": "stage == 'probationary' and limit != null and as_of > limit",
    "recognition.recognised_late": "stage == 'official' and decided != null and both != null and decided > both",
    "recognition.early_step": "(stage == 'probationary' or stage == 'official') and ends != null "
    "and ((proposed != null and proposed <= ends) or (decided != null and decided <= ends))",
    "admission.past_decision_limit": "stage == 'candidate' and admission_limit != null and as_of > admission_limit",
    "admission.past_ceremony_limit": "stage == 'approved' and ceremony_limit != null and as_of > ceremony_limit",
}
"""The rules as both engines spell them."""
DUE = dict(
    zip(
        RULES,
        ("ends", "ends", "ends", "ends", "window", "limit", "both", "day_after", "admission_limit", "ceremony_limit"),
        strict=True,
    )
)
"""The fact that says when each was due."""

Found = list[tuple[str, str, int]]


def as_frame(found: Found) -> pl.DataFrame:
    """Findings as a frame."""
    schema = {"case": pl.String, "rule": pl.String, "due": pl.Int32}
    return pl.DataFrame(found, schema=schema, orient="row").with_columns(pl.col("due").cast(pl.Date))
