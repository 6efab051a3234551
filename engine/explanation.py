"""Why a rule holds for a case, does not, or cannot be decided: facts with values and sources, clause, certainty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Set
from dataclasses import dataclass

from engine.findings import Finding, show
from engine.language.tree import And, Expr, FactRef, facts_read, walk
from engine.language.wording import Wording
from engine.projection import CaseRecord
from engine.ruleset import Rule
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
from engine.unknowns import Outcome, Unknown, UnknownRule
from rules.loader.law import InForce


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that a rule read: its value, and where that came from."""

    name: str
    label: str
    value: str
    recorded: bool
    source: str


@dataclass(frozen=True, slots=True)
class ConditionPart:
    """One of the conditions of a rule that must all hold: in words, and whether it does (None = not known)."""

    words: str
    holds: bool | None
    facts: Set[str] = frozenset()
    """The facts that it reads by name."""


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """What became of one rule for a case."""

    rule: str
    title: str
    holds: bool | None
    finding: Finding | None
    missing: tuple[str, ...]
    parts: tuple[ConditionPart, ...]
    facts: tuple[FactUsed, ...]
    citations: tuple[InForce, ...]
    silent: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One case explained: its stage, its findings, and every rule of its stage."""

    case: str
    name: str
    unit: str | None
    as_of: dt.date
    stage: str
    exists: bool
    traces: tuple[RuleTrace, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone."""
        return tuple(trace.finding for trace in self.traces if trace.finding)


class Explainer:
    """Explains cases with the evaluator that found what is explained."""

    def __init__(self, evaluator: CaseEvaluator) -> None:
        self.evaluator, self.ruleset, self.program = evaluator, evaluator.ruleset, evaluator.program
        self.wording = Wording(evaluator.ruleset)

    def explain(self, record: CaseRecord, as_of: dt.date) -> Explanation:
        """Explain a case; one that does not exist yet on the day has no traces."""
        situation = self.evaluator.situation(record, as_of)
        unit = record.fields.get("unit")
        if situation is None:
            name = str(record.fields.get("full_name", ""))
            return Explanation(record.code, name, _text(unit), as_of, "", exists=False, traces=())
        findings, unknown = self.evaluator.case(situation)
        stage = str(situation.value("stage"))
        by_rule, undecided = {f.rule: f for f in findings}, {u.rule: u for u in unknown}
        rules = sorted(self.ruleset.rules.values(), key=lambda rule: (rule.name not in by_rule, rule.name))
        return Explanation(
            case=record.code,
            name=str(situation.recorded.get("full_name", "")),
            unit=_text(situation.recorded.get("unit")),
            as_of=as_of,
            stage=stage,
            exists=True,
            traces=tuple(
                self._trace(rule, situation, by_rule.get(rule.name), undecided.get(rule.name))
                for rule in rules
                if stage in rule.stages
            ),
        )

    def _trace(
        self, rule: Rule, situation: Situation, finding: Finding | None, unknown: UnknownRule | None
    ) -> RuleTrace:
        parts = rule.when.parts if isinstance(rule.when, And) else (rule.when,)
        return RuleTrace(
            rule=rule.name,
            title=rule.title,
            holds=None if unknown else finding is not None,
            finding=finding,
            missing=unknown.missing if unknown else (),
            parts=tuple(self._part(part, situation) for part in parts),
            facts=tuple(self._facts(rule, situation)),
            citations=tuple(self.evaluator.describer.cited(rule, situation).versions),
            silent=rule.text.silent,
        )

    def _part(self, part: Expr, situation: Situation) -> ConditionPart:
        holds = _truth(self.program.compiled(part)(situation))
        return ConditionPart(self.wording.words(part), holds, facts_read(part))

    def _facts(self, rule: Rule, situation: Situation) -> Iterator[FactUsed]:
        """The facts a rule reads, and those they were computed from, each once, the rule's own first.

        A computed fact with a note of its own is explained by that note and not taken apart.
        """
        queue = [name for expr in (rule.when, rule.due) if expr is not None for name in _in_order(expr)]
        seen: set[str] = set()
        while queue:
            name = queue.pop(0)
            if name in seen:
                continue
            seen.add(name)
            expr = self.ruleset.computed.get(name)
            yield self._fact(name, expr, situation)
            if expr is not None and self.ruleset.vocabulary.facts[name].note is None:
                queue += _in_order(expr)

    def _fact(self, name: str, expr: Expr | None, situation: Situation) -> FactUsed:
        fact = self.ruleset.vocabulary.facts[name]
        codes = self.ruleset.vocabulary.codes[fact.codes] if fact.codes else None
        value = show(situation.value(name), codes)
        if expr is not None:
            source = fact.note or f"tính từ: {self.wording.words(expr)}"
            return FactUsed(name, fact.label, value, recorded=False, source=source)
        if fact.kind == "given":
            return FactUsed(name, fact.label, value, recorded=False, source="do lệnh cho")
        kept = situation.recorded.get(name) is not None
        source = f"ghi ở cột “{fact.column}”" if kept else f"cột “{fact.column}” để trống"
        return FactUsed(name, fact.label, value, recorded=kept, source=source)


def _in_order(expr: Expr) -> list[str]:
    """The facts an expression names, in the order of reading."""
    names = facts_read(expr)
    return [name for name in dict.fromkeys(n.name for n in walk(expr) if isinstance(n, FactRef)) if name in names]


def _truth(outcome: Outcome) -> bool | None:
    return None if isinstance(outcome, Unknown) else bool(outcome)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
