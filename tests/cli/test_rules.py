"""`dubi rules …` as a user runs it: rules in words, documents and days compared, the cases a change touches."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
import typer

from cli.law import rules_checking
from desk.law import proving
from engine.proving.examples import Failure
from engine.proving.lint import Problem
from engine.proving.lint_report import LintReport
from engine.proving.proof import CounterExample, Proof
from rules.loader import examples as examples_loader
from tests.cli.conftest import Dubi
from tests.whole import only_whole


def test_list(dubi: Dubi) -> None:
    """Every rule stands under its stage, with its severity in words."""
    ran = dubi("rules", "list")
    assert (ran.code, ran.err) == (0, "")
    assert "recognition.past_cell_window" in ran.out
    rules = dubi("rules", "list", "--json").json["rules"]
    assert {"rule", "title", "file", "severities", "held_by", "cites"} == set(rules[0])
    assert all(rule["rule"] in ran.out for rule in rules)


def test_show(dubi: Dubi) -> None:
    """A rule shows its condition in words, its clause through all documents, and how its days are worked out."""
    ran = dubi("rules", "show", "recognition.past_cell_window")
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "ngày tính đến sau hạn chi bộ xét công nhận chính thức",
        "294-QĐ/TW  01/07/2025 – 07/04/2026  30 ngày làm việc  4.2.1  đã đọc nguyên văn",
        "20-QĐ/TW   08/04/2026 – 25/07/2026  chưa rõ nội dung",
        "Hạn chi bộ xét công nhận chính thức: ngày hết 12 tháng dự bị cộng 30 ngày làm việc",
    ):
        assert words in ran.out
    assert dubi("quy-tac", "xem", "recognition.past_cell_window").out == ran.out
    view = dubi("rules", "show", "recognition.past_cell_window", "--json").json
    assert view["cites"][0]["name"] == "recognition.cell_window"


def test_show_of_an_overlay(dubi: Dubi) -> None:
    """A rule of an overlay is shown with the overlay's name."""
    ran = dubi("rules", "show", "ha_noi.admission_cell_sends")
    assert (ran.code, ran.err) == (0, "")
    assert "quy định riêng: ha-noi-2025" in ran.out
    assert "Ví dụ" in ran.out


def test_every_rule_can_be_shown(dubi: Dubi) -> None:
    """The page holds every rule, none of which is shown with notation left in its words."""
    page = dubi("rules", "docs").out
    for rule in dubi("rules", "list", "--json").json["rules"]:
        assert f"`{rule['rule']}`" in page


def test_docs_to_a_file(dubi: Dubi, tmp_path: Path) -> None:
    """The page goes to the file named, the same as to the screen."""
    file = tmp_path / "trang.md"
    ran = dubi("rules", "docs", "--out", file)
    assert (ran.code, ran.out) == (0, "")
    assert file.read_text(encoding="utf-8") == dubi("rules", "docs").out


def test_diff_of_documents(dubi: Dubi) -> None:
    """From 232 to 294: 60 to 45 working days, with both clauses and how sure each is."""
    ran = dubi("rules", "diff", "qd-232-2025", "qd-294-2025")
    assert (ran.code, ran.err) == (0, "")
    changed = ran.out.partition("Nội dung đổi")[2].partition("Chỉ biết nội dung ở một bên")[0]
    assert "60 ngày làm việc → 45 ngày làm việc" in changed
    assert "mục 4.3.1 (trích nguyên văn) → mục 4.3.1 (đã đọc nguyên văn)" in changed
    found = dubi("rules", "so-sanh", "qd-232-2025", "qd-294-2025", "--json").json
    decision = next(c for c in found["changes"] if c["parameter"] == "admission.decision_limit")
    assert (decision["before"]["value"], decision["after"]["value"], decision["value_changes"]) == (60, 45, True)


