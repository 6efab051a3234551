"""Next steps agree with the findings: nothing is called possible that `check` calls blocked; what is blocked waits."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from cases.values.evaluated import evaluated
from cases.values.records import Record, StepEntry
from engine.planning import HOLDING, ComingStep, Planner
from engine.proving.examples import ExampleCase
from engine.ruleset import load_ruleset
from engine.single.evaluator import CaseEvaluator
from rules.loader import examples, overlays
from rules.loader import plan as plan_loader
from tests.engine.single.test_planning import PLAIN, case, steps
from tests.engine.situations import day
from tests.engine.test_expected import FILES, roster
from tests.given.population import Population


@cache
def planner(overlay: str | None = None) -> Planner:
    """A planner over the shipped rules, and over those with an overlay."""
    files = (overlays.find(overlay),) if overlay else ()
    return Planner(CaseEvaluator(load_ruleset(None, files)), plan_loader.load())


def recorded(record: Record, step: str, on: dt.date) -> Record:
    """The record with a step written down as a user writes it: added to what is there."""
    return replace(record, steps=(*record.steps, StepEntry(step, on)))


def disagreements(plans: Planner, record: Record, as_of: dt.date, seen: Counter[str]) -> Iterator[str]:
    """Where the plan and the findings of a case say different things."""
    evaluator, rules = plans.evaluator, plans.evaluator.ruleset.rules
    situation = evaluator.situation(record, as_of)
    coming = plans.plan(record, as_of).steps
    if situation is None:
        assert not coming
        return
    now, _ = evaluator.case(situation)
    for step in coming:
        seen[step.state] += 1
        against = {one.rule for one in now if one.severity in HOLDING and step.records in rules[one.rule].before}
        if not against <= {one.rule for one in step.stands}:
            yield f"{record.code}: {step.step} leaves out {against}"
        if bool(step.stands or step.missing or step.brings) != (step.state == "held_back"):
            yield f"{record.code}: {step.step} is {step.state} with {step.stands} {step.missing} {step.brings}"
        if step.state == "later" and not (step.earliest.day and step.earliest.day > as_of):
            yield f"{record.code}: {step.step} is for later, but from {step.earliest}"
        if step.state == "open" and step.records:
            yield from taken(evaluator, record, step, as_of)
    for finding in now:
        before = rules[finding.rule].before
        if finding.severity == "blocked" and before:
            seen["blocked"] += 1
            if not any(finding in step.stands for step in coming if step.records in before):
                yield f"{record.code}: {finding.rule} holds no step back"


def taken(evaluator: CaseEvaluator, record: Record, step: ComingStep, as_of: dt.date) -> Iterator[str]:
    """What `check` says against an open step once it is recorded on the day."""
    assert step.records is not None
    known = {one.rule for one in evaluator.evaluate([record], as_of).findings}
    after = evaluator.evaluate([recorded(record, step.records, as_of)], as_of)
    for one in after.findings:
        if one.severity == "blocked" and one.rule not in known:
            yield f"{record.code}: {step.step} is open, and recorded it is blocked by {one.rule}"


def found(plans: Planner, records: Iterable[Record], as_of: dt.date, seen: Counter[str]) -> list[str]:
    """All disagreements about some cases."""
    return [line for record in records for line in disagreements(plans, record, as_of, seen)]


def test_rosters() -> None:
    """People of all shipped rosters on each day they are judged by."""
    seen = Counter[str]()
    for file in FILES:
        name, on, *_ = file.name.split(".")
        assert found(planner(), list(evaluated(roster(name)))[::3], dt.date.fromisoformat(on), seen) == []
    assert min(seen[word] for word in ("open", "later", "held_back", "blocked")) > 20, seen


def test_drawn_people() -> None:
    """People drawn so that something is decided about the day, as drawn and as if they had not gone."""
    for overlay in (None, "ha-noi-2025"):
        plans, seen = planner(overlay), Counter[str]()
        people = Population(plans.evaluator.ruleset)
        for seed in range(12):
            as_of, records = people.records(seed, 25)
            assert found(plans, [*records, *map(still_here, records)], as_of, seen) == [], seed
        assert min(seen[word] for word in ("open", "later", "held_back", "blocked")) > 9, seen


def still_here(record: Record) -> Record:
    """The record without what says that the person has gone, and now and then without the later half of the way."""
    gone = {"left_on", "left_partly", "moved_out_on", "moved_out_partly", "recognised_partly", "admitted_partly"}
    gone |= {"recognised_from", "recognition_decided_on"} if len(record.fields) % 2 else set()
    gone |= {"admitted_on", "admission_decided_on"} if len(record.fields) % 3 else set()
    fields = {name: value for name, value in record.fields.items() if name not in gone}
    return replace(record, fields=fields, steps=tuple(step for step in record.steps if step.kind not in gone))


def test_every_rule_that_stands_before_a_step_holds_it_back() -> None:
    """Where an example of such a rule fires as blocked or to be confirmed, none of its steps is open or for later."""
    shown = set()
    for example in examples.load():
        if not example.fires or example.law or example.rule is None:
            continue
        plans = planner(example.overlay)
        rule = plans.evaluator.ruleset.rules[example.rule]
        record = ExampleCase("VD", {**example.facts, "code": "VD"})
        findings = plans.evaluator.evaluate([record], example.as_of).findings
        (finding,) = [one for one in findings if one.rule == rule.name]
        if finding.severity not in HOLDING or not rule.before:
            continue
        coming = [step for step in plans.plan(record, example.as_of).steps if step.records in rule.before]
        assert all(finding in step.stands and step.state == "held_back" for step in coming), example.title
        assert coming or finding.severity == "confirm", example.title
        if coming:
            shown.add(rule.name)
    every = {name for name, rule in planner("ha-noi-2025").evaluator.ruleset.rules.items() if rule.before}
    assert every - shown == set()


def test_a_decision_on_somebody_under_age_is_held_back() -> None:
    """The cell's resolution came before eighteen: the committee's decision waits, with the finding's own sentence."""
    young = case(
        born_on=day("2007-07-25"),
        awareness_certified_on=day("2025-01-10"),
        dossier_opened_on=day("2025-01-15"),
        cell_proposed_admission_on=day("2025-03-01"),
    )
    decision = steps(young, "2025-03-10")["admission_decided_on"]
    assert (decision.state, [one.rule for one in decision.stands]) == ("held_back", ["admission.under_age"])
    assert "25/07/2025" in decision.stands[0].message


