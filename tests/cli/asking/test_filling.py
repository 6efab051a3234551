"""`dubi fill`: an official sheet handed back with what the store knows better, marked, and nothing else changed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from tests.calling import Dubi
from tests.cases.files.workbooks import case_book, somebody

OWN = ["STT", "ID", "Họ và tên *", "Tên gọi khác", "Giới tính *", "Sinh ngày *\n(dd/mm/yyyy)", "Dân tộc *",
       "Tôn giáo *", "Số định danh cá nhân *", "Số thẻ Đảng*", "Nơi cấp thẻ Đảng", "Ngày cấp thẻ Đảng",
       "Số thẻ theo Đảng quyết định 85", "Tổ chức Đảng đang sinh hoạt * (không sửa)"]  # fmt: skip
PLACES = {"Nơi đăng ký khai sinh": ("Quốc gia*", "Tỉnh*", "Địa chỉ chi tiết*"),
          "Quê quán (mô hình 2 cấp)": ("Quốc gia*", "Tỉnh*", "Chi tiết*"),
          "Thường trú (2 cấp)": ("Quốc gia*", "Tỉnh*", "Chi tiết*")}  # fmt: skip
LAST = ["Ngày vào Đảng*", "Ngày vào Đảng chính thức*", "Số CMND cũ", "Trạng thái hoạt động",
        "Ngày rời khỏi/mất/miễn sinh hoạt", "Đề nghị xóa", "Kết quả kiểm tra", "Chi tiết lỗi"]  # fmt: skip
EXTRA = {28: -3, 31: 0, 33: 2}
"""By the number of columns: how many of the last ones are not there, or stand there besides."""
AT = {"sex": "E", "born": "F", "ethnicity": "G", "religion": "H", "unit": "N", "joined": "X", "official": "Y",
      "status": "AA", "ended": "AB"}  # fmt: skip
FIRST = 8

Cells = dict[str, Any]


def official(path: Path, *people: Cells, columns: int = 31) -> Path:
    """A clean-up sheet as an office hands it out: titles, two header rows, styles, lists, comments, hidden sheets."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Sheet1"
    page["A1"], page["A3"] = "BIỂU RÀ SOÁT, LÀM SẠCH DỮ LIỆU ĐẢNG VIÊN", "Lưu ý: các cột có dấu * là bắt buộc"
    last = LAST if columns == 31 else LAST[:-3] if columns == 28 else [*LAST, "Ghi chú 1", "Ghi chú 2"]
    place = 1
    for header in (*OWN, *PLACES, *last):
        page.cell(6, place, header).font = Font(bold=True)
        if header in PLACES:
            page.merge_cells(start_row=6, end_row=6, start_column=place, end_column=place + 2)
            for below in PLACES[header]:
                page.cell(7, place, below)
                place += 1
        else:
            page.merge_cells(start_row=6, end_row=7, start_column=place, end_column=place)
            place += 1
    framed, grey = Border(bottom=Side("thin")), PatternFill("solid", fgColor="FFEEEEEE")
    for number, cells in enumerate(people):
        row = FIRST + number
        page.cell(row, 1, number + 1)
        for letter, value in {"N": "Chi bộ 1", **cells}.items():
            page[f"{letter}{row}"] = value
        for letter in ("F", "X", "Y"):
            page[f"{letter}{row}"].border, page[f"{letter}{row}"].fill = framed, grey
    page["C8"].comment = Comment("đối chiếu thẻ", "huyện")
    listed = DataValidation(type="list", formula1="DanhMuc!$A$1:$A$2")
    listed.add("E8:E500")
    page.add_data_validation(listed)
    page.auto_filter.ref = "A7:AE20"
    hidden = book.create_sheet("DanhMuc")
    hidden.sheet_state = "hidden"
    hidden["A1"], hidden["A2"] = "Nam", "Nữ"
    book.save(path)
    return path


