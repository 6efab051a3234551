"""The log verified: how often it is read, and what is held meanwhile."""

from __future__ import annotations

import sys

from bench.commands.showing import HEADER, exponent, spent_row
from bench.workshop import DUBI, Spent, Workshop
from bench.writing import Goal, Told, count, megabytes, table, times

TITLE = "The log"
WANTED = ("`log verify`, passes over the log", "growth of `log verify`")
PASSES, MEMORY, EXPONENT = 1.25, 200, 1.05

TEXT = """\
## The log

`dubi log verify` on stores that came in through the door, beside a scan that reads every row of the log and does
nothing with it. A pass is a statement that scans the table of changes; of one that searches it, the rows that it found
count as their share. Of {size} cases the log has {lines} lines; verified in {clock} the time of the scan ({work} by
processor).
"""


def measured(shop: Workshop) -> Told:
    """At all sizes, beside a scan at the largest."""
    sizes = shop.sizes.growing_files
    grown: dict[int, Spent] = {}
    for size in sizes:
        line = [DUBI, "log", "verify", "--store", shop.imported(size)]
        grown[size] = shop.in_turns({"verify": lambda _, line=line: line}, 3)["verify"]
    size, url = sizes[-1], shop.imported(sizes[-1])
    path = url.removeprefix("sqlite:///")
    passed = shop.child("verified", path=path)
    scanned = shop.in_turns({"scan": lambda _: [sys.executable, "-m", "bench.commands.scan", path, "log"]}, 3)["scan"]
    ours, passes = grown[size], passed["passes"]
    told = f"`log verify` on {count(size)} cases: passes over the log"
    fits = ours.memory <= MEMORY
    shown = f"{passes:.2f}, {megabytes(ours.memory)}"
    again = (str(DUBI), "log", "verify", "--store", url)
    goals = [
        Goal(told, f"{PASSES}, {megabytes(MEMORY)}", shown, "", passes <= PASSES and fits, False, again),
    ]
    clock = exponent({size: spent.clock for size, spent in grown.items()})
    work = exponent({size: spent.work for size, spent in grown.items()})
    span = f"growth of `log verify`, {count(sizes[0])} to {count(size)}"
    goals.append(Goal(span, "exponent 1.05", f"{clock:.2f}", f"{work:.2f}", clock <= EXPONENT, work <= EXPONENT, again))
    ratios = [times(ratio) for ratio in ours.against(scanned)]
    text = TEXT.format(size=count(size), lines=count(passed["lines"]), clock=ratios[0], work=ratios[1])
    rows = [spent_row(f"`log verify`, {count(size)} cases", spent) for size, spent in grown.items()]
    rows.append(spent_row(f"a scan of the log, {count(size)} cases", scanned))
    return Told(goals, [text, table(HEADER, rows)])
