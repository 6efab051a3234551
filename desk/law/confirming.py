"""What of the law nobody has read yet, what rests on it, and a person's word that it was read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from cases.values.evaluated import evaluated
from desk.answers.checking import check
from desk.rosters import evaluator
from engine.comparison import Difference, compare_findings
from engine.language.law_words import amount
from engine.language.tree import Expr, ParameterAt, facts_read, walk
from engine.ruleset import Rule, RuleSet
from rules.loader.errors import UnknownName
from rules.loader.held.values import written
from rules.loader.overlays import Confirmation
from rules.loader.spelling.folding import plain
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.question import Question

OWN_SERIES = "project"
"""What the program has agreed with itself: there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A value in force that nobody has read: its clause, what rests on it, and how many findings it touches."""

    parameter: str
    title: str
    unit: str
    document: str
    value: str
    words: str
    clause: str | None
    basis: str | None
    rules: tuple[str, ...]
    findings: int


@dataclass(frozen=True, slots=True)
class Confirming:
    """A value about to be confirmed: beside what it stands, and whose findings change."""

    confirmation: Confirmation
    shipped: str
    difference: Difference

    @property
    def cases(self) -> list[str]:
        """The cases whose findings change in anything that is said."""
        found = self.difference
        touched = (*found.gone, *found.come, *(after for _, after in found.changed))
        return sorted({finding.case for finding in touched})

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {**asdict(self.confirmation), "shipped": self.shipped, "cases": self.cases}


def unconfirmed(roster: Roster, question: Question) -> list[Unconfirmed]:
    """The values in force on the day that nobody has read, those that touch most findings first."""
    ruleset = question.ruleset
    touched = _touched(roster, question)
    resting = _resting(ruleset)
    found = []
    for parameter in ruleset.law.parameters.values():
        entry = parameter.at(question.as_of)
        if parameter.series == OWN_SERIES or entry.certainty != "unconfirmed":
            continue
        rules = resting.get(parameter.name, ())
        found.append(
            Unconfirmed(
                parameter.name,
                parameter.title,
                parameter.unit,
                entry.document.id,
                written(entry.value),
                amount(entry.value, parameter.unit),
                None if entry.last_known else entry.version.clause,
                None if entry.last_known else entry.version.basis,
                tuple(rules),
                touched[parameter.name, entry.document.id],
            )
        )
    return sorted(found, key=lambda one: -one.findings)


def _touched(roster: Roster, question: Question) -> Counter[tuple[str, str]]:
    """For each value with its document the unsure findings that rest on it, by the days of each case."""
    decide, records = evaluator(question.ruleset), {one.code: one for one in evaluated(roster)}
    found: Counter[tuple[str, str]] = Counter()
    for one in check(roster, question).findings:
        if one.certainty == "unconfirmed":
            situation = decide.situation(records[one.case], question.as_of)
            assert situation is not None
            found.update(decide.describer.rests_on(question.ruleset.rules[one.rule], situation))
    return found


def confirming(
    roster: Roster, question: Question, parameter: str, value: str, clause: str, seen_at: str, who: str, today: dt.date
) -> Confirming:
    """What a confirmation would change; raises `UnknownName`, and `LawFileError` for a value of another form."""
    law = question.ruleset.law
    if parameter not in law.parameters:
        hint = did_you_mean(parameter, law.parameters, "Xem danh sách: dubi rules confirm.")
        raise UnknownName(f"Không có giá trị “{parameter}”. {hint}")
    entry = law.parameters[parameter].at(question.as_of)
    one = Confirmation(parameter, entry.document.id, value, plain(clause), plain(seen_at), who, today)
    others = tuple(c for c in question.confirmed if (c.parameter, c.document) != (one.parameter, one.document))
    after = replace(question, confirmed=(*others, one))
    difference = compare_findings(check(roster, question).findings, check(roster, after).findings)
    return Confirming(one, written(entry.value), difference)


def _resting(ruleset: RuleSet) -> dict[str, list[str]]:
    """For each value of the law the rules that cite it or are worked out from it."""
    found: dict[str, list[str]] = {}
    for rule in ruleset.rules.values():
        named = {citation.parameter.name for citation in rule.cites} | _values(ruleset, _expressions(rule))
        for name in sorted(named):
            found.setdefault(name, []).append(rule.name)
    return found


def _expressions(rule: Rule) -> list[Expr]:
    own = [rule.when, rule.due, *(condition for _, condition in (*rule.severities, *rule.holders))]
    return [expr for expr in own if expr is not None]


def _values(ruleset: RuleSet, expressions: Sequence[Expr]) -> set[str]:
    """The values of the law behind some expressions, through all facts that they are worked out from."""
    queue, seen, found = list(expressions), set[str](), set[str]()
    while queue:
        expr = queue.pop()
        found |= {node.parameter.name for node in walk(expr) if isinstance(node, ParameterAt)}
        for name in facts_read(expr) - seen:
            seen.add(name)
            if name in ruleset.computed:
                queue.append(ruleset.computed[name])
    return found
