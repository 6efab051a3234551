"""The measurements as the page bench/RESULTS.md: the goals one by one, then the tables they rest on."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

from bench import AS_OF
from bench.machine import Command, commit, machine, versions
from bench.pages_told import desk_told, page_goals
from bench.writing import Goal, count, megabytes, rate, seconds, table

PACKAGES = (
    *("polars", "narwhals", "durable-rules", "numpy", "OpenFisca-Core", "zen-engine", "rule-engine"),
    *("sqlalchemy", "typer"),
)


HEAD = """\
# Measurements

Written by `{command}` on {today:%d/%m/%Y}, commit {commit}.{warning}

- Machine: {machine}.
- Load average (1, 5, 15 minutes) before: {before}; after: {after}.
  What else runs on the machine is in every time below; within one table the ratios count.
- Versions: {versions}.
- Cases are invented (`bench/population.py`) and seen as of {as_of:%d/%m/%Y}; one has about ten dated steps.
- “First” is the first run in a fresh process, with everything that is made once; “best” is the best of those that
  follow. “CPU” is the least time that all processors together worked for a run: other programs move it less.
  Goals count by the clock; “by CPU yes” says that a machine of our own would reach one. Memory is the peak of the
  whole process.

## Goals: {reached} of {goals} reached
"""
SWEEP = """\
## The sweep: from a frame in memory to the frame of all findings

A finding has the case with name and unit, rule, severity, due day, days late, who holds it up, document, clause and
certainty; what cannot be decided is listed as well. The rules of the contract are those that scripts rely on.
"""
PEERS = """\
## Side by side

The same ten rules (eight on recognition, two on the limits of admission), in turns in one process. Each peer
(`bench/peers/`) gets the cases in the form it likes best, untimed, and the same tables of working days and of the law's
values by date; what is timed ends with the list of findings (case, rule, due day). Ours says all the rest of a finding
as well, and what cannot be decided. OpenFisca-core and numpy use one core; zen-engine (in batches), Polars and we use
all. As of {day:%d/%m/%Y}; slow peers get fewer cases, the rates are per second.

Before anything was timed, all gave the same findings on {checked} cases as of {days},
else there would be no table; and those in columns gave the same on all the cases of the table.
"""
STORE = """\
## From a store to the overdue list

SQLite, {rows} cases with about ten steps each; `dubi check --only overdue` as a whole process, {findings} findings.
"""
PARTS = """\
Where the time goes, measured inside another process: reading the {facts} facts that the rules rest on, alone,
{reading}; reading and judging side by side {judging}; with the list of findings in order {whole}. What the command does
besides (start, sentences, printing) is the rest.
"""
COMMANDS = """\
## Whole commands

From the start of the process to its end, the whole law, everything printed into a pipe.
"""
LIVE = """\
## One case live

durable-rules, {size} cases one after the other; the first tenth is left out of the percentiles.
"""
FIGURES = """\
## Statistics

