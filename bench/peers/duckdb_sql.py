"""DuckDB: the ten rules as one statement of SQL over a table of the cases and tables of the law."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from bench.law import FIRST, NEVER, STEPS, Law
from bench.peers.rows import Found, as_frame

NAME = "DuckDB SQL"

_SQL = """
WITH seen AS (
    SELECT place, recognition_decided_on IS NULL AS undecided, {seen} FROM cases
), here AS (
    SELECT *, recognition_decided_on IS NOT NULL OR (recognised_from IS NOT NULL AND undecided) AS recognised FROM seen
    WHERE left_on IS NULL AND (moved_out_on IS NULL OR coalesce(moved_in_on >= moved_out_on, false))
), members AS MATERIALIZED (
    SELECT place, recognised, a.probation_ends AS ends, w.cell_window_ends AS cell_window,
        d.recognition_decision_limit AS decision, b.recognition_decision_limit AS both_done,
        new_member_certified_on AS certified, cell_proposed_recognition_on AS proposed,
        recognition_decided_on AS decided
    FROM here JOIN law AS a ON a.day = admitted_on JOIN law AS w ON w.day = a.probation_ends
        LEFT JOIN law AS d ON d.day = cell_proposed_recognition_on LEFT JOIN law AS b ON b.day = w.cell_window_ends
), probationary AS (SELECT * FROM members WHERE NOT recognised
), outside AS MATERIALIZED (SELECT * FROM here WHERE NOT recognised AND admitted_on IS NULL
), ceremonies AS (
    SELECT place, worked.day AS due
    FROM outside JOIN law AS a ON a.day = admission_decided_on JOIN law AS b
            ON b.day = CASE WHEN a.from_issue THEN admission_decided_on ELSE admission_decision_received_on END
        JOIN worked ON worked.number = b.rank + a.ceremony_days - 1
)
SELECT place, 0::TINYINT AS which, ends AS due FROM probationary WHERE ends > {as_of} AND ends <= {upcoming}
UNION ALL SELECT place, 1, ends FROM probationary WHERE ends > {as_of} AND ends <= {upcoming} AND certified IS NULL
UNION ALL SELECT place, 2, ends FROM probationary WHERE ends <= {as_of}
UNION ALL SELECT place, 3, ends FROM probationary WHERE ends <= {as_of} AND certified IS NULL
UNION ALL SELECT place, 4, cell_window FROM probationary
    WHERE ends <= {as_of} AND proposed IS NULL AND cell_window < {as_of}
UNION ALL SELECT place, 5, decision FROM probationary WHERE decision < {as_of}
UNION ALL SELECT place, 6, both_done FROM members WHERE recognised AND decided > both_done
UNION ALL SELECT place, 7, ends + 1 FROM members WHERE ends <> {never} AND (proposed <= ends OR decided <= ends)
UNION ALL SELECT place, 8, admission_decision_limit FROM outside JOIN law ON day = cell_proposed_admission_on
    WHERE admission_decided_on IS NULL AND admission_decision_limit < {as_of}
UNION ALL SELECT place, 9, due FROM ceremonies WHERE due < {as_of}
"""


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], Found]:
    base = duckdb.connect()
    base.execute(f"SET threads = {int(os.environ.get('BENCH_THREADS', os.cpu_count() or 1))}")
    limits = {name: getattr(law, name) for name in ("rank", "ceremony_days")}
    limits |= {name: getattr(law, name) for name in ("probation_ends", "cell_window_ends")}
    limits |= {name: getattr(law, name) for name in ("recognition_decision_limit", "admission_decision_limit")}
    day = pl.int_range(FIRST, NEVER + 1, eager=True, dtype=pl.Int32)
    tables = {
        "cases": cases.select(*(pl.col(name).cast(pl.Int32) for name in STEPS)).with_row_index("place"),
        "law": pl.DataFrame({"day": day, "from_issue": law.ceremony_from_issue, **limits}),
        "worked": pl.DataFrame({"day": law.worked}).with_row_index("number"),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in tables.items():
            file = Path(folder) / f"{name}.parquet"
            frame.cast(
                {column: pl.Int32 for column, type_ in frame.schema.items() if type_.is_integer()}
            ).write_parquet(file)
            base.execute(f"CREATE TABLE {name} AS SELECT * FROM '{file}'")  # noqa: S608  # our own names
    seen = ", ".join(f"CASE WHEN {name} <= {law.as_of} THEN {name} END AS {name}" for name in STEPS)
    statement = _SQL.format(seen=seen, as_of=law.as_of, upcoming=law.upcoming_until, never=NEVER)

    def run() -> Found:
        columns = base.execute(statement).fetchnumpy()
        return Found(cases["code"], *(np.asarray(columns[name]) for name in ("place", "which", "due")))

    return run


findings = as_frame
