"""What durable-rules answers is what the plain reading of the tree answers, rule by rule, on invented cases."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.values.records import Record
from engine.single.closures import Situation
from engine.single.live import LiveEvaluator
from engine.unknowns import Unknown
from tests.equality import pair
from tests.whole import examples, seeds


def by_closures(evaluator: LiveEvaluator, situation: Situation) -> tuple[list[str], list[str]]:
    """The rules that hold and those that cannot be decided, without any engine."""
    outcomes = {name: rule(situation) for name, rule in evaluator.program.rules.items()}
    holding = sorted(name for name, outcome in outcomes.items() if outcome is True)
    return holding, sorted(name for name, outcome in outcomes.items() if isinstance(outcome, Unknown))


def check(record: Record, evaluator: LiveEvaluator, as_of: object) -> bool:
    """Hold both against each other; whether there was a case at all."""
    situation = evaluator.situation(record, as_of)  # type: ignore[arg-type]  # a day
    if situation is None:
        return False
    certain, undecided = evaluator.holding(situation)
    found = [rule.name for rule in certain], [rule.name for rule in undecided]
    assert found == by_closures(evaluator, situation), record
    return True


@pytest.mark.parametrize("seed", seeds(4))
def test_engine_and_closures_agree(seed: int) -> None:
    """Certain and undecided rules are the same by the engine and by plain closures, for thousands of cases."""
    both = pair()
    as_of, records = both.population.records(1000 + seed, 3000)
    assert sum(check(record, both.live, as_of) for record in records) > 2000


@settings(max_examples=examples(200))
@given(st.randoms(use_true_random=False))
def test_engine_and_closures_agree_on_any_case(random: Random) -> None:
    """The same for cases that hypothesis makes up and shrinks."""
    both = pair()
    as_of = both.population.as_of(random)
    check(both.population.record(random, 1, as_of), both.live, as_of)


def test_the_same_cases_again_leave_nothing_more_behind() -> None:
    """What is compiled for a rule is kept once, however many findings ask for it."""
    both = pair()
    as_of, records = both.population.records(7, 500)
    both.live.evaluate(records, as_of)
    kept = len(both.live.program._compiled)
    both.live.evaluate(records, as_of)
    assert len(both.live.program._compiled) == kept
