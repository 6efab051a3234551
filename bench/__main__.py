"""`make bench`: measure everything, each measurement in a process of its own, and write bench/RESULTS.md anew.

`make bench QUICK=1` takes small populations, and writes beside it: build/RESULTS-quick.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import AS_OF, results
from bench.machine import ROOT, Command, command, load, note
from bench.pages import first_page, pages

ASKED = {
    "units": ["units", "--as-of", str(AS_OF)],
    "due": ["due", "--as-of", str(AS_OF)],
    "timings": ["timings", "--from", "2024-01-01", "--to", str(AS_OF)],
    "ahead": ["ahead", "--as-of", str(AS_OF), "--meetings", "monthly"],
}
"""What else the largest store that is checked is asked."""
DUBI = ROOT / ".venv" / "bin" / "dubi"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    sweeps: tuple[int, ...]
    columns: int
    """Cases for the peers that work in columns."""
    cases: int
    """Cases for the peers that take one after the other."""
    agree: int
    """Cases on which all peers have to agree first."""
    checks: tuple[int, ...]
    store: int
    live: int
    pages: int
    """Cases of the store whose pages are asked for."""
    figures: tuple[int, ...]
    rounds: int
    """Runs of what takes a fraction of a second."""


FULL = Sizes(
    sweeps=(10_000, 100_000, 1_000_000, 5_000_000),
    columns=1_000_000,
    cases=30_000,
    agree=20_000,
    checks=(1, 1_000, 10_000, 100_000),
    store=1_000_000,
    live=10_000,
    pages=100_000,
    figures=(100_000, 1_000_000),
    rounds=25,
)
QUICK = Sizes(
    sweeps=(10_000, 100_000),
    columns=100_000,
    cases=3_000,
    agree=3_000,
    checks=(1, 1_000, 10_000),
    store=10_000,
    live=1_000,
    pages=10_000,
    figures=(10_000,),
    rounds=5,
)


def measured(name: str, **arguments: Any) -> dict[str, Any]:
    """What a measurement says; a disagreement of the peers ends everything."""
    note(f"{name} {arguments}")
    child = subprocess.run(
        [sys.executable, "-m", "bench.measures", name, json.dumps(arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if child.returncode:
        raise SystemExit(f"“{name}” has failed: no table is written.")
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def runs(arguments: list[str], rounds: int) -> list[Command]:
    """A command run several times."""
    note("dubi " + " ".join(arguments))
    found = [command([DUBI, *arguments]) for _ in range(rounds)]
    if any(one.exit_code for one in found):
        raise SystemExit(f"“dubi {' '.join(arguments)}” has failed: no table is written.")
    return found


def measure(sizes: Sizes) -> dict[str, Any]:
    """Everything, in the order in which it is told."""
    before = load()
    sweeps = {
        rules: [
            measured("sweep", size=size, rules=rules, rounds=4 if size > 1_000_000 else min(sizes.rounds, 12))
            for size in sizes.sweeps
        ]
        for rules in ("contract", "whole")
    }
    peers = measured("peers", column_size=sizes.columns, size=sizes.cases, check_size=sizes.agree, rounds=sizes.rounds)
    figures = [measured("figures", size=size, rounds=3, agree=sizes.agree // 4) for size in sizes.figures]
    live = measured("live", size=sizes.live)
    as_of = ["--as-of", str(AS_OF)]
    help_ = runs(["--help"], 10)
    checks = {}
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    try:
        for size in sizes.checks:
            checks[size] = runs(["check", "--store", _filled(folder, size), *as_of], 3 if size > 10_000 else 8)
        asked = {name: runs([*line, "--store", _filled(folder, sizes.checks[-1])], 3) for name, line in ASKED.items()}
        url = _filled(folder, sizes.store)
        overdue = runs(["check", "--store", url, *as_of, "--only", "overdue"], 4)
        parts = measured("store", url=url, severities=["overdue"])
        note(f"pages of a store of {sizes.pages}")
        opened = first_page(DUBI, _filled(folder, 600), folder / "home", 3)
        desk = pages(DUBI, _filled(folder, sizes.pages), folder / "home", sizes.pages, 8 * sizes.rounds)
    finally:
        shutil.rmtree(folder)
    return {
        "sizes": sizes,
        "load": (before, load()),
        "sweeps": sweeps,
        "peers": peers,
        "figures": figures,
        "live": live,
        "help": help_,
        "checks": checks,
        "asked": asked,
        "overdue": overdue,
        "parts": parts,
        "opened": opened,
        "desk": desk,
    }


def _filled(folder: Path, size: int) -> str:
    """The URL of a new store with so many cases."""
    path = folder / f"{size}.sqlite"
    if not path.exists():
        measured("fill", path=str(path), size=size)
    return f"sqlite:///{path}"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small populations, a minute at most")
    quick = parser.parse_args().quick
    (ROOT / "build").mkdir(exist_ok=True)
    text = results.written(measure(QUICK if quick else FULL), quick=quick)
    place = ROOT / "build" / "RESULTS-quick.md" if quick else ROOT / "bench" / "RESULTS.md"
    place.write_text(text, encoding="utf-8")
    print(text)
    note(f"written to {place.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
