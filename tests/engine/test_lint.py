"""Lint: each thing that a careful reader would mind is found, at its place; what is shipped is clean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from engine.compiling import compile_ruleset
from engine.language.time_limits import calendar
from engine.proving.lint import Problem, lint
from engine.proving.lint_logic import Logic
from engine.proving.lint_report import lint_report
from engine.ruleset import RuleSet, load_ruleset
from engine.statistics.indicators import Indicators
from rules.loader import examples as examples_loader
from rules.loader import indicators as indicators_loader
from rules.loader import law, vocabulary
from rules.loader import overlays as overlays_loader
from rules.loader import process as process_loader
from rules.loader.examples import Example
from rules.loader.law import Law
from rules.loader.rules import Choice, RuleText, load_rules

RULE = "recognition.past_cell_window"


@cache
def indicators() -> Indicators:
    """The shipped indicators."""
    return Indicators(load_ruleset(), indicators_loader.load())


def built(
    texts: Mapping[str, RuleText] | None = None, words: vocabulary.Vocabulary | None = None, of_law: Law | None = None
) -> RuleSet:
    """The shipped rules with something changed."""
    return compile_ruleset(
        words or vocabulary.load(), of_law or law.load(), calendar(), {**load_rules(), **(texts or {})}, None
    )


@cache
def overlaid() -> list[RuleSet]:
    """The shipped rules under each shipped overlay."""
    return [load_ruleset(None, (overlays_loader.find(name),)) for name in overlays_loader.names()]


@cache
def known() -> frozenset[Problem]:
    """What lint finds in what is shipped."""
    return frozenset(lint(load_ruleset(), overlaid(), indicators(), examples_loader.load()))


def problems(ruleset: RuleSet, examples: tuple[Example, ...] | None = None) -> set[Problem]:
    """What lint finds in a rule set that it does not find in what is shipped."""
    found = lint(ruleset, overlaid(), indicators(), examples_loader.load() if examples is None else examples)
    return set(found) - known()


def changed(**changes: object) -> RuleText:
    """The rule on the cell's window with some of its words changed."""
    return replace(load_rules()[RULE], **changes)  # type: ignore[arg-type]  # each test gives what the field takes


def test_shipped_rules_are_clean() -> None:
    """Nothing to put right, everything proven, for every generation of the law."""
    report = lint_report(solver_needed=True)
    assert report.problems == ()
    assert report.proofs is not None
    assert len(report.proofs) >= 8
    assert not any(proof.refuted or proof.open for proof in report.proofs)
    assert report.clean


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"say": "Chậm {lateness}."}, "say", "không nêu ngày hạn"),
        ({"say": "Hạn là {due}."}, "say", "không nêu chậm bao lâu"),
        ({"say": "Hạn là {due}, chậm {lateness}, quá {days_late}."}, "say", "không có đơn vị"),
        ({"say": "Hạn là {due}, chậm {lateness}"}, "say", "dấu chấm cuối"),
        ({"title": "chi bộ chậm"}, "title", "viết hoa"),
        ({"title": "Chi bộ chậm."}, "title", "dấu chấm"),
        ({"due": None, "say": "Chi bộ chậm."}, "severity", "mà không có hạn"),
    ],
)
def test_message(changes: dict[str, object], line: str, words: str) -> None:
    """A message or title that hides what it is about is found at its line."""
    text = changed(**changes)
    found = problems(built({RULE: text}))
    assert [(p.file, p.line) for p in found] == [(str(text.file), text.lines[line])]
    assert words in next(iter(found)).problem


def test_message_with_the_fact_that_is_the_day() -> None:
    """A message may name the day by the fact it is, too."""
    found = problems(built({RULE: changed(say="Hạn là {cell_window_ends_on}, chậm {lateness}.")}))
    assert found == set()


def test_message_that_informs_need_not_name_the_day() -> None:
    """What only informs may leave its day out."""
    text = changed(severities=(Choice("inform", None, 1),), say="Chi bộ chưa xét.")
    assert problems(built({RULE: text})) == set()


