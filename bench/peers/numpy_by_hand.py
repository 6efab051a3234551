"""Numpy, by hand for these ten rules: cases are parted by stage first, and each rule sees those of its stage alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from bench.law import FIRST, NEVER, Law
from bench.peers.rows import Array, Found, as_frame, columns, tables

NAME = "numpy by hand"


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    step, table = columns(cases), tables(law)
    from_issue, as_of, codes = np.array(law.ceremony_from_issue), np.int32(law.as_of), cases["code"]

    def limit(name: str, days: Array) -> Array:
        return table[name][days - FIRST]

    def stages() -> tuple[Array, Array, Array]:
        """The rows of official members, of probationary ones, and of those not admitted yet."""
        here = step["left_on"] > as_of
        moved = np.flatnonzero(step["moved_out_on"] <= as_of)
        back = step["moved_in_on"][moved]
        here[moved[(back > as_of) | (back < step["moved_out_on"][moved])]] = False
        decided = step["recognition_decided_on"]
        recognised = (decided <= as_of) | ((decided == NEVER) & (step["recognised_from"] <= as_of))
        admitted = step["admitted_on"] <= as_of
        waiting = here & ~recognised
        return tuple(
            np.flatnonzero(rows) for rows in (here & recognised & admitted, waiting & admitted, waiting & ~admitted)
        )  # type: ignore[return-value]  # of the lists that are given

    def run() -> Found:
        found: list[tuple[int, Array, Array]] = []

        def say(rule: int, holds: Array, rows: Array, due: Array) -> None:
            found.append((rule, rows[holds], due[holds]))

        official, probationary, others = stages()

        ends, decided = limit("probation_ends", step["admitted_on"][official]), step["recognition_decided_on"][official]
        proposed = step["cell_proposed_recognition_on"][official]
        both = limit("recognition_decision_limit", limit("cell_window_ends", ends))
        say(6, (decided <= as_of) & (decided > both), official, both)
        early = ((proposed <= as_of) & (proposed <= ends)) | ((decided <= as_of) & (decided <= ends))
        say(7, early & (ends != NEVER), official, ends + 1)

        ends = limit("probation_ends", step["admitted_on"][probationary])
        proposed = step["cell_proposed_recognition_on"][probationary]
        untaught, unproposed = step["new_member_certified_on"][probationary] > as_of, proposed > as_of
        ended = ends <= as_of
        upcoming = ~ended & (ends <= law.upcoming_until)
        say(0, upcoming, probationary, ends)
        say(1, upcoming & untaught, probationary, ends)
        say(2, ended, probationary, ends)
        say(3, ended & untaught, probationary, ends)
        late = np.flatnonzero(ended & unproposed)
        window = limit("cell_window_ends", ends[late])
        say(4, window < as_of, probationary[late], window)
        asked = np.flatnonzero(~unproposed)
        decision = limit("recognition_decision_limit", proposed[asked])
        say(5, decision < as_of, probationary[asked], decision)
        first_day = ends[asked] + 1
        say(7, (proposed[asked] < first_day) & (ends[asked] != NEVER), probationary[asked], first_day)

        decided = step["admission_decided_on"][others]
        candidates, approved = others[decided > as_of], others[decided <= as_of]
        proposed = step["cell_proposed_admission_on"][candidates]
        asked = np.flatnonzero(proposed <= as_of)
        admission = limit("admission_decision_limit", proposed[asked])
        say(8, admission < as_of, candidates[asked], admission)
        decided = decided[decided <= as_of]
        begins = np.where(from_issue[decided - FIRST], decided, step["admission_decision_received_on"][approved])
        begun = np.flatnonzero(begins <= as_of)
        ceremony = table["worked"][limit("rank", begins[begun]) + limit("ceremony_days", decided[begun]) - 1]
        say(9, ceremony < as_of, approved[begun], ceremony)

        which = np.repeat(np.array([rule for rule, _, _ in found], np.int8), [len(rows) for _, rows, _ in found])
        rows, due = (np.concatenate(part) for part in ([f[1] for f in found], [f[2] for f in found]))
        return Found(codes, rows, which, due)

    return run


findings = as_frame
