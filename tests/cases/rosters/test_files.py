"""Every kind of file a roster comes in, and every way a file can be something else."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from cases.files.delimited import NotARoster, separator_of
from cases.rosters import Answers, HeaderNotFound, read
from cases.values.refusals import BadFile, DamagedWorkbook, LockedFile, MissingFile, PasswordProtected, SheetMissing
from tests.cases.rosters.sheets import notice_codes, write_ods, write_xlsx

ROWS: list[list[Any]] = [
    ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày kết nạp"],
    [1, "Nguyễn Văn An", date(1985, 6, 5), "Nam", date(2010, 2, 3)],
    [2, "Lò Thị Bình", "07/08/1990", "Nữ", ""],
]
ANSWERS = Answers(unit="CB-01")


def people(path: Path, answers: Answers = ANSWERS) -> list[tuple[Any, ...]]:
    """Name, birth and admission of every row that is taken."""
    taken = [row for row in read(path, answers).rows if row.outcome in ("accepted", "warned")]
    return [tuple(row.fields.get(name) for name in ("full_name", "born_on", "admitted_on")) for row in taken]


EXPECTED = [("Nguyễn Văn An", date(1985, 6, 5), date(2010, 2, 3)), ("Lò Thị Bình", date(1990, 8, 7), None)]


def as_text(separator: str, quoted: bool = False) -> str:
    """The rows as separated text."""
    mark = '"' if quoted else ""

    def cell(value: Any) -> str:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)

    return "\r\n".join(separator.join(f"{mark}{cell(value)}{mark}" for value in row) for row in ROWS) + "\r\n"


def test_xlsx(tmp_path: Path) -> None:
    """An .xlsx file."""
    assert people(write_xlsx(tmp_path / "ds.xlsx", ROWS)) == EXPECTED


def test_wrong_ending(tmp_path: Path) -> None:
    """What a file is shows in its bytes, not in its name."""
    assert people(write_xlsx(tmp_path / "ds.xlsx", ROWS).rename(tmp_path / "ds.csv")) == EXPECTED


def test_xls(data: Path) -> None:
    """A workbook of the old kind: dates, merges and a hidden sheet."""
    seen = read(data / "rosters_as_kept" / "kept.xls", ANSWERS)
    assert seen.header_rows == (2, 3)
    assert [row.fields["full_name"] for row in seen.rows] == ["Nguyễn Văn An", "Lò Thị Bình"]
    assert [row.fields["recognised_from"] for row in seen.rows] == [date(2011, 2, 3), date(2016, 2, 3)]
    assert [row.fields["sex"] for row in seen.rows] == ["Nam", "Nữ"]
    assert "hidden_data" in notice_codes(seen)


def test_ods(tmp_path: Path) -> None:
    """An OpenDocument sheet."""
    assert people(write_ods(tmp_path / "ds.ods", ROWS)) == EXPECTED


def test_ods_formula_that_failed(tmp_path: Path) -> None:
    """A formula that failed in an OpenDocument sheet is no empty cell."""
    failed = (
        "<table:table-row><table:table-cell/>"
        '<table:table-cell office:value-type="string"><text:p>Lò Văn Ba</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#REF!</text:p>'
        "</table:table-cell></table:table-row>"
    )
    seen = read(write_ods(tmp_path / "ds.ods", ROWS, extra=failed), ANSWERS)
    assert ("formula_empty", "born_on") in [(why.remark.code, why.remark.field) for why in seen.rows[2].why]


def test_ods_that_unfolds_without_end(tmp_path: Path) -> None:
    """A cell that says it stands there a million times in a million rows is refused before it is unfolded."""
    bomb = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="10000"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(BadFile, match="lớn quá mức"):
        read(write_ods(tmp_path / "ds.ods", ROWS, extra=bomb))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("quoted", [False, True])
def test_separated_text(tmp_path: Path, separator: str, encoding: str, quoted: bool) -> None:
    """Separator and encoding are found, byte order mark or not."""
    path = tmp_path / "ds.csv"
    path.write_bytes(as_text(separator, quoted).encode(encoding))
    assert people(path) == EXPECTED


def test_separators_inside_quotes() -> None:
    """Separators and line breaks inside quotes do not mislead."""
    text = 'Họ tên;Ghi chú;Giới\n"An, Bình, Cúc, Dần";"a, b, c\nd, e";Nam\n"Em, Gấm, Hoa, Kiên";"f, g";Nữ\n'
    assert separator_of(text) == ";"


def test_rows_are_counted_by_record(tmp_path: Path) -> None:
    """A line break inside quotes is inside one record."""
    path = tmp_path / "ds.csv"
    path.write_text(
        'Họ tên;Ghi chú;Giới;Ngày sinh\n"Lò Văn An";"a\nb";Nam;1985\nLò Văn Ba;;Nam;1986\n', encoding="utf-8"
    )
    assert [row.row for row in read(path, ANSWERS).rows] == [2, 3]


def test_sheet_with_most_rows_is_read(tmp_path: Path) -> None:
    """Of several lists the longest is read and the others are named; a person may choose."""
    path = write_xlsx(tmp_path / "ds.xlsx", ROWS, sheet="Chi bộ 1")
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("Chi bộ 2")
    for row in [*ROWS, [3, "Trần Thị Cúc", "1980", "Nữ", ""]]:
        other.append([None if value == "" else value for value in row])
    hidden = book.create_sheet("Từ điển")
    hidden.append(["Kinh"])
    hidden.sheet_state = "hidden"
    book.save(path)
    seen = read(path)
    assert (seen.sheet, len(seen.rows)) == ("Chi bộ 2", 3)
    assert {"several_sheets", "hidden_data"} <= notice_codes(seen)
    assert read(path, Answers(sheet="Chi bộ 1")).sheet == "Chi bộ 1"
    with pytest.raises(SheetMissing, match="Chi bộ 9"):
        read(path, Answers(sheet="Chi bộ 9"))


def test_what_is_hidden_struck_or_commented(tmp_path: Path) -> None:
    """Hidden rows and columns are read and told of, as are filters, struck rows and comments."""
    path = write_xlsx(tmp_path / "ds.xlsx", ROWS)
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    page.row_dimensions[2].hidden = True
    page.column_dimensions["D"].hidden = True
    page.auto_filter.ref = "A1:E3"
    page.auto_filter.add_filter_column(0, ["1"])
    page["B3"].font = Font(strike=True)
    page["B3"].comment = Comment("đã mất", "ai đó")
    book.save(path)
    seen = read(path, ANSWERS)
    assert len(seen.rows) == 2
    said = {one.code: one.reason for one in seen.notices}
    assert said["hidden_data"] == "Có dòng, cột hoặc trang ẩn: dòng 2; cột D; bộ lọc đang bật."
    assert said["struck_rows"] == "Có dòng bị gạch ngang: 3."
    assert said["comments_unread"] == "Có 1 chú thích trong ô không được đọc."
    assert all("exit_kind" not in row.fields for row in seen.rows)


def test_days_counted_from_1904(tmp_path: Path) -> None:
    """A workbook that counts days from 1904 gives the same days, and says so."""
    path = write_xlsx(tmp_path / "ds.xlsx", ROWS, date_1904=True)
    assert people(path) == EXPECTED
    assert "counts_from_1904" in notice_codes(read(path))


def test_formulas(tmp_path: Path) -> None:
    """A formula gives its stored result; one without is told of."""
    path = tmp_path / "ds.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc"])
        page.write_row(1, 0, ["Nguyễn Văn An", "05/06/1985", "Nam"])
        page.write_formula(1, 3, "=B9", None, "Kinh")
        page.write_row(2, 0, ["Lò Văn Ba", "05/06/1985", "Nam"])
        page.write_formula(2, 3, "=B9", None, "#REF!")
    first, second = read(path, ANSWERS).rows
    assert (first.outcome, first.fields["ethnicity"]) == ("accepted", "Kinh")
    assert (second.outcome, [why.remark.code for why in second.why]) == ("warned", ["formula_empty"])


def zipped(path: Path, **parts: bytes) -> Path:
    """An archive with these parts."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", NotARoster),
        (b"   \n", NotARoster),
        (b"%PDF-1.7\n%abc\nxref", NotARoster),
        (b"<html><table><tr><td>1</td></tr></table></html>", NotARoster),
        (b"<?xml version='1.0'?><Workbook/>", NotARoster),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NotARoster),
        (b"\xff\xfe\x00", NotARoster),
        (b"PK\x03\x04 cut off", DamagedWorkbook),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, DamagedWorkbook),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
            PasswordProtected,
        ),
        ("chỉ là một lá thư, không có bảng nào\n".encode(), HeaderNotFound),
    ],
)
def test_something_else(tmp_path: Path, content: bytes, kind: type[BadFile]) -> None:
    """What is no roster is refused by its name, with what to do."""
    path = tmp_path / "ds.xlsx"
    path.write_bytes(content)
    with pytest.raises(kind) as refused:
        read(path)
    assert str(refused.value).endswith(".")


