"""The next change day is the first day on which looking anew, day after day, shows something else."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from cases.values.records import Placement, Record
from engine.findings import Finding
from engine.single.live import LiveEvaluator
from engine.sweep import change_day
from engine.sweep.change_day import CHANGE, ChangeDays
from engine.sweep.frames import ROW
from tests.engine.situations import day
from tests.equality import pair
from tests.whole import WHOLE, examples, seeds

HORIZON = 400
LASTING = [name for name in Finding.__slots__ if name not in ("days_late", "message")]
"""What a finding says that does not grow each day, nor is worded from what does."""
Shown = tuple[object, ...]


@cache
def changes() -> ChangeDays:
    """The change days of the shipped law."""
    return ChangeDays(pair().sweep)


def shown(live: LiveEvaluator, record: Record, as_of: dt.date) -> Shown:
    """All that a case shows on a day but how many days late it is."""
    situation = live.situation(record, as_of)
    if situation is None:
        return ()
    findings, unknown = live.case(situation)
    lasting = [tuple(getattr(found, name) for name in LASTING) for found in findings]
    return (situation.value("stage"), lasting, unknown)


def by_looking(live: LiveEvaluator, record: Record, as_of: dt.date) -> dt.date | None:
    """The first of the next days on which a case shows something else."""
    now = shown(live, record, as_of)
    days = (as_of + dt.timedelta(days=number) for number in range(1, HORIZON))
    return next((then for then in days if shown(live, record, then) != now), None)


@pytest.mark.parametrize("seed", seeds(4))
def test_by_looking_day_after_day(seed: int) -> None:
    """No change comes earlier or later than it is said to come."""
    both = pair()
    as_of, records = both.population.records(500 + seed, 25)
    found = changes().next(records, as_of)
    assert found[ROW].to_list() == list(range(len(records)))
    end = as_of + dt.timedelta(days=HORIZON)
    for record, change in zip(records, found[CHANGE], strict=True):
        said = change if change is not None and change < end else None
        assert said == by_looking(both.live, record, as_of), record


def test_few_cases_are_looked_at_on_several_days_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The change days of few cases, looked at on many days at once, are those found by one look after another."""
    as_of, records = pair().population.records(77, examples(20))
    at_once = changes().next(records, as_of)
    assert at_once[CHANGE].n_unique() > examples(8)
    monkeypatch.setattr(change_day, "FEW", 0)
    assert changes().next(records, as_of).equals(at_once)


def test_days_that_change_an_answer() -> None:
    """The end of probation, a limit, the end of a certificate's life, a law: each is the next change in its turn."""
    both = pair()
    member = Record("A", {"code": "A", "admitted_on": day("2023-03-15"), "new_member_certified_on": day("2023-09-01")})
    as_of, met = day("2023-10-01" if WHOLE else "2024-02-20"), []
    while (change := changes().next([member], as_of)[CHANGE][0]) is not None and change < day("2024-12-31"):
        met.append(change)
        as_of = change
    assert day("2024-03-15") in met
    limit = next(f.due for f in both.live.evaluate([member], day("2024-12-31")).findings if "cell_window" in f.rule)
    assert limit is not None
    assert limit + dt.timedelta(days=1) in met


def test_nobody_who_left_changes_any_more() -> None:
    """A case that is closed has no next change."""
    left = Record("A", {"code": "A", "admitted_on": day("2013-03-15"), "left_on": day("2015-09-01")})
    assert changes().next([left], day("2020-01-01"))[CHANGE].to_list() == [None]


def test_a_move_recorded_ahead_is_a_change_of_what_is_told() -> None:
    """Who has findings changes on the day of a move that is recorded ahead: they are told of her new unit."""
    stays = (Placement("CB-01"), Placement("CB-02", day("2025-01-15")))
    member = Record("A", {"code": "A", "admitted_on": day("2023-03-15")}, placements=stays)
    assert day("2025-01-15") == changes().next([member], day("2025-01-14"))[CHANGE][0]
