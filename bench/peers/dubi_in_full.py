"""Dubi itself, asked for everything that a finding says: name and unit, severity, lateness, clause and more."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bench.law import Law
from bench.peers import dubi

NAME = "Dubi (sweep), all that is said"

findings = dubi.findings


def prepare(cases: pl.DataFrame, law: Law) -> Callable[[], pl.DataFrame]:
    swept = dubi.sweeping(law)
    return lambda: swept(cases).collect()
