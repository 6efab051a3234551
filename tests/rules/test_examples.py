"""The examples of the law: every rule has them, and they come out as written, whichever way they are evaluated."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from engine.findings import Evaluation
from engine.projection import CaseRecord
from engine.proving.examples import Evaluate, run_examples
from engine.ruleset import RuleSet, load_ruleset
from engine.sweep.evaluator import SweepEvaluator
from rules.loader import overlays as overlays_loader
from rules.loader.examples import Example, load

EXAMPLES = load()
MOST_USED_DAYS = 8


def all_rules() -> list[str]:
    """Every national rule, and every rule of every overlay."""
    rules = dict.fromkeys(load_ruleset().rules)
    for name in overlays_loader.names():
        rules |= dict.fromkeys(load_ruleset(None, (overlays_loader.find(name),)).rules)
    return list(rules)


def sweep(ruleset: RuleSet) -> Evaluate:
    """The evaluator of whole columns."""
    evaluator = SweepEvaluator(ruleset)

    def evaluate(records: Iterable[CaseRecord], as_of: dt.date) -> Evaluation:
        return evaluator.evaluate(tuple(records), as_of).evaluation()

    return evaluate


def example(title: str) -> Example:
    """The example of that title."""
    return next(example for example in EXAMPLES if example.title == title)


def test_all_come_out_as_written() -> None:
    """No example fails on the rule engine."""
    assert [str(failure) for failure in run_examples(EXAMPLES)] == []


def test_columns_give_the_same() -> None:
    """No example of the days that most examples share fails on columns (each day is compiled anew)."""
    days = [day for day, _ in Counter(example.as_of for example in EXAMPLES).most_common(MOST_USED_DAYS)]
    chosen = [example for example in EXAMPLES if example.as_of in days]
    assert len(chosen) > len(EXAMPLES) // 4
    assert [str(failure) for failure in run_examples(chosen, sweep)] == []


@pytest.mark.parametrize("rule", all_rules())
def test_every_rule_has_examples(rule: str) -> None:
    """Each rule has at least one example in which it fires and one in which it does not."""
    outcomes = {example.fires for example in EXAMPLES if example.rule == rule}
    assert {True, False} <= outcomes


def test_examples_name_only_rules_there_are() -> None:
    """An example of a rule that was renamed is found."""
    assert {example.rule for example in EXAMPLES if example.rule} == set(all_rules())


FIRES = "Chi bộ xét đúng ngày hết dự bị là sớm một ngày"
SILENT = "Chi bộ xét sau ngày hết dự bị một ngày"
UNDECIDED = "Chưa ghi tôn giáo"
COMPUTED = "Sinh 25/07/2007"


@pytest.mark.parametrize(
    ("title", "changes", "problem"),
    [
        (FIRES, {"fires": False}, "quy tắc recognition.early_step phải không lên tiếng; nhưng: có"),
        (SILENT, {"fires": True}, "quy tắc recognition.early_step phải có lên tiếng; nhưng: không"),
        (FIRES, {"wanted": {"due": "2025-03-15"}}, "due phải là 2025-03-15, nhưng là 2025-03-16"),
        (FIRES, {"wanted": {"severity": "inform"}}, "severity phải là inform, nhưng là blocked"),
        (FIRES, {"wanted": {"days_late": "3"}}, "days_late phải là 3, nhưng là missing"),
        (
            UNDECIDED,
            {"fires": True, "unknown": None},
            "quy tắc special.religion phải có lên tiếng; nhưng: chưa xác định được, thiếu religion",
        ),
        (
            UNDECIDED,
            {"unknown": ("born_on", "religion")},
            "phải chưa xác định được, thiếu born_on, religion; nhưng: chưa xác định được, thiếu religion",
        ),
        (SILENT, {"unknown": ("born_on",)}, "phải chưa xác định được, thiếu born_on; nhưng: không"),
        (FIRES, {"rule": "recognition.early_steps"}, "không có quy tắc “recognition.early_steps”"),
        (COMPUTED, {"expect": {"turns_18_on": "2025-07-26"}}, "turns_18_on phải là 2025-07-26, nhưng là 2025-07-25"),
        (COMPUTED, {"facts": {}}, "turns_18_on phải là 2025-07-25, nhưng là unknown"),
    ],
)
def test_a_wrong_example_fails(title: str, changes: dict[str, object], problem: str) -> None:
    """Whatever an example gets wrong is said, with its place and title."""
    wrong = replace(example(title), **changes)  # type: ignore[arg-type]  # the fields named above
    (failure,) = run_examples([wrong])
    assert failure.problem == problem
    assert str(failure) == f"{wrong.place}: {title}: {problem}"


def test_the_law_of_another_day() -> None:
    """An example may be judged by the law in force on a day of its choice."""
    limit = example("Chi bộ đề nghị kết nạp 30/06/2025, còn theo 232-QĐ/TW")
    under_294 = {"admission_decision_limit_on": "2025-09-03"}
    assert run_examples([replace(limit, law=dt.date(2025, 7, 1), expect=under_294)]) == []
