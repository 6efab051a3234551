"""One case, rule by rule: what was found, what was not, from which days, by which clause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cases.values.masking import MASK, left_out
from desk.answers.matters import one_a_matter
from desk.answers.planning import planned
from desk.rosters import evaluator, known_case
from desk.words.labels import fact_label
from engine.answering import acts
from engine.explanation import Explainer
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.question import Question
    from engine.explanation import Explanation, RuleTrace
    from engine.findings import Finding
    from engine.planning import Plan


_MASKED = "dữ liệu nhạy cảm"


@dataclass(frozen=True, slots=True)
class Explained:
    """Every rule of a case's stage, with the facts and clauses that decided it."""

    question: Question
    explanation: Explanation
    plan: Plan
    masked: frozenset[str] = frozenset()
    """The facts whose values are left out because nobody has asked for them."""

    @property
    def listed(self) -> list[Finding]:
        """The findings, one for each matter."""
        return one_a_matter(self.explanation.findings, self.question.ruleset.rules)

    @property
    def missing(self) -> list[str]:
        """The facts without which something cannot be decided."""
        return sorted({fact for trace in self.explanation.traces for fact in trace.missing})

    def ends(self, rule: str) -> list[str]:
        """The acts that end what a rule waits for; one that may not be done yet says so."""
        answers = acts(self.question.ruleset.rules[rule])
        return list(dict.fromkeys(answer.act + self._not_yet(set(answer.sets)) for answer in answers))

    def _not_yet(self, recorded: set[str]) -> str:
        """Why what is recorded by an act may not be done on the day; empty where nothing is known against it."""
        steps = [step for step in self.plan.steps if step.records in recorded]
        if not steps or any(step.state == "open" for step in steps):
            return ""
        step = steps[0]
        if step.state == "later":
            return f" (từ ngày {shown_day(step.earliest.day)})" if step.earliest.day else ""
        rules = self.question.ruleset.rules
        against = [rules[one.rule].title for one in one_a_matter((*step.stands, *step.brings), rules)]
        against += [f"thiếu {fact_label(name)}" for name in step.missing]
        return f" (chưa làm được: {'; '.join(against)})"

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
            "masked": sorted(self.masked),
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
    record, as_of = known_case(roster, case), question.as_of
    explanation = Explainer(evaluator(question.ruleset)).explain(record, as_of)
    masked = left_out(record.code)
    return Explained(question, _without(explanation, masked), planned(question.ruleset, record, as_of), masked)


def _without(explanation: Explanation, masked: frozenset[str]) -> Explanation:
    """The same with what these facts are, and whether what is asked of them holds, left out."""

    def trace(one: RuleTrace) -> RuleTrace:
        parts = (replace(part, holds=None) if part.facts & masked else part for part in one.parts)
        facts = (
            replace(fact, value=MASK, recorded=False, source=_MASKED) if fact.name in masked else fact
            for fact in one.facts
        )
        return replace(one, parts=tuple(parts), facts=tuple(facts))

    return replace(explanation, traces=tuple(map(trace, explanation.traces)))
