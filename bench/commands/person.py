"""Commands about one person, in a large store against a small one; and how long an undo keeps others from writing."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable

from bench.commands.showing import HEADER, spent_row
from bench.machine import note
from bench.workshop import DAY, DUBI, WRITTEN, Line, Workshop
from bench.writing import Goal, Told, at_most, count, seconds, table

TITLE = "One person"
COMMANDS = ("explain", "plan", "show", "find", "record", "correct", "undo")
LIMIT, MEMORY, LOCKED = 1.25, 120, 0.05
WANTED = (
    *(f"`{name}` in the largest store against that of 1,000" for name in COMMANDS),
    "an undo keeps another writer waiting",
    "growth of commands about one person",
)

TEXT = """\
## One person

A case by its code, in a store of {large} cases and in one of {small}, in turns, {rounds} rounds. `undo` takes back one
correction. The small store came in through the door, the large one was filled past it; in both {written} cases were
written to after that, so that there is a log and a past. While an undo ran in the large store, another connection asked
for the write lock a thousand times a second: the longest time in which it did not get it is the lock's time (median of
{locks} undos: {lock}).
"""


def measured(shop: Workshop) -> Told:
    """All seven commands, then the lock."""
    sizes = shop.sizes
    urls = {size: shop.store(size) for size in (1_000, sizes.large)}
    rounds = max(3, sizes.rounds // 4)
    lines: dict[str, Callable[[int], Line]] = {}
    for name in COMMANDS:
        for size, url in urls.items():
            lines[f"{name} {size}"] = _line(name, url, size)
    found = shop.in_turns(lines, rounds, accepted=(0,))
    goals = []
    for name in COMMANDS:
        large, small = found[f"{name} {sizes.large}"], found[f"{name} 1000"]
        wanted = f"`{name}`, {count(sizes.large)} cases against 1,000"
        again = [str(part) for part in _line(name, urls[sizes.large], sizes.large)(rounds + 5)]
        held = (large.memory, MEMORY)
        goals.append(at_most(wanted, LIMIT, large.against(small), memory=held, profiled=again))
    exponents = [
        [math.log(ratio, sizes.large / 1_000) for ratio in found[f"{n} {sizes.large}"].against(found[f"{n} 1000"])]
        for n in COMMANDS
    ]
    clock, work = (max(each) for each in zip(*exponents, strict=True))
    growth = Goal(
        WANTED[-1] + ", the most", "exponent 0.05", f"{clock:.2f}", f"{work:.2f}", clock <= 0.05, work <= 0.05
    )
    waits = [_locked(shop, urls[sizes.large], number) for number in range(3)]
    lock = statistics.median(waits)
    told = TEXT.format(
        large=count(sizes.large),
        small="1,000",
        rounds=len(found["show 1000"].runs),
        written=WRITTEN,
        locks=len(waits),
        lock=seconds(lock),
    )
    kept = Goal(WANTED[-2], seconds(LOCKED), seconds(lock), "", lock <= LOCKED, False)
    rows = [spent_row(f"`{name.split()[0]}`, {count(int(name.split()[1]))} cases", s) for name, s in found.items()]
    return Told([*goals, kept, growth], [told, table(HEADER, rows)])


def _line(name: str, url: str, size: int) -> Callable[[int], Line]:
    """A command about another person in each round."""
    store = ("--store", url)

    def line(number: int) -> Line:
        code = f"HS-{size // 2 + 7 * number + 3:07}"
        if name == "find":
            return [DUBI, name, code, *store]
        if name == "undo":
            return [DUBI, name, "--confirm", *store]
        if name == "record":
            on = f"2025-02-{number % 28 + 1:02}"  # a day on which nothing else of the bench records that step
            return [DUBI, name, code, "announced_on", "--on", on, *DAY, "--confirm", *store]
        if name == "correct":
            return [DUBI, name, code, f"Đảng viên giúp đỡ=Lê Văn Tư {number}", *DAY, "--confirm", *store]
        return [DUBI, name, code, *DAY, *store]

    return line


def _locked(shop: Workshop, url: str, number: int) -> float:
    """The longest time in which another connection could not have the write lock while something was undone."""
    shop.ran(_line("correct", url, shop.sizes.large)(1_000 + number), (0,))
    ended, waited = threading.Event(), [0.0]

    def ask() -> None:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
        since = 0.0
        while not ended.is_set():
            try:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
                if since:
                    waited[0] = max(waited[0], time.perf_counter() - since)
                since = 0.0
            except sqlite3.OperationalError:
                since = since or time.perf_counter()
            time.sleep(0.001)
        other.close()

    asking = threading.Thread(target=ask)
    asking.start()
    with contextlib.ExitStack() as last:
        last.callback(asking.join)
        last.callback(ended.set)
        shop.ran([DUBI, "undo", "--confirm", "--store", url], (0,))
    note(f"undo kept the lock {waited[0] * 1000:.0f} ms")
    return waited[0]
