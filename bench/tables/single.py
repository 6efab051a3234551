"""One case live, and the statistics of a period."""

from __future__ import annotations

from bench.workshop import Json, NotMeasured, Workshop
from bench.writing import Goal, Told, count, megabytes, rate, seconds, table

TITLE = "One case live, and statistics"
LIMITS = {"judged": 2.0, "explained": 5.0}
WANTED = ("one case live, warm (p50)", "one case live with its explanation (p50)")

LIVE = """\
## One case live

durable-rules, {size} cases one after the other; the first tenth is left out of the percentiles.
"""
FIGURES = """\
## Statistics

All {indicators} indicators of a period, for everything and for each of {units} units, counted over columns from a frame
in memory. On {agree} cases they were first held against the figures counted one member after the other.
"""


def measured(shop: Workshop) -> Told:
    """Both; where figures fail, the case is told of alone."""
    sizes = shop.sizes
    live = shop.child("live", size=sizes.live)
    goals = []
    for wanted, (name, limit) in zip(WANTED, LIMITS.items(), strict=True):
        one = live[name]
        shown = f"{one['p50']:.2f} ms", f"{one['cpu']:.2f} ms"
        goals.append(Goal(wanted, f"{limit} ms", *shown, one["p50"] <= limit, one["cpu"] <= limit))
    titles = {"judged": "judged by every rule of its stage", "explained": "with its explanation"}
    rows = [(titles[n], *(f"{live[n][p]:.2f} ms" for p in ("first", "p50", "p99", "cpu"))) for n in LIMITS]
    text = [LIVE.format(size=count(live["size"]))]
    text.append(table(("one case", "the very first", "p50", "p99", "processor, p50"), rows))
    try:
        figures = [shop.child("figures", size=size, rounds=3, agree=sizes.agree // 4) for size in sizes.figures]
        text += _counted(figures)
    except NotMeasured as reason:
        text.append(f"## Statistics\n\nNot measured: {reason}\n")
    return Told(goals, text)


def _counted(figures: list[Json]) -> list[str]:
    """The part on statistics."""
    head = FIGURES.format(**{name: count(figures[0][name]) for name in ("indicators", "units", "agree")})
    rows = [
        (
            count(one["size"]),
            *(seconds(one[part]) for part in ("first", "median", "cpu")),
            *(rate(one["size"] / one["median"]), megabytes(one["peak"])),
        )
        for one in figures
    ]
    return [head, table(("cases", "first", "median", "processor", "cases/s", "peak"), rows)]