All {indicators} indicators of a period, for everything and for each of {units} units, counted over columns from a frame
in memory. On {agree} cases they were first held against the figures counted one member after the other.
"""


def exponent(sweeps: Sequence[dict[str, Any]], time: str = "best") -> float:
    """The slope of time over size, both as logarithms, through all but the smallest of more than two sizes."""
    points = [(math.log(one["size"]), math.log(one[time])) for one in sweeps]
    points = points[1:] if len(points) > 2 else points
    across = sum(x for x, _ in points) / len(points)
    up = sum(y for _, y in points) / len(points)
    return sum((x - across) * (y - up) for x, y in points) / sum((x - across) ** 2 for x, _ in points)


def best(commands: Sequence[Command]) -> float:
    """The least time of the later runs."""
    return min(one.seconds for one in commands[1:] or commands)


def worked(commands: Sequence[Command]) -> float:
    """The least work of the processors for a run."""
    return min(one.cpu for one in commands)


def most(commands: Sequence[Command]) -> float:
    """The most memory that any run took."""
    return max(one.megabytes for one in commands)


def speed(peer: dict[str, Any]) -> float:
    """Cases a second in the best run."""
    return float(peer["size"] / peer["best"])


def work(peer: dict[str, Any]) -> float:
    """Processor seconds a case in the best run."""
    return float(peer["cpu"] / peer["size"])


def goals(found: dict[str, Any]) -> list[Goal]:
    """Every goal with its figure."""
    contract = max(found["sweeps"]["contract"], key=lambda one: one["size"] if one["size"] <= 1_000_000 else 0)
    swept = contract["size"] / contract["best"]
    peers = {peer["name"]: peer for peer in found["peers"]["peers"]}
    ours = peers["Dubi (sweep)"]
    times = {name: speed(ours) / speed(peer) for name, peer in peers.items()}
    by_work = {name: work(peer) / work(ours) for name, peer in peers.items()}
    overdue = found["overdue"]
    store, memory = best(overdue), most(overdue)
    growth = {rules: exponent(sweeps) for rules, sweeps in found["sweeps"].items()}
    work_grows = {rules: exponent(sweeps, "cpu") for rules, sweeps in found["sweeps"].items()}
    judged, explained = found["live"]["judged"], found["live"]["explained"]
    check, help_ = found["checks"][1_000], found["help"]
    hand, fisca, zen = "Polars by hand", "OpenFisca-core", "zen-engine"
    return [
        Goal(
            "sweep by the rules of the contract: 2 M cases/s",
            rate(swept),
            swept >= 2e6,
            contract["size"] / contract["cpu"] >= 2e6,
        ),
        Goal(
            "as fast as OpenFisca-core on the same rules",
            f"{times[fisca]:.1f} × as fast ({by_work[fisca]:.1f} × by CPU)",
            times[fisca] >= 1,
            by_work[fisca] >= 1,
        ),
        Goal(
            "100 × as fast as zen-engine on the same rules",
            f"{times[zen]:.0f} × as fast ({by_work[zen]:.0f} × by CPU)",
            times[zen] >= 100,
            by_work[zen] >= 100,
        ),
        Goal(
            "within 2 × of Polars by hand",
            f"{1 / times[hand]:.1f} × its time ({1 / by_work[hand]:.1f} × its CPU)",
            times[hand] >= 0.5,
            by_work[hand] >= 0.5,
        ),
        Goal(
            f"store of {count(found['sizes'].store)} cases → overdue list, the whole process: 10 s and 1.5 GB",
            f"{seconds(store)} ({seconds(worked(overdue))} CPU), {memory / 1024:.2f} GB",
            store <= 10 and memory <= 1536,
            worked(overdue) <= 10 and memory <= 1536,
        ),
        Goal(
            "growth with size: exponent 1.05",
            f"{growth['contract']:.2f} contract ({work_grows['contract']:.2f} CPU), "
            f"{growth['whole']:.2f} whole law ({work_grows['whole']:.2f} CPU)",
            max(growth.values()) <= 1.05,
            max(work_grows.values()) <= 1.05,
        ),
        _milliseconds("one case live, warm: 2 ms (p50)", judged, 2),
        _milliseconds("one case live with its explanation: 5 ms (p50)", explained, 5),
        _within("`dubi check` on a store of 1,000 cases, the whole process: 1.0 s", check, 1),
        _within("`dubi --help`, the whole process: 0.3 s", help_, 0.3),
        *page_goals(found["desk"], found["opened"]),
        *(_beside_check(name, found) for name in ("units", "due")),
    ]


def _beside_check(name: str, found: dict[str, Any]) -> Goal:
    size, check = list(found["checks"].items())[-1]
    ratio, by_work = (part(found["asked"][name]) / part(check) for part in (best, worked))
    wanted = f"`dubi {name}` on a store of {count(size)}: 1.2 × `dubi check`"
    return Goal(wanted, f"{ratio:.2f} × ({by_work:.2f} × by CPU)", ratio <= 1.2, by_work <= 1.2)


def _milliseconds(wanted: str, live: dict[str, float], limit: float) -> Goal:
    measured = f"{live['p50']:.2f} ms ({live['cpu']:.2f} ms CPU)"
    return Goal(wanted, measured, live["p50"] <= limit, live["cpu"] <= limit)


def _within(wanted: str, commands: Sequence[Command], limit: float) -> Goal:
    measured = f"{seconds(best(commands))} ({seconds(worked(commands))} CPU)"
    return Goal(wanted, measured, best(commands) <= limit, worked(commands) <= limit)


def written(found: dict[str, Any], *, quick: bool) -> str:
    """The whole page."""
    told = goals(found)
    head = HEAD.format(
        command=f"make bench{' QUICK=1' if quick else ''}",
        warning=" A quick look at small populations; the goals are for large ones." if quick else "",
        today=dt.date.today(),
        commit=commit(),
        machine=machine(),
        before=found["load"][0],
        after=found["load"][1],
        versions=versions(PACKAGES),
        as_of=AS_OF,
        reached=sum(goal.reached for goal in told),
        goals=len(told),
    )
    rows = [(goal.wanted, goal.measured, goal.answer) for goal in told]
    parts = [
        head,
        table(("goal", "measured", "reached"), rows),
        *_sweeps(found["sweeps"]),
        *_peers(found["peers"]),
        *_store(found),
        *_commands(found),
        *_live(found["live"]),
        *desk_told(found["desk"], found["opened"]),
        *_figures(found["figures"]),
    ]
    return "\n".join(parts)


def _spans(one: dict[str, Any]) -> tuple[str, str, str]:
    return seconds(one["first"]), seconds(one["best"]), seconds(one["cpu"])


def _process(commands: Sequence[Command]) -> tuple[str, ...]:
    spans = (commands[0].seconds, best(commands), worked(commands))
    return *map(seconds, spans), megabytes(most(commands))


def _sweeps(sweeps: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    titles = {"contract": "contract", "whole": "whole law"}
    titles = {rules: f"{title}, {sweeps[rules][0]['rules']}" for rules, title in titles.items()}
    rows = [
        (
            *(titles[rules], count(one["size"]), *_spans(one), rate(one["size"] / one["best"])),
            *(count(one["findings"]), count(one["unknown"]), megabytes(one["peak"]), megabytes(one["before"])),
        )
        for rules, many in sweeps.items()
        for one in many
    ]
    yield SWEEP
    yield table(
        ("rules", "cases", "first", "best", "CPU", "cases/s", "findings", "undecided", "peak", "of it the input"), rows
    )
    slopes = ", ".join(f"{titles[rules]} rules {exponent(many):.2f}" for rules, many in sweeps.items())
    yield f"Growth with size (slope of the logarithms, the smallest size left out): {slopes}.\n"


def _peers(peers: dict[str, Any]) -> Iterator[str]:
    ours, busy = speed(peers["peers"][0]), work(peers["peers"][0])
    days = [f"{dt.date.fromisoformat(day):%d/%m/%Y}" for day in peers["days"]]
    yield PEERS.format(day=dt.date.fromisoformat(peers["day"]), checked=count(peers["checked"]), days=", ".join(days))
    rows = [
        (
            *(peer["name"], count(peer["size"]), count(peer["findings"]), *_spans(peer), str(peer["runs"])),
            *(rate(speed(peer)), f"{ours / speed(peer):.1f} ×", f"{work(peer) / busy:.1f} ×"),
        )
        for peer in peers["peers"]
    ]
    yield table(("", "cases", "findings", "first", "best", "CPU", "runs", "cases/s", "Dubi against it", "by CPU"), rows)


def _store(found: dict[str, Any]) -> Iterator[str]:
    parts = found["parts"]
    yield STORE.format(rows=count(parts["rows"]), findings=count(parts["findings"]))
    yield table(("", "first", "best", "CPU", "peak"), [("`dubi check --only overdue`", *_process(found["overdue"]))])
    spans = {name: seconds(parts[name]) for name in ("reading", "judging", "whole")}
    yield PARTS.format(facts=parts["facts"], **spans)


def _commands(found: dict[str, Any]) -> Iterator[str]:
    rows = [
        (f"`dubi check`, a store of {count(size)}", *_process(commands), count(commands[0].lines))
        for size, commands in found["checks"].items()
    ]
    rows += [(f"`dubi {n}`, the largest of these", *_process(c), count(c[0].lines)) for n, c in found["asked"].items()]
    rows.append(("`dubi --help`", *_process(found["help"]), str(found["help"][0].lines)))
    yield COMMANDS
    yield table(("", "first", "best", "CPU", "peak", "lines printed"), rows)


def _live(live: dict[str, Any]) -> Iterator[str]:
    yield LIVE.format(size=count(live["size"]))
    rows = [
        (title, *(f"{live[name][part]:.2f} ms" for part in ("first", "p50", "p99", "cpu")))
        for title, name in (("judged by every rule of its stage", "judged"), ("with its explanation", "explained"))
    ]
    yield table(("one case", "the very first", "p50", "p99", "CPU, p50"), rows)


def _figures(figures: list[dict[str, Any]]) -> Iterator[str]:
    first = figures[0]
    sizes = {name: count(first[name]) for name in ("indicators", "units", "agree")}
    yield FIGURES.format(**sizes)
    rows = [
        (count(one["size"]), *_spans(one), rate(one["size"] / one["best"]), megabytes(one["peak"])) for one in figures
    ]
    yield table(("cases", "first", "best", "CPU", "cases/s", "peak"), rows)
