"""What the peers that work on arrays share: the columns as arrays, the tables of the law, and findings by row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from bench.law import NEVER, RULES, STEPS, Law

Array = np.ndarray
TABLES = (
    *("probation_ends", "cell_window_ends", "recognition_decision_limit", "admission_decision_limit"),
    *("rank", "worked", "ceremony_days"),
)
"""The tables of the law that hold days and numbers."""


class Found(NamedTuple):
    """All findings: the row of the case, the place of the rule in the list of rules, the due day."""

    codes: pl.Series
    """The codes of all cases, by row."""
    rows: Array
    which: Array
    due: Array


def columns(cases: pl.DataFrame) -> dict[str, Array]:
    """The steps as days in arrays of 32 bits."""
    days = {name: cases[name].cast(pl.Int32).fill_null(NEVER).to_numpy() for name in STEPS}
    return {name: np.ascontiguousarray(column) for name, column in days.items()}


def tables(law: Law) -> dict[str, Array]:
    """The tables of the law as arrays of 32 bits."""
    return {name: np.array(getattr(law, name), dtype=np.int32) for name in TABLES}


def as_frame(found: Found) -> pl.DataFrame:
    """Findings with codes and names."""
    return pl.DataFrame(
        {
            "case": found.codes.gather(pl.Series(found.rows)),
            "rule": pl.Series(RULES).gather(pl.Series(found.which)),
            "due": pl.Series(found.due, dtype=pl.Int32).cast(pl.Date),
        }
    )