def test_no_such_file(tmp_path: Path) -> None:
    """A missing file, and a folder."""
    with pytest.raises(MissingFile):
        read(tmp_path / "khong-co.xlsx")
    with pytest.raises(BadFile):
        read(tmp_path)


def test_archive_of_something_else(tmp_path: Path) -> None:
    """An archive that is no workbook."""
    with pytest.raises(BadFile):
        read(zipped(tmp_path / "a.xlsx", word__document_xml=b"<a/>"))
    with pytest.raises(BadFile):
        read(zipped(tmp_path / "a.ods", content_xml=b"<a>"))


def test_all_sheets_hidden(tmp_path: Path) -> None:
    """A workbook whose sheets are all hidden."""
    path = write_xlsx(tmp_path / "ds.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(SheetMissing, match="không có trang tính nào đang hiện"):
        read(path)


def test_open_in_excel(tmp_path: Path) -> None:
    """A workbook that Excel holds is refused: what is not saved would be missed."""
    path = write_xlsx(tmp_path / "ds.xlsx", ROWS)
    path.with_name("~$ds.xlsx").write_bytes(b"somebody")
    with pytest.raises(LockedFile):
        read(path)


def test_dates_with_a_time(tmp_path: Path) -> None:
    """A date cell with a time of day gives its date, and is told of."""
    rows = [ROWS[0], [1, "Nguyễn Văn An", datetime(1985, 6, 5, 10, 30), "Nam", ""]]
    row = read(write_xlsx(tmp_path / "ds.xlsx", rows), ANSWERS).rows[0]
    assert (row.outcome, row.fields["born_on"]) == ("warned", date(1985, 6, 5))


@pytest.mark.parametrize(("kind", "ending"), [("xlsx", "xls"), ("xlsx", "ods"), ("xlsx", "txt"), ("ods", "xlsx")])
def test_a_file_is_what_it_holds(tmp_path: Path, kind: str, ending: str) -> None:
    """A list saved under the ending of another kind is read as what it is."""
    write = write_xlsx if kind == "xlsx" else write_ods
    made = write(tmp_path / f"ds.{kind}", ROWS)
    assert people(made.rename(tmp_path / f"ten-khac.{ending}")) == EXPECTED


def test_a_quote_that_nobody_closed(tmp_path: Path) -> None:
    """A stray quote makes one cell of the people below it: such a file is refused, a quote within a line is not."""
    path = tmp_path / "ds.csv"
    rows = ["Họ và tên;Ngày sinh;Ghi chú", 'Lê Chi;07/08/1986;"hai\ndòng"', "Lê Dung;07/08/1987;"]
    path.write_text("\n".join([*rows, "Lê Em;07/08/1988;"]), encoding="utf-8")
    assert [name for name, *_ in people(path)] == ["Lê Chi", "Lê Dung", "Lê Em"]
    within = [rows[0], 'Lê Chi;07/08/1986;gọi "Tư"', *rows[2:]]
    path.write_text("\n".join(within), encoding="utf-8")
    assert [name for name, *_ in people(path)] == ["Lê Chi", "Lê Dung"]
    open_, doubled = [rows[0], 'Lê Chi;07/08/1986;"mở', *rows[2:]], [*rows, 'Lê Em;07/08/1988;"gọi "Tư" ở nhà"']
    for spoilt in (open_, doubled):
        path.write_text("\n".join(spoilt), encoding="utf-8")
        with pytest.raises(NotARoster, match="nháy kép"):
            read(path)
