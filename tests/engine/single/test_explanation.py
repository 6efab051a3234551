"""Explanations: every rule of the stage, with the facts it read, their sources and the clause."""

from __future__ import annotations

import pytest

from engine.explanation import Explainer, Explanation
from engine.ruleset import load_ruleset
from engine.single.live import LiveEvaluator
from tests.engine.situations import Case, day


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    """An explainer over the shipped rules."""
    return Explainer(LiveEvaluator(load_ruleset()))


def explain(explainer: Explainer, as_of: str, **fields: object) -> Explanation:
    """The explanation of a case with the given fields."""
    case = Case({"code": "HS-1", "full_name": "Người Thử", **fields})  # type: ignore[dict-item]  # fields by keyword are of any kind
    return explainer.explain(case, day(as_of))  # type: ignore[arg-type]  # a test double


def test_a_finding_names_facts_sources_and_clause(explainer: Explainer) -> None:
    """The overdue window is explained from the ceremony day in its column through the computed days to the clause."""
    explanation = explain(explainer, "2025-04-28", admitted_on=day("2024-03-15"))
    trace = next(t for t in explanation.traces if t.rule == "recognition.past_cell_window")
    assert trace.holds is True
    facts = {fact.name: fact for fact in trace.facts}
    assert facts["admitted_on"].value == "15/03/2024"
    assert facts["admitted_on"].recorded
    assert facts["probation_ends_on"].value == "15/03/2025"
    assert "12 tháng" in facts["probation_ends_on"].source
    assert facts["cell_window_ends_on"].value == "26/04/2025"
    assert facts["cell_proposed_recognition_on"].source == "cột “Ngày chi bộ xét chính thức” để trống"
    cited = trace.citations[0]
    assert (cited.document.id, cited.version.clause, cited.certainty) == ("qd-232-2025", "4.2.1", "unconfirmed")


def test_rules_that_did_not_fire_say_which_condition_failed(explainer: Explainer) -> None:
    """On the last day of the window the rule does not hold, and its last condition is the one that fails."""
    explanation = explain(explainer, "2025-04-26", admitted_on=day("2024-03-15"))
    trace = next(t for t in explanation.traces if t.rule == "recognition.past_cell_window")
    assert trace.holds is False
    assert [part.holds for part in trace.parts] == [True, True, True, False]
    assert trace.parts[-1].words == "ngày tính đến sau hạn chi bộ xét công nhận chính thức"


def test_every_rule_of_the_stage_is_there(explainer: Explainer) -> None:
    """A candidate is told of every rule that could fire for a candidate, fired or not, and of no other."""
    explanation = explain(explainer, "2025-06-01", candidate_on=day("2025-01-01"))
    rules = explainer.ruleset.rules.values()
    assert {t.rule for t in explanation.traces} == {rule.name for rule in rules if "candidate" in rule.stages}
    assert explanation.stage == "candidate"


def test_an_undecided_rule_names_what_is_missing(explainer: Explainer) -> None:
    """Without a birth date the age rules are neither cleared nor blocked."""
    explanation = explain(explainer, "2025-06-01", candidate_on=day("2025-01-01"))
    trace = next(t for t in explanation.traces if t.rule == "admission.under_age")
    assert trace.holds is None
    assert trace.missing == ("born_on",)
    assert trace.parts[-1].holds is None


def test_no_case_yet(explainer: Explainer) -> None:
    """Before the first step there is nothing to explain, and the explanation says so."""
    explanation = explain(explainer, "2023-01-01", candidate_on=day("2025-01-01"))
    assert not explanation.exists
    assert explanation.traces == ()