def test_diff_of_days(dubi: Dubi) -> None:
    """Two days compare what was in force on each, in either form of a day."""
    ran = dubi("rules", "diff", "30/06/2025", "2025-07-01")
    assert (ran.code, ran.err) == (0, "")
    assert "60 ngày làm việc → 45 ngày làm việc" in ran.out
    assert dubi("rules", "diff", "2025-08-01", "2025-08-02").out.startswith("Từ ngày 01/08/2025")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("show", "recognition.past_cel_window"), 2, "Có phải “recognition.past_cell_window”"),
        (("show", "xyz"), 2, "dubi rules list"),
        (("diff", "qd-232-2025", "qd-294-2024"), 2, "Có phải “qd-294-2025”"),
        (("diff", "qd-232-2025", "hd-06-2025"), 3, "hai chuỗi"),
        (("diff", "qd-232-2025", "2025-07-01"), 3, "không so một văn bản với một ngày"),
        (("diff", "2025-02-30", "2025-07-01"), 3, "không có trong lịch"),
    ],
)
def test_refused(dubi: Dubi, arguments: tuple[str, ...], code: int, words: str) -> None:
    """A wrong name ends with 2, what cannot be compared with 3, each with what to do."""
    ran = dubi("rules", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err


def test_impact(dubi: Dubi, large: Path) -> None:
    """From the law of 24-QĐ/TW to that of 294-QĐ/TW the late decisions on admission move forward."""
    arguments = ("rules", "impact", "--from", "2024-06-01", "--to", "2025-08-01", large, "--as-of", "2025-07-15")
    ran = dubi(*arguments)
    assert ran.code == 0
    assert "Cấp có thẩm quyền chậm quyết định kết nạp" in ran.out
    assert "08/04/2024 → 18/03/2024" in ran.out
    found = dubi(*arguments, "--json").json
    pairs = {(p["after"]["case"], p["after"]["rule"]): p for p in found["changed"]}
    moved = pairs["HS-0153", "admission.past_decision_limit"]
    assert (moved["before"]["due"], moved["after"]["due"]) == ("2024-04-08", "2024-03-18")
    assert found["cases"] == 513


def test_impact_of_nothing(dubi: Dubi, small: Path) -> None:
    """The law of one day against itself changes nothing."""
    arguments = ("rules", "impact", "--from", "2025-08-01", "--to", "2025-08-02", small, "--as-of", "2025-03-01")
    found = dubi(*arguments, "--json").json
    assert (found["gone"], found["come"], found["changed"]) == ([], [], [])
    assert found["same"] > 0
    assert "0 trong" in dubi(*arguments).out


@only_whole
def test_lint(dubi: Dubi) -> None:
    """The shipped rules are clean, and the counts of what was proven stand for every generation."""
    ran = dubi("rules", "lint", "--proof")
    assert (ran.code, ran.err) == (0, "")
    assert "Phải sửa: 0" in ran.out
    for law in ("29-QĐ/TW", "24-QĐ/TW", "232-QĐ/TW", "294-QĐ/TW", "20-QĐ/TW", "208-QĐ/TW", "luật theo ngày"):
        assert re.search(rf"^  {law}.* [1-9]\d+ +0 +0$", ran.out, re.MULTILINE)
    assert "Ai quá hạn chi bộ xét đều có trong danh sách quá hạn" in ran.out


def test_lint_without_the_solver(dubi_process: Dubi, tmp_path: Path) -> None:
    """Where z3 is not installed the files are looked through all the same; asked for proofs, it says what to do."""
    (tmp_path / "z3").mkdir()
    (tmp_path / "z3" / "__init__.py").write_text("raise ImportError('not installed')", encoding="utf-8")
    ran = dubi_process("rules", "lint", "--json", PYTHONPATH=str(tmp_path))
    assert (ran.code, ran.json["proofs"], ran.json["problems"]) == (0, None, [])
    refused = dubi_process("rules", "lint", "--proof", PYTHONPATH=str(tmp_path))
    assert (refused.code, refused.out) == (4, "")
    assert "make setup" in refused.err


def test_examples(dubi: Dubi) -> None:
    """All examples come out as written, and are counted."""
    ran = dubi("rules", "test")
    assert (ran.code, ran.err) == (0, "")
    found = dubi("rules", "chay-vi-du", "--json").json
    assert found["failures"] == []
    assert f"Đã chạy {found['examples']} ví dụ, 0 không như đã ghi." in ran.out


def report(*problems: Problem, refuted: tuple[CounterExample, ...] = ()) -> LintReport:
    """A report on rules with something wrong."""
    proof = Proof(None, None, ("Một",), refuted, ("Hai",))
    return LintReport(1, {}, 1, 1, 1, problems, (proof,))


@pytest.mark.parametrize("as_json", [False, True])
def test_lint_that_finds_something(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    """Each problem stands with file, line and hint, each counter-example with its days, and the command ends with 1."""
    example = CounterExample("claim", "Ai cũng có tên", {"as_of": dt.date(2025, 3, 1), "helper": "A"}, 3)
    found = report(Problem(str(proving.ROOT / "rules" / "x.yaml"), 7, "Sai.", "Sửa."), refuted=(example,))
    monkeypatch.setattr("desk.law.proving.lint_report", lambda **_: found)
    with pytest.raises(typer.Exit) as end:
        rules_checking.lint(as_json=as_json)
    out = capsys.readouterr().out
    assert end.value.exit_code == 1
    if as_json:
        values = json.loads(out)
        assert values["problems"] == [{"file": "rules/x.yaml", "line": 7, "problem": "Sai.", "hint": "Sửa."}]
        assert values["proofs"][0]["refuted"][0]["record"] == {"as_of": "2025-03-01", "helper": "A"}
    else:
        assert "rules/x.yaml, dòng 7: Sai. Sửa." in out
        assert "Phản ví dụ (luật theo ngày của từng bước): Ai cũng có tên" in out
        assert "Ngày tính đến: 01/03/2025" in out
        assert "Chưa kết luận được (luật theo ngày của từng bước): Hai" in out


@pytest.mark.parametrize("as_json", [False, True])
def test_examples_that_fail(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """An example that does not come out stands with its place and what came instead, and the command ends with 1."""
    example = examples_loader.load()[0]
    failure = Failure(example.file, example.line, example.title, "phải có, nhưng: không")
    monkeypatch.setattr("desk.law.proving.run_examples", lambda: [failure])
    with pytest.raises(typer.Exit) as end:
        rules_checking.run_examples_of_rules(as_json=as_json)
    out = capsys.readouterr().out
    assert end.value.exit_code == 1
    assert failure.title in out
    assert "phải có, nhưng: không" in out
