"""How what a command took is shown in a table, and how it grows with the size of a store."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bench.workshop import Spent
from bench.writing import count, megabytes, seconds

HEADER = ("", "first", "median", "processor", "peak", "runs", "lines printed")


def spent_row(name: str, spent: Spent) -> tuple[str, ...]:
    """A row of the table."""
    spans = map(seconds, (spent.runs[0].seconds, spent.clock, spent.work))
    return name, *spans, megabytes(spent.memory), str(len(spent.runs)), count(spent.runs[0].lines)


def exponent(points: Mapping[int, float]) -> float:
    """The slope of time over size, both as logarithms, through all but the smallest of more than two sizes."""
    logs = [(math.log(size), math.log(span)) for size, span in sorted(points.items())]
    logs = logs[1:] if len(logs) > 2 else logs
    across = sum(x for x, _ in logs) / len(logs)
    up = sum(y for _, y in logs) / len(logs)
    return sum((x - across) * (y - up) for x, y in logs) / sum((x - across) ** 2 for x, _ in logs)
