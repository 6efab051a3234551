"""`dubi check`: the expected findings on the shipped rosters, the same from a file and the store, in every form."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bench.stores import fill
from engine.evaluators import MANY
from tests.cli.conftest import Dubi
from tests.whole import only_whole

EXPECTED = sorted((Path(__file__).parents[2] / "data" / "expected").glob("*.check.json"))

FIXED = {
    "recognition": {
        "upcoming",
        "course_needed",
        "ended_not_recognised",
        "ended_without_course",
        "past_cell_window",
        "past_decision_limit",
        "recognised_late",
        "early_step",
    },
    "admission": {
        "past_decision_limit",
        "past_ceremony_limit",
        "certificate_expired",
        "papers_expired",
        "course_missing",
        "under_age",
        "over_60",
    },
}
"""The rules whose findings were computed apart from the project."""


def fixed(findings: list[dict[str, Any]]) -> list[tuple[str, str, str, str | None]]:
    """Case, rule, severity and due day of the findings of those rules, in their order."""
    rows = []
    for found in findings:
        stage, _, name = found["rule"].partition(".")
        if name in FIXED.get(stage, set()):
            rows.append((found["case"], found["rule"], found["severity"], found["due"]))
    return rows


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".check.json"))
def test_findings_are_the_expected_ones(dubi: Dubi, data: Path, path: Path) -> None:
    """Every finding of the fixed rules, with its severity and due day, and every stage, and none besides."""
    roster = path.name.partition(".")[0]
    expected = json.loads(path.read_text(encoding="utf-8"))
    ran = dubi("check", data / "rosters" / f"{roster}.xlsx", "--as-of", expected["as_of"], "--json")
    assert ran.code == 0, ran.err
    assert {line.partition(":")[0] for line in ran.err.splitlines()} <= {"Lưu ý"}  # what contradicts itself in the file
    got = ran.json
    assert (got["as_of"], got["cases"], got["stages"]) == (expected["as_of"], expected["cases"], expected["stages"])
    assert fixed(got["findings"]) == fixed(expected["findings"])
    assert fixed(expected["findings"])


def test_there_are_expected_results() -> None:
    """The comparison above compares something: each shipped roster on at least one day."""
    assert {path.name.partition(".")[0] for path in EXPECTED} == {"chi-bo-nho", "dang-bo-co-so", "son-la-6t-2024"}


def test_json_has_the_form_of_the_contract(dubi: Dubi, small: Path) -> None:
    """All keys that scripts rely on are there, with the types they rely on, sorted by case and rule."""
    got = dubi("check", small, "--as-of", "2025-03-01", "--json").json
    assert {"as_of", "cases", "stages", "findings", "unknown"} <= got.keys()
    assert list(got["stages"]) == ["candidate", "approved", "probationary", "official", "left", "moved_out"]
    assert sum(got["stages"].values()) == got["cases"]
    keys = {"case", "name", "unit", "rule", "severity", "due", "days_late", "held_by", "document", "clause"}
    for found in got["findings"]:
        assert keys | {"certainty", "message"} <= found.keys()
        assert found["severity"] in {"overdue", "blocked", "due", "confirm", "inform"}
        assert found["held_by"] in {"cell", "committee", "upper", "awaiting_transfer", None}
        assert found["days_late"] is None or found["days_late"] > 0
        assert found["certainty"] in {"read", "quoted", "secondary", "unconfirmed"}
        assert (found["certainty"] == "unconfirmed") == found["message"].endswith("(chưa đối chiếu văn bản)")
    order = [(found["case"], found["rule"]) for found in got["findings"]]
    assert order == sorted(order)
    assert all(entry["missing"] == sorted(entry["missing"]) for entry in got["unknown"])


@pytest.mark.usefixtures("store")
def test_store_and_file_give_the_same(dubi: Dubi, large: Path) -> None:
    """What was imported is judged as the workbook is."""
    assert dubi("import", large, "--apply").code == 0
    from_store = dubi("check", "--as-of", "2024-10-31", "--json")
    assert from_store.json == dubi("kiem-tra", large, "--as-of", "31/10/2024", "--json").json


def test_checking_a_file_stores_nothing(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """Nothing appears beside the file, in the folder or in the store's place."""
    dubi("check", small, "--as-of", "2025-03-01")
    assert list(tmp_path.rglob("*")) == []


def test_unit_takes_in_all_below_it(dubi: Dubi, large: Path) -> None:
    """The committee's list is everybody's; a cell's holds its own people only."""
    whole = dubi("check", large, "--as-of", "2024-10-31", "--json").json
    committee = dubi("check", large, "--as-of", "2024-10-31", "--unit", "DU", "--json").json
    cell = dubi("check", large, "--as-of", "2024-10-31", "--unit", "CB-04", "--json").json
    assert {**committee, "unit": None} == whole
    assert cell["unit"] == "CB-04"
    assert cell["findings"] == [found for found in whole["findings"] if found["unit"] == "CB-04"]
    assert 0 < cell["cases"] < whole["cases"]


