"""The least that a command takes: `check` of one case, `--help`, `check` of a cell, each beside somebody else's."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import basis
from bench.commands.showing import HEADER, spent_row
from bench.workshop import DAY, DUBI, NotMeasured, Workshop
from bench.writing import Goal, Told, at_most, count, table

TITLE = "Starting"
WANTED = (
    f"`check` of one case against that of {basis.COMMIT}",
    "`--help` against `sqlite-utils --help`",
    "`check` of a cell against `bean-check`",
)
LIMITS = (0.6, 1.3, 3.0)
BIN = Path(sys.executable).parent

TEXT = """\
## Starting

Whole commands in turns, each beside somebody else's: `check` of one case beside that of our own commit {commit}, in an
environment of its own with what it had pinned; `--help` beside that of sqlite-utils; `check` of {size} cases beside
`bean-check` on a ledger of as many entries, its cache off.
"""


def measured(shop: Workshop) -> Told:
    """Three pairs; one that cannot be measured leaves the others."""
    size = shop.sizes.small
    goals, rows = [], []
    for place, pair in enumerate((_one, _help, _cell)):
        try:
            wanted, ours, theirs = pair(shop)
            found = shop.in_turns(
                {"ours": lambda _, line=ours: line, "theirs": lambda _, line=theirs: line},
                max(5, shop.sizes.rounds // 2),
            )
        except (NotMeasured, OSError) as reason:
            goals.append(Goal(WANTED[place], f"{LIMITS[place]} ×", str(reason)))
            continue
        ratios = found["ours"].against(found["theirs"])
        goals.append(at_most(wanted, LIMITS[place], ratios, profiled=[str(part) for part in ours]))
        rows += [spent_row(f"{wanted}: {name}", spent) for name, spent in found.items()]
    return Told(goals, [TEXT.format(commit=basis.COMMIT, size=count(size)), table(HEADER, rows)])


def _one(shop: Workshop) -> tuple[str, list[str | Path], list[str | Path]]:
    before = basis.made()
    path = shop.folder / "basis-1.sqlite"
    shop.ran([before.python, "-c", basis.FILL, path, "1"], (0,), before.tree)
    ours = [DUBI, "check", *DAY, "--store", shop.store(1)]
    return WANTED[0], ours, [before.dubi, "check", *DAY, "--store", f"sqlite:///{path}"]


def _help(_: Workshop) -> tuple[str, list[str | Path], list[str | Path]]:
    return WANTED[1], [DUBI, "--help"], [BIN / "sqlite-utils", "--help"]


def _cell(shop: Workshop) -> tuple[str, list[str | Path], list[str | Path]]:
    size = shop.sizes.small
    ledger = shop.folder / "ledger.beancount"
    entries = (
        f'2024-{1 + number % 12:02}-{1 + number % 28:02} * "Nơi {number % 40}" "Lần {number}"\n'
        f"  Assets:Cash   {-number - 1}.00 VND\n  Expenses:Food  {number + 1}.00 VND\n"
        for number in range(size)
    )
    opened = "2020-01-01 open Assets:Cash VND\n2020-01-01 open Expenses:Food VND\n"
    ledger.write_text("\n".join([opened, *entries]), encoding="utf-8")
    wanted = f"`check` of {count(size)} cases against `bean-check` on as many entries"
    return wanted, [DUBI, "check", *DAY, "--store", shop.imported(size)], [BIN / "bean-check", "--no-cache", ledger]
