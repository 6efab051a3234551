"""What waits for an answer waits no longer once it came; what is not done is told as loudly as what was late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.proving.answers import faults, loudest, tables, tells_late, waiting
from engine.proving.examples import run_examples
from engine.ruleset import RuleSet, load_ruleset
from rules.loader import overlays as overlays_loader
from rules.loader.examples import Example, Value, load

PAGE = Path(__file__).parent.parent.parent / "docs" / "quy-tac.md"


@pytest.fixture(scope="module")
def everything() -> RuleSet:
    """The national rules with every overlay on them."""
    return load_ruleset(None, tuple(overlays_loader.find(name) for name in overlays_loader.names()))


def answered(example: Example, sets: dict[str, str]) -> Example:
    """An example in which the act has happened on the as-of day: its rule has nothing to wait for."""
    facts: dict[str, Value] = dict(example.facts)
    for name, value in sets.items():
        facts[name] = example.as_of if value == "as_of" else int(value) if value.isdigit() else value
    return replace(example, facts=facts, fires=False, wanted={})


def test_every_act_ends_every_waiting(everything: RuleSet) -> None:
    """For each clock and act: the act added to any example in which a rule waits for it, the rule is silent."""
    firing: dict[str, list[Example]] = {}
    for example in load():
        if example.rule and example.fires:
            firing.setdefault(example.rule, []).append(example)
    changed = [
        answered(example, dict(one.answer.sets)) for one in waiting(everything) for example in firing[one.rule.name]
    ]
    assert len(changed) > 100
    assert [str(failure) for failure in run_examples(changed)] == []


def test_no_fault_is_left(everything: RuleSet) -> None:
    """Every rule that can be overdue waits for something that can end it, every late one has its twin."""
    assert list(faults([load_ruleset(), everything])) == []


def test_never_is_as_loud_as_late(everything: RuleSet) -> None:
    """Each rule that tells what was late names what speaks while it is not done, and that is no quieter."""
    late = [rule for rule in everything.rules.values() if tells_late(rule)]
    assert len(late) > 10
    for rule in late:
        assert bool(rule.text.never) != bool(rule.text.no_never), rule.name
        for twin, _ in rule.text.never:
            assert loudest(everything.rules[twin]) <= loudest(rule), (rule.name, twin)


def test_faults_are_found(everything: RuleSet) -> None:
    """A late rule without its twin, or with a quieter one, and an overdue one without a clock are told."""
    rules = dict(everything.rules)
    late, overdue = rules["probation.member_cv_late"], rules["recognition.past_cell_window"]
    rules[late.name] = replace(late, text=replace(late.text, never=()))
    told = [problem for _, _, problem, _ in faults([replace(everything, rules=rules)])]
    assert told == ["Không nói quy tắc nào báo khi việc này chưa làm."]
    rules[late.name] = replace(
        late, severities=(("blocked", None),), text=replace(late.text, never=(("special.politics", 1),))
    )
    assert list(faults([replace(everything, rules=rules)])) == []
    rules[late.name] = replace(
        late, severities=(("blocked", None),), text=replace(late.text, never=(("special.religion", 1),))
    )
    assert len(list(faults([replace(everything, rules=rules)]))) == 1
    rules = {**everything.rules, overdue.name: replace(overdue, when=rules["special.religion"].when, due=None)}
    told = [problem for _, _, problem, _ in faults([replace(everything, rules=rules)])]
    assert told == ["Không đồng hồ nào nói việc gì trả lời cho quy tắc này."]


def test_tables_stand_in_the_page(everything: RuleSet) -> None:
    """Both tables stand in the page of rules and clauses."""
    assert "\n".join(tables(everything)) in PAGE.read_text(encoding="utf-8")
