"""`dubi timings`: one answer in every form, and the people behind a number."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.lists import timings_sheet
from tests.calling import Dubi
from tests.conftest import DATA

SMALL = DATA / "rosters" / "chi-bo-nho.xlsx"
PERIOD = ("--from", "2023-01-01", "--to", "2024-12-31")


def test_forms(dubi: Dubi) -> None:
    """Screen, CSV and JSON say the same, under both names of the command."""
    found = dubi("timings", SMALL, *PERIOD, "--json").json
    assert found["as_of"] == "2024-12-31"
    assert dubi("thoi-gian", SMALL, *PERIOD, "--json").json == found
    rows = list(csv.reader(dubi("timings", SMALL, *PERIOD, "--csv").out.splitlines()))
    assert len(rows) == 1 + 9 * (1 + len(found["by_unit"])) + len(found["months"])
    assert [int(row[7]) for row in rows[1:10]] == [one["n"] for one in found["transitions"]]
    page = dubi("timings", SMALL, *PERIOD).out
    assert page.startswith("Kỳ 01/01/2023 – 31/12/2024\nTính đến ngày 31/12/2024")
    assert found["waiting"][0]["oldest"]["case"] in page


def test_who(dubi: Dubi) -> None:
    """A stretch, a holder and a month open to their people."""
    found = dubi("timings", SMALL, *PERIOD, "--json").json
    month = next(one for one in found["ahead"] if one["probations_ending"])
    numbers = {f"{one['from_step']}:{one['to_step']}": one["n"] for one in found["transitions"]}
    numbers |= {one["held_by"]: one["n"] for one in found["waiting"]}
    numbers[month["month"]] = month["probations_ending"] + month["cell_limits"] + month["decision_limits"]
    for name, number in numbers.items():
        listed = dubi("timings", SMALL, *PERIOD, "--who", name)
        assert (listed.code, f"{name}: {number}\n" in listed.out) == (0, True), name
        rows = list(csv.reader(dubi("timings", SMALL, *PERIOD, "--who", name, "--csv").out.splitlines()))
        assert len(rows) == 1 + number


def test_files(dubi: Dubi, tmp_path: Path) -> None:
    """The workbook has every number and everybody behind it; both files come twice alike."""
    found = dubi("timings", SMALL, *PERIOD, "--json").json
    sheet, picture, drawn = tmp_path / "t.xlsx", tmp_path / "t.svg", tmp_path / "t.png"
    assert dubi("timings", SMALL, *PERIOD, "--xlsx", sheet, "--picture", picture).out == ""
    assert dubi("timings", SMALL, *PERIOD, "--picture", drawn).code == 0
    book = load_workbook(sheet)
    rows = {name: [[cell.value for cell in row] for row in book[name].iter_rows(min_row=5)] for name in book.sheetnames}
    assert [row[2:9] for row in rows["Từng bước"]] == [list(one.values())[2:] for one in found["transitions"]]
    assert len(rows["Theo đơn vị"]) == 9 * len(found["by_unit"])
    assert [row[3] for row in rows["Theo tháng"]] == [one["n"] for one in found["months"]]
    assert [row[1:] for row in rows["Mười hai tháng tới"]] == [list(one.values())[1:] for one in found["ahead"]]
    assert len(rows["Ai, từng bước"]) == sum(one["n"] + one["contradictory"] for one in found["transitions"])
    assert len(rows["Ai đang chờ"]) == sum(one["n"] for one in found["waiting"])
    assert len(rows["Ai có hạn sắp tới"]) == sum(sum(list(one.values())[1:]) for one in found["ahead"])
    assert drawn.read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in picture.read_bytes()
    again, other = tmp_path / "u.xlsx", tmp_path / "u.svg"
    assert dubi("timings", SMALL, *PERIOD, "--xlsx", again, "--picture", other).code == 0
    assert (again.read_bytes(), other.read_bytes()) == (sheet.read_bytes(), picture.read_bytes())
    for name, said in (("t.gif", ".svg hoặc .png"), ("t.svg", "đã có")):
        ran = dubi("timings", SMALL, *PERIOD, "--picture", tmp_path / name)
        assert (ran.code, ran.out) == (3, "")
        assert said in ran.err


def test_a_sheet_that_cannot_hold_all_is_refused(dubi: Dubi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More people than a sheet has rows: nobody is left out in silence, no file is written, and what helps is said."""
    monkeypatch.setattr(timings_sheet, "MOST_ROWS", 20)
    ran = dubi("timings", SMALL, *PERIOD, "--xlsx", tmp_path / "t.xlsx")
    assert (ran.code, list(tmp_path.glob("*.xlsx"))) == (3, [])
    assert "--unit" in ran.err


def test_refusals(dubi: Dubi) -> None:
    """A number or a unit that nobody knows, a period that ends before it begins, and two forms at once."""
    for more, code, said in (
        (("--who", "cel"), 2, "Không có số liệu “cel”. Có phải “cell”?"),
        (("--who", "cel", "--json"), 2, "Không có số liệu “cel”."),
        (("--unit", "CB-99"), 2, "Không có đơn vị “CB-99”."),
        (("--to", "2022-12-31"), 3, "đứng trước ngày đầu kỳ"),
        (("--json", "--csv"), 2, "Chỉ chọn một trong hai"),
    ):
        ran = dubi("timings", SMALL, *PERIOD, *more)
        assert (ran.code, ran.out) == (code, ""), more
        assert said in ran.err
