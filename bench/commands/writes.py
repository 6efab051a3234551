"""A write in a cell's store against its preview."""

from __future__ import annotations

from collections.abc import Callable

from bench.commands.showing import HEADER, spent_row
from bench.workshop import DAY, DUBI, Line, Workshop
from bench.writing import Told, at_most, count, table

TITLE = "Writing"
WANTED = ("`record` against its preview", "`correct` against its preview")
LIMIT = 1.4

TEXT = """\
## Writing

In a store of {size} cases that came in through the door: a write, and the same with `--preview`, in turns.
"""


def measured(shop: Workshop) -> Told:
    """Two kinds of writes."""
    size = shop.sizes.small
    url = shop.imported(size)
    lines: dict[str, Callable[[int], Line]] = {
        f"{kind}{mode}": _line(kind, mode, url, size)
        for kind in ("record", "correct")
        for mode in (" --preview", " --confirm")
    }
    found = shop.in_turns(lines, max(4, shop.sizes.rounds // 3), accepted=(0,))
    goals = []
    for kind in ("record", "correct"):
        ratios = found[f"{kind} --confirm"].against(found[f"{kind} --preview"])
        again = [str(part) for part in lines[f"{kind} --confirm"](60)]
        goals.append(at_most(f"`{kind}` on {count(size)} cases against its preview", LIMIT, ratios, profiled=again))
    rows = [spent_row(f"`{name}`", spent) for name, spent in found.items()]
    return Told(goals, [TEXT.format(size=count(size)), table(HEADER, rows)])


def _line(kind: str, mode: str, url: str, size: int) -> Callable[[int], Line]:
    """A write about another person in each round."""
    options = (*DAY, mode.strip(), "--store", url)

    def line(number: int) -> Line:
        code = f"HS-{(11 * number + 5) % size:07}"
        if kind == "record":
            return [DUBI, kind, code, "announced_on", "--on", f"2025-03-{1 + number % 25:02}", *options]
        return [DUBI, kind, code, f"Đảng viên giúp đỡ=Lê Văn Tư {number}", *options]

    return line
