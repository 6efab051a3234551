"""A store as one Parquet file of cases: what `dubi sweep` reads."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Set as Collection
from pathlib import Path
from typing import Any

import polars as pl

from cases.store.frames import stored_cases
from desk.sweeping import wide_cases
from desk.sweeping.store_sweep import frames
from engine.ruleset import load_ruleset
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.frames import POLARS_TYPES, ROW


def export_parquet(url: str, file: Path, as_of: dt.date, left_out: Collection[str] = frozenset()) -> int:
    """Write a store as such a file at a place where there is none; gives the number of cases. Raises `StoreProblem`.

    A row holds what stood on the day: on that day it gives what the store gives with all its history. Steps of a later
    day are kept where there is no earlier one, so that a case that has not begun is still none. The facts ``left_out``
    have no column.
    """
    vocabulary = load_ruleset().vocabulary
    facts = {name: fact for name, fact in wide_cases.wide_facts().items() if name not in left_out}
    names, kinds = list(facts), [kind for kind in vocabulary.step_kinds if kind in facts]
    with tempfile.TemporaryDirectory(prefix=".dubi-", dir=file.parent) as space:
        parts: list[Path] = []
        cases = 0
        for batch in stored_cases(url, names):
            part = Path(space) / f"{len(parts):05}.parquet"
            stood = frames(batch).as_of(as_of, kinds, PolarsBackend())
            recorded = batch.cases.lazy().select(ROW, *(pl.col(kind).alias(f"+{kind}") for kind in kinds))
            stood = stood.join(recorded, on=ROW, how="left", maintain_order="left")
            wide = (
                stood.with_columns(pl.coalesce(kind, f"+{kind}").alias(kind) for kind in kinds).select(names).collect()
            )
            wide.write_parquet(part)
            parts.append(part)
            cases += wide.height
        file.touch(mode=0o600)
        if parts:
            pl.scan_parquet(parts).sink_parquet(file)
        else:
            schema: dict[str, Any] = {name: POLARS_TYPES[str(fact.type)] for name, fact in facts.items()}
            pl.DataFrame(schema=schema).write_parquet(file)
    return cases
