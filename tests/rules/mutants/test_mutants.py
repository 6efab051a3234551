"""The mutation run: small wrong changes are made of every kind, and none of them passes the examples unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.proving.examples import run_values
from engine.proving.mutants import Mutant, of_facts, of_law, of_rules
from engine.proving.mutation import Bench, equivalents, run
from engine.ruleset import RuleSet, load_ruleset
from rules.loader.examples import load
from rules.loader.law import Parameter


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    """The national rules."""
    return load_ruleset()


@pytest.fixture(scope="module")
def mutants(ruleset: RuleSet) -> dict[str, Mutant]:
    """Every mutant of a rule or a fact."""
    return {mutant.name: mutant for mutant in (*of_rules(ruleset), *of_facts(ruleset))}


def test_every_kind_is_made(mutants: dict[str, Mutant]) -> None:
    """A bar of a list dropped, a paper out of the oldest, the very day, a citation by another day: all are made."""
    assert len(mutants) > 2000
    assert len({mutant.name for mutant in mutants.values()}) == len(mutants)
    for name in (
        "ground_barred −corruption",
        "oldest_paper_on −0",
        "admission.past_decision_limit when /2 gt→ge",
        "special.religion cites/0 other day",
        "cell_window_ends_on start−1",
        "ceremony_limit_on working_day→day",
    ):
        assert name in mutants


def test_caught_by_the_examples_and_not_without(ruleset: RuleSet, mutants: dict[str, Mutant]) -> None:
    """What the examples catch passes where there are none: it is they that catch it."""
    bench, bare = Bench(ruleset, load()), Bench(ruleset, [])
    for name in ("ground_barred −corruption", "oldest_paper_on −0", "admission.past_decision_limit when /2 gt→ge"):
        assert not bench.survives(mutants[name])
        assert bare.survives(mutants[name])


@pytest.mark.parametrize("family", ["special.", "approved.", "admission."])
def test_no_hole_is_left(family: str) -> None:
    """Every mutant of these rules and values is caught, or listed as equivalent with its reason."""
    outcome = run(family)
    assert outcome.made > 30
    assert outcome.holes == []


def test_equivalents_have_reasons(mutants: dict[str, Mutant]) -> None:
    """Whatever is listed as equivalent says why."""
    assert all(len(reason) > 20 for reason in equivalents().values())


def test_wrong_numbers_are_caught_by_the_second_writing(ruleset: RuleSet) -> None:
    """Each value, unit and first day of the law changed by a slip of the hand is told by `dubi rules test`."""
    law = ruleset.law
    assert run_values() == []
    for _, wrong in of_law(law.parameters.values(), law.documents.values()):
        if isinstance(wrong, Parameter) and wrong.name in (
            "special.population_wait_fourth",
            "admission.decision_limit",
        ):
            changed = replace(law, parameters={**law.parameters, wrong.name: wrong})
            assert [failure for failure in run_values(changed) if failure.problem.startswith(wrong.name)]