def test_a_cancelled_decision_has_no_ceremony() -> None:
    """A decision that came too late after the move is cancelled: no ceremony by it."""
    moved = case(
        cell_proposed_admission_on=day("2024-01-10"),
        transfer_decided_on=day("2024-02-01"),
        admission_decided_on=day("2024-12-20"),
    )
    ceremony = steps(moved, "2024-12-27")["admitted_on"]
    assert (ceremony.state, ceremony.stands[0].rule) == ("held_back", "movement.decision_cancelled")


def test_what_is_missing_is_named() -> None:
    """A new candidate: the course is open; the dossier and the cell wait for it, each saying for what."""
    coming = steps(case(candidate_on=day("2024-01-01")), "2025-03-01")
    assert coming["awareness_certified_on"].state == "open"
    assert [one.rule for one in coming["dossier_opened_on"].brings] == ["admission.course_missing"]
    cell = coming["cell_proposed_admission_on"]
    assert (cell.state, cell.missing) == ("held_back", ("awareness_certified_on", "dossier_opened_on"))


def test_only_time_is_in_the_way() -> None:
    """Before the twelve months are up the cell's step is for later; the decision waits for the cell's resolution."""
    coming = steps(PLAIN, "2025-06-01")
    assert [step.state for step in coming.values()] == ["later", "later", "held_back"]
    assert coming["recognition_decided_later"].missing == ("cell_proposed_recognition_on",)


def test_after_a_refusal_the_cell_considers_again() -> None:
    """A refused proposal is no end: the cell's step comes again, for admission as for recognition."""
    answered = case(
        awareness_certified_on=day("2025-01-01"),
        dossier_opened_on=day("2025-01-05"),
        cell_proposed_admission_on=day("2025-02-01"),
        refused_on=day("2025-03-01"),
    )
    assert steps(answered, "2025-03-10")["cell_reconsiders_admission"].state == "open"
    back = replace(
        PLAIN,
        fields={**PLAIN.fields, "cell_proposed_recognition_on": day("2025-11-05"), "refused_on": day("2025-12-01")},
    )
    assert steps(back, "2025-12-05")["cell_reconsiders_recognition"].state == "open"
