"""Deciding one case at a time: its situation, the rules that hold, and their findings.

This plain reading needs no engine. The live evaluator is the same but for `holding`, which it asks durable-rules.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from engine.findings import Describer, Evaluation, Finding, stages_found
from engine.projection import CaseRecord, Projector
from engine.ruleset import Rule, RuleSet
from engine.single.closures import Situation, program_of
from engine.unknowns import Unknown, UnknownRule


class EvaluatorsDisagree(RuntimeError):
    """Two readings of one rule give different answers: a fault of the program, not of the data."""


class CaseEvaluator:
    """Decides one case after another by the closures of the tree; what decides a rule can be replaced."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.program = program_of(ruleset)
        self.describer = Describer(self.program)
        self.projector = Projector(ruleset.vocabulary)

    def situation(self, record: CaseRecord, as_of: dt.date) -> Situation | None:
        """The case as it stood on the day; None where there was no case yet."""
        recorded = self.projector.project(record, as_of)
        return None if recorded is None else self.program.situation(recorded)

    def holding(self, situation: Situation) -> tuple[list[Rule], list[Rule]]:
        """The rules that hold, and those that cannot be decided."""
        outcomes = {name: self.program.rules[name](situation) for name in sorted(self.ruleset.rules)}
        certain = [self.ruleset.rules[name] for name, outcome in outcomes.items() if outcome is True]
        return certain, [self.ruleset.rules[n] for n, outcome in outcomes.items() if isinstance(outcome, Unknown)]

    def case(self, situation: Situation) -> tuple[list[Finding], list[UnknownRule]]:
        """Findings and undecided rules of one case, in the order of the rules' names.

        Raises `EvaluatorsDisagree` where a rule that is not to be decided is decided by its closure.
        """
        certain, undecided = self.holding(situation)
        code = str(situation.recorded.get("code", ""))
        unknown = []
        for rule in undecided:
            outcome = self.program.rules[rule.name](situation)
            if not isinstance(outcome, Unknown):
                raise EvaluatorsDisagree(f"{rule.name}: the two readings of the rule disagree")
            unknown.append(UnknownRule.of(code, rule.name, outcome))
        return [self.describer.finding(rule, situation) for rule in certain], unknown

    def evaluate(self, records: Iterable[CaseRecord], as_of: dt.date) -> Evaluation:
        """All findings of all records as of a day."""
        stages = Counter[str]()
        findings: list[Finding] = []
        unknown: list[UnknownRule] = []
        for record in records:
            situation = self.situation(record, as_of)
            if situation is None:
                continue
            stages[str(situation.value("stage"))] += 1
            found, undecided = self.case(situation)
            findings += found
            unknown += undecided
        findings.sort(key=lambda finding: (finding.case, finding.rule))
        unknown.sort(key=lambda entry: (entry.case, entry.rule))
        return Evaluation(as_of, stages_found(stages, self.ruleset), findings, unknown)
