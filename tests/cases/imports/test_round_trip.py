"""Nothing is lost: workbook → store → workbook → store gives the same roster and the same bytes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import python_calamine
from hypothesis import given, settings

from cases.imports.importing import import_file
from cases.imports.stamping import export_store
from cases.rosters import Answers
from cases.store.connection import initialise, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Roster
from cases.values.refusals import Refused
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from tests.cases.files.workbooks import write_book
from tests.cases.stores.generated import rosters
from tests.whole import examples, first_of


@given(roster=rosters())
@settings(max_examples=examples(60))
def test_workbook_keeps_everything(roster: Roster) -> None:
    """Any roster written as a workbook is read back equal, whatever its texts, days, codes, marks and histories."""
    with TemporaryDirectory() as folder:
        assert read_workbook(write_workbook(roster, Path(folder) / "so.xlsx")).roster == roster


@given(roster=rosters())
@settings(max_examples=examples(25))
def test_store_keeps_everything(roster: Roster) -> None:
    """Any roster put into an empty store is read back equal, and putting it in again changes nothing."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/dubi.sqlite"
        initialise(url)
        for _ in range(2):
            with writing(url) as connection:
                plan = apply_roster(connection, roster, new_batch("thử"))
            assert read_store(url) == roster
        assert not plan.alters


@given(roster=rosters())
@settings(max_examples=examples(25))
def test_import_export_import(roster: Roster) -> None:
    """A workbook imported, exported and imported into a second store gives that store the same content and file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        first, second = f"sqlite:///{folder / 'mot.sqlite'}", f"sqlite:///{folder / 'hai.sqlite'}"
        initialise(first)
        initialise(second)
        source = write_workbook(roster, folder / "so.xlsx")
        import_file(first, source, Answers(everybody="other"), apply=True)
        out = write_workbook(read_store(first), folder / "xuat.xlsx")
        export_store(first, folder / "dau.xlsx")  # with its stamp: two people alike are two
        import_file(second, folder / "dau.xlsx", apply=True)
        assert read_store(second) == read_store(first) == roster
        again = write_workbook(read_store(second), folder / "lai.xlsx")
        assert again.read_bytes() == out.read_bytes()
        assert not import_file(first, out, Answers(everybody="other"), apply=True).plan.alters


@cache
def _read(source: Path) -> Roster:
    return read_workbook(source).roster


@pytest.mark.parametrize("name", first_of(["chi-bo-nho", "dang-bo-co-so", "son-la-6t-2024"]))
def test_shipped_rosters(data: Path, tmp_path: Path, store: str, name: str) -> None:
    """The shipped rosters survive import, export and import unchanged, and the second import changes nothing."""
    source = data / "rosters" / f"{name}.xlsx"
    report = import_file(store, source, apply=True)
    assert report.plan.cases.new == len(report.rows)
    shipped = _read(source)
    assert read_store(store) == shipped
    out = write_workbook(shipped, tmp_path / "xuat.xlsx")
    assert read_workbook(out).roster == shipped
    assert not import_file(store, out, apply=True).plan.alters
    assert not import_file(store, source, apply=True).plan.alters


def test_dates_that_contradict_leave_and_come_back(tmp_path: Path) -> None:
    """A list may hold days that cannot all be right: they are stored, exported with a mark, and taken back by it."""
    header = ["Họ và tên", "Ngày sinh", "Giới tính", "Ngày vào Đảng", "Ngày chính thức"]
    rows = [
        ["Lò Thị Mẫu", "05/06/1990", "Nữ", "03/02/1985", ""],
        ["Vàng A Mẫu", "05/06/1980", "Nam", "03/02/2015", "03/02/2014"],
        ["Hồ Thử Mẫu", "05/06/1981", "Nam", "03/02/2015", "03/02/2016"],
    ]
    first, second = f"sqlite:///{tmp_path / 'mot.sqlite'}", f"sqlite:///{tmp_path / 'hai.sqlite'}"
    initialise(first)
    initialise(second)
    listed = write_book(tmp_path / "ds.xlsx", {"DS": [header, *rows]})
    done = import_file(first, listed, Answers(unit="CB-01"), apply=True)
    assert [row.outcome for row in done.preview.rows] == ["warned", "warned", "accepted"]
    out = write_workbook(read_store(first), tmp_path / "xuat.xlsx")
    sheet = python_calamine.CalamineWorkbook.from_path(out).get_sheet_by_name("Hồ sơ").to_python()
    place = sheet[0].index("Ngày cần kiểm tra")
    assert [row[place] for row in sheet[1:]] == ["x", "x", ""]
    report = import_file(second, out, apply=True)
    assert [row.outcome for row in report.rows] == ["warned", "warned", "accepted"]
    assert write_workbook(read_store(second), tmp_path / "lai.xlsx").read_bytes() == out.read_bytes()
    unmarked = [[cell for number, cell in enumerate(row) if number != place] for row in sheet]
    with pytest.raises(Refused) as refused:
        read_workbook(write_book(tmp_path / "sua.xlsx", {"Hồ sơ": unmarked}))
    codes = {(remark.row, remark.code) for remark in refused.value.remarks}
    assert codes == {(2, "date_before_birth"), (3, "recognition_before_admission")}
