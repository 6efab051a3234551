"""The error workbook: the user's own rows, marked, with reasons, ready to be mended and read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cases.rosters import Answers, read
from cases.rosters.outcome.error_workbook import write_error_workbook
from cases.values.refusals import TargetExists
from tests.cases.rosters.sheets import write_xlsx

UNIT = Answers(unit="CB-03")
MEND: dict[str, dict[tuple[int, int], Any]] = {
    # what to write into which row and column of the error workbook
    "m1.xlsx": {(3, 2): "Trần Thị Mới"},
    "m2.xlsx": {(4, 3): None},
    "m3.xlsx": {(2, 5): "28/02/2023", (2, 6): "28/02/2024", (4, 1): 1009, (5, 2): "Quàng Phương Nga\n07/04/1977"},
    "m4.csv": {(2, 6): "30/04/2024", (2, 7): None, (3, 2): "Lò Thị Mới"},
    "m5.xlsx": {(2, 6): "30/06/2013", (2, 7): "30/06/2014"},
}


@pytest.mark.parametrize("name", list(MEND))
def test_mended_rows_are_taken(data: Path, tmp_path: Path, name: str) -> None:
    """Mending the marked cells and reading the error workbook gives exactly the rows that were refused, now taken."""
    answers = Answers() if name == "m2.xlsx" else UNIT
    first = read(data / "messy" / name, answers)
    path = tmp_path / "loi.xlsx"
    count = write_error_workbook(first, path, confirm_too=False)
    assert count == first.counts["refused"]
    again = read(path, answers, first.roster())
    assert [row.outcome for row in again.rows] == ["refused"] * count  # nothing is lost by writing
    reasons = [[why.remark.code for why in row.why if why.outcome == "refused"] for row in again.rows]
    before = [
        [why.remark.code for why in row.why if why.outcome == "refused"]
        for row in first.rows
        if row.outcome == "refused"
    ]
    assert reasons == before
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    for (row, column), value in MEND[name].items():
        page.cell(row, column).value = value
    book.save(path)
    mended = read(path, answers, first.roster())
    assert mended.counts["refused"] == 0
    assert mended.changes["new"] == count


def test_bad_cells_are_marked(data: Path, tmp_path: Path) -> None:
    """A bad cell is coloured and says why; the last column holds every reason of its row."""
    path = tmp_path / "loi.xlsx"
    write_error_workbook(read(data / "messy" / "m3.xlsx", UNIT), path)
    page = openpyxl.load_workbook(path).active
    assert page is not None
    assert [cell.value for cell in page[1]][-1] == "Lỗi"
    rows = {page.cell(row, 1).value: row for row in range(2, page.max_row + 1)}
    assert set(rows) == {1004, 1006, 1008, 1011}
    bad = page.cell(rows[1004], 5)
    assert bad.value == "31/02/2023"
    assert bad.comment is not None
    assert "không có trong lịch" in bad.comment.text
    assert bad.fill.fgColor.rgb == "FFF8CBAD"
    assert page.cell(rows[1004], 2).comment is None
    assert "Ngày không có trong lịch" in str(page.cell(rows[1004], 7).value)
    assert "dòng 3" in str(page.cell(rows[1006], 7).value)


def test_two_header_rows_and_groups_come_along(data: Path, tmp_path: Path) -> None:
    """A header of two rows stays one, and a row keeps the group it stands under."""
    path = tmp_path / "loi.xlsx"
    write_error_workbook(read(data / "messy" / "m2.xlsx"), path)
    again = read(path)
    assert again.header_rows == (1, 2)
    assert [(one.row, one.why) for one in again.ignored] == [(3, "group")]
    page = openpyxl.load_workbook(path).active
    assert page is not None
    assert page.cell(3, 2).value == "II. CHI BỘ THÔN 2"


def test_nothing_to_write(data: Path, tmp_path: Path) -> None:
    """Without a refused row no file is made; a file that is there is not overwritten unasked."""
    path = tmp_path / "loi.xlsx"
    clean = read(data / "messy" / "m4.csv", Answers(columns={"Họ tên": "full_name"}))
    path.write_bytes(b"mine")
    with pytest.raises(TargetExists):
        write_error_workbook(clean, path)
    assert path.read_bytes() == b"mine"
    assert write_error_workbook(clean, path, force=True) == clean.counts["refused"]
    fine = [row for row in clean.rows if row.outcome != "refused"]
    assert fine


def test_a_row_refused_in_both_blocks_is_written_once(tmp_path: Path) -> None:
    """Of a list that goes on beside itself a row stands once, with what is wrong with either person of it."""
    header = ["Họ và tên", "Ngày sinh", "Giới tính", "Ngày kết nạp"]
    file = write_xlsx(
        tmp_path / "ds.xlsx",
        [
            [*header, *header],
            ["Lò Văn An", "31/02/1990", "Nam", "03/02/2024", "Cà Thị Ba", "01/02/1991", "Nữ", "31/04/2024"],
            ["Lò Văn Tư", "01/02/1990", "Nam", "03/02/2024", "Cà Thị Năm", "01/02/1991", "Nữ", "30/04/2024"],
        ],
    )
    seen, path = read(file, UNIT), tmp_path / "loi.xlsx"
    assert [(row.row, row.block) for row in seen.rows if row.outcome == "refused"] == [(2, 1), (2, 2)]
    assert write_error_workbook(seen, path) == 1
    page = openpyxl.load_workbook(path).active
    assert page is not None
    assert page.max_row == 2
    assert all(page.cell(2, column).comment is not None for column in (2, 8))
    again = read(path, UNIT)
    assert [(row.row, row.block, row.outcome) for row in again.rows] == [(2, 1, "refused"), (2, 2, "refused")]
