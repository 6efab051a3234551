"""Our own workbook as another program saved it, .xlsx, .ods and .xls: the same people by every door."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

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
    assert [sheet.name for sheet in read_raw(file, lambda names: names[:1])] == ["Danh sách"]
    with pytest.raises(SheetMissing, match="đang ẩn"):
        read_raw(file, lambda names: names)


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
