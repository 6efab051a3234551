"""What is new since the last look: in a cell's store against `check`, and the night after in the largest store."""

from __future__ import annotations

import datetime as dt

from bench import AS_OF
from bench.commands.showing import HEADER, spent_row
from bench.workshop import DAY, DUBI, Workshop
from bench.writing import Told, at_most, count, table, within

TITLE = "Nights"
WANTED = ("`news` against `check`", "the night after")
LIMIT, NIGHT = 1.5, 1.0

TEXT = """\
## Nights

`news` in a store of {small} cases, once a look had been kept, in turns with `check`; then in one of {large}, where the
look of {day:%d/%m/%Y} had been kept: what is new one day and seven days later.
"""


def measured(shop: Workshop) -> Told:
    """A small store, then the night after."""
    sizes = shop.sizes
    small, large = shop.imported(sizes.small), shop.store(sizes.large)
    shop.ran([DUBI, "news", "--keep", *DAY, "--store", small])
    found = shop.in_turns(
        {
            "news": lambda _: [DUBI, "news", *DAY, "--store", small],
            "check": lambda _: [DUBI, "check", *DAY, "--store", small],
        },
        max(4, sizes.rounds // 3),
    )
    profiled = [str(DUBI), "news", *DAY, "--store", small]
    wanted = f"`news` on {count(sizes.small)} cases against `check`"
    goals = [at_most(wanted, LIMIT, found["news"].against(found["check"]), profiled=profiled)]
    kept = shop.in_turns({"keep": lambda _: [DUBI, "news", "--keep", *DAY, "--store", large]}, 1)["keep"]
    after = {days: ["--as-of", str(AS_OF + dt.timedelta(days=days)), "--store", large] for days in (1, 7)}
    nights = shop.in_turns({str(days): lambda _, days=days: [DUBI, "news", *after[days]] for days in after}, 3)
    night = nights["1"]
    profiled = [str(DUBI), "news", *after[1]]
    wanted = f"`news` the night after, {count(sizes.large)} cases"
    goals.append(within(wanted, NIGHT, (night.clock, night.work), profiled))
    rows = [(f"`{name}`, {count(sizes.small)} cases", spent) for name, spent in found.items()]
    rows.append((f"`news --keep`, {count(sizes.large)} cases, the first look", kept))
    rows += [(f"`news`, {count(sizes.large)} cases, days later: {days}", spent) for days, spent in nights.items()]
    head = TEXT.format(small=count(sizes.small), large=count(sizes.large), day=AS_OF)
    return Told(goals, [head, table(HEADER, [spent_row(*row) for row in rows])])
