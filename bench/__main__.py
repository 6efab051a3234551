"""`make bench`: measure everything and write bench/RESULTS.md anew; what fails is told in its own row.

`make bench QUICK=1` takes small populations, and writes beside it: build/RESULTS-quick.md. `--only WORD` measures the
parts whose title has that word, and writes there too.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from typing import cast

from bench import results
from bench.commands import files, lists, log, nights, overdue, person, small, writes
from bench.machine import ROOT, load, note
from bench.pages import telling
from bench.tables import beside, single, sweeps, whole_law
from bench.workshop import Sizes, Workshop

PARTS = cast(
    "tuple[results.Part, ...]",
    (files, person, writes, nights, small, beside, whole_law, overdue, lists, log, sweeps, single, telling),
)
"""In the order in which they are measured and told: files first, for others work on the stores that came in by them."""

FULL = Sizes(
    sweeps=(10_000, 100_000, 1_000_000),
    columns=1_000_000,
    cases=30_000,
    agree=20_000,
    small=600,
    middle=100_000,
    large=1_000_000,
    growing=(1_000, 10_000, 100_000, 1_000_000),
    growing_files=(1_000, 10_000, 100_000),
    live=5_000,
    figures=(100_000, 1_000_000),
    rounds=20,
    patience=30.0,
)
QUICK = Sizes(
    sweeps=(10_000, 100_000),
    columns=100_000,
    cases=1_000,
    agree=2_000,
    small=600,
    middle=5_000,
    large=20_000,
    growing=(1_000, 5_000, 20_000),
    growing_files=(500, 1_000),
    live=500,
    figures=(5_000,),
    rounds=5,
    patience=3.0,
)


PROFILES = 1_500
"""Seconds after the start at which no further profile is begun."""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small populations, a minute or two")
    parser.add_argument("--only", default="", help="the parts whose title has this word")
    asked = parser.parse_args()
    start, before = time.monotonic(), load()
    (ROOT / "build").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    shop = Workshop(QUICK if asked.quick else FULL, folder)
    try:
        parts = []
        for part in PARTS:
            if asked.only.casefold() in part.TITLE.casefold():
                parts.append(results.told(part, shop))
                note(f"== {time.monotonic() - start:.0f} s so far")
        why = results.reasons([goal for part in parts for goal in part.goals], shop, start + PROFILES)
    finally:
        shutil.rmtree(folder)
    text = results.written(parts, why, (before, load()), shop.sizes.growing_files[-1], quick=asked.quick)
    whole = not asked.quick and not asked.only
    place = ROOT / "bench" / "RESULTS.md" if whole else ROOT / "build" / "RESULTS-quick.md"
    place.write_text(text, encoding="utf-8")
    print(text)
    note(f"written to {place.relative_to(ROOT)} after {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
