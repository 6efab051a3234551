"""No document judges what began before it was there: its value is told for information, and the sentence says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from engine.findings import LATER_NOTE, PRESSING
from engine.language.tree import Expr, FactRef, ParameterAt, children
from engine.proving.examples import ExampleCase
from engine.ruleset import Rule, RuleSet, load_ruleset
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
from rules.loader import overlays as overlays_loader
from rules.loader.examples import load
from rules.loader.law import Parameter


def asked(ruleset: RuleSet, expr: Expr) -> Iterator[ParameterAt]:
    """Every value of the law that an expression is worked out from."""
    if isinstance(expr, FactRef) and expr.name in ruleset.computed:
        yield from asked(ruleset, ruleset.computed[expr.name])
    if isinstance(expr, ParameterAt):
        yield expr
    for child in children(expr):
        yield from asked(ruleset, child)


def grounds(rule: Rule, situation: Situation) -> Iterator[tuple[Parameter, dt.date]]:
    """The values that a finding cites, with the days for which they are asked."""
    for citation in rule.cites:
        day = situation.program.compiled(citation.on)(situation)
        yield citation.parameter, day if isinstance(day, dt.date) else situation.recorded["as_of"]  # type: ignore[misc]  # a day
    for value in asked(situation.program.ruleset, rule.due) if rule.due is not None else ():
        day = situation.program.compiled(value.day)(situation)
        if isinstance(day, dt.date):
            yield value.parameter, day


def test_nothing_pressing_rests_on_a_later_document() -> None:
    """Of all findings about the people of all examples, whenever: what presses rests on what was there."""
    ruleset = load_ruleset(None, tuple(overlays_loader.find(name) for name in overlays_loader.names()))
    evaluator, pressing, softened = CaseEvaluator(ruleset), 0, 0
    for example in load():
        for back in (0, 6, 12):
            years = {
                n: d.replace(day=min(d.day, 28), year=d.year - back)
                for n, d in example.facts.items()
                if isinstance(d, dt.date)
            }
            as_of = example.as_of.replace(day=min(example.as_of.day, 28), year=example.as_of.year - back)
            situation = evaluator.situation(ExampleCase("A", {**example.facts, **years}), as_of)
            if situation is None:
                continue
            for finding in evaluator.case(situation)[0]:
                rule = ruleset.rules[finding.rule]
                if rule.stands:
                    continue
                assert (LATER_NOTE in finding.message) is finding.later
                softened += finding.later
                if finding.severity in PRESSING:
                    pressing += 1
                    for parameter, day in grounds(rule, situation):
                        assert parameter.at(day).version.document.begins <= day, (example.title, finding)
    assert pressing > 100
    assert softened > 100


def test_under_a_law_day_nothing_is_later() -> None:
    """Whoever asks for the law of a day has asked for it: what is found by it is told as loudly as it says."""
    ruleset = load_ruleset(dt.date(2025, 7, 1))
    facts = {"admitted_on": dt.date(2012, 2, 20), "transfer_decided_on": dt.date(2017, 3, 1)}
    evaluator = CaseEvaluator(ruleset)
    situation = evaluator.situation(ExampleCase("A", facts), dt.date(2017, 12, 1))
    assert situation is not None
    (found,) = [one for one in evaluator.case(situation)[0] if one.rule == "movement.transfer_due"]
    assert (found.severity, found.later) == ("overdue", False)
