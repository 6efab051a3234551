"""Stores: filled past the door, and what of reading one takes the time."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from bench import AS_OF, stores
from bench.machine import peak_megabytes
from bench.measures import Json
from cases.store.connection import anchor
from cli.main import run
from engine.ruleset import load_ruleset
from engine.sweep.evaluator import facts_needed


def fill(path: str, size: int) -> Json:
    """A new store with so many cases; what it holds is anchored as it stands, so that it takes writes."""
    start = time.perf_counter()
    stores.fill(Path(path), size)
    anchor(f"sqlite:///{path}")
    return {"size": size, "seconds": time.perf_counter() - start}


def facts(severities: list[str]) -> Json:
    """The facts that the rules of some severities rest on."""
    return {"facts": sorted(facts_needed(load_ruleset(), severities))}


def verified(path: str) -> Json:
    """How often `dubi log verify` goes over the log: each statement that scans it, and what others search of it."""
    said: list[str] = []
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened = connect(*arguments, **options)
        opened.set_trace_callback(said.append)
        return opened

    sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment]  # counted for one run
    sys.argv = ["dubi", "log", "verify", "--store", f"sqlite:///{path}"]
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        run()
    store = connect(path)
    (lines,) = store.execute("SELECT count(*) FROM changes").fetchone()
    passes, scans = 0.0, 0
    for statement in said:
        if not (statement.lstrip().upper().startswith(("SELECT", "WITH")) and "changes" in statement):
            continue
        plan = [str(row[3]) for row in store.execute(f"EXPLAIN QUERY PLAN {statement}")]
        if any(step.startswith("SCAN changes") for step in plan):
            scans += 1
        else:
            (found,) = store.execute(f"SELECT count(*) FROM ({statement})").fetchone()  # noqa: S608  # what was traced
            passes += found / lines
    return {"passes": passes + scans, "scans": scans, "lines": lines, "statements": len(said)}


def reading(url: str, severities: list[str]) -> Json:
    """Where the time goes between a store and its overdue list: reading alone, then reading and judging."""
    from cases.store.frames import stored_cases
    from desk.sweeping.store_sweep import results, sweep_store
    from engine.sweep.evaluator import facts_needed

    ruleset = load_ruleset()
    facts = facts_needed(ruleset, severities)
    start = time.perf_counter()
    rows = sum(batch.cases.height for batch in stored_cases(url, facts))
    reading = time.perf_counter() - start
    start = time.perf_counter()
    for swept in results(url, ruleset, AS_OF, severities):
        swept.findings.collect()
    judging = time.perf_counter() - start
    start = time.perf_counter()
    found = sweep_store(url, AS_OF, severities)
    whole = time.perf_counter() - start
    return {
        "rows": rows,
        "facts": len(facts),
        "reading": reading,
        "judging": judging,
        "whole": whole,
        "findings": found.findings.height,
        "peak": peak_megabytes(),
    }
