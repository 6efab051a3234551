"""What a measurement was made on, and how a process is measured."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def peak_megabytes() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of the first run, and the medians of those that followed: by the clock, and of work of all processors."""

    first: float
    median: float
    cpu: float
    runs: int


@dataclass(slots=True)
class Watch:
    """Times runs of the same thing: by the clock, and by the work of all processors, hardly moved by other programs."""

    spans: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def time(self, run: Callable[[], Any]) -> Any:
        """Run once, and give what comes out."""
        start, worked = time.perf_counter(), time.process_time()
        outcome = run()
        self.busy.append(time.process_time() - worked)
        self.spans.append(time.perf_counter() - start)
        return outcome

    def timed(self) -> Timed:
        """What was seen."""
        later, worked = self.spans[1:] or self.spans, self.busy[1:] or self.busy
        return Timed(self.spans[0], statistics.median(later), statistics.median(worked), len(self.spans))


def timed(run: Callable[[], Any], rounds: int) -> Timed:
    """Run something so many times."""
    watch = Watch()
    for _ in range(rounds):
        watch.time(run)
    return watch.timed()


@dataclass(frozen=True, slots=True)
class Command:
    """A command run as a whole process: seconds by the clock and of work, peak memory, and what it printed."""

    seconds: float
    cpu: float
    megabytes: float
    exit_code: int
    lines: int
    said: str
    """The end of what it wrote to stderr."""


def command(
    arguments: Sequence[str | Path], environment: Mapping[str, str] | None = None, place: Path = ROOT
) -> Command:
    """Run a command to its end, waiting for this one process alone so that its memory is its own.

    Who calls has to be small itself: until the command's program is loaded it counts as a part of its caller. Python
    keeps what it compiled, as it does for users, also where whoever measures tells it not to.
    """
    told = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=place,
            env={**told, **(environment or {})},
        )
        assert process.stdout is not None
        lines = sum(1 for _ in process.stdout)
        _, status, usage = os.wait4(process.pid, 0)
        span = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - 400))
        said = errors.read().decode("utf-8", "replace").strip()
    worked = usage.ru_utime + usage.ru_stime
    return Command(span, worked, usage.ru_maxrss / 1024, process.returncode, lines, said)


def _after(file: str, word: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return "?"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(word)), "?")


def machine() -> str:
    """The processor, the cores that may be used, and the memory."""
    memory = _after("/proc/meminfo", "MemTotal").removesuffix(" kB")
    gigabytes = f"{int(memory) / 1024**2:.0f} GB" if memory.isdecimal() else "? memory"
    cores = len(os.sched_getaffinity(0))
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{_after('/proc/cpuinfo', 'model name')}, {cores} cores, {gigabytes}; {system}"


def versions(packages: Iterable[str]) -> str:
    """The versions of packages, those that are installed."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} –")
    return ", ".join(found)


def commit() -> str:
    """The commit measured, and whether files differ from it."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return (head.stdout.strip() or "?") + (" with uncommitted changes" if changed.stdout.strip() else "")


def load() -> str:
    """How busy the machine is: runnable processes on average, over 1, 5 and 15 minutes."""
    return " ".join(f"{part:.2f}" for part in os.getloadavg())


def note(text: str) -> None:
    """Say on stderr what is being measured."""
    print(text, file=sys.stderr, flush=True)
