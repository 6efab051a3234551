"""The rule set as it is shipped, or by the law of a day, with overlays, and with what the office has read itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.language.time_limits import Calendar
from engine.language.tree import FactRef
from engine.rule import OWN_PLACEHOLDERS as OWN_PLACEHOLDERS
from engine.rule import PLACEHOLDER as PLACEHOLDER
from engine.rule import Citation as Citation
from engine.rule import Parsed, may_say
from engine.rule import Rule as Rule
from engine.rule import RuleSet as RuleSet
from rules.loader import calendar as calendar_data
from rules.loader import law as law_data
from rules.loader import vocabulary as vocabulary_data
from rules.loader.kept.copies import kept
from rules.loader.law import Law
from rules.loader.rules import HOLDERS, SEVERITIES, load_rules
from rules.loader.vocabulary import Vocabulary

if TYPE_CHECKING:
    from rules.loader.overlays import Confirmation

_HERE = Path(__file__).parent
_PARSERS = (_HERE / "language", _HERE / "compiling.py", _HERE / "rule.py", _HERE / "unknowns.py")
"""What the rules are parsed by."""


@cache
def load_ruleset(
    law_day: dt.date | None = None,
    overlays: tuple[Path, ...] = (),
    confirmations: tuple[Confirmation, ...] = (),
) -> RuleSet:
    """Load everything; `law_day` judges by the versions in force on that day; raises `LawFileError`, `BadQuestion`.

    `confirmations` are values that the office has read itself.
    """
    vocabulary, law = vocabulary_data.load(), law_data.load()
    calendar = Calendar(calendar_data.load())
    if law_day is None and not overlays and not confirmations:
        return _as_shipped(vocabulary, law).with_law(vocabulary, law, calendar)
    from engine.compiling import compile_ruleset
    from rules.loader.overlays import confirmed, lay_over, load_overlay

    texts = load_rules()
    if law_day is not None:
        law_data.require_day(law, law_day)
    for file in overlays:
        law, texts = lay_over(load_overlay(file, law), law, texts)
    return compile_ruleset(vocabulary, confirmed(law, confirmations), calendar, texts, law_day)


def _as_shipped(vocabulary: Vocabulary, law: Law) -> Parsed:
    """The facts and rules as they are shipped; what is kept of them names no fact, severity or holder but these."""

    def parsed() -> Parsed:
        from engine import compiling  # nobody waits for it while the rules stay as they are

        return compiling.parsed(vocabulary, law, load_rules())

    def sound(rule: Rule) -> bool:
        words = {word for word, _ in rule.severities} <= set(SEVERITIES)
        holders = {word for word, _ in rule.holders} <= set(HOLDERS)
        return words and holders and may_say(rule.say, facts, vocabulary.sensitive, due=rule.due is not None)

    facts = vocabulary.facts
    checks = {FactRef: lambda reference: reference.name in facts, Rule: sound}
    return kept(
        "rules",
        Parsed,
        parsed,
        shared=(law_data.Parameter,),
        known=law.parameters.values(),
        checks=checks,
        made_by=_PARSERS,
    )


@cache
def by_published_days(ruleset: RuleSet) -> RuleSet:
    """The same rules by the holidays that are published: what rests on others is unknown."""
    return replace(ruleset, calendar=Calendar(calendar_data.published(calendar_data.load())))
