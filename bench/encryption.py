"""`dubi check` of a store encrypted and plain, each a process of its own, in turns: `python -m bench.encryption`.

The same store, copied and encrypted; the passphrase is opened anew by every run, as a command does. Told in
bench/ENCRYPTION.md: seconds by the clock and of work of the processor, the best and the middle of the rounds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from bench import AS_OF
from bench.machine import ROOT, Command, command, load, note
from bench.stores import fill
from cases.store.keys.wrapping import new_code
from desk.keeping.encryption import encrypt

DUBI = ROOT / ".venv" / "bin" / "dubi"
PASSPHRASE = "nắng mưa gió bão lụt"  # noqa: S105  # of invented people, for as long as this runs
TOLD = ROOT / "bench" / "ENCRYPTION.md"
LIMIT = 1.5
"""So many times a plain store's seconds an encrypted one's may take."""


def measure(cases: int, rounds: int, folder: Path) -> str:
    """Fill, encrypt and ask; gives what is told."""
    before = load()
    plain, closed = folder / "plain" / "dubi.sqlite", folder / "encrypted" / "dubi.sqlite"
    plain.parent.mkdir()
    closed.parent.mkdir()
    note(f"a store of {cases} cases")
    fill(plain, cases)
    shutil.copyfile(plain, closed)
    start = time.perf_counter()
    encrypt(f"sqlite:///{closed}", PASSPHRASE, new_code(), "rewrite")
    spent = time.perf_counter() - start
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    os.environ |= {"DUBI_KEY_FILE": str(passphrase), "DUBI_HOME": str(folder / "home")}
    runs: dict[Path, list[Command]] = {plain: [], closed: []}
    for number in range(rounds):
        note(f"round {number + 1}")
        for store, seen in runs.items():
            seen.append(command([DUBI, "check", "--store", store, "--as-of", str(AS_OF)]))
    assert len({(run.exit_code, run.lines) for seen in runs.values() for run in seen}) == 1
    return _written(cases, plain.stat().st_size, spent, runs[plain], runs[closed], (before, load()))


def _written(
    cases: int, size: int, spent: float, plain: list[Command], closed: list[Command], loads: tuple[str, str]
) -> str:
    said = (
        f"`dubi check`, {cases} cases, {len(plain)} rounds in turns; the passphrase is opened by every run. Encrypting "
        f"the store ({size / 1e6:.0f} MB) took {spent:.1f} s. Load before: {loads[0]}; after: {loads[1]}."
    )
    lines = ["# A store encrypted and plain", "", "Written by `python -m bench.encryption`.", "", said, ""]
    lines += ["| | plain | encrypted | times |", "| --- | --: | --: | --: |"]
    ratios = []
    for name, of in (("seconds by the clock", "seconds"), ("seconds of work", "cpu")):
        for which, taken in (("best", min), ("middle", statistics.median)):
            one, other = (taken([getattr(run, of) for run in seen]) for seen in (plain, closed))
            ratios.append(other / one)
            lines.append(f"| {name}, {which} | {one:.2f} | {other:.2f} | {other / one:.2f} |")
    held = "held" if ratios[0] <= LIMIT else "missed"
    return "\n".join([*lines, "", f"At most {LIMIT} times by the clock, of the best: {held}.", ""])


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
        text = measure(asked.cases, asked.rounds, Path(folder))
    TOLD.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