def test_law_of_a_day(dubi: Dubi, small: Path) -> None:
    """`--law` judges by the versions of that day, says so on the screen, and changes the documents cited."""
    ran = dubi("check", small, "--as-of", "2025-03-01", "--law", "01/01/2018")
    assert "Xét theo quy định có hiệu lực ngày 01/01/2018" in ran.out
    got = dubi("check", small, "--as-of", "2025-03-01", "--law", "2018-01-01", "--json").json
    assert got["law"] == "2018-01-01"
    late = [found for found in got["findings"] if found["rule"] == "recognition.past_cell_window"]
    assert {found["document"] for found in late} == {"qd-29-2016"}


def test_as_of_defaults_to_today_and_is_printed(dubi: Dubi, small: Path) -> None:
    """Without `--as-of` the day is today's, and the first line says it."""
    assert re.match(r"Tính đến ngày \d\d/\d\d/20\d\d · tệp ", dubi("check", small).out)


@pytest.mark.parametrize(
    ("severity", "code"), [("overdue", 1), ("blocked", 1), ("inform", 1), (None, 0)], ids=lambda value: str(value)
)
def test_fail_on(dubi: Dubi, small: Path, severity: str | None, code: int) -> None:
    """`--fail-on` turns findings of that severity or a worse one into exit code 1; the list is printed all the same."""
    gate = ["--fail-on", severity] if severity else []
    ran = dubi("check", small, "--as-of", "2025-03-01", *gate)
    assert (ran.code, ran.err) == (code, "")
    assert "Quá hạn: " in ran.out


def test_fail_on_lets_milder_findings_pass(dubi: Dubi, small: Path) -> None:
    """Where nothing is overdue, `--fail-on overdue` is content."""
    nobody_late = dubi("check", small, "--as-of", "2023-01-01", "--json").json
    assert not [found for found in nobody_late["findings"] if found["severity"] == "overdue"]
    assert nobody_late["findings"]
    assert dubi("check", small, "--as-of", "2023-01-01", "--fail-on", "overdue").code == 0


def test_csv_is_for_excel(dubi: Dubi, small: Path) -> None:
    """A byte order mark, one line a finding, the worst first, days as they are written here, the as-of day in each."""
    ran = dubi("check", small, "--as-of", "2025-03-01", "--csv")
    assert ran.out.startswith("\ufeffTính đến ngày,Mức độ,Mã hồ sơ,Họ và tên,")
    rows = list(csv.DictReader(io.StringIO(ran.out.removeprefix("\ufeff"))))
    assert len(rows) == len(dubi("check", small, "--as-of", "2025-03-01", "--json").json["findings"])
    assert {row["Tính đến ngày"] for row in rows} == {"01/03/2025"}
    assert rows[0]["Mức độ"] == "Quá hạn"
    assert rows[0]["Hạn"] == "03/02/2025"
    assert rows[0]["Số ngày quá hạn"] == "26"


def test_the_screen_lists_the_worst_and_counts_the_rest(dubi: Dubi, small: Path) -> None:
    """Overdue and blocked cases are listed, milder findings only counted; `--all` lists them too."""
    short, full = (dubi("check", small, "--as-of", "2025-03-01", *more).out for more in ([], ["--all"]))
    assert "HS-24" in short
    assert "\nĐến hạn:" not in short
    assert "Ngoài ra: đến hạn " in short
    assert "\nĐến hạn:" in full
    assert "Ngoài ra" not in full


def test_what_is_missing_is_asked_for(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """Who lacks a birth date is neither cleared nor blocked: the screen asks for it by its Vietnamese name."""
    roster = tmp_path / "so.xlsx"
    book = openpyxl.load_workbook(small)
    sheet = book["Hồ sơ"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, columns["Mã hồ sơ"]).value == "HS-20")
    sheet.cell(row, columns["Ngày sinh"]).value = None
    book.save(roster)
    got = dubi("check", roster, "--as-of", "2025-03-01", "--json").json
    of_case = [found["rule"] for found in got["findings"] if found["case"] == "HS-20"]
    assert not {"admission.under_age", "admission.over_60"} & set(of_case)
    unknown = {entry["rule"]: entry["missing"] for entry in got["unknown"] if entry["case"] == "HS-20"}
    assert {unknown.get("admission.under_age") == ["born_on"], unknown.get("admission.over_60") == ["born_on"]} == {
        True
    }
    screen = dubi("check", roster, "--as-of", "2025-03-01").out
    assert "Cần bổ sung: " in screen
    (line,) = [line for line in screen.partition("Cần bổ sung: ")[2].splitlines() if "HS-20" in line]
    assert "Ngày sinh" in line