def test_examples_missing() -> None:
    """A rule without an example that fires, or without one that does not, is found."""
    without = tuple(e for e in examples_loader.load() if not (e.rule == RULE and e.fires is not None))
    found = problems(load_ruleset(), without)
    assert sorted(p.problem for p in found) == [
        f"Quy tắc “{RULE}” thiếu ví dụ im lặng.",
        f"Quy tắc “{RULE}” thiếu ví dụ lên tiếng.",
    ]


def test_two_rules_with_one_condition() -> None:
    """A rule written twice under two names is found."""
    twin = replace(load_rules()[RULE], name="recognition.twin")
    found = {p.problem for p in problems(built({"recognition.twin": twin}))}
    assert f"Cùng điều kiện với “{RULE}”." in found


def with_facts(folder: Path, more: str) -> vocabulary.Vocabulary:
    """The shipped facts with more at their end."""
    file = folder / "facts.yaml"
    file.write_text((vocabulary.HERE / "facts.yaml").read_text(encoding="utf-8") + more, encoding="utf-8")
    return vocabulary.load(file)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("- {fact: idle_on, label: Ngày rảnh, is: admitted_on + 1 day}", "Không có gì dùng dữ kiện “Ngày rảnh”."),
        ("- {fact: idle_on, type: date, kind: step, column: Ngày rảnh, optional: true}", "“Ngày rảnh”"),
        (
            "- {fact: idle, label: Rảnh, codes: exit_kind, is: if as_of is missing then died else expelled}",
            "không bao giờ là “resigned”",
        ),
    ],
)
def test_facts_that_nothing_uses(tmp_path: Path, entry: str, words: str) -> None:
    """A computed fact, an optional column or a code that nothing takes is found at its line."""
    facts = with_facts(tmp_path, f"\n{entry}\n")
    fact = list(facts.facts.values())[-1]
    found = [p for p in problems(built(words=facts)) if p.line == fact.line]
    assert found
    assert any(words in p.problem for p in found)


def test_facts_kept_for_people(tmp_path: Path) -> None:
    """A column that says why it is kept, and one of free text, are left in peace."""
    facts = with_facts(
        tmp_path,
        "\n- {fact: idle_on, type: date, kind: step, column: Ngày rảnh, optional: true, reference: Để tra cứu.}"
        "\n- {fact: idle, type: text, kind: attribute, column: Lời ghi thêm, optional: true}\n",
    )
    assert problems(built(words=facts)) == set()


def test_code_list_that_nothing_uses() -> None:
    """A list of codes that no fact has is found."""
    words = vocabulary.load()
    found = problems(built(words=replace(words, codes={**words.codes, "idle": {"a": "A"}})))
    assert [p.problem for p in found] == ["Không có gì dùng danh mục mã “idle”."]


def of_law(**parameters: object) -> Law:
    """The shipped law with parameters changed or added."""
    shipped = law.load()
    return replace(shipped, parameters={**shipped.parameters, **parameters})  # type: ignore[dict-item]  # parameters all


def test_value_that_nothing_uses() -> None:
    """A value of the law that nothing names and that does not say why it is kept is found."""
    idle = replace(law.load().parameters["probation.length"], name="probation.idle", reference=None)
    found = problems(built(of_law=of_law(**{"probation.idle": idle})))
    assert [p.problem for p in found] == ["Không có gì dùng giá trị “probation.idle”."]
    kept = replace(idle, reference="Để tra cứu.")
    assert problems(built(of_law=of_law(**{"probation.idle": kept}))) == set()


def test_value_that_is_used_after_all() -> None:
    """A value that is used need not say why it is kept."""
    used = replace(law.load().parameters["probation.length"], reference="Để tra cứu.")
    found = problems(built(of_law=of_law(**{"probation.length": used})))
    assert [p.problem for p in found] == ["Giá trị “probation.length” được dùng mà vẫn ghi reference."]


