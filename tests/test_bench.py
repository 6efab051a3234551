"""The benchmark compares like with like: every peer finds what we find, and nearly every rule meets somebody."""

from __future__ import annotations

import datetime as dt
import importlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ENGINES = {"numpy_by_hand": "numpy", "fused_c": "numpy", "openfisca": "openfisca_core", "duckdb_sql": "duckdb"}
ENGINES |= {"rule_engine_peer": "rule_engine", "zen_engine_peer": "zen"}
"""What must be installed for those peers that need more than we do; `make bench` has an environment with all."""
DAYS = (dt.date(2025, 3, 31), dt.date(2025, 9, 30), dt.date(2026, 9, 30))
"""Days on which, together, every one of the ten rules has findings."""


@pytest.mark.parametrize("module", ["polars_by_hand", "plain_python", *ENGINES])
def test_peers_find_what_we_find(module: str) -> None:
    """Whose finding, by which rule, due when: equal on three days, and every rule holds for somebody."""
    if module in ENGINES:
        pytest.importorskip(ENGINES[module])
        pytest.importorskip("numpy")
    if module == "fused_c" and not shutil.which("cc"):
        pytest.skip("no C compiler here")
    peer, seen = importlib.import_module("bench.peers").peer(module), set[str]()
    for day in DAYS:
        cases, law, ours = _ours(day)
        assert _said(peer, peer.prepare(cases, law)()) == ours
        seen |= {rule for _, rule, _ in ours}
    assert seen == set(importlib.import_module("bench.law").RULES)


@cache
def _ours(day: dt.date) -> tuple[Any, Any, set[tuple[str, str, dt.date]]]:
    """Cases, the tables of the law on a day, and what we find."""
    law, peer = importlib.import_module("bench.law"), importlib.import_module("bench.peers").peer("dubi")
    cases, tables = law.cases(5_000), law.Law.on(day)
    return cases, tables, _said(peer, peer.prepare(cases, tables)())


def _said(peer: Any, outcome: object) -> set[tuple[str, str, dt.date]]:
    return set(peer.findings(outcome).select("case", "rule", "due").iter_rows())


def test_nearly_every_rule_meets_somebody() -> None:
    """Of the population with every recorded fact: a column for each of them, and at least 95 rules fire."""
    full, sweep = importlib.import_module("bench.all_facts"), importlib.import_module("engine.sweep.evaluator")
    ruleset = importlib.import_module("engine.ruleset").load_ruleset()
    cases = full.all_facts(full.DIFFERENT)
    assert {fact.name for fact in full.facts_recorded()} <= set(cases.columns)
    found = sweep.SweepEvaluator(ruleset).evaluate(cases, DAYS[0]).findings.collect()
    assert found["rule"].n_unique() >= 95


def test_growth_is_the_slope_of_the_logarithms() -> None:
    """Time that grows with the square of the size has the exponent 2; the smallest size is left out."""
    showing = importlib.import_module("bench.commands.showing")
    assert showing.exponent({1: 5.0, **{size: size**2 / 7 for size in (10, 100, 500)}}) == pytest.approx(2)


def test_a_measurement_that_fails_says_so_in_its_rows() -> None:
    """Each of its goals has a row that says why it was not measured, and nothing else is lost."""
    results = importlib.import_module("bench.results")

    def measured(_: object) -> object:
        raise OSError("no | compiler")

    told = results.told(SimpleNamespace(TITLE="A part", WANTED=("this", "that"), measured=measured), object())
    assert [goal.wanted for goal in told.goals] == ["this", "that"]
    assert {goal.answer for goal in told.goals} == {"not measured"}
    assert "no / compiler" in results.written([told], [], ("0", "0"), 1, quick=True)


def test_whoever_measures_commands_is_small() -> None:
    """A process counts as a part of its caller until its program is loaded: nothing heavy is loaded there."""
    looked = (
        "import bench.__main__, sys; print([name for name in ('polars', 'numpy', 'engine') if name in sys.modules])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"
