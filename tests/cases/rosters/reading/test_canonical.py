"""Canonical workbooks among the files that come in, and files that only look like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cases.rosters import Answers, read
from cases.rosters.outcome.error_workbook import write_error_workbook
from cases.values.refusals import HeaderProblem
from cases.workbook.read import read_workbook
from tests.cases.rosters.sheets import codes, write_xlsx

HEADER = ["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày kết nạp"]
ROWS: list[list[Any]] = [
    HEADER,
    ["HS-1", "Lò Thị Bình", "07/08/1990", "Nữ", "03/02/2015"],
    ["HS-2", "Vừ A Tủa", "31/02/1985", "Nam", ""],
    ["HS-3", "NGUYỄN VĂN AN", "", "Nam", ""],
]


def test_shipped_rosters_are_canonical(data: Path) -> None:
    """The shipped rosters are read by the contract's own reader, and give what it gives."""
    path = min((data / "rosters").glob("*.xlsx"), key=lambda file: file.stat().st_size)
    seen = read(path)
    assert (seen.profile, seen.sheet) == ("canonical", "Hồ sơ")
    assert seen.roster() == read_workbook(path).roster
    assert seen.counts["refused"] == 0
    assert len(seen.roster().records) == len(seen.rows)


def test_canonical_rows(tmp_path: Path) -> None:
    """A canonical workbook is judged by the contract: its rows are refused and warned of as `check` does."""
    seen = read(write_xlsx(tmp_path / "so.xlsx", ROWS, sheet="Hồ sơ"))
    assert [row.outcome for row in seen.rows] == ["accepted", "refused", "warned"]
    assert codes(seen.rows[1]) == [("impossible_date", "born_on")]
    assert seen.rows[2].fields["full_name"] == "NGUYỄN VĂN AN"
    assert [record.code for record in seen.roster().records] == ["HS-1", "HS-3"]
    assert seen.as_json()["counts"] == {"accepted": 1, "warned": 1, "confirm": 0, "refused": 1, "ignored": 0}


def test_rows_of_other_sheets(tmp_path: Path) -> None:
    """A row refused on another sheet says on which."""
    path = write_xlsx(tmp_path / "so.xlsx", ROWS[:2], sheet="Hồ sơ")
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("Kỷ luật")
    page.append(["Mã hồ sơ", "Hình thức", "Ngày"])
    page.append(["HS-1", "Khiển trách", "31/02/2020"])
    book.save(path)
    refused = [row for row in read(path).as_json()["rows"] if row["outcome"] == "refused"]
    assert [(row["sheet"], row["row"]) for row in refused] == [("Kỷ luật", 2)]


def test_error_workbook_of_a_canonical_one(tmp_path: Path) -> None:
    """Its refused rows come back as a canonical workbook."""
    seen = read(write_xlsx(tmp_path / "so.xlsx", ROWS, sheet="Hồ sơ"))
    assert write_error_workbook(seen, tmp_path / "loi.xlsx") == 1
    again = read(tmp_path / "loi.xlsx")
    assert (again.profile, codes(again.rows[0])) == ("canonical", [("impossible_date", "born_on")])


def test_roster_on_a_sheet_of_that_name(tmp_path: Path) -> None:
    """A roster whose sheet happens to be called so, with labels of its own, is read as a roster."""
    rows = [[*HEADER[:4], "Ngày vào Đảng"], *ROWS[1:]]
    seen = read(write_xlsx(tmp_path / "so.xlsx", rows, sheet="Hồ sơ"), Answers(unit="CB-01"))
    assert seen.profile is None
    assert seen.rows[2].fields["full_name"] == "Nguyễn Văn An"


def test_canonical_without_a_needed_column(tmp_path: Path) -> None:
    """A canonical workbook that lacks a column it needs is refused by name, not read as something else."""
    rows = [[row[0], row[1], row[3], row[4]] for row in ROWS]
    with pytest.raises(HeaderProblem, match="Ngày sinh"):
        read(write_xlsx(tmp_path / "so.xlsx", [[*row, "x"] for row in rows], sheet="Hồ sơ"))


def test_other_sheet_names(tmp_path: Path) -> None:
    """The contract's headers on a sheet of another name are a roster."""
    assert read(write_xlsx(tmp_path / "so.xlsx", ROWS, sheet="DSDV")).profile != "canonical"


def test_the_header_is_one_row_at_every_door(tmp_path: Path) -> None:
    """However many titles stand above, and with one that has words of the header, both doors read from the same row."""
    for above in (0, 1, 7, 29):
        titles: list[list[Any]] = [["Họ và tên, Ngày sinh"], ["Họ và tên", "Ngày sinh", "Giới tính"]][:above]
        titles += [[f"Ghi chú {number}"] for number in range(above - len(titles))]
        path = write_xlsx(tmp_path / f"so-{above}.xlsx", [*titles, ROWS[0], ROWS[1]], sheet="Hồ sơ")
        seen = read(path)
        assert (seen.profile, seen.header_rows, [row.row for row in seen.rows]) == (
            "canonical",
            (above + 1,),
            [above + 2],
        )
        assert read_workbook(path).roster == seen.roster()
