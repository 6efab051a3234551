"""Lists in layouts made from parts, with known truth: a small share of those that `make layouts` reads."""

from __future__ import annotations

from tests.layouts.making import layout, stage_of
from tests.layouts.measuring import measure, verdicts

LISTS = range(150)


def test_nobody_is_read_wrong() -> None:
    """No row of any made list is read wrong; where each meaning stands once, nine of ten are right, few are asked."""
    everything, once = measure(LISTS)
    assert everything["wrong"] == 0
    assert once["right"] >= 0.9 * once.total()
    assert once["asked"] <= 0.05 * once.total()


def test_the_measure_sees_what_is_wrong() -> None:
    """A truth that is changed behind the list's back is told as wrong: the measure does not pass by itself."""
    one = layout(next(number for number in LISTS if layout(number).once and "tcvn3" not in layout(number).traits))
    assert verdicts(one)["wrong"] == 0
    place = next(iter(one.people))
    one.people[place] = {**one.people[place], "full_name": "Nguyễn Văn Khác"}
    assert verdicts(one)["wrong"] == 1
    assert stage_of(one.people[place]) in ("official", "probationary", "candidate")
