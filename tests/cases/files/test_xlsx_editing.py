"""Cells written into the bytes of a sheet: however a program writes its XML, the cell is there and all else stays."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cases.files.sources import read_book
from cases.files.xlsx_editing import NotEditable, open_sheet, write_edited
from tests.cases.files.workbooks import rewrite
from tests.cases.rosters.sheets import write_xlsx

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SPELLINGS = {
    "places": '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1" s="0"/></row>'
    '<row r="3"><c r="A3"><v>3</v></c></row></sheetData>',
    "no places": "<sheetData><row><c><v>1</v></c><c/><c/></row><row/><row><c><v>3</v></c></row></sheetData>",
    "spaces": '<sheetData >\n <row  r="1" spans="1:3" >\n  <c  r="A1" ><v>1</v></c >\n </row >\n'
    ' <row r="3"><c r="A3"><v>3</v></c></row></sheetData >',
}


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_are_written_where_they_stand(tmp_path: Path, name: str, prefix: str) -> None:
    """A cell that is there, one that is empty and one that is not there take their text; the others keep theirs."""
    body = (
        SPELLINGS[name]
        .replace("</", f"</{prefix}")
        .replace("<", f"<{prefix}")
        .replace(f"<{prefix}/{prefix}", f"</{prefix}")
    )
    space = MAIN.replace("xmlns", "xmlns:x") if prefix else MAIN
    made = f"<?xml version='1.0' encoding='UTF-8'?><{prefix}worksheet {space}>{body}</{prefix}worksheet>".encode()
    plain = write_xlsx(tmp_path / "a.xlsx", [["một"]])
    file = rewrite(plain, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", lambda _: made)
    out = tmp_path / "c.xlsx"
    write_edited(open_sheet(file, "Sheet1"), {(0, 0): "Hoà & <Bình>", (0, 1): " b", (0, 3): "d", (2, 2): "c"}, out)
    rows = read_book(out).grids[0].rows
    assert [row[:4] for row in (rows[0], rows[2])] == [["Hoà & <Bình>", " b", "", "d"], [3.0, "", "c", ""]]
    with zipfile.ZipFile(out) as archive:
        after = archive.read("xl/worksheets/sheet1.xml")
    assert after.endswith(made[made.rindex(b"</") :])
    assert after.startswith(made[: made.index(b"sheetData")])


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A row that is not there, and letters of another encoding, are refused with a sentence."""
    file = write_xlsx(tmp_path / "a.xlsx", [["một"]])
    with pytest.raises(NotEditable):
        open_sheet(file, "Sheet1").with_cells({(7, 0): "x"})
    other = "<?xml version='1.0' encoding='UTF-16'?><worksheet/>".encode("utf-16")
    wide = rewrite(file, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", lambda _: other)
    with pytest.raises(NotEditable):
        open_sheet(wide, "Sheet1")
