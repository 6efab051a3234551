"""The ten rules by all peers in turns, once they have found the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import polars as pl

from bench import AS_OF
from bench.law import Law, cases
from bench.machine import Watch
from bench.measures import Json
from bench.peers import PER_CASE, peer

COMPARED_ON = (dt.date(2025, 9, 30), AS_OF, dt.date(2026, 9, 30))
"""The peers are held against each other on these days, and timed on the first."""


def peers(column_size: int, size: int, check_size: int, rounds: int, names: list[str]) -> Json:
    """Peers in turns, so that whatever else the machine does meets them alike; first they must agree."""
    missing, there = [], []
    for name in names:
        try:
            peer(name).prepare(cases(100), Law.on(AS_OF))
            there.append(name)
        except ImportError as reason:
            missing.append([name, str(reason)])
    for as_of in COMPARED_ON:
        _agree(there, check_size, as_of)
    law = Law.on(COMPARED_ON[0])
    runs: dict[str, Callable[[], Any]] = {}
    for name in there:
        runs[name] = peer(name).prepare(cases(size if name in PER_CASE else column_size), law)
    watches = {name: Watch() for name in runs}
    outcomes = {}
    for number in range(rounds):
        for name, run in runs.items():
            if name not in PER_CASE or number < 4:  # what takes long varies little
                outcomes[name] = watches[name].time(run)
    largest = _said(peer(there[0]).findings(outcomes[there[0]]))
    told = []
    for name, outcome in outcomes.items():
        found = _said(peer(name).findings(outcome))
        if name not in PER_CASE:
            _same(name, found, largest)
        sizes = {"size": size if name in PER_CASE else column_size, "findings": found.height}
        told.append({"module": name, "name": peer(name).NAME, **sizes, **asdict(watches[name].timed())})
    days = [str(day) for day in COMPARED_ON]
    return {"peers": told, "missing": missing, "day": days[0], "checked": check_size, "days": days}


def alone(size: int, rounds: int) -> Json:
    """Ours alone, for the profiler."""
    run = peer("dubi").prepare(cases(size), Law.on(COMPARED_ON[0]))
    return {"findings": [run().height for _ in range(rounds)]}


def _agree(names: list[str], size: int, as_of: dt.date) -> None:
    """Peers find the same in a population on a day."""
    frame, law = cases(size), Law.on(as_of)
    first = None
    for name in names:
        found = _said(peer(name).findings(peer(name).prepare(frame, law)()))
        first = found if first is None else first
        _same(f"{name} as of {as_of}", found, first)


def _said(found: pl.DataFrame) -> pl.DataFrame:
    """Whose finding, by which rule, due when: in one order."""
    return found.select(pl.col("case", "rule").cast(pl.String), "due").sort("case", "rule", "due")


def _same(name: str, found: pl.DataFrame, expected: pl.DataFrame) -> None:
    if not found.equals(expected):
        raise SystemExit(f"{name} finds something else: {found.height} findings instead of {expected.height}")
