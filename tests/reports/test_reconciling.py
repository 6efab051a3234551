"""Forms filled by hand: every difference is found, nothing else is, and published mistakes are named as such."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.forms.form_loader import known_form
from reports.forms.stacking import stacked
from reports.readback.reading_back import FormRead, number_in, read_back
from reports.readback.reconciling import Difference, against_records, within
from reports.render import xlsx
from rules.loader.errors import BadInput
from tests.reports.filled import filled

PRINTED = Path(__file__).parent.parent / "data" / "expected" / "son-la-6t-2024.printed.json"
WITH_TABLES = ("F1", "F2", "F3", "F5", "F7", "F8A", "F8B")


def changed(form: str, path: Path, change: Callable[[Any], None] | None = None) -> FormRead:
    """A form of the larger roster, written, changed by hand, and read back."""
    xlsx.write(filled("dang-bo-co-so", form), path, replace=True)
    book = openpyxl.load_workbook(path)
    if change is not None:
        change(book.worksheets[0])
    book.save(path)
    return read_back(path)


def at(sheet: Any, label: str, column: int = 2) -> Any:
    """The cell of a row and a column."""
    return next(row[column - 1] for row in sheet.iter_rows() if row[0].value == label)


def all_of(read: FormRead, form: str) -> list[Difference]:
    """What is found within the form and against the records."""
    return [*within(read), *against_records(read, filled("dang-bo-co-so", form))]


@pytest.mark.parametrize("form", WITH_TABLES)
def test_what_the_program_filled_has_no_difference(form: str, tmp_path: Path) -> None:
    """Our own form is recognised with its period, and agrees with the records and with itself."""
    read = changed(form, tmp_path / "a.xlsx")
    assert read.form.name == form
    assert read.period == (dt.date(2020, 7, 1), dt.date(2024, 10, 31))
    assert read.unit == "Đảng bộ phường Bình Minh"
    assert len(read.cells) > 20
    assert all_of(read, form) == []


@pytest.mark.parametrize("form", ["F1", "F2", "F8A"])
def test_cells_with_several_lines_are_read_line_by_line(form: str, tmp_path: Path) -> None:
    """A form with the lines of one number in one cell, as offices print it, says the same; a wrong line is found."""
    path = tmp_path / "a.xlsx"
    xlsx.write(stacked(filled("dang-bo-co-so", form)), path)
    read = read_back(path)
    assert read.form.name == form
    assert read.labels.keys() == changed(form, tmp_path / "b.xlsx").labels.keys()
    assert all_of(read, form) == []
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if str(cell.value).count("\n") > 1)
    place = book.worksheets[0].cell(cell.row, 2)
    place.value = str(place.value).replace("\n", "1\n", 1)
    book.save(path)
    assert {found.cell for found in all_of(read_back(path), form)} >= {place.coordinate}


def test_a_changed_count_is_found_with_its_sums(tmp_path: Path) -> None:
    """One wrong number: the cell against the records, its share, and the sum it belongs to."""

    def change(sheet: Any) -> None:
        at(sheet, "- Sinh viên").value = 7

    found = all_of(changed("F2", tmp_path / "a.xlsx", change), "F2")
    assert [(d.kind, d.row) for d in found] == [("sum", "F2.1"), ("ratio", "F2.22"), ("records", "F2.22")]
    assert "chênh -3" in found[0].message
    assert "Khớp với 4/239" in found[1].message
    assert (found[2].typed, found[2].expected) == ("7", "4")
    assert all(difference.is_error for difference in found)


def test_numbers_as_people_type_them_are_read(tmp_path: Path) -> None:
    """A word behind a number, a zero before it, a share with one digit or a dot are no differences."""

    def change(sheet: Any) -> None:
        at(sheet, "I. Tổng số đảng viên mới kết nạp").value = "239 đ/c"
        at(sheet, "+ Chủ DN tư nhân").value = "09"
        at(sheet, "+ Nữ", 3).value = "52,3%"
        at(sheet, "+ Tôn giáo", 3).value = "4.18"

    assert all_of(changed("F2", tmp_path / "a.xlsx", change), "F2") == []


def test_cut_off_digits_are_a_remark_and_no_error(tmp_path: Path) -> None:
    """63,59 for 63,598… is cut off instead of rounded: worth saying, no error."""

    def change(sheet: Any) -> None:
        at(sheet, "- Từ 18 – 30 tuổi", 3).value = "63,59"

    found = all_of(changed("F2", tmp_path / "a.xlsx", change), "F2")
    assert {difference.kind for difference in found} == {"cut"}
    assert not any(difference.is_error for difference in found)


def test_empty_and_unreadable_cells(tmp_path: Path) -> None:
    """An empty cell where the records have something is remarked on; words for a number are an error."""

    def change(sheet: Any) -> None:
        at(sheet, "+ Nữ").value = None
        at(sheet, "+ Tôn giáo").value = "nhiều"

    found = all_of(changed("F2", tmp_path / "a.xlsx", change), "F2")
    assert [(d.kind, d.row) for d in found if d.kind in ("blank", "unread")] == [("blank", "F2.3"), ("unread", "F2.5")]


def test_flows_that_do_not_close(tmp_path: Path) -> None:
    """A closing figure that was made to fit is found: A + B − C is not D."""

    def change(sheet: Any) -> None:
        at(sheet, "D - Đảng viên trong danh sách cuối kỳ báo cáo").value = 330

    found = list(within(changed("F8A", tmp_path / "a.xlsx", change)))
    assert [(d.kind, d.row) for d in found] == [("sum", "F8A.17"), ("ratio", "F8A.17")]


def printed_table(path: Path) -> FormRead:
    """The published table of Sơn La as somebody typed it, with the source's own rounding."""
    printed = json.loads(PRINTED.read_text(encoding="utf-8"))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["6 THÁNG ĐẦU NĂM 2024 (từ 01/01/2024 đến 30/6/2024)"])
    sheet.append(["Số TT", "Các đảng bộ trực thuộc", "Số lớp bồi dưỡng nhận thức về Đảng", "Quần chúng tham gia"])
    more = ("Tổng số giao kết nạp đảng viên mới năm 2024", "Kết nạp trong kỳ", "Đạt tỉ lệ % so với KH")
    for place, text in enumerate(more, start=5):
        sheet.cell(2, place, text)
    for line in printed["rows"]:
        numbers = [line[key] for key in ("classes", "participants", "target", "admitted")]
        sheet.append([line["row"], line["name"], *numbers, line["ratio_printed"] or line["ratio"]])
    sheet.append(["", "Tổng cộng", 34, "2.295", "2,768", "1.076", "38.87%"])
    book.save(path)
    return read_back(path)


