"""The proofs: what is shipped is proven, what is broken is refuted by a record, and the solver means what we mean."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiling import compile_ruleset
from engine.language.parsing import parse_condition
from engine.language.scanning import Place
from engine.language.time_limits import add_months, calendar
from engine.language.tree import Scalar
from engine.proving.answers import waiting
from engine.proving.clock_formulas import month_reach, work_reach
from engine.proving.formulas import SolverMissing, solver
from engine.proving.proof import CounterExample, Prover, generations, in_words, prove_generations
from engine.proving.record_search import Search
from engine.ruleset import RuleSet, load_ruleset
from engine.single.closures import Situation
from engine.unknowns import Outcome, Unknown
from rules.loader import law, vocabulary
from rules.loader import overlays as overlays_loader
from rules.loader import process as process_loader
from rules.loader.errors import LawFileError
from rules.loader.process import Claim, ProcessText
from rules.loader.rules import load_rules
from tests.whole import examples

DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2028, 12, 31))


def with_rule(name: str, when: str) -> RuleSet:
    """The shipped rules with the condition of one changed."""
    texts = load_rules()
    return compile_ruleset(
        vocabulary.load(), law.load(), calendar(), {**texts, name: replace(texts[name], when=when)}, None
    )


def refuted(ruleset: RuleSet, process: ProcessText | None = None) -> dict[str, CounterExample]:
    """The counter-examples to the claims of the process, by claim."""
    proof = Prover(ruleset, process or process_loader.load()).prove()
    assert not proof.open
    return {example.claim: example for example in proof.refuted}


def test_every_claim_is_proven_for_every_generation() -> None:
    """One state at a time and nobody late unlisted: for all regulations, the law as it runs, and every overlay."""
    process = process_loader.load()
    pairs = len(process.states) * (len(process.states) - 1) // 2
    excluded = sum(len(group.rules) * (len(group.rules) - 1) // 2 for group in process.never_together)
    proofs = list(prove_generations(law.load(), process))
    assert [proof.document and proof.document.id for proof in proofs] == [
        *(document.id for document in generations(law.load())),
        None,
        *(None for _ in overlays_loader.names()),
    ]
    assert [proof.overlay for proof in proofs if proof.overlay] == overlays_loader.names()
    for proof in proofs:
        assert (proof.refuted, proof.open) == ((), ())
        local = (overlays_loader.find(proof.overlay),) if proof.overlay else ()
        answered = len(list(waiting(load_ruleset(None, local)))) if proof.document is None else 0
        assert len(proof.proven) == proof.claims == pairs + 2 + 2 * len(process.promises) + excluded + answered


def test_a_list_that_drops_the_worst_cases_is_refuted() -> None:
    """A window of 365 to 395 days instead of an open end loses whoever waits longer: a record says so, in days."""
    ruleset = with_rule(
        "recognition.past_cell_window",
        "stage is probationary and cell_proposed_recognition_on is missing"
        " and as_of after cell_window_ends_on and as_of before admitted_on + 395 days",
    )
    found = refuted(ruleset)
    assert set(found) == {"past_window_is_overdue", "past_window_is_overdue?"}
    recorded = found["past_window_is_overdue"].recorded
    as_of, admitted = recorded["as_of"], recorded["admitted_on"]
    assert isinstance(as_of, dt.date)
    assert isinstance(admitted, dt.date)
    assert as_of >= admitted + dt.timedelta(days=395)
    assert any(line.startswith("Ngày kết nạp") and str(admitted.year) in line for line in in_words(ruleset, recorded))


def test_a_limit_of_calendar_days_is_refuted() -> None:
    """Sixty calendar days in the place of thirty working days let somebody late through, decided or undecided."""
    ruleset = with_rule(
        "recognition.past_decision_limit",
        "stage is probationary and as_of after cell_proposed_recognition_on + 60 days",
    )
    assert set(refuted(ruleset)) == {
        "past_recognition_decision_is_overdue",
        "past_recognition_decision_is_overdue?",
        # by this rule as it was broken, an answer is waited for that has been given
        "recognition_decision/recognition.past_decision_limit",
        "recognition_decision/recognition.decision_extended",
        "recognition.past_decision_limit/recognition.refused_late",
    }


def test_states_that_overlap_or_leave_a_gap_are_refuted() -> None:
    """Two states for one record, and a record in no state, each give their counter-example."""
    process = process_loader.load()
    states = {state.name: state for state in process.states}
    late = replace(states["due"], when=states["due"].when.replace("on or before", "before"))
    gap = refuted(load_ruleset(), replace(process, states=(*(s for s in process.states if s.name != "due"), late)))
    assert set(gap) == {"states"}
    early = replace(states["with_cell"], when=states["with_cell"].when.replace("as_of after", "as_of on or after"))
    both = refuted(
        load_ruleset(), replace(process, states=(*(s for s in process.states if s.name != "with_cell"), early))
    )
    assert set(both) == {"due/with_cell"}


def test_a_state_that_hangs_on_an_unknown_fact_is_refuted() -> None:
    """Whoever has no birth date would be in no state: only the end of the calendar may leave a state undecided."""
    process = process_loader.load()
    states = tuple(
        Claim(s.name, s.label, f"({s.when}) and born_on before as_of", s.line) if s.name == "recognised" else s
        for s in process.states
    )
    assert {"states_decided"} <= set(refuted(load_ruleset(), replace(process, states=states)))


def facts_of_cases() -> st.SearchStrategy[dict[str, Scalar]]:
    """What may be recorded of a case as of a day, most of it or little of it."""
    dated = [f for f in vocabulary.load().facts.values() if f.type == "date" and f.kind in ("step", "attribute")]
    coded = [f for f in vocabulary.load().facts.values() if f.type == "code" and f.kind == "attribute" and f.codes]
    marks = [f for f in vocabulary.load().facts.values() if f.kind == "mark"]
    values: dict[str, st.SearchStrategy[Scalar]] = {fact.name: DAYS for fact in dated}
    values |= {f.name: st.sampled_from(list(vocabulary.load().codes[f.codes or ""])) for f in coded}
    values |= {f.name: st.just(True) for f in marks}
    return st.builds(_known_by, st.fixed_dictionaries({"as_of": DAYS}, optional=values))


def _known_by(facts: dict[str, Scalar]) -> dict[str, Scalar]:
    steps, as_of = vocabulary.load().step_kinds, facts["as_of"]
    known = {n: v for n, v in facts.items() if n not in steps or v <= as_of}  # type: ignore[operator]  # days
    return {**known, "recognition_decision_recorded": True} if "recognition_decided_on" in known else known


@pytest.fixture(scope="module")
def search() -> Search:
    """A search over the shipped rules, every rule of which has been turned into formulas."""
    found = Search(load_ruleset(), process_loader.load())
    for name in found.ruleset.rules:
        found.formulas.fires(name)
    return found


@settings(max_examples=examples(40))
@given(facts=facts_of_cases())
def test_formulas_mean_what_the_evaluator_does(search: Search, facts: dict[str, Scalar]) -> None:
    """For any record the formulas of every rule are true, false and undecided exactly where the evaluator says so."""
    formulas, z3 = search.formulas, search.formulas.z3
    situation = search.program.situation(facts)
    outcomes = {name: rule(situation) for name, rule in search.program.rules.items()}
    differs = z3.Or(*(_differs(search, name, outcome) for name, outcome in outcomes.items()))
    assert search.record(z3.And(*_pinned(search, facts), differs), lambda _: False) is None, formulas.inputs.keys()


def _differs(search: Search, rule: str, outcome: Outcome) -> object:
    formulas, z3 = search.formulas, search.formulas.z3
    holds, undecided = formulas.fires(rule), formulas.undecided(rule)
    return z3.Or(
        z3.Not(holds) if outcome is True else holds,
        z3.Not(undecided) if isinstance(outcome, Unknown) else undecided,
    )


def _pinned(search: Search, facts: Mapping[str, Scalar]) -> list[object]:
    formulas, z3 = search.formulas, search.formulas.z3
    pins = []
    for name, term in formulas.inputs.items():
        value = facts.get(name)
        if search.ruleset.types[name] == "mark":
            pins.append(term.value == bool(value))
        elif value is None:
            pins.append(term.absent)
        else:
            number = value.toordinal() if isinstance(value, dt.date) else formulas.word(str(value))
            pins += [z3.Not(term.absent), term.value == number]
    return pins


@given(day=DAYS, months=st.integers(-40, 800))
def test_what_is_said_of_months_is_true(day: dt.date, months: int) -> None:
    """So many months take at least and at most the days that the solver is told."""
    least, most = month_reach(months)
    assert least <= (add_months(day, months) - day).days <= most


@given(day=st.dates(dt.date(1900, 1, 1), dt.date(2027, 1, 1)), count=st.integers(1, 180))
def test_what_is_said_of_working_days_is_true(day: dt.date, count: int) -> None:
    """So many working days take at least and at most the days that the solver is told."""
    least, most = work_reach(calendar(), count)
    end = calendar().add_working_days(day, count)
    assert end is not None
    assert least <= (end - day).days <= most


def test_a_search_that_cannot_end_says_so(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tries are used up the claim is neither proven nor refuted."""
    monkeypatch.setattr("engine.proving.record_search.TRIES", 0)
    with pytest.raises(TimeoutError):
        search.record(search.formulas.fires("recognition.upcoming"), lambda _: True)
    proof = Prover(load_ruleset(), process_loader.load()).prove()
    assert (proof.proven, proof.refuted) == ((), ())
    assert len(proof.open) == proof.claims


def test_a_disagreement_is_never_passed_over() -> None:
    """A record that the solver is sure of and the evaluator denies is a fault of the program, told as one."""
    search = Search(load_ruleset(), process_loader.load())
    condition = parse_condition("as_of on 2025-01-01", search.ruleset.scope, Place("thử", 1))
    with pytest.raises(AssertionError, match="disagree"):
        search.record(search.formulas.holds(condition), _denies)


def _denies(_: Situation) -> bool:
    return False


def test_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where z3 is not installed, the refusal names the command that installs it."""
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(SolverMissing, match="make setup"):
        solver()


def test_process_file(tmp_path: Path) -> None:
    """Two states of one name are refused with the line of the second."""
    text = process_loader.FILE.read_text(encoding="utf-8")
    file = tmp_path / "process.yaml"
    file.write_text(text.replace("- state: moved", "- state: left"), encoding="utf-8")
    with pytest.raises(LawFileError, match="“left” khai báo hai lần") as refusal:
        process_loader.load(file)
    assert refusal.value.line == 1 + text.splitlines().index("  - state: moved")
