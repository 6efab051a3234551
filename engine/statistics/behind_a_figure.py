"""What a figure depends on: the settings that would change it, and whether it tells something sensitive of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.tree import Expr, FactRef, Shift, WorkingDays, walk
from engine.ruleset import RuleSet
from engine.statistics.indicators import Indicator, Indicators
from engine.statistics.ledger import Ledger
from engine.statistics.references import Reference, terms
from rules.loader import settings as settings_loader
from rules.loader import vocabulary

CALENDAR = "calendar"
"""The setting that whatever counts working days depends on."""
_OF_THE_SOURCE = {"enrolments": "learner_unit"}
"""Settings that decide which unit a member is credited to."""


def settings_behind(ledger: Ledger, references: Iterable[Reference]) -> list[str]:
    """The settings that some figures depend on, in the order of the settings file."""
    names = set[str]()
    for reference in references:
        names |= _by_formula(ledger.indicators, reference)
        for counted, _ in ledger.rests_on(reference):
            indicator = ledger.indicators.indicator(counted)
            names |= facts_behind(ledger.indicators, indicator)
            names |= {setting for population, setting in _OF_THE_SOURCE.items() if population == indicator.population}
    return [name for name in settings_loader.load() if name in names]


def typed_behind(indicators: Indicators, references: Iterable[Reference]) -> list[str]:
    """The typed figures that some figures rest on."""
    found = dict[str, None]()
    waiting = list(references)
    while waiting:
        text = indicators.known(waiting.pop().name)
        if text.typed:
            found[text.name] = None
        for formula in text.formulas:
            waiting.extend(term.reference for term in terms(formula))
    return sorted(found)


def is_sensitive(ledger: Ledger, reference: Reference) -> bool:
    """Whether the names behind a figure would tell something sensitive of each of them."""
    return bool(sensitive_behind(ledger, reference))


def sensitive_behind(ledger: Ledger, reference: Reference) -> set[str]:
    """The facts that the names behind a figure would tell of each of them and that keep them from it."""
    hides = vocabulary.load().hides_names
    counted = (ledger.indicators.indicator(name) for name, _ in ledger.rests_on(reference))
    return set().union(*(facts_behind(ledger.indicators, one) & hides for one in counted))


def facts_behind(indicators: Indicators, indicator: Indicator) -> set[str]:
    """All facts that an indicator reads, those behind computed ones included."""
    trees = [indicator.when, indicator.at, indicator.unknown_of, indicator.amount]
    ruleset = indicators.programs[indicator.population].ruleset
    return set().union(*(facts_under(tree, ruleset) for tree in trees if tree is not None))


def facts_under(tree: Expr, ruleset: RuleSet) -> Iterator[str]:
    """All facts that an expression reads, those behind computed ones included."""
    waiting, seen = [tree], set[str]()
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, WorkingDays) or (isinstance(node, Shift) and node.unit == "working_day"):
                yield CALENDAR
            if isinstance(node, FactRef) and node.name not in seen:
                seen.add(node.name)
                yield node.name
                if node.name in ruleset.computed:
                    waiting.append(ruleset.computed[node.name])


def _by_formula(indicators: Indicators, reference: Reference) -> set[str]:
    text = indicators.known(reference.name)
    found = {"year_count"} if text.per_year else set[str]()
    found |= {text.choice.setting} if text.choice else set()
    return found.union(
        *(_by_formula(indicators, term.reference) for formula in text.formulas for term in terms(formula))
    )
