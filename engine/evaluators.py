"""Which evaluator decides: durable-rules for one case where it can be installed, the sweep for many.

Where durable-rules is missing (a Windows machine without a compiler), the plain reading of `engine.record` stands in
for it: both are held against each other by the tests, so that no answer depends on the machine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Literal, Protocol

from engine.findings import Describer, Evaluation, Finding, UnknownRule
from engine.projection import CaseRecord, Projector
from engine.record import Program, Situation, Unknown
from engine.ruleset import Rule, RuleSet

Name = Literal["live", "sweep"]
ENGINE_MODULE = "durable_rules_engine"


class CaseEvaluator(Protocol):
    """Whatever decides one case at a time."""

    ruleset: RuleSet
    program: Program
    describer: Describer
    projector: Projector

    def situation(self, record: CaseRecord, as_of: dt.date) -> Situation | None:
        """The case as it stood on the day; None where there was no case yet."""

    def holding(self, situation: Situation) -> tuple[list[Rule], list[Rule]]:
        """The rules that hold, and those that cannot be decided."""

    def case(self, situation: Situation) -> tuple[list[Finding], list[UnknownRule]]:
        """Findings and undecided rules of one case, in the order of the rules' names."""

    def evaluate(self, records: Iterable[CaseRecord], as_of: dt.date) -> Evaluation:
        """All findings of all records as of a day."""


class PlainEvaluator:
    """Decides one case after another by the closures of the tree, without any engine."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.program = Program(ruleset)
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
        """Findings and undecided rules of one case, in the order of the rules' names."""
        certain, undecided = self.holding(situation)
        code = str(situation.recorded.get("code", ""))
        unknown = []
        for rule in undecided:
            outcome = self.program.rules[rule.name](situation)
            assert isinstance(outcome, Unknown)
            unknown.append(UnknownRule(code, rule.name, tuple(sorted(outcome.missing))))
        return [self.describer.finding(rule, situation) for rule in certain], unknown

    def evaluate(self, records: Iterable[CaseRecord], as_of: dt.date) -> Evaluation:
        """All findings of all records as of a day."""
        stages = dict.fromkeys(self.ruleset.vocabulary.codes["stage"], 0)
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
        return Evaluation(as_of, stages, findings, unknown)


def durable_rules_installed() -> bool:
    """Whether the engine of the live evaluator can be had on this machine."""
    try:
        return find_spec(ENGINE_MODULE) is not None
    except ValueError:
        return False


def for_one_case(ruleset: RuleSet) -> CaseEvaluator:
    """The live evaluator, or the plain one where durable-rules is missing."""
    if not durable_rules_installed():
        return PlainEvaluator(ruleset)
    from engine.live import LiveEvaluator

    return LiveEvaluator(ruleset)


def evaluate(ruleset: RuleSet, records: Iterable[CaseRecord], as_of: dt.date, by: Name) -> Evaluation:
    """All findings of all records by the evaluator of that name; where durable-rules is missing, always the sweep."""
    if by == "live" and durable_rules_installed():
        return for_one_case(ruleset).evaluate(records, as_of)
    from engine.sweep import SweepEvaluator

    return SweepEvaluator(ruleset).evaluate(records, as_of).evaluation()
