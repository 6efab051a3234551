"""The sweep at all sizes, from a frame in memory: rates and growth."""

from __future__ import annotations

from bench.commands.showing import exponent
from bench.workshop import Json, Workshop
from bench.writing import Goal, Told, count, megabytes, rate, seconds, table

TITLE = "The sweep"
WANTED = ("sweep by the rules of the contract", "growth of the sweep")

TEXT = """\
## The sweep: from a frame in memory to the frame of all findings

A finding has the case with name and unit, rule, severity, due day, days late, who holds it up, document, clause and
certainty; what cannot be decided is listed as well. The rules of the contract are those that scripts rely on. Most
columns that the whole law reads are missing in this population; the next part has them all.
"""


def measured(shop: Workshop) -> Told:
    """Two sets of rules at all sizes."""
    sizes = shop.sizes
    sweeps = {
        rules: [
            shop.child("sweep", size=size, rules=rules, rounds=4 if size > 1_000_000 else min(sizes.rounds, 10))
            for size in sizes.sweeps
        ]
        for rules in ("contract", "whole")
    }
    contract = max(sweeps["contract"], key=lambda one: one["size"] if one["size"] <= 1_000_000 else 0)
    by_clock, by_work = (contract["size"] / contract[part] for part in ("median", "cpu"))
    goals = [
        Goal(WANTED[0], "2 M cases/s at least", rate(by_clock), rate(by_work), by_clock >= 2e6, by_work >= 2e6),
        _growth(sweeps),
    ]
    titles = {"contract": "contract", "whole": "whole law"}
    rows = [
        (
            *(f"{titles[rules]}, {one['rules']}", count(one["size"])),
            *(seconds(one[part]) for part in ("first", "median", "cpu")),
            rate(one["size"] / one["median"]),
            *(count(one["findings"]), count(one["unknown"]), megabytes(one["peak"]), megabytes(one["before"])),
        )
        for rules, many in sweeps.items()
        for one in many
    ]
    spans = ("first", "median", "processor", "cases/s")
    header = ("rules", "cases", *spans, "findings", "undecided", "peak", "of it the input")
    return Told(goals, [TEXT, table(header, rows)])


def _growth(sweeps: dict[str, list[Json]]) -> Goal:
    slopes = [
        max(exponent({one["size"]: one[part] for one in many}) for many in sweeps.values())
        for part in ("median", "cpu")
    ]
    shown = [f"{slope:.2f}" for slope in slopes]
    return Goal(WANTED[1] + ", the most", "exponent 1.05", *shown, slopes[0] <= 1.05, slopes[1] <= 1.05)
