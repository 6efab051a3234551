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

`dubi log verify` on stores that came in through the door, beside a scan that reads every row of the log and of nothing
else. Verifying reads the log and holds the cases against it: as much is read from the file as the file has, for one
pass over all of it. Read of {size} cases: the file {file}, the scan of the log {scan}, `log verify` {ours}.
Its time is {clock} the scan's ({work} by processor).
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
    scanned = shop.in_turns({"scan": lambda _: [sys.executable, "-m", "bench.commands.scan", path, "log"]}, 3)["scan"]
    ours, file = grown[size], (shop.folder / path).stat().st_size
    read = max(run.read for run in ours.runs)
    passes = read / file
    told = f"`log verify` on {count(size)} cases: passes over the store's file"
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
    amounts = {"file": file, "scan": scanned.runs[0].read, "ours": read}
    shown_amounts = {name: megabytes(amount / 1e6) for name, amount in amounts.items()}
    text = TEXT.format(size=count(size), clock=ratios[0], work=ratios[1], **shown_amounts)
    rows = [spent_row(f"`log verify`, {count(size)} cases", spent) for size, spent in grown.items()]
    rows.append(spent_row(f"a scan of the log, {count(size)} cases", scanned))
    return Told(goals, [text, table(HEADER, rows)])
