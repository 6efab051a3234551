"""What comes up next: limits after the as-of day, within the days asked for."""

from __future__ import annotations

import pytest

from engine.coming_up import coming, load_deadlines
from engine.ruleset import load_ruleset
from engine.single.live import LiveEvaluator
from tests.engine.situations import Case, day

EVALUATOR = LiveEvaluator(load_ruleset())


def limits(as_of: str, within: int, **fields: object) -> list[tuple[str, str]]:
    """The coming limits of one case: name and day."""
    case = Case({"code": "HS-1", **fields})  # type: ignore[dict-item]  # fields by keyword are of any kind
    found = coming(EVALUATOR, [case], day(as_of), within)  # type: ignore[list-item]  # a test double
    return [(entry.deadline, entry.day.isoformat()) for entry in found]


def test_window_of_days_is_exact() -> None:
    """A limit counts from the day after the as-of day to the last day asked for."""
    fields = {"admitted_on": day("2024-03-15"), "new_member_certified_on": day("2024-06-01")}
    assert limits("2025-02-13", 30, **fields) == [("probation_end", "2025-03-15")]
    assert limits("2025-02-12", 30, **fields) == []
    assert limits("2025-03-15", 42, **fields) == [("cell_window", "2025-04-26")]
    assert limits("2025-04-26", 42, **fields) == []


def test_what_is_done_is_no_limit_any_more() -> None:
    """Once the cell has resolved, the level above has the next limit."""
    fields = {"admitted_on": day("2024-08-05"), "cell_proposed_recognition_on": day("2025-08-20")}
    assert limits("2025-09-01", 60, **fields) == [("recognition_decision", "2025-10-03")]
    assert limits("2025-09-01", 60, **fields, recognition_decided_on=day("2025-08-30")) == []


@pytest.mark.parametrize("deadline", load_deadlines(EVALUATOR.ruleset), ids=lambda deadline: deadline.name)
def test_each_deadline_is_cited(deadline: object) -> None:
    """Every limit rests on a parameter of the law that gives a duration."""
    assert deadline.cites.parameter.unit in ("working_day", "month")  # type: ignore[attr-defined]  # typed object for pytest
