"""The limits that every peer judges by, as tables over days made from our files of the law.

Days are numbers (1970-01-01 is 0). A table answers for every day from `FIRST` on, the entry of a day standing at
`day - FIRST`; `NEVER` is the day of a step that was not taken, and what rests on it never comes either.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import polars as pl

from bench.population import population
from engine.language.time_limits import add_months
from engine.ruleset import RuleSet, load_ruleset

RULES = (
    "recognition.upcoming",
    "recognition.course_needed",
    "recognition.ended_not_recognised",
    "recognition.ended_without_course",
    "recognition.past_cell_window",
    "recognition.past_decision_limit",
    "recognition.recognised_late",
    "recognition.early_step",
    "admission.past_decision_limit",
    "admission.past_ceremony_limit",
)
STEPS = (
    "cell_proposed_admission_on",
    "admission_decided_on",
    "admission_decision_received_on",
    "admitted_on",
    "new_member_certified_on",
    "cell_proposed_recognition_on",
    "recognition_decided_on",
    "recognised_from",
    "left_on",
    "moved_out_on",
    "moved_in_on",
)
"""The columns that the ten rules read."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
FIRST = dt.date(1900, 1, 1).toordinal() - _EPOCH
NEVER = dt.date(2101, 1, 1).toordinal() - _EPOCH

Table = list[int]


@dataclass(frozen=True, slots=True)
class Law:
    """What the ten rules need on an as-of day."""

    as_of: int
    upcoming_until: int
    probation_ends: Table
    cell_window_ends: Table
    """By the end of probation."""
    recognition_decision_limit: Table
    """By the cell's resolution; for the limit of both together, by the end of the cell's window."""
    admission_decision_limit: Table
    ceremony_from_issue: list[bool]
    """By the day of the decision: whether the clock starts then, or on its receipt."""
    ceremony_days: Table
    """By the day of the decision: how many working days there are for the ceremony."""
    rank: Table
    """How many working days there are up to a day."""
    worked: Table
    """All working days, ascending, then `NEVER`: what lies beyond the calendar does not come."""

    @classmethod
    def on(cls, as_of: dt.date) -> Law:
        """The tables of the law as shipped."""
        window = _whole(load_ruleset().law.parameters["project.upcoming_window"].at(as_of).value)
        return cls(as_of=_number(as_of), upcoming_until=_number(as_of) + window, **_tables())


@cache
def _tables() -> dict[str, Any]:
    """What is the same on every as-of day."""
    ruleset = load_ruleset()
    days = [dt.date.fromordinal(number + _EPOCH) for number in range(FIRST, NEVER)]

    def in_force(name: str) -> list[object]:
        return [ruleset.law.parameters[name].at(day).value for day in days]

    def limit(name: str) -> Table:
        ends = map(ruleset.calendar.add_working_days, days, map(_whole, in_force(name)))
        return [NEVER if end is None else _number(end) for end in ends] + [NEVER]

    worked = [ordinal - _EPOCH for ordinal in ruleset.calendar.ordinals]
    ranks = [*ruleset.calendar.ranks]
    ranks += [len(worked)] * (NEVER - FIRST + 1 - len(ranks))
    months = map(_whole, in_force("probation.length"))
    return {
        "probation_ends": [min(_number(d), NEVER) for d in map(add_months, days, months)] + [NEVER],
        "cell_window_ends": limit("recognition.cell_window"),
        "recognition_decision_limit": limit("recognition.decision_limit"),
        "admission_decision_limit": limit("admission.decision_limit"),
        "ceremony_from_issue": [value == "issued" for value in in_force("admission.ceremony_clock")] + [True],
        "ceremony_days": [_whole(value) for value in in_force("admission.ceremony_limit")] + [1],
        "rank": ranks,
        "worked": worked + [NEVER] * 1000,
    }


def _number(day: dt.date) -> int:
    return day.toordinal() - _EPOCH


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def ten_rules() -> RuleSet:
    """Our rule set, with these rules alone."""
    ruleset = load_ruleset()
    return replace(ruleset, rules={name: ruleset.rules[name] for name in RULES})


def cases(size: int) -> pl.DataFrame:
    """A population in the columns that the ten rules read."""
    frame = population(size)
    missing = [pl.lit(None, dtype=pl.Date).alias(name) for name in STEPS if name not in frame.columns]
    return frame.with_columns(missing).select("code", "full_name", "unit", *STEPS)