def test_the_list_to_print(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """`--xlsx` writes the list beside the answer, refuses to write over a file, and does so with `--force`."""
    first = dubi("check", small, "--as-of", "2025-03-01", "--xlsx", "qua-han.xlsx", "--json")
    assert (first.code, first.json["as_of"]) == (0, "2025-03-01")
    assert "qua-han.xlsx" in first.err
    written = (tmp_path / "qua-han.xlsx").read_bytes()
    again = dubi("check", small, "--as-of", "2025-03-01", "--xlsx", "qua-han.xlsx")
    assert (again.code, again.out) == (3, "")
    assert "đã có" in again.err
    assert dubi("check", small, "--as-of", "2025-03-01", "--xlsx", "qua-han.xlsx", "--force").code == 0
    assert (tmp_path / "qua-han.xlsx").read_bytes() == written


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--unit", "DUU"], "Không có đơn vị “DUU”. Có phải “DU”?"),
        (["--unit", "qqq"], "Không có đơn vị “qqq”."),
    ],
    ids=["nearly right", "nothing like it"],
)
def test_unknown_unit(dubi: Dubi, large: Path, arguments: list[str], sentence: str) -> None:
    """A unit that is not there is wrong usage, with the nearest one."""
    ran = dubi("check", large, "--as-of", "2024-10-31", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"\nLỗi: {sentence}" in f"\n{ran.err}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/02/2024", "Ngày “31/02/2024” không có trong lịch."),
        ("2024-13-01", "Ngày “2024-13-01” không có trong lịch."),
        ("hôm qua", "“hôm qua” không phải là ngày."),
        ("01/01/24", "“01/01/24” không phải là ngày."),
        ("01/01/1899", "Ngày “01/01/1899” có năm nằm ngoài khoảng 1900–2100."),
        ("2101-01-01", "Ngày “2101-01-01” có năm nằm ngoài khoảng 1900–2100."),
    ],
)
def test_bad_days_are_refused(dubi: Dubi, small: Path, text: str, sentence: str) -> None:
    """A day that is none is bad input, and the sentence names the option."""
    ran = dubi("check", small, "--as-of", text)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"Lỗi: --as-of: {sentence}")


@pytest.mark.parametrize("text", ["31/10/2024", "31-10-2024", "31.10.2024", "2024-10-31", " 2024-10-31 "])
def test_days_are_read_as_people_write_them(dubi: Dubi, small: Path, text: str) -> None:
    """Day first with any separator, or the ISO form."""
    assert dubi("check", small, "--as-of", text, "--json").json["as_of"] == "2024-10-31"


def test_only_some_severities(dubi: Dubi, data: Path) -> None:
    """`--only` leaves the findings of those severities, from a file and from the store, however they are evaluated."""
    roster = data / "rosters" / "dang-bo-co-so.xlsx"
    day = ("--as-of", "2024-10-31")
    everything = dubi("check", roster, *day, "--json").json["findings"]
    wanted = [found for found in everything if found["severity"] in ("overdue", "due")]
    only = ("--only", "overdue", "--only", "due", "--json")
    assert wanted
    assert dubi("check", roster, *day, *only).json["findings"] == wanted
    assert dubi("init").code == dubi("import", roster, "--apply").code == 0
    answers = [dubi("check", *day, *only, "--evaluator", evaluator) for evaluator in ("live", "sweep")]
    assert answers[0].json == answers[1].json
    assert answers[0].json["findings"] == wanted
    shown = dubi("check", *day, "--only", "due").out
    assert "Đến hạn:" in shown
    assert "Quá hạn:" not in shown
    assert dubi("check", roster, "--only", "late").code == 2
    assert dubi("check", roster, "--only", "due", "--receipt", "bien-nhan.json").code == 2


def test_the_store_swept_or_one_by_one(dubi: Dubi, data: Path) -> None:
    """A store is answered for in the same words by both evaluators."""
    assert dubi("init").code == dubi("import", data / "rosters" / "dang-bo-co-so.xlsx", "--apply").code == 0
    for form in ((), ("--all",), ("--json",), ("--csv",), ("--unit", "CB-04")):
        asked = ("check", "--as-of", "2024-10-31", "--fail-on", "blocked", *form)
        live, sweep = (dubi(*asked, "--evaluator", evaluator) for evaluator in ("live", "sweep"))
        assert live.out, form
        assert live == sweep, form
        assert live.code == 1, form


@only_whole
def test_a_large_store_is_swept(dubi: Dubi, tmp_path: Path) -> None:
    """Past some thousands of cases a store is swept unless told otherwise, and says the same."""
    fill(tmp_path / "lon.sqlite", MANY)
    asked = ("check", "--store", "lon.sqlite", "--as-of", "2025-03-31", "--json")
    chosen, live = dubi(*asked), dubi(*asked, "--evaluator", "live")
    assert chosen.json == live.json
    assert chosen.json["cases"] == MANY
