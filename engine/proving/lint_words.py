"""What the rule files name: the facts, values of the law and code lists that something rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.coming_up import load_deadlines
from engine.language.parsing import parse_condition
from engine.language.scanning import Place
from engine.language.tree import Expr, FactRef, ParameterAt, walk
from engine.planning import compile_plan
from engine.ruleset import PLACEHOLDER, RuleSet
from engine.statistics.indicators import Indicators
from engine.statistics.references import reference
from engine.statistics.timing.timed_steps import load_timed_steps
from rules.loader import plan as plan_loader
from rules.loader import populations as populations_loader
from rules.loader import process as process_loader

_NAMES = re.compile(r"[^\W\d]\w*")


@dataclass(slots=True)
class Named:
    """Everything that is named somewhere."""

    facts: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)

    def add(self, expressions: Iterable[Expr | None]) -> None:
        """Take in what expressions name."""
        for expr in expressions:
            for node in walk(expr) if expr is not None else ():
                if isinstance(node, FactRef):
                    self.facts.add(node.name)
                elif isinstance(node, ParameterAt):
                    self.parameters.add(node.parameter.name)


def named(ruleset: RuleSet, indicators: Indicators) -> Named:
    """What the rules, facts, limits, plan, process and statistics name."""
    found = Named()
    found.add(_of_rules(ruleset))
    found.add(ruleset.computed.values())
    found.add(ruleset.unknown_when.values())
    for rule in ruleset.rules.values():
        found.facts.update(PLACEHOLDER.findall(rule.say))
        found.parameters.update(citation.parameter.name for citation in rule.cites)
        found.parameters.update(parameter.name for parameter in rule.see)
    for deadline in load_deadlines(ruleset):
        found.add((deadline.when, deadline.day, deadline.cites.on))
        found.parameters.add(deadline.cites.parameter.name)
    timed = load_timed_steps(ruleset)
    for stretch in timed.stretches:
        found.add((stretch.working_days, stretch.late))
    found.add(waiting.since for waiting in timed.waiting)
    for step in compile_plan(ruleset, plan_loader.load()):
        found.add((step.when, step.earliest, step.latest, step.cites.on))
        found.parameters.add(step.cites.parameter.name)
    found.add(_of_process(ruleset))
    _of_statistics(indicators, found)
    return found


def _of_rules(ruleset: RuleSet) -> Iterator[Expr | None]:
    for rule in ruleset.rules.values():
        yield from (rule.when, rule.due, rule.late_on)
        yield from (citation.on for citation in rule.cites)
        yield from (condition for _, condition in (*rule.severities, *rule.holders))


def _of_process(ruleset: RuleSet) -> Iterator[Expr]:
    process = process_loader.load()
    claims = (*process.assumed, process.among, *process.states, *(promise.claim for promise in process.promises))
    for claim in claims:
        yield parse_condition(claim.when, ruleset.scope, Place(str(process.file), claim.line))


def _of_statistics(indicators: Indicators, found: Named) -> None:
    for text in indicators.texts.values():
        if text.counted:
            indicator = indicators.indicator(reference(text.name))
            found.add((indicator.when, indicator.at, indicator.unknown_of, indicator.amount))
    for program in indicators.programs.values():
        found.add(program.ruleset.computed.values())
    for dimension in populations_loader.dimensions().values():
        for condition in (dimension.any_value, dimension.unknown, *dimension.values.values()):
            found.facts.update(_NAMES.findall(condition or ""))
    for population in indicators.populations.values():
        found.facts.update(population.figures)
