"""What waits for an answer: the rules of each clock, and the acts that end the waiting.

A rule waits for a clock where it holds the as-of day against one of the clock's limits, or is named by it.
"""

from __future__ import annotations

from engine.language.tree import Compare, FactRef, facts_read, walk
from engine.ruleset import Rule
from rules.loader.held import clocks as clocks_loader
from rules.loader.held.clocks import Answer, Clock

TODAY = FactRef("as_of", "date")


def waits_for(rule: Rule, clock: Clock) -> bool:
    """Whether a rule waits for a clock."""
    if rule.name in clock.rules:
        return True
    limits = set(clock.limits)
    held = (node for node in walk(rule.when) if isinstance(node, Compare) and TODAY in (node.left, node.right))
    compared = any(facts_read(node) & limits for node in held)
    counted = rule.late_on == TODAY and rule.due is not None and bool(facts_read(rule.due) & limits)
    return compared or counted


def acts(rule: Rule) -> list[Answer]:
    """The acts that end what a rule waits for."""
    return [answer for clock in clocks_loader.load() if waits_for(rule, clock) for answer in clock.answers]
