"""The door to the C engine: what it refuses, and that one case leaves nothing behind for the next."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.single import durable
from engine.single.durable import DurableRules, EngineFault


def test_comparison_with_an_absent_field_never_holds() -> None:
    """The engine's own comparison reads stray memory where the right-hand field is missing; ours does not hold."""
    rules = DurableRules({"late": durable.compare_fields("ge", "as_of", "due")})
    for number in range(2000):
        assert rules.holding({"as_of": 700_000 + number}) == set()
    assert rules.holding({"as_of": 2, "due": 1}) == {"late"}


def test_a_case_leaves_nothing_behind() -> None:
    """The answer for a case is the same whatever was asked before it."""
    rules = DurableRules({"a": durable.present("x"), "b": durable.absent("x"), "c": durable.compare("eq", "y", "Đảng")})
    for _ in range(500):
        assert rules.holding({"x": 1}) == {"a"}
        assert rules.holding({"y": "Đảng"}) == {"b", "c"}
        assert rules.holding({}) == {"b"}


def test_many_true_branches_and_many_rules() -> None:
    """Rules beyond one shard and conditions with several true branches are all answered."""
    tests = [durable.compare("gt", f"f{n}", 0) for n in range(5)]
    patterns = {f"rule {n}": durable.both([durable.either(tests), durable.compare("ne", "g", n)]) for n in range(90)}
    assert len(DurableRules(patterns).holding({**{f"f{n}": 1 for n in range(5)}, "g": 7})) == 89


def test_more_rules_than_one_engine_takes_are_dealt_out() -> None:
    """As many engines as are needed, each filled to its last shard, answer a fact that is written down once."""
    tests = [durable.compare("gt", f"f{n}", 0) for n in range(5)]
    patterns = {f"rule {n}": durable.both([durable.either(tests), durable.compare("ne", "g", n)]) for n in range(210)}
    asked = durable.engines(patterns)
    assert len(asked) == 3
    fact = {**{f"f{n}": 1 for n in range(5)}, "g": 7}
    assert durable.holding(asked, fact) == patterns.keys() - {"rule 7"}
    assert durable.holding(asked, {"g": 7}) == set()


@pytest.mark.parametrize("value", [2**63, -(2**63), "a" * 4001, 1.5, Fraction(2, 3)])
def test_dangerous_values_are_refused(value: Any) -> None:
    """What the engine would answer wrongly is not let in."""
    rules = DurableRules({"a": durable.present("x")})
    with pytest.raises(EngineFault):
        rules.holding({"x": value})
    assert rules.holding({"x": 1}) == {"a"}


def test_too_large_a_rule_is_refused() -> None:
    """A condition beyond the engine's stack is refused when it is built, not when it runs."""
    with pytest.raises(EngineFault, match="too large"):
        DurableRules({"a": durable.either([durable.present(f"f{n}") for n in range(60)])})


def test_composed_and_decomposed_letters_are_equal() -> None:
    """Two spellings of one Vietnamese text are one text."""
    rules = DurableRules({"a": durable.compare("eq", "x", "Hoa\u0301")})
    assert rules.holding({"x": "Ho\u00e1"}) == {"a"}


def test_closing_gives_back_and_allows_a_new_start() -> None:
    """A closed engine can be asked again."""
    rules = DurableRules({"a": durable.present("x")})
    assert rules.holding({"x": 1}) == {"a"}
    rules.close()
    assert rules.holding({"x": 1}) == {"a"}


def test_as_many_engines_as_needed() -> None:
    """More patterns than one engine can hold are dealt out, and each is still answered once."""
    patterns = {f"p{number}": durable.compare("ge", "x", number) for number in range(1000)}
    dealt = durable.engines(patterns)
    assert len(dealt) > 1
    assert set().union(*(engine.holding({"x": 499}) for engine in dealt)) == {f"p{number}" for number in range(500)}
