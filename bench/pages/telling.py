"""The pages of the desk among the results: what is aimed at, and the table."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from bench.pages.asking import first_page, p95, pages
from bench.workshop import DUBI, Json, Workshop
from bench.writing import Goal, Told, count, seconds, table

TITLE = "Pages of the desk"
WANTED = ("pages of a large store", "the first page of a cell")

PAGES = """\
## Pages of the desk

`dubi web` on a store of {size} cases, asked over the wire; what the server took for each answer, as it tells itself.
From its start to the first page {start}, of a cell's store {opened}; the first view of the kept day {first}.
"""


def measured(shop: Workshop) -> Told:
    """A small desk's first page, a large desk's pages."""
    sizes, home = shop.sizes, shop.folder / "home"
    opened = first_page(DUBI, shop.imported(sizes.small), home, 3)
    desk = pages(DUBI, shop.store(sizes.middle), home, sizes.middle, 6 * sizes.rounds)
    return Told(list(page_goals(desk, opened)), list(desk_told(desk, opened)))


def page_goals(desk: Json, opened: Sequence[float]) -> Iterator[Goal]:
    """What pages are to take at most; they tell their time by the clock alone."""
    size = count(desk["size"])
    for part, limit in (("kept", 0.1), ("written", 0.15)):
        for name, spans in desk[part].items():
            yield _page(f"a page of a store of {size} cases, {name} (p95)", p95(spans), limit)
    yield _page("the first page of a cell, from the start of the process", statistics.median(opened), 1)


def _page(wanted: str, measured: float, limit: float) -> Goal:
    return Goal(wanted, seconds(limit), seconds(measured), "", measured <= limit)


def desk_told(desk: Json, opened: Sequence[float]) -> Iterator[str]:
    """The table of the pages."""
    spans = {name: seconds(desk[name]) for name in ("start", "first")}
    yield PAGES.format(size=count(desk["size"]), opened=seconds(statistics.median(opened)), **spans)
    rows = [
        (name, str(len(many)), seconds(statistics.median(many)), seconds(p95(many)), seconds(max(many)))
        for name, many in (*desk["kept"].items(), *desk["written"].items(), *desk["counted"].items())
    ]
    rows += [(name, "1", *[seconds(span)] * 3) for name, span in desk["apart"].items()]
    yield table(("page", "asked", "median", "p95", "longest"), rows)
