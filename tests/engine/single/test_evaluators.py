"""Every evaluator gives the same answers, and a machine without durable-rules gives them too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.evaluators import durable_rules_installed, evaluate, for_one_case
from engine.single.evaluator import CaseEvaluator
from engine.single.live import LiveEvaluator
from tests.engine.situations import Case, ruleset
from tests.equality import alike, pair

ROOT = Path(__file__).parents[3]


def test_all_evaluators_agree() -> None:
    """Live, plain and sweep give one evaluation."""
    both = pair()
    as_of, records = both.population.records(77, 800)
    plain = CaseEvaluator(both.live.ruleset).evaluate(records, as_of)
    assert plain.findings
    assert alike(plain, both.live.evaluate(records, as_of))
    assert alike(plain, evaluate(both.live.ruleset, records, as_of, "live"))
    assert alike(plain, evaluate(both.live.ruleset, records, as_of, "sweep"))


def test_durable_rules_decides_one_case_where_it_is_there(tmp_path: Path) -> None:
    """The live evaluator is the one that is used."""
    assert durable_rules_installed()
    assert isinstance(for_one_case(ruleset(tmp_path)), LiveEvaluator)


def test_without_durable_rules_the_same_is_found() -> None:
    """Where the engine is missing, the plain reading decides few cases (no columns are loaded), the sweep many."""
    script = """
import sys, datetime
sys.modules["durable_rules_engine"] = None
from engine import evaluators
from engine.evaluators import durable_rules_installed, evaluate, for_one_case
from engine.ruleset import load_ruleset
from cases.values.records import Record
assert not durable_rules_installed()
rules, day = load_ruleset(), datetime.date(2025, 3, 1)
record = Record("A", {"code": "A", "born_on": day, "dossier_opened_on": day})
one, few = for_one_case(rules), evaluate(rules, [record], day, "live")
assert type(one).__name__ == "CaseEvaluator"
assert "polars" not in sys.modules
evaluators.MANY = 1
many = evaluate(rules, [record], day, "live")
assert "polars" in sys.modules
assert list(few.findings) == list(many.findings)
assert "engine.single.durable" not in sys.modules
print(len(many.findings))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) >= 2


def test_case_is_read_as_given(tmp_path: Path) -> None:
    """A situation of one case is the same by every evaluator."""
    rules = ruleset(tmp_path, open="sent_on is not missing")
    record = Case({"code": "A", "sent_on": pair().population.special_days[40]})
    as_of = pair().population.special_days[50]
    one, two = CaseEvaluator(rules), LiveEvaluator(rules)
    situations = one.situation(record, as_of), two.situation(record, as_of)  # type: ignore[arg-type]  # no history
    assert situations[0] is not None
    assert situations[1] is not None
    assert [rule.name for rule in one.holding(situations[0])[0]] == ["t.open"]
    assert one.holding(situations[0]) == two.holding(situations[1])
