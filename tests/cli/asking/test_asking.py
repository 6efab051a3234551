"""`explain`, `due`, `units`, and what the screen shows: read as a secretary reads it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

import cli.main
from desk.answers import checking
from engine.findings import Evaluation, Finding
from engine.unknowns import UnknownRule
from tests.cli.conftest import Dubi


def test_explain_says_why(dubi: Dubi, small: Path) -> None:
    """A finding comes with its condition, the days it was computed from with their columns, clause and certainty."""
    ran = dubi("explain", "HS-03", "--file", small, "--as-of", "2025-03-01", "--all")
    assert (ran.code, ran.err.startswith("Dữ liệu nhạy cảm đã che.")) == (0, True)
    found = ran.out.partition("(recognition.past_cell_window)")[2].partition("\n\n")[0]
    assert "nay chậm chưa đến một ngày làm việc (1 ngày theo lịch)" in found
    assert "Hạn: 28/02/2025, quá 1 ngày." in found
    assert "Ai đang giữ: Chi bộ." in found
    assert "24-QĐ/TW, mục 4.2.1 (trích nguyên văn)" in found
    assert "[đúng] đã hết 12 tháng dự bị" in found
    assert "12/01/2024" in found
    assert "ghi ở cột “Ngày kết nạp”" in found


def test_explain_is_a_screenful(dubi: Dubi, small: Path) -> None:
    """Without more, what was found is told with its clause and what ends it, what is missing, and nothing else."""
    for case in ("HS-03", "HS-09", "HS-20", "HS-24"):
        asked = ("explain", case, "--file", small, "--as-of", "2025-03-01")
        lines = dubi(*asked).out.splitlines()
        assert len(lines) < 60
        assert len(lines) < len(dubi(*asked, "--all").out.splitlines()) / 4
    ran = dubi("explain", "HS-03", "--file", small, "--as-of", "2025-03-01")
    assert "24-QĐ/TW, mục 4.2.1 (trích nguyên văn)" in ran.out
    assert "Hết khi: Nghị quyết đề nghị công nhận; Đề nghị xóa tên;" in ran.out
    assert "Thêm --all" in ran.out


def test_explain_says_why_not(dubi: Dubi, small: Path) -> None:
    """A rule that could have fired and did not is there too, with the condition that failed."""
    rules = dubi("explain", "HS-03", "--file", small, "--as-of", "2025-03-01", "--json").json["rules"]
    silent = {rule["rule"]: rule for rule in rules if rule["holds"] is False}
    limit = silent["recognition.past_decision_limit"]
    assert False in {condition["holds"] for condition in limit["conditions"]}
    assert limit["citations"]
    facts = {fact["fact"]: fact for fact in limit["facts"]}
    assert facts["cell_proposed_recognition_on"]["source"] == "cột “Ngày chi bộ xét chính thức” để trống"


def test_explain_tells_what_check_tells(dubi: Dubi, small: Path) -> None:
    """For every case of a roster the rules explained as holding are the findings of the check, the worst first."""
    findings = dubi("check", small, "--as-of", "2025-03-01", "--json").json["findings"]
    for case in ("HS-09", "HS-20", "HS-24"):
        got = dubi("giai-thich", case, "--file", small, "--as-of", "2025-03-01", "--json").json
        held = {rule["rule"]: rule["message"] for rule in got["rules"] if rule["holds"]}
        assert held == {found["rule"]: found["message"] for found in findings if found["case"] == case}
        assert held


def test_explain_a_case_before_it_began(dubi: Dubi, small: Path) -> None:
    """Before its first step a case is not there yet, and that is said."""
    ran = dubi("explain", "HS-03", "--file", small, "--as-of", "2000-01-01")
    assert ran.code == 0
    assert "chưa có bước nào" in ran.out


def test_explain_an_unknown_case(dubi: Dubi, small: Path) -> None:
    """A code that nobody bears is wrong usage, with the nearest one."""
    ran = dubi("explain", "HS-3", "--file", small)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Lỗi: Không có hồ sơ “HS-3”. Có phải “HS-")


def test_due_lists_what_lies_ahead(dubi: Dubi, small: Path) -> None:
    """Every limit lies after the day and within the days asked for, soonest first; more days show more."""
    few, many = (dubi("due", small, "--as-of", "2025-03-01", "--within", days, "--json").json for days in ("45", "365"))
    assert (few["as_of"], few["within"]) == ("2025-03-01", 45)
    days = [entry["days_left"] for entry in many["coming"]]
    assert days == sorted(days)
    assert all(0 < left <= 365 for left in days)
    assert few["coming"] == [entry for entry in many["coming"] if entry["days_left"] <= 45]
    assert few["coming"]


def test_due_takes_ninety_days_by_default(dubi: Dubi, small: Path) -> None:
    """The default is said in the help and used."""
    assert dubi("den-han", small, "--as-of", "2025-03-01", "--json").json["within"] == 90
    assert "[mặc định: 90]" in dubi("due", "--help").out


def test_due_as_csv(dubi: Dubi, small: Path) -> None:
    """One line a limit, days as they are written here."""
    rows = list(csv.DictReader(io.StringIO(dubi("due", small, "--as-of", "2025-03-01", "--csv").out[1:])))
    assert [row["Hạn"] for row in rows] == ["10/04/2025", "14/04/2025", "26/05/2025", "30/05/2025"]


def test_units_count_with_all_below(dubi: Dubi, large: Path) -> None:
    """The root's counts are the roster's; the cells' add up to them, and so do the overdue cases."""
    got = dubi("units", large, "--as-of", "2024-10-31", "--json").json
    root, *cells = got["units"]
    whole = dubi("check", large, "--as-of", "2024-10-31", "--json").json
    assert root["unit"] == "DU"
    assert root["stages"] == whole["stages"]
    assert root["overdue"] == len({found["case"] for found in whole["findings"] if found["severity"] == "overdue"})
    assert root["overdue"] == sum(cell["overdue"] for cell in cells)
    rows = list(csv.DictReader(io.StringIO(dubi("don-vi", large, "--as-of", "2024-10-31", "--csv").out[1:])))
    assert [row["Mã đơn vị"] for row in rows] == [unit["unit"] for unit in got["units"]]