@pytest.fixture
def kept(store: Path, tmp_path: Path, dubi: Dubi) -> Path:
    """A store with an official member, a probationer and one who has died."""
    died = {"left_on": date(2025, 2, 3), "exit_kind": "died"}
    official_since = {"recognition_decided_on": date(2021, 6, 10), "recognised_from": date(2021, 5, 19)}
    book = case_book(
        tmp_path / "so.xlsx",
        somebody("0001", full_name="Trần Văn Mẫu", born_on=date(1990, 3, 2), sex="Nam", ethnicity="Tày",
                 religion="Không", admitted_on=date(2020, 5, 19), **official_since),
        somebody("0002", full_name="Lê Thị Thử", born_on=date(1999, 12, 31), sex="Nữ", ethnicity="Kinh",
                 admitted_on=date(2026, 9, 2)),
        somebody("0003", full_name="Phạm Văn Giả", born_on=date(1950, 1, 2), sex="Nam", ethnicity="Kinh",
                 admitted_on=date(1975, 5, 19), **official_since | {"recognised_from": date(1976, 5, 19)}, **died),
    )  # fmt: skip
    assert dubi("import", book, "--apply", "--store", store).code == 0
    return store


def parts_of(path: Path) -> dict[str, bytes]:
    """The parts of a workbook in their order."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def page_of(path: Path) -> Callable[[str], Any]:
    """What stands in a cell of the first sheet."""
    page = openpyxl.load_workbook(path)["Sheet1"]
    return lambda place: page[place].value


PEOPLE: tuple[Cells, ...] = (
    {"B": "0001", "C": "TRẦN VĂN MẪU", "F": "1990", "H": "", "I": "001090000017", "X": "19/05/2020"},
    {"B": "0002", "C": "LÊ THỊ THỬ", "E": "Nữ", "F": "31/12/1999", "G": "Mường", "X": "chưa", "Y": ""},
    {"B": "0003", "C": "PHẠM VĂN GIẢ", "E": "Nam", "F": "02/01/1950", "G": "Kinh", "X": date(1975, 5, 19)},
    {"B": "0099", "C": "ĐỖ THỊ LẠ", "E": "Nữ", "F": "01/02/1990", "G": "Kinh", "X": "03/02/2022"},
)


@pytest.mark.parametrize("columns", EXTRA)
def test_what_the_store_knows_better_is_filled_in(dubi: Dubi, kept: Path, tmp_path: Path, columns: int) -> None:
    """Empty cells and cells less exact than the store are filled and marked, of either number of columns; what differs
    stays and is told, what nobody knows is listed, and every filled cell is told with its record.
    """
    file, out = official(tmp_path / "bieu.xlsx", *PEOPLE, columns=columns), tmp_path / "tra.xlsx"
    before = file.read_bytes()
    first = dubi("fill", file, "--out", tmp_path / "bieu-1.xlsx", "--store", kept)
    assert "Tày" not in first.out
    assert [page_of(tmp_path / "bieu-1.xlsx")(place) for place in ("G8", "H8")] == ["Tày", "Không"]
    assert "bieu-1.xlsx" in dubi("privacy", "readings", "--store", kept).out  # the sheet asks for what is sensitive
    done = dubi("fill", file, "--out", out, "--store", kept, "--json", "--with-sensitive", "cấp trên cần")
    assert (done.code, file.read_bytes()) == (0, before), done.err
    told = done.json
    assert {one["cell"]: (one["new"], one["case"]) for one in told["filled"] if one["field"] != "status"} == {
        "E8": ("Nam", "0001"), "F8": ("02/03/1990", "0001"), "G8": ("Tày", "0001"), "H8": ("Không", "0001"),
        "Y8": ("19/05/2021", "0001"), "X9": ("02/09/2026", "0002"), "Y10": ("19/05/1976", "0003"),
        "AB10": ("03/02/2025", "0003"),
    }  # fmt: skip
    assert [one["old"] for one in told["filled"] if one["cell"] == "F8"] == ["1990"]
    assert [(one["cell"], one["old"], one["new"], one["why"]) for one in told["left"]] == [
        ("G9", "Mường", "Kinh", "differs")
    ]
    assert told["unknown"] == [11]
    lacking = {one["column"]: one["rows"] for one in told["lacking"]}
    assert lacking["I"] == [9, 10, 11]
    assert lacking["O"] == [8, 9, 10, 11]
    assert "Y" not in lacking
    cell = page_of(out)
    assert [cell(place) for place in ("F8", "H8", "Y8", "X9", "AA10", "AB10", "G9", "Y9")] == [
        "02/03/1990", "Không", "19/05/2021", "02/09/2026", "Từ trần", "03/02/2025", "Mường", None
    ]  # fmt: skip
    rich = openpyxl.load_workbook(out, rich_text=True)["Sheet1"]["F8"].value
    assert (rich[0].font.b, rich[0].font.color.rgb) == (True, "FFC00000"), "what was filled in is marked"
    told_in_words = dubi("fill", file, "--out", tmp_path / "khac.xlsx", "--store", kept).out
    assert "Ô F8" in told_in_words
    assert "trước: 1990; kho: 02/03/1990, theo hồ sơ 0001 Trần Văn Mẫu" in told_in_words


def test_nothing_else_is_touched(dubi: Dubi, kept: Path, tmp_path: Path) -> None:
    """Every other part is the same byte for byte and stands in its place; of the sheet itself only those cells."""
    file, out = official(tmp_path / "bieu.xlsx", *PEOPLE), tmp_path / "tra.xlsx"
    filled = dubi("fill", file, "--out", out, "--store", kept, "--json").json["filled"]
    before, after = parts_of(file), parts_of(out)
    assert list(before) == list(after)
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["xl/worksheets/sheet1.xml"]
    places = "|".join(one["cell"] for one in filled)
    cell = re.compile(rb'<c r="(?:%s)"(?:[^>]*/>|.*?</c>)' % places.encode())
    assert cell.sub(b"", before[changed[0]]) == cell.sub(b"", after[changed[0]])
    style = re.compile(r'<c r="Y8" s="(\d+)"')
    assert style.findall(before[changed[0]].decode()) == style.findall(after[changed[0]].decode()) != []
    again = tmp_path / "nua.xlsx"
    assert dubi("fill", out, "--out", again, "--store", kept, "--json").json["filled"] == []
    assert parts_of(again) == after, "with nothing to fill the sheet comes out as it came in"


def test_what_differs_is_answered(dubi: Dubi, kept: Path, tmp_path: Path) -> None:
    """A difference is filled from the store only where somebody says so, for all or for one row."""
    other = {**PEOPLE[2], "G": "Mông"}
    file = official(tmp_path / "bieu.xlsx", *PEOPLE[:2], other)
    for answer, left in (((), ["G9", "G10"]), (("--row", "9=giữ"), ["G10"]), (("--take", "store"), [])):
        out = tmp_path / f"tra{len(left)}.xlsx"
        told = dubi("fill", file, "--out", out, "--store", kept, "--json", "--with-sensitive", "thử", *answer).json
        assert [one["cell"] for one in told["left"]] == left
    assert page_of(out)("G10") == "Kinh"


def test_a_formula_and_a_merged_cell_stay(dubi: Dubi, kept: Path, tmp_path: Path) -> None:
    """A cell with a formula is never written over, nor one that a merge hides; both are told."""
    file = official(tmp_path / "bieu.xlsx", *PEOPLE)
    book = openpyxl.load_workbook(file)
    book["Sheet1"]["E8"] = '=IF(1=1,"","Nam")'
    book["Sheet1"].merge_cells("AB9:AB10")
    book.save(file)
    out = tmp_path / "tra.xlsx"
    told = dubi("fill", file, "--out", out, "--store", kept, "--json").json
    assert {(one["cell"], one["why"]) for one in told["left"]} >= {("E8", "formula"), ("AB10", "merged")}
    assert page_of(out)("E8") == '=IF(1=1,"","Nam")'


def test_who_a_row_is_of_is_not_guessed(dubi: Dubi, kept: Path, tmp_path: Path) -> None:
    """DS_DANGVIEN has no codes: a namesake of the same birth date is asked about and filled only when answered."""
    heads = ["STT", "Họ và tên", "Số thẻ Đảng viên", "Số CCCD", "Ngày sinh", "Ngày kết nạp", "Chi bộ đang sinh hoạt",
             "Chi bộ nơi cư trú", "Trạng thái"]  # fmt: skip
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(heads)
    page.append([1, "TRẦN VĂN MẪU", "001090000017", "001090000017", "02/03/1990", None, "Chi bộ 1", "", ""])
    file, out = tmp_path / "DS_DANGVIEN.xlsx", tmp_path / "tra.xlsx"
    book.save(file)
    told = dubi("fill", file, "--out", out, "--store", kept, "--json").json
    assert (told["profile"], told["filled"], [one["row"] for one in told["asked"]]) == ("ds_dangvien", [], [2])
    told = dubi("fill", file, "--out", out, "--force", "--store", kept, "--json", "--row", "2=cùng").json
    assert [(one["cell"], one["new"]) for one in told["filled"]] == [
        ("F2", "19/05/2020"),
        ("I2", "Đang sinh hoạt Đảng"),
    ]
    assert dubi("import", out, "--store", kept, "--json").json["rows"][0]["fields"]["admitted_on"] == "2020-05-19"


def test_what_cannot_be_handed_back_is_refused(dubi: Dubi, kept: Path, tmp_path: Path) -> None:
    """Never over the input, no other list, no other format, no file without being told: sentences, nothing written."""
    file = official(tmp_path / "bieu.xlsx", *PEOPLE)
    before = file.read_bytes()
    same, text, at = tmp_path / "cung-tep.xlsx", tmp_path / "bieu.csv", ("--store", kept)
    same.hardlink_to(file)
    text.write_text("STT,Họ và tên,Ngày sinh\n1,Trần Văn Mẫu,02/03/1990\n", encoding="utf-8")
    for words, said in (
        (("fill", file, "--out", file, "--force", *at), "Ghi hai tệp khác nhau"),
        (("fill", file, "--out", same, "--force", *at), "tệp gốc không bị ghi đè"),
        (("fill", text, "--out", "tra.xlsx", *at), "không phải .xlsx"),
        (("fill", tmp_path / "so.xlsx", "--out", "tra.xlsx", *at), "không phải biểu rà soát"),
        (("fill", file, "--out", "tra.csv", *at), ".xlsx"),
        (("fill", file, "--out", tmp_path / "so.xlsx", *at), "đã có"),
    ):
        done = dubi(*words)
        assert (done.code, said in done.err) == (3, True), done.err
    assert file.read_bytes() == before
    assert not (tmp_path / "tra.xlsx").exists()


def test_where_somebody_stands(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """Status and day of leaving are those that hold now: who came back has none, who left in a year has no day."""
    admitted: dict[str, Any] = {"admitted_on": date(2010, 1, 2), "sex": "Nam"}
    away = {"moved_out_on": date(2020, 1, 2), "moved_to": "nơi khác"}
    stored = {
        "1": (
            admitted | away | {"moved_in_on": date(2022, 1, 2), "moved_from": "nơi khác"},
            ("Đang sinh hoạt Đảng", None),
        ),
        "2": (admitted | away, ("Đã chuyển sinh hoạt", "02/01/2020")),
        "3": (admitted | {"left_partly": "2021", "exit_kind": "expelled"}, ("Khai trừ", None)),
        "4": (admitted | {"moved_out_partly": "2021"}, ("Đã chuyển sinh hoạt", None)),
        "5": (admitted | {"left_on": date(2021, 3, 4), "exit_kind": "resigned"}, ("Xin ra", "04/03/2021")),
        "6": ({"candidate_on": date(2026, 1, 2)}, (None, None)),
    }
    names = dict(zip(stored, ("An", "Ba", "Tư", "Năm", "Bảy", "Tám"), strict=True))
    rows = [somebody(code, full_name=f"Lò Văn {names[code]}", **fields) for code, (fields, _) in stored.items()]
    assert dubi("import", case_book(tmp_path / "so.xlsx", *rows), "--apply", "--store", store).code == 0
    people = [{"B": code, "C": f"LÒ VĂN {name.upper()}"} for code, name in names.items()]
    file, out = official(tmp_path / "bieu.xlsx", *people), tmp_path / "tra.xlsx"
    assert dubi("fill", file, "--out", out, "--store", store, "--with-sensitive", "thử").code == 0
    cell = page_of(out)
    found = {code: (cell(f"AA{FIRST + n}"), cell(f"AB{FIRST + n}")) for n, code in enumerate(stored)}
    assert found == {code: wanted for code, (_, wanted) in stored.items()}
