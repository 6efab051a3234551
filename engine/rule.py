"""Rules and the rule set, parsed and checked: what evaluators read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.language.scope import Scope
from engine.language.time_limits import Calendar
from engine.language.tree import Expr, Type
from rules.loader.law import Law, Parameter
from rules.loader.rules import RuleText
from rules.loader.vocabulary import Vocabulary

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
OWN_PLACEHOLDERS = ("due", "days_late", "lateness")


@dataclass(frozen=True, slots=True)
class Citation:
    """A parameter a rule rests on, and the day whose version counts."""

    parameter: Parameter
    on: Expr


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, parsed and checked."""

    name: str
    title: str
    when: Expr
    due: Expr | None
    severities: tuple[tuple[str, Expr | None], ...]
    unsure: str | None
    """The severity instead of "blocked" where the finding is neither read nor quoted."""
    holders: tuple[tuple[str, Expr | None], ...]
    """Who holds it up, by conditions as the severities are; empty where nobody does."""
    late_on: Expr | None
    """The day at which lateness is measured; None = the rule knows no lateness."""
    cites: tuple[Citation, ...]
    see: tuple[Parameter, ...]
    """Parameters shown beside the rule; its findings do not rest on them."""
    say: str
    stages: frozenset[str]
    """The stages in which it can fire at all."""
    layer: int
    """0 for a rule that rests on no other rule, else one more than the deepest it rests on."""
    text: RuleText

    @property
    def held_by(self) -> str | None:
        """Who holds it up where no condition says otherwise."""
        return self.holders[-1][0] if self.holders else None

    @property
    def stands(self) -> bool:
        """Whether its severity stands also where a value it rests on came with a later document."""
        return self.text.stands

    @property
    def before(self) -> frozenset[str]:
        """The steps that are not to be taken while a finding of the rule stands that is blocked or to be confirmed."""
        return frozenset(step for step, _ in self.text.before)

    def can_be(self, severities: Collection[str] | None) -> bool:
        """Whether its findings can have one of some severities (None = any) at all."""
        possible = {word for word, _ in self.severities} | ({self.unsure} if self.unsure else set())
        return severities is None or not possible.isdisjoint(severities)


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Everything an evaluator needs: facts in the order of their computation, rules in the order of their chaining."""

    vocabulary: Vocabulary
    law: Law
    calendar: Calendar
    types: Mapping[str, Type]
    computed: Mapping[str, Expr]
    unknown_when: Mapping[str, Expr]
    uncertain: frozenset[str]
    """The facts that can be unknown."""
    rules: Mapping[str, Rule]
    scope: Scope

    def label(self, fact: str) -> str:
        """The Vietnamese name of a fact."""
        return self.vocabulary.facts[fact].label


@dataclass(frozen=True, slots=True)
class Parsed:
    """What facts and rules are parsed to."""

    types: dict[str, Type]
    computed: dict[str, Expr]
    """In the order of their computation."""
    unknown_when: dict[str, Expr]
    uncertain: frozenset[str]
    rules: dict[str, Rule]

    def with_law(self, vocabulary: Vocabulary, law: Law, calendar: Calendar) -> RuleSet:
        """The rule set, with what it was parsed from."""
        return RuleSet(
            vocabulary=vocabulary,
            law=law,
            calendar=calendar,
            types=self.types,
            computed=self.computed,
            unknown_when=self.unknown_when,
            uncertain=self.uncertain,
            rules=self.rules,
            scope=Scope(self.types, codes_of(vocabulary), law.parameters, tuple(self.rules)),
        )


def codes_of(vocabulary: Vocabulary) -> dict[str, dict[str, str] | None]:
    """The code list of each fact that has one."""
    return {name: vocabulary.codes[fact.codes] if fact.codes else None for name, fact in vocabulary.facts.items()}


def may_say(text: str, types: Collection[str], sensitive: Collection[str], *, due: bool) -> bool:
    """Whether a sentence names only what there is, and nothing that is personal data of the sensitive kind."""
    names = PLACEHOLDER.findall(text)
    known = all(name in types or (due and name in OWN_PLACEHOLDERS) for name in names)
    return known and not any(name in sensitive for name in names)
