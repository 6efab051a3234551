"""The workbooks we write: what stands in them, that equal data give equal bytes, and that no file is lost to them."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from cases.imports.importing import import_file
from cases.store.reading import read_store
from cases.values.records import AttributeEntry, Placement, Record, Roster, StepEntry
from cases.values.refusals import LockedFile, TargetExists
from cases.values.sheets import Sheet
from cases.workbook import schema as layout
from cases.workbook import write as writing_book
from cases.workbook.column_sheet import ColumnSheet
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from cases.workbook.template import write_template
from cases.workbook.write import BookWriter, Table, write_book
from rules.loader.errors import BadInput, StoreProblem
from rules.loader.spelling.days import shown_day, shows_a_year

PLAIN = Record(
    "0012",
    {
        "code": "0012",
        "full_name": "Trần Văn Mẫu",
        "born_on": date(1990, 5, 15),
        "schooling": "primary",
        "occupation": "farmer",
        "youth_union": True,
        "note": "=1+1",
    },
)


def test_cells(tmp_path: Path) -> None:
    """Codes and names are text, days are days shown as dd/mm/yyyy, marks are x, codes of the contract stay codes."""
    book = openpyxl.load_workbook(write_workbook(Roster((PLAIN,)), tmp_path / "so.xlsx"))
    page = book["Hồ sơ"]
    header = [cell.value for cell in page[1]]
    row = dict(zip(header, page[2], strict=True))
    assert row["Mã hồ sơ"].value == "0012"
    assert row["Mã hồ sơ"].data_type == "s"
    assert row["Mã hồ sơ"].number_format == "@"
    assert row["Ngày sinh"].is_date
    assert row["Ngày sinh"].number_format == "dd/mm/yyyy"
    assert row["Đoàn viên TNCS"].value == "x"
    assert row["Nghề nghiệp"].value == "farmer"
    assert row["Trình độ học vấn"].value == "Tiểu học"
    assert row["Ghi chú"].value == "=1+1"
    assert row["Ghi chú"].data_type == "s"
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref is not None
    ranges = {str(rule.sqref): rule.type for rule in page.data_validations.dataValidation}
    assert "list" in ranges.values()
    assert "date" in ranges.values()


def test_headers_are_the_contract_s(tmp_path: Path) -> None:
    """Sheets and headers are those of the contract, in its order; optional columns only when they hold something."""
    book = openpyxl.load_workbook(write_workbook(Roster((PLAIN,)), tmp_path / "so.xlsx"))
    assert book.sheetnames == ["Hồ sơ", "Đơn vị", "Lớp", "Học viên", "Chỉ tiêu", "Kỷ luật", "Danh mục"]
    required = [column.header for column in layout.case_sheet().columns if not column.optional]
    assert [cell.value for cell in book["Hồ sơ"][1]] == required
    tied = Record("1", {"code": "1", "full_name": "Lê Thị Mẫu", "person_code": "N-1"})
    again = openpyxl.load_workbook(write_workbook(Roster((tied,)), tmp_path / "nguoi.xlsx"))
    assert [cell.value for cell in again["Hồ sơ"][1]] == [*required, "Mã người"]


def test_shipped_headers(data: Path, tmp_path: Path) -> None:
    """A shipped roster comes out with the very headers it came in with, sheet by sheet."""
    source = data / "rosters" / "dang-bo-co-so.xlsx"
    before = openpyxl.load_workbook(source, read_only=True)
    after = openpyxl.load_workbook(write_workbook(read_workbook(source).roster, tmp_path / "so.xlsx"), read_only=True)
    for name in before.sheetnames:
        first, second = (next(book[name].iter_rows(values_only=True)) for book in (before, after))
        assert first == second, name


def test_history_sheets_when_needed(tmp_path: Path) -> None:
    """The sheets of history come only when one row cannot show it all."""
    record = Record(
        "1",
        {"code": "1", "full_name": "Lê Thị Mẫu", "candidate_on": date(2020, 1, 1)},
        steps=(StepEntry("candidate_on", date(2018, 1, 1)),),
        attributes=(AttributeEntry("youth_union", False, date(2019, 1, 1)),),
        placements=(Placement("CB-1", date(2018, 1, 1)),),
    )
    book = openpyxl.load_workbook(write_workbook(Roster((record,)), tmp_path / "so.xlsx"))
    rows = {name: [cell.value for cell in book[name][2]] for name in ("Bước", "Quá trình", "Nơi sinh hoạt")}
    assert rows["Bước"][:2] == ["1", "Ngày công nhận quần chúng ưu tú"]
    assert rows["Quá trình"][:3] == ["1", "Đoàn viên TNCS", "không"]
    assert rows["Nơi sinh hoạt"][:2] == ["1", "CB-1"]


def test_equal_data_equal_bytes(data: Path, tmp_path: Path) -> None:
    """The same roster gives the same bytes: every day that the file tells of itself is a fixed one."""
    roster = read_workbook(data / "rosters" / "chi-bo-nho.xlsx").roster
    first = write_workbook(roster, tmp_path / "1.xlsx").read_bytes()
    second = write_workbook(roster, tmp_path / "2.xlsx")
    assert second.read_bytes() == first
    with zipfile.ZipFile(second) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2025-01-01T00:00:00Z") == core.count("W3CDTF") == 2


def test_columns_are_written_as_the_library_writes_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet written by columns has the bytes that the library gives, cell by cell, to the same values."""
    texts = [None, "a < b & “c”\n", "  hai dấu cách", "x", "_x000D_", "Lê", "a < b & “c”\n", "1"]
    days = [date(1900, 1, 1), date(1900, 3, 1), date(1905, 6, 1), date(2024, 2, 29), date(2100, 12, 31), None]
    own = {column.field: column for column in layout.case_sheet().columns}
    rows = [
        {
            "code": None if 20 < number < 60 else f"HS-{number % 70}",
            "full_name": texts[number % 8],
            "born_on": days[number % 6] if number < 90 else None,
            "birth_year": number * 7 % 3000 or None if number % 5 else None,
            "youth_union": (True, False, None)[number % 3],
            "value": ("1", 1, True, date(2024, 1, 1), "không")[number % 5] if number > 33 else None,
            "figure": ("3.5", "12", None)[number % 3],
        }
        for number in range(130)
    ]
    rows[40:58] = [{}] * 18
    figure = next(column for column in layout.FIGURES.columns if column.type == "decimal")
    value = next(column for column in layout.ATTRIBUTES.columns if column.field == "value")
    named = ("code", "full_name", "born_on", "birth_year", "youth_union")
    sheet = Sheet("Thử", (*(own[name] for name in named), value, replace(figure, field="figure")), "")

    writers: list[BookWriter] = []

    def fill(writer: BookWriter) -> None:
        writers.append(writer)
        writer.prepare_lists([sheet])
        writer.add(sheet, Table(rows), sheet.columns)
        writer.add(replace(sheet, name="Trống"), Table(), sheet.columns)
        writer.add(replace(sheet, name="Nữa"), Table(rows[50:]), sheet.columns)

    def cell_by_cell(page: ColumnSheet, place: int, cells: list[str | None]) -> None:
        column, some = sheet.columns[place], rows[50:] if page.name == "Nữa" else rows
        text, day = writers[-1].text, writers[-1].day
        for number, row in enumerate(some[: len(cells)], 1):
            said = row.get(column.field)
            if said is None or said is False:
                continue
            if isinstance(said, bool):
                page.write_string(number, place, "x", text)
            elif isinstance(said, date) and shows_a_year(said):
                page.write_string(number, place, shown_day(said), text)
            elif isinstance(said, date):
                page.write_datetime(number, place, datetime(said.year, said.month, said.day), day)
            elif column.type == "decimal":
                page.write_number(number, place, float(said))
            elif isinstance(said, int):
                page.write_number(number, place, said)
            else:
                page.write_string(number, place, said, text)

    by_columns = write_book(tmp_path / "1.xlsx", fill, force=False).read_bytes()
    monkeypatch.setattr(BookWriter, "_cells", lambda *asked: [None] * asked[3].height)
    monkeypatch.setattr(ColumnSheet, "set_cells", cell_by_cell)
    monkeypatch.setattr(ColumnSheet, "_write_rows", Worksheet._write_rows)
    assert write_book(tmp_path / "2.xlsx", fill, force=False).read_bytes() == by_columns


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """Nothing is written over without being told; when told, the file is replaced whole."""
    path = tmp_path / "so.xlsx"
    path.write_text("của người khác", encoding="utf-8")
    with pytest.raises(TargetExists, match="đã có"):
        write_workbook(Roster(), path)
    assert path.read_text(encoding="utf-8") == "của người khác"
    write_workbook(Roster((PLAIN,)), path, force=True)
    assert read_workbook(path).roster == Roster((PLAIN,))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("so.xls", "phải kết thúc bằng .xlsx"),
        ("khong/co/so.xlsx", "Không có thư mục"),
        ("thu-muc.xlsx", "là một thư mục"),
    ],
)
def test_places_that_take_no_file(tmp_path: Path, name: str, words: str) -> None:
    """A name without .xlsx, a folder that is not there, a folder instead of a file: each said in words."""
    (tmp_path / "thu-muc.xlsx").mkdir()
    with pytest.raises(BadInput, match=words):
        write_workbook(Roster(), tmp_path / name)


