"""The pages of the desk among the results: what is aimed at, and the table."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from bench.pages import p95
from bench.writing import Goal, count, seconds, table

PAGES = """\
## Pages of the desk

`dubi web` on a store of {size} cases, asked over the wire; what the server took for each answer, as it tells itself.
From its start to the first page {start}, of a store of 600 cases {opened}; the first view of the kept day {first}.
"""


def page_goals(desk: dict[str, Any], opened: Sequence[float]) -> Iterator[Goal]:
    """What pages are to take at most."""
    size = count(desk["size"])
    for part, limit in (("kept", 0.1), ("written", 0.15)):
        for name, spans in desk[part].items():
            yield _page(f"a store of {size} cases, {name}: {limit * 1000:.0f} ms (p95)", p95(spans), limit)
    yield _page("the first page of 600 cases, from the start of the process: 1.0 s", min(opened), 1)


def _page(wanted: str, measured: float, limit: float) -> Goal:
    """Pages tell their time by the clock alone."""
    return Goal(wanted, seconds(measured), measured <= limit, measured <= limit)


def desk_told(desk: dict[str, Any], opened: Sequence[float]) -> Iterator[str]:
    """The table of the pages."""
    spans = {name: seconds(desk[name]) for name in ("start", "first")}
    yield PAGES.format(size=count(desk["size"]), opened=seconds(min(opened)), **spans)
    rows = [
        (name, str(len(many)), seconds(statistics.median(many)), seconds(p95(many)), seconds(max(many)))
        for name, many in (*desk["kept"].items(), *desk["written"].items(), *desk["counted"].items())
    ]
    rows += [(name, "1", *[seconds(span)] * 3) for name, span in desk["apart"].items()]
    yield table(("page", "asked", "median", "p95", "longest"), rows)