def test_the_published_table_agrees_but_for_two_cut_off_ratios(tmp_path: Path) -> None:
    """Mixed dots and commas are read; 21,4 and 60,6 are named as cut off; 149 and 4,3 are well rounded."""
    read = printed_table(tmp_path / "a.xlsx")
    assert read.period == (dt.date(2024, 1, 1), dt.date(2024, 6, 30))
    found = [*within(read), *against_records(read, filled("son-la-6t-2024", "F5"))]
    assert {(d.kind, d.label, d.typed) for d in found} == {
        ("cut", "Mường La", "21,4"),
        ("cut", "Đảng uỷ Khối các cơ quan và doanh nghiệp tỉnh", "60,6"),
    }


def test_a_ratio_that_fits_another_fraction_is_said(tmp_path: Path) -> None:
    """31/45 printed as 79,5 % does not fit; what would fit is named, nothing is corrected."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Chỉ tiêu", "Số lượng", "Tỷ lệ", "Ghi chú"])
    sheet.append(["I. Tổng số đảng viên mới kết nạp", 44, "100", None])
    sheet.append(["+ Nữ", 31, "79,5", None])
    book.save(tmp_path / "a.xlsx")
    read = read_back(tmp_path / "a.xlsx", known_form("F2"))
    (difference,) = within(read)
    assert difference.kind == "ratio"
    assert "31/44 = 70,5, biểu ghi 79,5. Khớp với 35/44." in difference.message


@pytest.mark.parametrize(
    ("text", "ratio", "value", "digits"),
    [
        ("1.234", False, 1234, 0),
        ("1,234", False, 1234, 0),
        ("1.234.567", False, 1234567, 0),
        ("38.87%", True, Fraction("38.87"), 2),
        ("148,889", True, Fraction("148.889"), 3),
        ("1.234,5", False, Fraction("1234.5"), 1),
        ("09 đ/c", False, 9, 0),
        ("-5", False, -5, 0),
        ("…", False, None, 0),
        ("-", False, None, 0),
    ],
)
def test_numbers_in_text(text: str, ratio: bool, value: object, digits: int) -> None:
    """Dots and commas by what follows them: three digits are thousands, unless a ratio is asked for."""
    typed = number_in(text, ratio=ratio)
    assert (typed.value, typed.digits, typed.readable) == (value, digits, True)


def test_a_file_that_is_no_form_is_refused(tmp_path: Path) -> None:
    """A roster, a broken file and a form of another kind are refused with what to check."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Họ và tên"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(BadInput, match="Không nhận ra"):
        read_back(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match="Không mở được"):
        read_back(tmp_path / "b.xlsx")
    changed("F1", tmp_path / "c.xlsx")
    with pytest.raises(BadInput, match="F8A"):
        read_back(tmp_path / "c.xlsx", known_form("F8A"))


def test_columns_that_exclude_each_other_add_up(tmp_path: Path) -> None:
    """Everybody admitted stands in one column: a number more in one of them is found in its line and in the total."""

    def change(sheet: Any) -> None:
        cell = next(row[16] for row in sheet.iter_rows() if row[1].value == "Chi bộ khu phố 1")
        cell.value += 1

    found = [d for d in within(changed("F5", tmp_path / "a.xlsx", change)) if d.kind == "sum"]
    assert {d.label for d in found} == {"Chi bộ khu phố 1", "Tổng cộng"}
    assert any("cộng các cột được" in d.message for d in found)
