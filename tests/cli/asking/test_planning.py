"""`plan` and `what-if` as a user runs them: days, findings that go and come, nothing stored, names that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Dubi


def test_plan(dubi: Dubi, small: Path) -> None:
    """The coming steps of a member whose cell is late, with their days and clauses; the alias gives the same."""
    ran = dubi("plan", "HS-03", "--file", small, "--as-of", "2025-03-01")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Tính đến ngày 01/03/2025")
    assert "28/02/2025" in ran.out
    assert "quá 1" in ran.out
    assert "24-QĐ/TW, mục 4.2.1" in ran.out
    assert dubi("ke-hoach", "HS-03", "--file", small, "--as-of", "2025-03-01").out == ran.out


def test_plan_json(dubi: Dubi, small: Path) -> None:
    """The same as one object, days as yyyy-mm-dd."""
    plan = dubi("plan", "HS-03", "--file", small, "--as-of", "2025-03-01", "--json").json
    assert (plan["case"], plan["stage"], plan["as_of"], plan["exists"]) == ("HS-03", "probationary", "2025-03-01", True)
    cell, decision = plan["steps"]
    assert (cell["step"], cell["earliest"], cell["latest"], cell["days_late"]) == (
        "cell_proposed_recognition_on",
        "2025-01-13",
        "2025-02-28",
        1,
    )
    assert (decision["earliest"], decision["latest"]) == (None, "2025-04-14")


def test_plan_before_there_was_a_case(dubi: Dubi, small: Path) -> None:
    """A day before the first step has no plan and says why."""
    ran = dubi("plan", "HS-03", "--file", small, "--as-of", "2001-01-01")
    assert ran.code == 0
    assert "hồ sơ này chưa có bước nào" in ran.out


def test_plan_with_nothing_left(dubi: Dubi, small: Path) -> None:
    """A case at its end has no coming step."""
    checked = dubi("check", small, "--as-of", "2026-03-01", "--json").json
    assert checked["stages"]["official"] > 0
    ran = dubi("what-if", "HS-03", "--file", small, "--as-of", "2025-03-01", "--set", "left_on=2025-02-28")
    assert "Không còn bước nào phải làm." in ran.out
    assert "Giai đoạn: Đảng viên dự bị → Đã ra khỏi Đảng" in ran.out


def test_what_if(dubi: Dubi, small: Path) -> None:
    """What goes stands under its heading; the workbook is as it was."""
    before = small.read_bytes()
    ran = dubi(
        "what-if", "HS-03", "--file", small, "--as-of", "2025-03-01", "--set", "cell_proposed_recognition_on=2025-02-20"
    )
    assert (ran.code, ran.err) == (0, "")
    assert "Ngày chi bộ xét chính thức: chưa có → 20/02/2025" in ran.out
    gone = ran.out.partition("Không còn: 1")[2].partition("Mới có")[0]
    assert "recognition.past_cell_window" in gone
    assert "Các bước sắp tới nếu như vậy" in ran.out
    assert small.read_bytes() == before


def test_what_if_json(dubi: Dubi, small: Path) -> None:
    """Several settings at once, by fact or by column."""
    found = dubi(
        *("gia-su", "HS-03", "--file", small, "--as-of", "2025-03-01", "--json"),
        *("--set", "cell_proposed_recognition_on=2025-01-05", "--set", "Trình độ học vấn=Tiểu học"),
    ).json
    assert found["set"] == {"cell_proposed_recognition_on": "2025-01-05", "schooling": "primary"}
    assert "recognition.early_step" in [finding["rule"] for finding in found["come"]]
    assert "recognition.past_cell_window" in [finding["rule"] for finding in found["gone"]]
    assert all(pair["before"]["rule"] == pair["after"]["rule"] for pair in found["changed"])


def test_what_if_later_than_the_day(dubi: Dubi, small: Path) -> None:
    """A step set after the as-of day is told on stderr, with what to type."""
    ran = dubi(
        "what-if", "HS-03", "--file", small, "--as-of", "2025-03-01", "--set", "cell_proposed_recognition_on=20/3/2025"
    )
    assert ran.code == 0
    assert "--as-of 2025-03-20" in ran.err
    assert "tính đến ngày 20/03/2025" in ran.out
    assert "06/05/2025" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("plan", "HS-3"), 2, "Có phải “HS-"),
        (("what-if", "HS-03", "--set", "cell_proposed_recogniton_on=2025-01-01"), 2, "Có phải"),
        (("what-if", "HS-03", "--set", "admitted_on=2025-13-01"), 3, "không có trong lịch"),
        (("what-if", "HS-03", "--set", "stage=official"), 3, "tính ra"),
        (("what-if", "HS-03"), 2, "--set"),
    ],
)
def test_refused(dubi: Dubi, small: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    """A wrong name ends with 2, a wrong value with 3, each with what to do."""
    ran = dubi(*arguments, "--file", small)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err


def test_every_face_says_what_is_held_back(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """Who ended probation without the course: plan, show, what-if, explain and a paper all say why the cell waits."""
    asked = ("--file", small, "--as-of", "2025-03-01")
    findings = dubi("check", small, "--as-of", "2025-03-01", "--json").json["findings"]
    found = next(one for one in findings if one["rule"] == "recognition.ended_without_course")
    case, sentence = found["case"], found["message"]
    for plan in (
        dubi("plan", case, *asked, "--json").json["steps"],
        dubi("show", case, *asked, "--json").json["next"],
        dubi("what-if", case, *asked, "--set", "helper=B", "--json").json["steps"],
    ):
        cell = next(step for step in plan if step["step"] == "cell_proposed_recognition_on")
        assert (cell["state"], cell["held_back"], cell["because"]) == ("held_back", [found["rule"]], [sentence])
        assert cell["missing"] == ["new_member_certified_on"]
        assert next(step for step in plan if step["step"] == "new_member_certified_on")["state"] == "open"
    for command in (("plan", case), ("show", case), ("what-if", case, "--set", "helper=B")):
        said = " ".join(dubi(*command, *asked).out.split())
        assert "đề nghị xoá tên): chưa làm được." in said
        assert " ".join(sentence.split()) in said
    explained = dubi("explain", case, *asked).out
    assert "chưa làm được: Hết dự bị mà chưa học lớp đảng viên mới" in " ".join(explained.split())
    paper = dubi(
        *("paper", "nghi-quyet", case, *asked, "--out", tmp_path / "a.docx"),
        *("--field", "meeting_on=01/03/2025", "--field", "parent_name=Đảng ủy", "--field", "unit_name=Chi bộ"),
    )
    assert (paper.code, (tmp_path / "a.docx").exists()) == (3, False)
    assert sentence in paper.err
