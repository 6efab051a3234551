"""The overdue list on paper: what stands in which cell, how it prints, and that equal findings give equal bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from cases.values.records import Unit
from engine.findings import Evaluation, Finding
from reports.lists.overdue import COLUMNS, FONT, write_overdue
from rules.loader.errors import BadInput, StoreProblem

LATE = Finding(
    case="HS-2",
    name="Nguyễn Thị Bưởi",
    unit="CB-1",
    rule="recognition.past_cell_window",
    severity="overdue",
    due=dt.date(2024, 4, 12),
    days_late=202,
    held_by="cell",
    document="qd-24-2021",
    clause="4.2.1",
    certainty="quoted",
    message="Chi bộ phải xét trước hết ngày 12/04/2024, nay quá 202 ngày.",
)
LATER = replace(LATE, case="HS-9", days_late=300, due=dt.date(2024, 1, 5))
UNSURE = replace(
    LATE,
    case="HS-1",
    unit="CB-2",
    days_late=5,
    certainty="unconfirmed",
    message="Nay quá 5 ngày. (chưa đối chiếu văn bản)",
)
BLOCKED = replace(LATE, case="HS-3", severity="blocked", due=None, days_late=None, held_by=None, clause=None)
MILD = replace(LATE, case="HS-4", severity="inform")
UNITS = (
    Unit("DU", "Đảng bộ phường", parent=None),
    Unit("CB-1", "Chi bộ khu phố 1", parent="DU"),
    Unit("CB-2", "Chi bộ khu phố 2", parent="DU"),
)


def evaluation(*findings: Finding) -> Evaluation:
    """An evaluation with the given findings."""
    return Evaluation(dt.date(2024, 10, 31), {"probationary": 9}, findings, ())


def sheet_of(path: Path) -> Worksheet:
    """The one sheet of the list."""
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def rows_of(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The rows below the table's head that hold something."""
    values = list(sheet.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(values) if row[0] == "STT")
    return [row for row in values[head + 1 :] if any(value is not None for value in row)]


def test_the_worst_come_first_unit_by_unit(tmp_path: Path) -> None:
    """Overdue before blocked, each group unit by unit, the latest first, numbered; milder findings are left out."""
    write_overdue(tmp_path / "a.xlsx", evaluation(LATE, UNSURE, BLOCKED, MILD, LATER), UNITS)
    rows = rows_of(sheet_of(tmp_path / "a.xlsx"))
    assert [row[:2] for row in rows[:6]] == [
        ("I. QUÁ HẠN: 3 việc", None),
        (1, "HS-9"),
        (2, "HS-2"),
        (3, "HS-1"),
        ("II. VƯỚNG, CHƯA LÀM TIẾP ĐƯỢC: 1 việc", None),
        (1, "HS-3"),
    ]


def test_cells_hold_what_they_show(tmp_path: Path) -> None:
    """Days are days and numbers are numbers, so that Excel can sort and count; words are words."""
    write_overdue(tmp_path / "a.xlsx", evaluation(LATE, BLOCKED), UNITS)
    _, late, _, blocked, *_ = rows_of(sheet_of(tmp_path / "a.xlsx"))
    assert late == (
        *(1, "HS-2", "Nguyễn Thị Bưởi", "Chi bộ khu phố 1", LATE.message, dt.datetime(2024, 4, 12), 202),
        *("Chi bộ", "24-QĐ/TW, mục 4.2.1", None),
    )
    assert blocked[5:] == (None, None, None, "24-QĐ/TW", None)


def test_what_is_unsure_says_so(tmp_path: Path) -> None:
    """A value that nobody compared with the text stands in the last column and under the table."""
    write_overdue(tmp_path / "a.xlsx", evaluation(LATE, UNSURE), UNITS)
    rows = rows_of(sheet_of(tmp_path / "a.xlsx"))
    assert (rows[2][4], rows[2][9]) == ("Nay quá 5 ngày.", "chưa đối chiếu văn bản")
    assert "1 việc dựa vào giá trị chưa đối chiếu với văn bản gốc (xem cột Ghi chú)." in [row[0] for row in rows]
    write_overdue(tmp_path / "b.xlsx", evaluation(LATE), UNITS)
    assert not [row for row in rows_of(sheet_of(tmp_path / "b.xlsx")) if "đối chiếu" in str(row[0])]


