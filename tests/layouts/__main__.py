"""`python -m tests.layouts --files 20000`: measure, print, and end with 1 where it falls short."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.layouts.making import Layout
from tests.layouts.measuring import measure


def main() -> int:
    """Measure, print, and end with 1 where a row is wrong or too few are right."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    traits: dict[str, Counter[str]] = {}

    def told(one: Layout, found: Counter[str]) -> None:
        for trait in one.traits or ["plain"]:
            traits.setdefault(trait, Counter()).update(found)
        if asked.show and found["wrong"]:
            sys.stdout.write(f"wrong in list {one.number}: {one.traits} {dict(found)}\n")

    everything, once = measure(range(asked.files), told)
    for name, counted in (("all", everything), ("each meaning once", once), *sorted(traits.items())):
        total = max(1, counted.total())
        shares = ", ".join(
            f"{kind} {100 * counted[kind] / total:.2f} %" for kind in ("right", "asked", "refused", "wrong")
        )
        sys.stdout.write(f"{name}: {counted.total()} rows, {shares}" + "\n")
    total = once.total()
    good = not everything["wrong"] and once["right"] >= 0.9 * total and once["asked"] <= 0.05 * total
    return 0 if good else 1


sys.exit(main())
