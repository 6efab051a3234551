"""The tree of units through time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from engine.units import UnitTree


@dataclass(frozen=True)
class _Place:
    parent: str | None
    since: dt.date | None = None
    merged_into: str | None = None


def _drawn(random: Random) -> UnitTree:
    codes = [f"U{number}" for number in range(8)]
    parents = {code: random.choice([None, *codes]) for code in codes}
    days = [dt.date(2024, month, 1) for month in range(1, 6)]
    history = {}
    for code in random.sample(codes, 4):
        changes = sorted(random.sample(days, random.randint(0, 3)))
        said = [_Place(random.choice([None, *codes]), on, random.choice([None, None, *codes])) for on in changes]
        history[code] = (_Place(parents[code]), *said)
    return UnitTree({code: None if parents[code] == code else parents[code] for code in codes}, history)


def test_a_unit_is_restless_on_the_days_on_which_its_line_changes() -> None:
    """Of drawn trees, circles among them, the days are those that comparing all versions of the tree gives."""
    random, changing = Random(5), 0  # noqa: S311  # no secret
    for _ in range(300):
        tree = _drawn(random)
        versions = [tree.version(number) for number in range(len(tree.changes) + 1)]
        wanted = {}
        for code in tree.parents:
            lines = [version.with_above(code) for version in versions]
            pairs = zip(tree.changes, lines, lines[1:], strict=False)
            if days := tuple(day for day, before, after in pairs if before != after):
                wanted[code] = days
        assert tree.restless == wanted
        changing += len(wanted)
    assert changing > 300