def test_the_heading_names_organisation_and_day(tmp_path: Path) -> None:
    """Above the table stand the organisation, the one above it, the Party's name, the title and the as-of day."""
    write_overdue(tmp_path / "a.xlsx", evaluation(LATE), UNITS)
    write_overdue(tmp_path / "b.xlsx", evaluation(LATE), UNITS, unit="CB-1", law=dt.date(2018, 1, 1))
    whole, cell = (
        [value for row in sheet_of(tmp_path / name).iter_rows(max_row=7, values_only=True) for value in row if value]
        for name in ("a.xlsx", "b.xlsx")
    )
    assert whole[:3] == ["ĐẢNG BỘ PHƯỜNG", "ĐẢNG CỘNG SẢN VIỆT NAM", "*"]
    assert cell[:3] == ["ĐẢNG BỘ PHƯỜNG", "ĐẢNG CỘNG SẢN VIỆT NAM", "CHI BỘ KHU PHỐ 1"]
    assert whole[-1] == "(Tính đến ngày 31/10/2024)"
    assert cell[-1] == "(Tính đến ngày 31/10/2024; xét theo quy định có hiệu lực ngày 01/01/2018)"


def test_it_prints_on_a4(tmp_path: Path) -> None:
    """A4 across, as wide as the page, the head on every page and in sight while scrolling, in Times New Roman."""
    write_overdue(tmp_path / "a.xlsx", evaluation(*[replace(LATE, case=f"HS-{n}") for n in range(99)]), UNITS)
    sheet = sheet_of(tmp_path / "a.xlsx")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    head = next(cell.row for cell in sheet["A"] if cell.value == "STT")
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.freeze_panes == f"A{head + 1}"
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None} == {FONT}
    assert [cell.value for cell in sheet[head]] == [name for name, _ in COLUMNS]


def test_rows_are_high_enough_for_their_text(tmp_path: Path) -> None:
    """A long sentence gets more lines than a short one, for programs that do not fit rows by themselves."""
    long = replace(LATE, case="HS-5", unit="CB-2", message="Chi bộ phải xét trước hết ngày đã định. " * 8)
    write_overdue(tmp_path / "a.xlsx", evaluation(LATE, long), UNITS)
    sheet = sheet_of(tmp_path / "a.xlsx")
    height = {cell.value: sheet.row_dimensions[cell.row].height for cell in sheet["B"]}
    assert height["HS-5"] > 2 * height["HS-2"]


def test_equal_findings_give_equal_bytes(tmp_path: Path) -> None:
    """Nothing of the day or the machine is in the file."""
    for name in ("a.xlsx", "b.xlsx"):
        write_overdue(tmp_path / name, evaluation(LATE, UNSURE), UNITS)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_words_never_become_formulas(tmp_path: Path) -> None:
    """A name that begins like a formula stays a name."""
    write_overdue(tmp_path / "a.xlsx", evaluation(replace(LATE, name="=1+1", case="@x", unit="+2")), UNITS)
    sheet = sheet_of(tmp_path / "a.xlsx")
    row = next(row for row in sheet.iter_rows() if row[1].value == "@x")
    assert [(cell.value, cell.data_type) for cell in row[1:4]] == [("@x", "s"), ("=1+1", "s"), ("+2", "s")]


def test_nothing_to_list(tmp_path: Path) -> None:
    """Where nobody is late the list says so, and is a list all the same."""
    write_overdue(tmp_path / "a.xlsx", evaluation(MILD), ())
    rows = rows_of(sheet_of(tmp_path / "a.xlsx"))
    assert [row[0] for row in rows[:2]] == ["I. QUÁ HẠN: 0 việc", "II. VƯỚNG, CHƯA LÀM TIẾP ĐƯỢC: 0 việc"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.xls", "phải kết thúc bằng .xlsx"),
        ("khong-co/a.xlsx", "Không có thư mục"),
        ("thu-muc.xlsx", "là một thư mục"),
        ("co.xlsx", "đã có"),
    ],
)
def test_where_it_may_not_be_written(tmp_path: Path, name: str, sentence: str) -> None:
    """Another ending, a folder that is not there, a folder, a file that is there: each is said, nothing is touched."""
    (tmp_path / "thu-muc.xlsx").mkdir()
    (tmp_path / "co.xlsx").write_text("của người khác", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadInput, match=sentence):
        write_overdue(tmp_path / name, evaluation(LATE), UNITS)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "co.xlsx").read_text(encoding="utf-8") == "của người khác"


def test_a_fault_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the writing fails, the file that was there is there still, and no draft lies beside it."""

    def fail(_: xlsxwriter.Workbook) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.xlsx").write_text("bản cũ", encoding="utf-8")
    monkeypatch.setattr(xlsxwriter.Workbook, "close", fail)
    with pytest.raises(StoreProblem, match="ổ đĩa đã đầy"):
        write_overdue(tmp_path / "a.xlsx", evaluation(LATE), UNITS, replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_text(encoding="utf-8") == "bản cũ"
