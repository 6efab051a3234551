"""From the largest store to the list of who is overdue: cold, warm, and beside a plain scan."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench.commands.showing import HEADER, spent_row
from bench.workshop import DAY, DUBI, Spent, Workshop
from bench.writing import Goal, Told, at_most, count, seconds, table

TITLE = "From a store to the overdue list"
WANTED = ("store → overdue list, cold", "store → overdue list, warm")
COLD, WARM, MEMORY = 2.0, 0.4, 600
_STAYS = (
    "",
    "-wal",
    "-shm",
    "-journal",
    ".desk.sqlite",
    ".desk.sqlite-wal",
    ".desk.sqlite-shm",
    ".standing",
    ".backups",
)
"""What a store is and what stands beside it, by the ends of the names, that is no copy of what it holds."""

TEXT = """\
## From a store to the overdue list

`dubi check --only overdue` as a whole process on {size} cases. Cold: whatever earlier runs left beside the store is
thrown away first; warm: the next run. The scan reads the same columns ({facts} facts, the names, the units) with
sqlite3 by `fetchmany` and does nothing with them. {left}
"""
PARTS = """\
Where the time of a cold run goes, measured inside another process: reading the facts alone {reading}; reading and
judging side by side {judging}; with the list of findings in order {whole}. What the command does besides (start,
sentences, printing) is the rest.
"""


def measured(shop: Workshop) -> Told:
    """Rounds of scan, cold and warm."""
    size = shop.sizes.large
    url = shop.store(size)
    store = Path(url.removeprefix("sqlite:///"))
    facts = shop.child("facts", severities=["overdue"])["facts"]
    line = [DUBI, "check", *DAY, "--only", "overdue", "--store", url]
    scan = [sys.executable, "-m", "bench.commands.scan", store, "facts", *facts]
    shop.ran(line)  # so that all rounds find the store in the memory of the system
    left = [path.name for path in _left(store)]

    def before(name: str) -> None:
        if name == "cold":
            for path in _left(store):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    found = shop.in_turns({"scan": lambda _: scan, "cold": lambda _: line, "warm": lambda _: line}, 4, before=before)
    again = [str(part) for part in line]
    goals = [
        _goal(
            f"store of {count(size)} → overdue list, cold, against a scan", COLD, found["cold"], found["scan"], again
        ),
        _goal(
            f"store of {count(size)} → overdue list, warm, against a scan", WARM, found["warm"], found["scan"], again
        ),
    ]
    before("cold")
    parts = shop.child("reading", url=url, severities=["overdue"])
    spans = {name: seconds(parts[name]) for name in ("reading", "judging", "whole")}
    told = f"Left beside the store: {', '.join(left)}." if left else "Nothing is left beside the store: both are cold."
    head = TEXT.format(size=count(size), facts=len(facts), left=told)
    return Told(goals, [head, table(HEADER, [spent_row(*one) for one in found.items()]), PARTS.format(**spans)])


def _goal(wanted: str, limit: float, ours: Spent, scan: Spent, again: list[str]) -> Goal:
    return at_most(wanted, limit, ours.against(scan), memory=(ours.memory, MEMORY), profiled=again)


def _left(store: Path) -> list[Path]:
    """What runs have put beside a store to be quicker the next time."""
    beside = store.parent.glob(f"{store.name}*")
    return sorted(path for path in beside if path.name.removeprefix(store.name) not in _STAYS)
