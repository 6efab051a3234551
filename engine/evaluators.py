"""Which evaluator decides: durable-rules for one case where it can be installed, the sweep for many.

Where durable-rules is missing (a Windows machine without a compiler), the plain reading of `engine.single.closures`
stands in for it while the cases are few, and the sweep when they are many: all are held against each other by the
tests, so that no answer depends on the machine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from engine.findings import Evaluation
from engine.projection import CaseRecord
from engine.ruleset import RuleSet
from engine.single.evaluator import CaseEvaluator

if TYPE_CHECKING:
    from engine.sweep.evaluator import SweepEvaluator

Name = Literal["live", "sweep"]
MANY = 5_000
"""From so many cases on a plan of columns pays; below, only to make it and to load its library takes longer."""
ENGINE_MODULE = "durable_rules_engine"


def durable_rules_installed() -> bool:
    """Whether the engine of the live evaluator can be had on this machine."""
    try:
        return find_spec(ENGINE_MODULE) is not None
    except ValueError:
        return False


@cache
def for_one_case(ruleset: RuleSet) -> CaseEvaluator:
    """The live evaluator, or the plain one where durable-rules is missing; kept for the next question."""
    if not durable_rules_installed():
        return CaseEvaluator(ruleset)
    from engine.single.live import LiveEvaluator

    return LiveEvaluator(ruleset)


@lru_cache(maxsize=4)
def for_all_cases(ruleset: RuleSet, severities: frozenset[str] | None = None) -> SweepEvaluator:
    """The sweep of all rules, or of those of some severities; kept for the next question, for its plans cost most."""
    from engine.sweep.evaluator import SweepEvaluator

    return SweepEvaluator(ruleset, severities=severities)


def at_once(number: int, by: Name | None) -> bool:
    """Whether so many cases are put into columns: as is asked, else from `MANY` on.

    Without durable-rules so many always are.
    """
    if by == "live":
        return number >= MANY and not durable_rules_installed()
    return by == "sweep" or number >= MANY


def evaluate(ruleset: RuleSet, records: Iterable[CaseRecord], as_of: dt.date, by: Name | None = None) -> Evaluation:
    """All findings of all records by the evaluator of that name, else by the one for so many."""
    records = tuple(records)
    if at_once(len(records), by):
        return for_all_cases(ruleset).evaluate(records, as_of).evaluation()
    return for_one_case(ruleset).evaluate(records, as_of)