def test_gap_in_a_series() -> None:
    """Days between two documents of a series on which none is in force are found."""
    shipped = law.load()
    late = replace(shipped.documents["qd-294-2025"], begins=dt.date(2025, 7, 11))
    broken = replace(shipped, documents={**shipped.documents, "qd-294-2025": late})
    (found,) = problems(built(of_law=broken))
    assert found.problem == "Chuỗi “regulation” trống từ 01/07/2025 đến 10/07/2025."
    assert found.line == late.line


def test_series_that_ended() -> None:
    """A series whose last document has ended, while a value of it is still taken for sure, is found."""
    shipped = law.load()
    ended = replace(shipped.documents["dieu-le-2011"], ends=dt.date(2026, 1, 1))
    broken = replace(shipped, documents={**shipped.documents, "dieu-le-2011": ended})
    (found,) = problems(built(of_law=broken))
    assert "không còn văn bản nào" in found.problem


def logic(ruleset: RuleSet) -> Logic:
    """The rules of a set, to be looked through by the solver."""
    return Logic(ruleset, process_loader.load())


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("stage is probationary and probation_ended and as_of before admitted_on", "không bao giờ xảy ra"),
        ("stage is probationary and cell_window_ends_on before probation_ends_on", "không bao giờ xảy ra"),
        ("stage is probationary and as_of after probation_ends_on", "báo quá hạn khi chưa qua hạn: Ngày kết nạp"),
    ],
)
def test_conditions_that_cannot_be_meant(when: str, words: str) -> None:
    """A rule that can never hold, and an overdue one whose day has not passed, are found by the solver."""
    ruleset = built({RULE: changed(when=when)})
    rule, looked = ruleset.rules[RULE], logic(ruleset)
    found = [*looked._never(rule), *looked._too_soon(rule)]
    assert [(p.file, p.line) for p in found] == [(str(rule.text.file), rule.text.lines["when"])]
    assert words in found[0].problem


def test_rules_that_say_opposite_things() -> None:
    """One rule that says "late" of what another says is not allowed yet is found, with a record."""
    texts = load_rules()
    early = replace(
        texts["recognition.early_step"], when="stage is probationary and probation_ended", due="as_of + 1 year"
    )
    ruleset = built({"recognition.early_step": early})
    late, blocked = ruleset.rules[RULE], ruleset.rules["recognition.early_step"]
    (found,) = logic(ruleset)._opposite(late, blocked)
    assert "“recognition.past_cell_window” nói quá hạn mà “recognition.early_step” nói chưa được làm" in found.problem
    assert "Ngày kết nạp (ngày làm lễ): " in found.problem
    assert list(logic(load_ruleset())._opposite(late, load_ruleset().rules["recognition.early_step"])) == []


def test_search_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no record was found in time, lint says so of each rule instead of passing it."""
    monkeypatch.setattr("engine.proving.record_search.TRIES", 0)
    found = logic(load_ruleset()).problems()
    assert {"Chưa tìm được" in p.problem or "Chưa kết luận được" in p.problem for p in found} == {True}
    assert len(found) >= len(load_ruleset().rules)


def test_a_rule_says_before_which_steps_it_stands() -> None:
    """A rule that can block without saying what, one that cannot and does, and a step that never comes are found."""
    blocked = changed(severities=(Choice("blocked", None, 1),))
    named = changed(before=(("recognition_decided_on", 1),))
    strange = replace(load_rules()["special.politics"], before=(("member_cv_on", 7),))
    for text, said in (
        (blocked, "Không nói quy tắc chặn bước nào."),
        (named, "Quy tắc này không chặn bước nào."),
        (strange, "Không có bước sắp tới nào ghi “member_cv_on”."),
    ):
        text = replace(text, lines={**text.lines, "before": 7})
        assert said in {problem.problem for problem in problems(built({text.name: text}))}, said
