"""The ten rules of `bench.law`, written for other engines and by hand, each in a module of its own.

A peer is a module with `NAME`, `prepare(cases, law)`, which puts the cases into the form that the peer likes best and
gives back what is timed, and `findings(outcome)`, which puts what came out into a frame of `case`, `rule` and `due`.
What is timed ends with all findings at hand: whose, by which rule, due when.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol, cast

import polars as pl

from bench.law import Law

IN_COLUMNS = ("dubi", "dubi_in_full", "polars_by_hand", "numpy_by_hand", "openfisca", "duckdb_sql", "fused_c")
PER_CASE = ("plain_python", "zen_engine_peer", "rule_engine_peer")
"""Those that take one case after the other."""


class Peer(Protocol):
    """What a module of this package offers."""

    NAME: str

    def prepare(self, cases: pl.DataFrame, law: Law) -> Callable[[], Any]:
        """What finds all findings of the cases, made ready."""

    def findings(self, outcome: Any) -> pl.DataFrame:
        """What was found, as a frame."""


def peer(module: str) -> Peer:
    """The peer of a module; raises `ImportError` where its engine is not installed."""
    return cast("Peer", importlib.import_module(f"bench.peers.{module}"))