SCREENS = {
    "due": ["due", "FILE", "--as-of", "2025-03-01"],
    "units": ["units", "FILE", "--as-of", "2025-03-01"],
    "import": ["import", "FILE"],
}


@pytest.mark.parametrize("arguments", SCREENS.values(), ids=SCREENS.keys())
def test_screen(dubi: Dubi, small: Path, snapshot: SnapshotAssertion, arguments: list[str]) -> None:
    """What a secretary sees, word for word; a change here is a change of what people read."""
    ran = dubi(*(small if part == "FILE" else part for part in arguments))
    assert ran.code == 0
    assert ran.out.replace(str(small), "so.xlsx") == snapshot


def test_screen_of_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small: Path, snapshot: SnapshotAssertion
) -> None:
    """The list of overdue and blocked cases, what is only counted, the marks of doubt, and what is asked for."""
    late = Finding(
        case="HS-03",
        name="Nguyễn Bích Bình",
        unit="CB-01",
        rule="recognition.past_cell_window",
        severity="overdue",
        due=dt.date(2025, 2, 28),
        days_late=1,
        held_by="cell",
        document="qd-24-2021",
        clause="4.2.1",
        certainty="quoted",
        message="Chi bộ phải xét trước hết ngày 28/02/2025.",
    )
    findings = [
        late,
        replace(
            late, case="HS-24", name="Hồ Công Hiếu", days_late=26, due=dt.date(2025, 2, 3), certainty="unconfirmed"
        ),
        replace(late, case="HS-07", severity="blocked", due=None, days_late=None, document="hd-01-2021", clause=None),
        replace(late, case="HS-08", severity="inform", held_by=None),
    ]
    unknown = [UnknownRule("HS-20", "admission.over_60", ("born_on",)), UnknownRule("HS-20", "x.y", ("calendar",))]
    stages = {"candidate": 11, "approved": 1, "probationary": 8, "official": 4, "left": 1, "moved_out": 1}
    evaluation = Evaluation(dt.date(2025, 3, 1), stages, findings, unknown)
    monkeypatch.setattr(checking, "_judged", lambda *_, **__: evaluation)
    assert cli.main.outcome(["check", str(small), "--as-of", "2025-03-01"]) == 0
    assert capsys.readouterr().out.replace(str(small), "so.xlsx") == snapshot
