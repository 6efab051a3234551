"""Looking only at cases whose day has come gives what looking at all of them gives."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from engine.sweep.refresh import COLUMNS, Refreshing, SweepState
from tests.equality import pair
from tests.whole import WHOLE, seeds


def hold(one: SweepState, two: SweepState) -> None:
    """Two standings say the same of every case."""
    for part, key in (("findings", ["case", "rule"]), ("unknown", ["case", "rule"]), ("cases", ["case"])):
        assert getattr(one, part).sort(key).equals(getattr(two, part).sort(key)), part


@pytest.mark.parametrize("seed", seeds(1))
def test_night_after_night(seed: int) -> None:
    """A standing carried forward, with cases written to, added and taken away, equals one made anew."""
    both, random = pair(), Random(seed)  # noqa: S311  # invented cases, nothing secret
    refreshing = Refreshing(both.sweep)
    as_of, records = both.population.records(900 + seed, 240)  # a look at many costs as much as one at few
    standing = refreshing.full(records, as_of)
    for night in (1, 40, 200) if WHOLE else (40,):
        as_of += dt.timedelta(days=night)
        written = random.sample(range(len(records)), 10)
        for place in written:
            records[place] = both.population.record(random, place, as_of)
        gone = records.pop()
        records.append(both.population.record(random, 10_000 + night, as_of))
        codes = [records[place].code for place in written if place < len(records)] + [gone.code]
        standing = refreshing.refreshed(standing, records, as_of, codes)
        hold(standing, refreshing.full(records, as_of))
        evaluation = both.live.evaluate(records, as_of)
        assert standing.stages(both.sweep.ruleset) == evaluation.stages
        assert standing.findings.height == len(evaluation.findings)


def test_time_goes_forward() -> None:
    """A standing cannot be carried back; it says what it is known to say."""
    refreshing = Refreshing(pair().sweep)
    standing = refreshing.full([], dt.date(2024, 1, 1))
    for part, columns in COLUMNS.items():
        assert set(getattr(standing, part).columns) == columns
    with pytest.raises(ValueError, match="forward"):
        refreshing.refreshed(standing, [], dt.date(2023, 12, 31), ())
