"""Lists over whole stores: `units` and `due` beside `check`, and how each command grows with its store."""

from __future__ import annotations

import datetime as dt

from bench import AS_OF
from bench.commands.showing import HEADER, exponent, spent_row
from bench.machine import note
from bench.workshop import DAY, DUBI, NotMeasured, Spent, Workshop
from bench.writing import Goal, Told, at_most, count, table

TITLE = "Lists and growth"
WANTED = ("`units` against `check`", "`due` against `check`", "growth of commands over whole stores")
LIMIT, EXPONENT = 1.2, 1.05
BESIDE = ("check", "units", "due")
ASKED = {
    "check": ["check", *DAY],
    "check --only overdue": ["check", "--only", "overdue", *DAY],
    "units": ["units", *DAY],
    "due": ["due", *DAY],
    "list": ["list", *DAY],
    "news": ["news", "--as-of", str(AS_OF + dt.timedelta(days=1))],
    "stats": ["stats", "--from", "2024-01-01", "--to", str(AS_OF)],
    "timings": ["timings", "--from", "2024-01-01", "--to", str(AS_OF)],
}

TEXT = """\
## Lists and growth

From the start of the process to its end, the whole law, everything printed into a pipe. In the store of {middle} cases
`units`, `due` and `check` ran in turns.
"""
GROWTH = """\
How each grows: the slope of the logarithms of time over size, the smallest size left out.
"""


def measured(shop: Workshop) -> Told:
    """In turns at one size, then each command at all sizes."""
    sizes = shop.sizes
    middle = shop.store(sizes.middle)
    found = shop.in_turns({name: lambda _, n=name: [DUBI, *ASKED[n], "--store", middle] for name in BESIDE}, 5)
    goals = []
    for name in BESIDE[1:]:
        wanted = f"`{name}` on {count(sizes.middle)} cases against `check`"
        profiled = [str(DUBI), *ASKED[name], "--store", middle]
        goals.append(at_most(wanted, LIMIT, found[name].against(found["check"]), profiled=profiled))
    grown: dict[str, dict[int, Spent]] = {}
    failed: dict[str, str] = {}
    for name, line in ASKED.items():
        try:
            grown[name] = {size: _one(shop, [*line, "--store", shop.store(size)], size) for size in sizes.growing}
        except NotMeasured as reason:
            failed[name] = str(reason)
    slopes = {name: _slopes(points) for name, points in grown.items()}
    clock, work = [max((slope[place], name) for name, slope in slopes.items()) for place in (0, 1)]
    note(f"growth: {clock}")
    span = f"{count(sizes.growing[0])} to {count(sizes.growing[-1])}"
    shown = [f"{slope:.2f} (`{name}`)" for slope, name in (clock, work)]
    limits = clock[0] <= EXPONENT and not failed, work[0] <= EXPONENT and not failed
    worst = [str(DUBI), *ASKED[clock[1]], "--store", middle]
    told = f"growth of commands over whole stores, {span}, the most"
    goals.append(Goal(told, "exponent 1.05", shown[0], shown[1], *limits, tuple(worst)))
    rows = [spent_row(f"`{name}`, {count(sizes.middle)} cases, in turns", spent) for name, spent in found.items()]
    rows += [spent_row(f"`{n}`, {count(size)} cases", s) for n, many in grown.items() for size, s in many.items()]
    text = [TEXT.format(middle=count(sizes.middle)), table(HEADER, rows), GROWTH]
    growth = [(f"`{name}`", *(f"{slope:.2f}" for slope in slopes[name])) for name in slopes]
    growth += [(f"`{name}`", f"not measured: {reason}", "") for name, reason in failed.items()]
    return Told(goals, [*text, table(("", "by the clock", "by processor"), growth)])


def _one(shop: Workshop, line: list[str], size: int) -> Spent:
    if line[0] == "news":
        shop.ran([DUBI, "news", "--keep", *DAY, *line[-2:]])  # so that it is the night after at every size
    rounds = 3 if size <= 10_000 and shop.sizes.rounds > 5 else 1
    return shop.in_turns({f"{line[0]} {size}": lambda _: [DUBI, *line]}, rounds)[f"{line[0]} {size}"]


def _slopes(points: dict[int, Spent]) -> tuple[float, float]:
    by_clock = {size: spent.clock for size, spent in points.items()}
    return exponent(by_clock), exponent({size: spent.work for size, spent in points.items()})
