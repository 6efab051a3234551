"""Taking a workbook in and giving one out, beside the least that reading and inserting its rows can cost."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import AS_OF
from bench.commands.showing import HEADER, exponent, spent_row
from bench.workshop import DAY, DUBI, Line, Spent, Workshop
from bench.writing import Goal, Told, at_most, count, table

TITLE = "Files"
WANTED = ("import of a workbook", "export of a workbook", "growth of commands on workbooks")
LIMIT, MEMORY, EXPONENT = 4.0, 400, 1.05
READ = {"check": DAY, "stats": ("--from", "2024-01-01", "--to", str(AS_OF))}
"""What is asked about the people of the workbook itself."""

TEXT = """\
## Files

`dubi export` of a store to a workbook, and `dubi import --apply` of that workbook into an empty store, as whole
processes; `dubi check` and `stats` of the workbook itself. The least: calamine reads the sheet of the cases, sqlite3
puts its rows into one table, in one process.
The store that came in has its log: {verified}.
"""


def measured(shop: Workshop) -> Told:
    """Out and in again at all sizes."""
    plain, out, into = ({size: Spent() for size in shop.sizes.growing_files} for _ in range(3))
    read = {name: {size: Spent() for size in shop.sizes.growing_files} for name in READ}
    for size in shop.sizes.growing_files:
        path = shop.folder / f"{size}.xlsx"
        rounds = 2 if size <= 10_000 and shop.sizes.rounds > 5 else 1
        for number in range(rounds):
            out[size].runs.append(shop.ran(shop.exporting(size, path), (0,)))
            shop.made["workbook", size] = str(path)
            store = shop.folder / "rows.sqlite"
            least = [sys.executable, "-m", "bench.commands.plain_rows", path, store]
            plain[size].runs += [shop.ran(least, (0,)) for _ in range(3 if number == 0 else 1)]
            url = shop.empty(f"imported-{size}")
            into[size].runs.append(shop.ran(_taking(path, url), (0,)))
            for name, line in READ.items():
                read[name][size].runs.append(shop.ran([DUBI, name, path, *line], (0,)))
    for size in shop.sizes.growing_files:
        url = f"sqlite:///{shop.folder / f'imported-{size}'}.sqlite"
        shop.touched(url, size)
        shop.made["imported", size] = url
    verified = shop.ran([DUBI, "log", "verify", "--store", url], (0,))
    less = shop.sizes.growing_files[-2]  # the profiler makes much of little
    taken = _taking(shop.folder / f"{less}.xlsx", shop.empty("again"))
    given = shop.exporting(less, shop.folder / "again.xlsx")
    goals = [
        _goal(shop, "import", into[size], plain[size], taken),
        _goal(shop, "export", out[size], plain[size], given),
    ]
    slopes = {}
    for name, points in (("import", into), ("export", out), *read.items()):
        clock = exponent({size: spent.clock for size, spent in points.items()})
        slopes[name] = clock, exponent({size: spent.work for size, spent in points.items()})
    clock, work = (max((slope[place], name) for name, slope in slopes.items()) for place in (0, 1))
    span = f"{count(shop.sizes.growing_files[0])} to {count(size)}"
    shown = [f"{slope:.2f} (`{name}`)" for slope, name in (clock, work)]
    told = f"growth of commands on workbooks, {span}, the most"
    goals.append(Goal(told, "exponent 1.05", *shown, clock[0] <= EXPONENT, work[0] <= EXPONENT, goals[0].profiled))
    asked = ((f"`{name}`", points) for name, points in read.items())
    rows = [
        spent_row(f"{name}, {count(size)} rows", spent)
        for name, points in (("the least", plain), ("`export`", out), ("`import --apply`", into), *asked)
        for size, spent in points.items()
    ]
    said = f"`log verify` found {count(size)} cases as the log has them, in {verified.seconds:.1f} s"
    return Told(goals, [TEXT.format(verified=said), table(HEADER, rows)])


def _taking(path: Path, url: str) -> list[str | Path]:
    return [DUBI, "import", path, "--apply", "--store", url]


def _goal(shop: Workshop, name: str, ours: Spent, least: Spent, again: Line) -> Goal:
    size = count(shop.sizes.growing_files[-1])
    wanted = f"{name} of {size} rows against calamine reading and sqlite3 inserting them"
    return at_most(
        wanted, LIMIT, ours.against(least), memory=(ours.memory, MEMORY), profiled=[str(part) for part in again]
    )
