"""Our own workbook as another program saved it, .xlsx, .ods and .xls: the same people by every door."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from cases import rosters
from cases.files.sources import read_book, read_raw
from cases.values.refusals import SheetMissing
from cases.workbook.read import read_workbook
from tests.calling import call
from tests.cases.rosters.sheets import write_ods, write_xlsx
from tests.conftest import DATA

SAVED = sorted((DATA / "formats").glob("chi-bo-nho.*"))
OURS = DATA / "rosters" / "chi-bo-nho.xlsx"


def test_every_door_knows_our_workbook(tmp_path: Path) -> None:
    """Reading, previewing, checking and counting give the same from every format as from the workbook itself."""
    assert {file.suffix for file in SAVED} == {".ods", ".xls", ".xlsx"}
    wanted = read_workbook(OURS)
    questions = (
        ("check", "--as-of", "2025-03-01", "--json"),
        ("stats", "--from", "2024-01-01", "--to", "2024-12-31", "--json"),
    )
    answers = [call((one[0], str(OURS), *one[1:]), tmp_path, {}).out for one in questions]
    for file in SAVED:
        assert read_workbook(file).roster == wanted.roster, file
        seen = rosters.read(file)
        assert (seen.profile, seen.roster()) == ("canonical", wanted.roster), file
        assert [call((one[0], str(file), *one[1:]), tmp_path, {}).out for one in questions] == answers, file


def test_it_goes_into_the_store_and_changes_nothing_there(tmp_path: Path) -> None:
    """Taken in after the workbook itself, it changes nobody."""
    store = ("--store", str(tmp_path / "kho.db"))
    assert call(("init", *store), tmp_path, {}).code == 0
    assert call(("import", str(OURS), "--apply", *store), tmp_path, {}).code == 0
    for file in SAVED:
        seen = json.loads(call(("import", str(file), "--json", *store), tmp_path, {}).out)
        assert (seen["new"], seen["changed"], seen["unchanged"]) == (0, 0, 26), file


def test_a_hidden_sheet_of_ours_is_refused(tmp_path: Path) -> None:
    """A sheet whose cells a format does not hand out while it is hidden is not left out in silence."""
    hidden = (
        '<table:table table:name="Đơn vị" table:style-name="off"><table:table-row><table:table-cell '
        'office:value-type="string"><text:p>Mã đơn vị</text:p></table:table-cell></table:table-row></table:table>'
    )
    file = write_ods(tmp_path / "so.ods", [["Mã hồ sơ", "Họ và tên"], ["1", "Lò Thị Thử"]])
    with zipfile.ZipFile(file) as archive:
        content = archive.read("content.xml").decode()
    styles = (
        '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><style:style '
        'style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body>"
    )
    content = content.replace("<office:body>", styles).replace("</table:table>", "</table:table>" + hidden, 1)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:manifest"/>')
        archive.writestr("content.xml", content)
    assert [sheet.name for sheet in read_raw(file, _the_first).sheets] == ["Danh sách"]
    with pytest.raises(SheetMissing, match="đang ẩn"):
        read_raw(file, _all)


def _the_first(names: list[str]) -> list[str]:
    return names[:1]


def _all(names: list[str]) -> list[str]:
    return names


@pytest.mark.parametrize("door", ["check", "import"])
def test_a_list_is_never_told_to_bring_our_sheet(door: str, tmp_path: Path) -> None:
    """What is no workbook of ours is pointed to the door for lists, and a list nobody understands to its header."""
    file = write_xlsx(tmp_path / "ds.xlsx", [["Một", "Hai"], ["ba", "bốn"]])
    ran = call((door, str(file)), tmp_path, {})
    assert ran.code == 3
    assert "Hồ sơ" not in ran.err
    assert (f"dubi import “{file}”" in ran.err) == (door == "check")
    text = tmp_path / "ds.csv"
    text.write_text("Họ và tên,Ngày sinh,Giới tính\nLò Thị Thử,05/06/1990,Nữ\n", encoding="utf-8")
    assert "dubi import" in call(("check", str(text)), tmp_path, {}).err


def test_an_unrecognised_list_is_told_what_is_known_of_it(tmp_path: Path) -> None:
    """Which labels of the nearest row are known, and what is missing beside them: another label, the name, or all."""
    for header, said in (
        (["STT", "Họ và tên", "Một"], "Dòng 2 có “STT”, “Họ và tên” là quen thuộc, còn thiếu 1 cột quen thuộc nữa."),
        (["Ngày sinh", "Giới tính", "Dân tộc"], "“Dân tộc” là quen thuộc, còn thiếu cột họ tên."),
        (["Một", "Hai", "Bốn"], "Chưa tiêu đề nào là quen thuộc."),
    ):
        file = write_xlsx(tmp_path / "ds.xlsx", [["Danh sách"], header, ["1", "Lò Văn An", "x"]])
        ran = call(("import", str(file)), tmp_path, {})
        assert (ran.code, said in ran.err) == (3, True), ran.err


def test_workbooks_of_every_format_are_merged(tmp_path: Path) -> None:
    """The same people in .xlsx, .ods and .xls are one person each, and the merged workbook holds them once."""
    ran = call(("merge", *map(str, SAVED), "--out", str(tmp_path / "gop.xlsx"), "--json"), tmp_path, {})
    assert ran.code == 0, ran.err
    assert {clash["kind"] for clash in ran.json["clashes"]} == {"twice"}
    assert read_workbook(tmp_path / "gop.xlsx") == read_workbook(OURS)


def test_what_a_sheet_hides_is_told_in_every_format() -> None:
    """Hidden rows and columns, struck text and comments are seen alike in .xlsx, .ods and .xls, and told of."""
    files = sorted((DATA / "formats").glob("dau.*"))
    assert {file.suffix for file in files} == {".ods", ".xls", ".xlsx"}
    for file in files:
        book = read_book(file)
        grid = book.grids[0]
        marks = (grid.struck_rows, grid.hidden_rows, grid.hidden_columns, book.comments)
        assert marks == ((3,), (4,), ("D",), 1), file
        told = {one.code for one in rosters.read(file).notices}
        assert {"struck_rows", "hidden_data", "comments_unread"} <= told, file


def test_text_that_is_partly_struck_is_told_in_every_format() -> None:
    """A row in which only some words of a cell are struck through is told of; words that are only bold are not."""
    files = sorted((DATA / "formats").glob("gach-mot-phan.*"))
    assert {file.suffix for file in files} == {".ods", ".xls", ".xlsx"}
    for file in files:
        assert read_book(file).grids[0].struck_rows == (3,), file
        assert "struck_rows" in {one.code for one in rosters.read(file).notices}, file


def test_text_struck_within_its_cell_is_told(tmp_path: Path) -> None:
    """A program may keep the text in the cell itself and not among the shared ones."""
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.append(["Họ và tên", "Ghi chú"])
    made.active["A2"] = CellRichText("Lò ", TextBlock(InlineFont(strike=True), "Văn An"))
    made.active["A3"] = CellRichText("Lò ", TextBlock(InlineFont(strike=False), "Văn Ba"))
    made.save(tmp_path / "ds.xlsx")
    assert read_book(tmp_path / "ds.xlsx").grids[0].struck_rows == (2,)
