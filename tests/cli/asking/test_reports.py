"""`dubi report` as a user runs it: forms on the screen, as data, as files, and into an office's own workbook."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from tests.cli.conftest import Dubi

PERIOD = ("--from", "01/07/2020", "--to", "31/10/2024")


def test_list_names_every_form(dubi: Dubi) -> None:
    """`report list` shows each form with its names and its source, on the screen and as JSON."""
    shown, ran = dubi("report", "list"), dubi("report", "list", "--json")
    assert "chat-luong-dang-vien-moi" in shown.out
    forms = [form["form"] for form in ran.json["forms"]]
    assert forms == ["F0", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8A", "F8B", "F9", "F10"]


def test_a_form_on_the_screen(dubi: Dubi, large: Path) -> None:
    """The form stands there with its notes; the Vietnamese name of the command does the same."""
    ran = dubi("report", "F2", large, *PERIOD)
    assert ran.code == 0
    assert "I. Tổng số đảng viên mới kết nạp" in ran.out
    assert "Tuổi 41 – 45 tuổi" in ran.out
    assert ran.out == dubi("bao-cao", "chat-luong-dang-vien-moi", large, *PERIOD).out


def test_files_of_every_kind_at_once(dubi: Dubi, large: Path, tmp_path: Path) -> None:
    """One command writes several formats and says so on stderr; nothing is printed on stdout."""
    files = [word for kind in ("xlsx", "docx", "pdf", "html") for word in (f"--{kind}", f"out.{kind}")]
    ran = dubi("report", "F1", large, *PERIOD, *files)
    assert (ran.code, ran.out) == (0, "")
    assert all((tmp_path / f"out.{kind}").stat().st_size > 1000 for kind in ("xlsx", "docx", "pdf", "html"))
    assert "Danh sách" in openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames
    assert dubi("report", "F1", large, *PERIOD, "--xlsx", "out.xlsx").code == 3
    assert dubi("report", "F1", large, *PERIOD, "--xlsx", "out.xlsx", "--no-people", "--force").code == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["F1", "Ghi chú"]


def test_data_for_programs(dubi: Dubi, large: Path) -> None:
    """--json and --csv give the same figures on stdout."""
    values = dubi("report", "F8A", large, *PERIOD, "--json").json
    rows = list(csv.reader(io.StringIO(dubi("report", "F8A", large, *PERIOD, "--csv").out.removeprefix("\ufeff"))))
    opening = next(row for row in rows if row[:1] == ["F8A.1"])
    assert opening[2:] == ["105", "90", "116,67"]
    assert [cell["value"] for cell in values["blocks"][0]["rows"][0]["cells"][1:]] == [105, 90, 116.67]


def test_a_setting_changes_what_depends_on_it_and_is_named(dubi: Dubi, large: Path) -> None:
    """--setting chooses a reading, and the form says which one is in force."""
    usual = dubi("report", "F1", large, *PERIOD).out
    other = dubi("report", "F1", large, *PERIOD, "--setting", "late_reading=past_cell_window").out
    assert usual != other
    assert "ngày làm lễ kết nạp" in usual
    decision = dubi("report", "F2", large, *PERIOD, "--setting", "admission_date=decision").out
    assert "Ngày tính là kết nạp: ngày quyết định kết nạp" in decision


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("F2",), 2, "--from"),
        (("F22", *PERIOD), 2, "Có phải"),
        (("F2", *PERIOD, "--unit", "CB-99"), 2, "CB-99"),
        (("F2", *PERIOD, "--setting", "late_reading"), 3, "TÊN=CÁCH"),
        (("F2", *PERIOD, "--setting", "late=x"), 2, "late_reading"),
        (("F2", "--from", "2024-02-01", "--to", "2024-01-01"), 3, "Đổi lại"),
        (("F2", *PERIOD, "--xlsx", "a.pdf"), 3, ".xlsx"),
        (("F2", *PERIOD, "--template", "a.xlsx"), 3, "--xlsx"),
        (("overview", *PERIOD, "--html", "a.html", "--xlsx", "a.xlsx"), 2, "không dùng --xlsx"),
        (("overview", *PERIOD, "--html", "a.html", "--json", "--stacked"), 2, "--stacked, --json"),
        (("list", *PERIOD), 2, "không dùng --from, --to"),
    ],
)
def test_wrong_wishes_are_refused(dubi: Dubi, large: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    """Each mistake ends with its exit code and a sentence that helps."""
    ran = dubi("report", arguments[0], large, *arguments[1:])
    assert ran.code == code
    assert said in ran.err


def test_an_office_template_is_filled_cell_by_cell(dubi: Dubi, large: Path, tmp_path: Path) -> None:
    """Values go into the office's cells, everything else stays; what has no place goes to a sheet of notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu"
    sheet["B2"], sheet["C2"], sheet["D2"] = "CHỈ  TIÊU", "Số lượng", "Tỷ lệ"
    labels = ["I. Tổng số đảng viên mới kết nạp", "+ Nữ", "- Tuổi 36 – 40 tuổi", "- Tuổi 46 – 50 tuổi"]
    for row, label in enumerate(labels, start=3):
        sheet.cell(row, 2, label)
    sheet["C3"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["C9"] = "=C3-C4"
    sheet.column_dimensions["B"].width = 61
    book.save(tmp_path / "bieu.xlsx")
    ran = dubi("report", "F2", large, *PERIOD, "--template", "bieu.xlsx", "--xlsx", "da-dien.xlsx")
    assert ran.code == 0, ran.err
    filled = openpyxl.load_workbook(tmp_path / "da-dien.xlsx")
    cells = filled["Biểu"]
    assert [cells.cell(row, 3).value for row in range(3, 7)] == [239, 125, 25, 10]
    assert cells["D4"].value == 52.3
    assert (cells["C9"].value, cells["C3"].fill.fgColor.rgb) == ("=C3-C4", "00FFFF00")
    assert cells.column_dimensions["B"].width == 61
    notes = [row[0].value for row in filled["Ghi chú"].iter_rows()]
    assert any("41 – 45" in str(note) and "Số lượng: 8" in str(note) for note in notes)
    assert dubi("report", "F8A", large, *PERIOD, "--template", "bieu.xlsx", "--xlsx", "khac.xlsx").code == 3


def test_reconcile_gates_on_what_it_finds(dubi: Dubi, large: Path, tmp_path: Path) -> None:
    """A form that agrees ends with 0, one changed by hand with 1 and the place; the period is read from the form."""
    assert dubi("report", "F2", large, *PERIOD, "--xlsx", "f2.xlsx").code == 0
    agreed = dubi("reconcile", "f2.xlsx", "--file", large)
    assert (agreed.code, "Không thấy chỗ nào khác." in agreed.out) == (0, True)
    book = openpyxl.load_workbook(tmp_path / "f2.xlsx")
    women = next(row for row in book["F2"].iter_rows() if row[0].value == "+ Nữ")
    women[1].value = 120
    book.save(tmp_path / "f2.xlsx")
    ran = dubi("doi-chieu", "f2.xlsx", "--file", large, "--json")
    assert ran.code == 1
    assert {(d["kind"], d["cell"]) for d in ran.json["differences"]} == {
        ("ratio", women[2].coordinate),
        ("records", women[1].coordinate),
    }
    assert (ran.json["form"], ran.json["from"]) == ("F2", "2020-07-01")
    assert dubi("reconcile", "f2.xlsx", "--arithmetic").code == 1
    assert dubi("reconcile", large, "--file", large).code == 3
    assert dubi("reconcile", "none.xlsx", "--file", large).code == 3


def test_merge_shows_first_and_writes_when_told(dubi: Dubi, small: Path, large: Path, tmp_path: Path) -> None:
    """Without --out nothing is written; the merged workbook checks and counts like any other."""
    shown = dubi("merge", small, large, "--from", "2024-01-01", "--to", "2024-06-30", "--json")
    assert shown.code == 0
    assert shown.json["cases"] == 626
    assert [part["cases"] for part in shown.json["files"]] == [26, 600]
    admitted = next(figure for figure in shown.json["figures"] if figure["figure"] == "admission.total")
    assert admitted["merged"] == admitted["sum"] == sum(admitted["parts"])
    units = {clash["key"] for clash in shown.json["clashes"] if clash["kind"] == "unit"}
    assert units == {"CB-01"}
    assert list(tmp_path.glob("*.xlsx")) == []
    refused = dubi("merge", small, large, "--out", "gop.xlsx")
    assert (refused.code, "CB-01" in refused.out) == (3, True)
    assert list(tmp_path.glob("*.xlsx")) == []
    assert dubi("gop", small, large, "--out", "gop.xlsx", "--keep-first").code == 0
    assert dubi("check", "gop.xlsx", "--as-of", "2024-06-30", "--json").json["cases"] > 400
    assert dubi("merge", small).code == 3


def test_overview_is_drawn_to_files(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """The pictures go to a page and a PDF; without a file to write there is nothing to show."""
    period = ("--from", "2023-07-01", "--to", "2025-03-01")
    ran = dubi("report", "overview", small, *period, "--html", "t.html", "--pdf", "t.pdf")
    assert ran.code == 0, ran.err
    assert "<svg" in (tmp_path / "t.html").read_text(encoding="utf-8")
    assert (tmp_path / "t.pdf").read_bytes().startswith(b"%PDF")
    assert dubi("report", "overview", small, *period).code == 2


@pytest.mark.parametrize(
    ("name", "people"),
    [("admission.total[sector=private_enterprise]", 1), ("admission.total@prev", 29), ("member.exempt", 0)],
)
def test_people_behind_a_restricted_figure(dubi: Dubi, large: Path, name: str, people: int) -> None:
    """`stats --who` takes restrictions and other times; a typed figure has nobody behind it."""
    ran = dubi("stats", large, "--from", "2024-01-01", "--to", "2024-06-30", "--who", name, "--json")
    assert ran.code == 0
    assert len(ran.json["who"][name]) == people
    assert dubi("stats", large, "--from", "2024-01-01", "--to", "2024-06-30", "--who", "a b").code == 2
