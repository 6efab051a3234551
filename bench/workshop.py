"""Where whole commands are measured: a folder with the stores and files that they work on, each made once."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import AS_OF
from bench.machine import ROOT, Command, command, note

DUBI = ROOT / ".venv" / "bin" / "dubi"
PYTHON = ROOT / ".venv" / "bin" / "python"
DAY = ("--as-of", str(AS_OF))
WRITTEN = 200
"""About so many cases of every store are written to through the door."""

Json = dict[str, Any]
Line = Sequence[str | Path]


class NotMeasured(Exception):
    """Why something has no figure."""

    def __init__(self, why: str) -> None:
        super().__init__(why.replace(str(ROOT), "…"))  # the page names no place on this machine


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
    small: int
    """Cases of a cell's store, which others are held against."""
    middle: int
    """Cases of a large store that lists are made of, and rows of the files."""
    large: int
    """Cases of the largest store."""
    growing: tuple[int, ...]
    """Cases of the stores by which growth is told, ascending."""
    growing_files: tuple[int, ...]
    live: int
    figures: tuple[int, ...]
    rounds: int
    """Runs of what takes a fraction of a second."""
    patience: float
    """Seconds after which no further round of the same commands is begun."""


@dataclass
class Spent:
    """What a command took in all its rounds."""

    runs: list[Command] = field(default_factory=list)

    @property
    def clock(self) -> float:
        """The median by the clock."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def work(self) -> float:
        """The median of the processors' work."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def memory(self) -> float:
        """The most that any run held, in megabytes."""
        return max(run.megabytes for run in self.runs)

    def against(self, other: Spent) -> tuple[float, float]:
        """How many times the other's: by the clock, by work."""
        return self.clock / other.clock, self.work / other.work


@dataclass
class Workshop:
    """A folder, and what is measured in it."""

    sizes: Sizes
    folder: Path
    made: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Where commands find a home of their own."""
        return {"DUBI_HOME": str(self.folder / "home"), "DUBI_USER": "bench"}

    def child(self, name: str, threads: int = 0, **arguments: Any) -> Json:
        """What a measurement of `bench.measures` says, in a process of its own, all its threads pinned if told so."""
        note(f"{name} {arguments}" + (f", {threads} thread(s)" if threads else ""))
        done = subprocess.run(
            [sys.executable, "-m", "bench.measures", name, json.dumps(arguments)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            env={**os.environ, **self.environment, **(pinned(threads) if threads else {})},
        )
        if done.returncode:
            raise NotMeasured(f"“{name}” failed: {_last(done.stderr)}")
        found: Json = json.loads(done.stdout.splitlines()[-1])
        return found

    def in_turns(
        self,
        lines: Mapping[str, Callable[[int], Line]],
        rounds: int,
        *,
        accepted: Sequence[int] = (0, 1),
        before: Callable[[str], None] | None = None,
    ) -> dict[str, Spent]:
        """Commands in turns, so that whatever else the machine does meets them alike; each line made for its round."""
        found = {name: Spent() for name in lines}
        start = time.perf_counter()
        for number in range(rounds):
            if number and time.perf_counter() - start > self.sizes.patience:
                break
            for name, line in lines.items():
                if before:
                    before(name)
                found[name].runs.append(self.ran(line(number), accepted))
        note(", ".join(f"{name}: {spent.clock:.2f} s" for name, spent in found.items()))
        return found

    def ran(self, line: Line, accepted: Sequence[int] = (0, 1), place: Path = ROOT) -> Command:
        """One run of a command; it must end with one of the accepted exit codes."""
        done = command(line, self.environment, place)
        if done.exit_code not in accepted:
            told = " ".join(str(part).rpartition("/")[2] for part in line)
            raise NotMeasured(f"“{told}” ended with {done.exit_code}: {_last(done.said)}")
        return done

    def store(self, size: int) -> str:
        """The URL of a store with so many cases: come in through the door where that takes no quarter of an hour."""
        return self.imported(size) if size in (self.sizes.small, *self.sizes.growing_files) else self.filled(size)

    def filled(self, size: int) -> str:
        """The URL of a store whose cases were put in past the door, and a large one with some writes through it."""
        return self._made("filled", size, self._fill)

    def imported(self, size: int) -> str:
        """The URL of a store whose cases all came in through the door, from a file, with a log and some history."""
        return self._made("imported", size, self._import)

    def workbook(self, size: int) -> str:
        """A workbook of so many cases, as our own export writes it."""
        return self._made("workbook", size, self._export)

    def _made(self, kind: str, size: int, make: Callable[[int], str]) -> str:
        if (kind, size) not in self.made:
            note(f"making: {kind}, {size} cases")
            self.made[kind, size] = make(size)
        return self.made[kind, size]

    def _fill(self, size: int) -> str:
        path = self.folder / f"filled-{size}.sqlite"
        self.child("fill", path=str(path), size=size)
        if size == self.sizes.large:
            self.touched(f"sqlite:///{path}", size)
        return f"sqlite:///{path}"

    def touched(self, url: str, size: int) -> None:
        """Some writes through the door: a step and a correction that leaves a past, each of many cases."""
        people = self.folder / "people.csv"
        codes = [f"HS-{number:07}" for number in range(0, size, max(1, size // WRITTEN))]
        people.write_text("\n".join(["Mã hồ sơ", *codes]), encoding="utf-8")
        since = (*DAY, "--confirm", "--store", url)
        self.ran([DUBI, "record", "--cases", people, "announced_on", "--on", "2025-03-01", *since], (0,))
        self.ran(
            [DUBI, "correct", "--cases", people, "Nghề nghiệp=Lực lượng vũ trang", "--since", "2025-01-15", *since],
            (0,),
        )

    def _export(self, size: int) -> str:
        path = self.folder / f"{size}.xlsx"
        self.ran(self.exporting(size, path), (0,))
        return str(path)

    def exporting(self, size: int, path: Path) -> Line:
        """The command that writes a workbook of so many cases."""
        return [DUBI, "export", path, "--force", "--with-sensitive", "đo tốc độ", "--store", self.filled(size)]

    def _import(self, size: int) -> str:
        url = self.empty(f"imported-{size}")
        self.ran([DUBI, "import", self.workbook(size), "--apply", "--store", url], (0,))
        self.touched(url, size)
        return url

    def empty(self, name: str) -> str:
        """The URL of a new, empty store; one of that name is thrown away."""
        for old in self.folder.glob(f"{name}.sqlite*"):
            if old.is_file():
                old.unlink()
        url = f"sqlite:///{self.folder / name}.sqlite"
        self.ran([DUBI, "init", "--store", url], (0,))
        return url


def pinned(threads: int) -> dict[str, str]:
    """The variables that hold engines to so many threads."""
    names = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BENCH_THREADS")
    return {name: str(threads) for name in (*names, "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS")}


def _last(text: str) -> str:
    """The last line that says something."""
    return next((line.strip()[:300] for line in reversed(text.splitlines()) if line.strip()), "nothing was said")
