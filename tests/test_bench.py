"""The benchmark compares like with like: every peer finds what we find."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest

ENGINES = {"numpy_by_hand": "numpy", "openfisca": "openfisca_core", "rule_engine_peer": "rule_engine"}
ENGINES |= {"zen_engine_peer": "zen"}
"""What must be installed for those peers that need more than we do; `make bench` has an environment with all."""
DAYS = (dt.date(2025, 3, 31), dt.date(2025, 9, 30), dt.date(2026, 9, 30))
"""Days on which, together, every one of the ten rules has findings."""


@pytest.mark.parametrize("module", ["polars_by_hand", "plain_python", *ENGINES])
def test_peers_find_what_we_find(module: str) -> None:
    """Whose finding, by which rule, due when: equal on three days, and every rule holds for somebody."""
    if module in ENGINES:
        pytest.importorskip(ENGINES[module])
    law, peers = importlib.import_module("bench.law"), importlib.import_module("bench.peers")
    cases = law.cases(5_000)
    seen = set[str]()
    for day in DAYS:
        found = []
        for name in ("dubi", module):
            peer = peers.peer(name)
            frame = peer.findings(peer.prepare(cases, law.Law.on(day))())
            found.append(set(frame.select("case", "rule", "due").iter_rows()))
        assert found[0] == found[1]
        seen |= {rule for _, rule, _ in found[0]}
    assert seen == set(law.RULES)


def test_growth_is_the_slope_of_the_logarithms() -> None:
    """Time that grows with the square of the size has the exponent 2; the smallest size is left out."""
    results = importlib.import_module("bench.results")
    sweeps = [{"size": 1, "best": 5.0}, *({"size": size, "best": size**2 / 7} for size in (10, 100, 500))]
    assert results.exponent(sweeps) == pytest.approx(2)
