"""One case, rule by rule: what was found, what was not, from which days, by which clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.answers.checking import one_a_matter
from desk.rosters import evaluator, known_case
from engine.answering import acts
from engine.explanation import Explainer

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.question import Question
    from engine.explanation import Explanation, RuleTrace
    from engine.findings import Finding


@dataclass(frozen=True, slots=True)
class Explained:
    """Every rule of a case's stage, with the facts and clauses that decided it."""

    question: Question
    explanation: Explanation

    @property
    def listed(self) -> list[Finding]:
        """The findings, one for each matter."""
        return one_a_matter(self.explanation.findings, self.question.ruleset.rules)

    @property
    def missing(self) -> list[str]:
        """The facts without which something cannot be decided."""
        return sorted({fact for trace in self.explanation.traces for fact in trace.missing})

    def ends(self, rule: str) -> list[str]:
        """The acts that end what a rule waits for."""
        return list(dict.fromkeys(answer.act for answer in acts(self.question.ruleset.rules[rule])))

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        found = self.explanation
        return {
            "as_of": found.as_of,
            "law": self.question.law,
            "case": found.case,
            "name": found.name,
            "unit": found.unit,
            "exists": found.exists,
            "stage": found.stage or None,
            "rules": [_trace_json(trace) for trace in found.traces],
        }


def _trace_json(trace: RuleTrace) -> dict[str, object]:
    found = trace.finding
    return {
        "rule": trace.rule,
        "title": trace.title,
        "holds": trace.holds,
        "severity": found and found.severity,
        "due": found and found.due,
        "days_late": found and found.days_late,
        "held_by": found and found.held_by,
        "certainty": found and found.certainty,
        "message": found and found.message,
        "missing": list(trace.missing),
        "conditions": [{"words": part.words, "holds": part.holds} for part in trace.parts],
        "facts": [
            {"fact": f.name, "label": f.label, "value": f.value, "recorded": f.recorded, "source": f.source}
            for f in trace.facts
        ],
        "citations": [
            {
                "document": entry.version.document.id,
                "clause": entry.version.clause,
                "certainty": entry.certainty,
                "in_force": entry.document.id,
            }
            for entry in trace.citations
        ],
        "silent": trace.silent,
    }


def explain(roster: Roster, question: Question, case: str) -> Explained:
    """Explain one case; raises `UnknownName`."""
    record = known_case(roster, case)
    return Explained(question, Explainer(evaluator(question.ruleset)).explain(record, question.as_of))