@pytest.mark.parametrize(
    ("problem", "refusal", "words"),
    [
        (PermissionError(13, "denied"), LockedFile, "đang mở trong Excel hoặc không có quyền ghi"),
        (OSError(28, "No space left on device"), StoreProblem, "ổ đĩa đã đầy"),
    ],
)
def test_a_write_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, refusal: type[Exception], words: str
) -> None:
    """A target held by Excel and a full disk are told apart, the old file stays and no draft is left."""
    path = tmp_path / "so.xlsx"
    path.write_text("cũ", encoding="utf-8")

    def fail(_: Path, __: Path) -> None:
        raise problem

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(refusal, match=words):
        write_workbook(Roster(), path, force=True)
    assert path.read_text(encoding="utf-8") == "cũ"
    assert list(tmp_path.iterdir()) == [path]


def test_more_rows_than_a_sheet_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that would be longer than Excel takes is refused by its name, and no file is begun."""
    monkeypatch.setattr(writing_book, "MOST_ROWS", 3)
    with pytest.raises(BadInput, match=r"“Hồ sơ” sẽ có 4 dòng, Excel chỉ nhận 3"):
        write_workbook(Roster(tuple(replace(PLAIN, code=f"HS-{number}") for number in range(3))), tmp_path / "so.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_template_is_an_empty_roster(tmp_path: Path, store: str) -> None:
    """The empty workbook imports as nobody, with nothing to remark on."""
    report = import_file(store, write_template(tmp_path / "so.xlsx"), apply=True)
    assert report.as_json()["counts"] == dict.fromkeys(("accepted", "warned", "confirm", "refused", "ignored"), 0)
    assert report.remarks == ()
    assert read_store(store) == Roster()


def test_the_template_explains_itself(tmp_path: Path) -> None:
    """Every sheet is there; headers carry notes, codes carry lists with every label, optional columns are set apart."""
    book = openpyxl.load_workbook(write_template(tmp_path / "so.xlsx"))
    assert book.sheetnames == [*(sheet.name for sheet in layout.all_sheets()), "Hướng dẫn", "Danh mục"]
    page = book["Hồ sơ"]
    columns = layout.case_sheet().columns
    assert [cell.value for cell in page[1]] == [column.header for column in columns]
    fills = {column.optional: cell.fill.fgColor.rgb for column, cell in zip(columns, page[1], strict=True)}
    assert fills[True] != fills[False]
    assert "Bắt buộc" in page["A1"].comment.text
    rules = [rule for rule in page.data_validations.dataValidation if rule.type == "list"]
    assert len(rules) == len([column for column in columns if column.type in ("code", "mark")])
    for rule in rules:
        if rule.formula1 == '"x"':
            continue
        sheet, _, place = rule.formula1.partition("!")
        assert sheet.strip("'") == "Danh mục"
        labels = [cell.value for (cell,) in book["Danh mục"][place.replace("$", "")]]
        assert any(labels == list(layout.choices(column.codes).values()) for column in columns if column.codes)
    guide = [row[0].value for row in book["Hướng dẫn"].iter_rows()]
    assert guide[0] == "Sổ theo dõi phát triển đảng viên"


def test_a_filled_template_imports(tmp_path: Path, store: str) -> None:
    """What a user types into the template, labels chosen from lists and days as days, is taken as it is meant."""
    path = write_template(tmp_path / "so.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["Hồ sơ"]
    place = {cell.value: cell.column for cell in page[1]}
    typed = {
        "Mã hồ sơ": "HS-1",
        "Họ và tên": "Trần Văn Mẫu",
        "Ngày sinh": date(1990, 5, 15),
        "Giới tính": "Nam",
        "Nghề nghiệp": "Người làm nông, lâm, ngư nghiệp",
        "Trình độ học vấn": "Tiểu học",
        "Đoàn viên TNCS": "x",
        "Mã đơn vị": "CB-1",
        "Ngày kết nạp": "5/1/2020",
    }
    for header, value in typed.items():
        page.cell(2, place[header], value)
    unit = book["Đơn vị"]
    for number, value in enumerate(("CB-1", "Chi bộ thôn 1", "Chi bộ cơ sở", "Khu dân cư"), 1):
        unit.cell(2, number, value)
    book.save(path)
    report = import_file(store, path, apply=True)
    assert report.refused == ()
    assert [(record.code, record.fields["occupation"]) for record in read_store(store).records] == [("HS-1", "farmer")]
    assert read_store(store).records[0].fields["admitted_on"] == date(2020, 1, 5)
    assert read_store(store).units[0].level == "grassroots_cell"
