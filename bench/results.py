"""The page bench/RESULTS.md: all goals in one table, why some were missed, then what the figures rest on."""

from __future__ import annotations

import datetime as dt
import pstats
import subprocess
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bench import AS_OF
from bench.machine import ROOT, commit, machine, note, versions
from bench.workshop import NotMeasured, Workshop
from bench.writing import GOALS, Goal, Told, seconds, table

PACKAGES = (
    *("polars", "narwhals", "durable-rules", "numpy", "OpenFisca-Core", "duckdb", "zen-engine", "rule-engine"),
    *("sqlalchemy", "typer", "sqlite-utils", "beancount"),
)
PROFILED = 8
"""So many functions are told of a goal that was missed."""
TOLD_OF = ("polars", "sqlalchemy", "sqlmodel", "pydantic", "xlsxwriter", "openpyxl", "python_calamine", "rich", "yaml")
"""The libraries whose functions are told of."""
OWN = tuple(f"{ROOT}/{package}/" for package in ("cases", "cli", "desk", "engine", "reports", "rules", "web"))

HEAD = """\
# Measurements

Written by `{command}` on {today:%d/%m/%Y}, commit {commit}.{warning}

- Machine: {machine}.
- Load average (1, 5, 15 minutes) before: {before}; after: {after}.
  What else runs on the machine is in every time below; within one table the ratios count.
- Versions: {versions}.
- Cases are invented (`bench/population.py`, thousands of names), seen as of {as_of:%d/%m/%Y}; one has about ten dated
  steps. Stores of up to {imported} cases came in through the door (a workbook, imported: with log and receipts), larger
  ones were filled past it; both got some hundred writes through the door after that, with log and history.
- Figures are medians (inside a process: of the runs after the first), ratios are of medians; what is compared ran in
  turns. “First” is the first run, with everything that is made once. “Processor” is what all processors together worked
  for a run: other programs move it less. Goals count by the clock; “by processor yes” says that a quiet machine would
  reach one. Memory is the peak of the whole process.

## Goals: {reached} of {goals} reached
"""
WHY = """\
## Why some were missed

What was missed, run once more under the profiler (which makes calls dearer than they are): the functions in which most
of the time was spent, each with all that it called; of a chain of calls the innermost.
"""


class Part(Protocol):
    """What a module that measures offers."""

    TITLE: str
    WANTED: Sequence[str]

    def measured(self, shop: Workshop) -> Told:
        """Measure, and tell."""


def told(part: Part, shop: Workshop) -> Told:
    """What a part says; one that fails says that, and leaves the others alone."""
    note(f"== {part.TITLE}")
    try:
        return part.measured(shop)
    except Exception as failed:  # noqa: BLE001  # a measurement that fails must not throw away the others
        if not isinstance(failed, NotMeasured):
            note(traceback.format_exc())
        why = f"{'' if isinstance(failed, NotMeasured) else type(failed).__name__ + ': '}{failed}"[:500]
        goals = [Goal(wanted, "", why.replace("|", "/").replace("\n", " ")) for wanted in part.WANTED]
        return Told(goals, [f"## {part.TITLE}\n\nNot measured: {why}\n"])


def reasons(goals: Sequence[Goal], shop: Workshop, until: float) -> list[str]:
    """For each goal that was missed, the functions that took the time; one command is profiled once.

    None is begun after ``until``, of the clock that only grows.
    """
    missed: dict[tuple[str, ...], list[str]] = {}
    for goal in goals:
        if goal.reached is False and goal.profiled:
            missed.setdefault(goal.profiled, []).append(goal.wanted)
    if not missed:
        return []
    return [WHY, *(f"### {'; '.join(wanted)}\n\n{_profile(line, shop, until)}" for line, wanted in missed.items())]


def _profile(line: Sequence[str], shop: Workshop, until: float) -> str:
    """The table of the functions in which a command spends its time."""
    if time.monotonic() > until:
        return "No profile: the time was up.\n"
    note(f"profile: {' '.join(line)[:150]}")
    out = shop.folder / "profile"
    python = ROOT / ".venv" / "bin" / "python"
    rest = list(line[1:]) if "python" in Path(line[0]).name else list(line)
    under = [line[0] if rest != list(line) else str(python), "-m", "cProfile", "-o", str(out), *rest]
    try:
        with (shop.folder / "profiled").open("w") as said:
            environment = {**shop.environment, "PATH": "/usr/bin:/bin"}
            subprocess.run(under, stdout=said, stderr=said, cwd=ROOT, env=environment, check=False, timeout=240)
        stats = pstats.Stats(str(out))
    except (subprocess.TimeoutExpired, OSError, TypeError, ValueError) as failed:
        return f"No profile: {failed}\n"
    finally:
        out.unlink(missing_ok=True)
    whole, entries = _entries(stats)
    rows = [(name, seconds(spent), f"{spent / whole:.0%}", f"{calls:,}") for spent, calls, name in entries[:PROFILED]]
    return table(("function", "with what it called", "of all", "calls"), rows)


def _entries(stats: pstats.Stats) -> tuple[float, list[tuple[float, int, str]]]:
    """The whole time, and where it went: time, calls, name; of functions that only call one another the innermost."""
    raw: dict[tuple[str, int, str], Any] = stats.stats  # type: ignore[attr-defined]  # what the module does not tell of
    whole: float = stats.total_tt  # type: ignore[attr-defined]  # what the module does not tell of
    spans = sorted(((spent, calls, _called(*key)) for key, (_, calls, _, spent, _) in raw.items()), reverse=True)
    ours = [one for one in spans if one[2]]
    kept = [one for one, inner in zip(ours, [*ours[1:], (0.0, 0, "")], strict=True) if inner[0] < 0.96 * one[0]]
    return whole or 1.0, kept


def _called(file: str, line: int, name: str) -> str:
    """How a function is told of: ours with its place, the loading of modules, and what ours call in libraries."""
    if file.startswith(OWN):
        return "" if name.startswith("<") else f"`{name}` {file.removeprefix(f'{ROOT}/')}:{line}"
    if file.startswith("<frozen importlib"):
        return "loading modules" if name == "_find_and_load" else ""
    if file == "~":
        return f"`{name.strip('<>')}`" if "sqlite3" in name or "polars" in name or "Py" in name else ""
    package = file.partition("site-packages/")[2].partition("/")[0]
    return f"`{name}` of {package}" if package in TOLD_OF else ""


def written(parts: Sequence[Told], why: Sequence[str], loads: tuple[str, str], imported: int, *, quick: bool) -> str:
    """The whole page."""
    goals = [goal for part in parts for goal in part.goals]
    head = HEAD.format(
        command=f"make bench{' QUICK=1' if quick else ''}",
        warning=" A quick look at small populations; the goals are for large ones." if quick else "",
        today=dt.date.today(),
        commit=commit(),
        machine=machine(),
        before=loads[0],
        after=loads[1],
        versions=versions(PACKAGES),
        as_of=AS_OF,
        imported=f"{imported:,}",
        reached=sum(goal.reached is True for goal in goals),
        goals=len(goals),
    )
    text = [line for part in parts for line in part.text]
    return "\n".join([head, table(GOALS, [goal.row for goal in goals]), *why, *text])
