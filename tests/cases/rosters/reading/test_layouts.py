"""The layouts that are known by name, and mappings that are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.rosters import Answers, RosterPreview, load_mapping, read, save_mapping
from cases.rosters.columns.profiles import load
from rules.loader.errors import LawFileError, UnknownName
from tests.cases.rosters.sheets import codes, notice_codes, preview, write_xlsx

UPPER = [
    "STT", "ID", "Họ và tên *", "Tên gọi khác", "Giới tính *", "Sinh ngày * (dd/mm/yyyy)", "Dân tộc *", "Tôn giáo *",
    "Số định danh cá nhân *", "Số thẻ Đảng*", "Nơi cấp thẻ Đảng", "Ngày cấp thẻ Đảng",
    "Số thẻ theo Đảng quyết định 85", "Tổ chức Đảng đang sinh hoạt * (không sửa)", "Nơi đăng ký khai sinh", "", "",
    "Quê quán (mô hình 2 cấp)", "", "", "Thường trú (2 cấp)", "", "", "Ngày vào Đảng*", "Ngày vào Đảng chính thức*",
    "Số CMND cũ", "Trạng thái hoạt động", "Ngày rời khỏi/mất/miễn sinh hoạt", "Đề nghị xóa", "Kết quả kiểm tra",
    "Chi tiết lỗi",
]  # fmt: skip
LOWER = [""] * 14 + ["Quốc gia*", "Tỉnh*", "Địa chỉ chi tiết*"] + ["Quốc gia*", "Tỉnh*", "Chi tiết*"] * 2 + [""] * 8
FIRST = [
    "1", "100234", "LÒ THỊ BÌNH", "", "Nữ", "07/08/1990", "Thái", "Không", "014190001234", "014190001234", "Sơn La",
    "01/06/2016", "", "Chi bộ Bản Mé", "Việt Nam", "Sơn La", "bản Mé", "Việt Nam", "Sơn La", "bản Mé", "Việt Nam",
    "Sơn La", "bản Mé", "03/02/2015", "03/02/2016", "050123456", "Đang sinh hoạt Đảng", "", "", "Đạt", "",
]  # fmt: skip
SECOND = [*FIRST[:1], "100235", "VỪ A TỦA", "", "Nam", "1985", *FIRST[6:8], "014085001234", "014085001234", *FIRST[10:]]
SECOND[23:30] = ["03/02/2024", "", "", "Đã chuyển sinh hoạt", "05/05/2024", "x", ""]
P1_MERGES = [(5, 14, 5, 16), (5, 17, 5, 19), (5, 20, 5, 22), *((5, place, 6, place) for place in range(14))]


def cells(text: str) -> list[Any]:
    """The cells of a row, written with strokes between them."""
    return text.split("|")


def clean_up(leave_out: tuple[int, ...] = (), extra: int = 0) -> RosterPreview:
    """The official clean-up sheet, without some columns or with scratch columns."""
    rows: list[list[Any]] = [
        ["RÀ SOÁT DỮ LIỆU ĐẢNG VIÊN"],
        [],
        ["Ghi chú: cột có dấu * là bắt buộc"],
        ["* Ghi ngày dd/mm/yyyy"],
        [],
    ]
    body = [UPPER, LOWER, FIRST, SECOND]
    rows += [
        [
            *(value for place, value in enumerate(row) if place not in leave_out),
            *([f"nháp {n}" for n in range(extra)] if row is UPPER else [""] * extra),
        ]
        for row in body
    ]
    return preview(rows, Answers(), merges=P1_MERGES, name="DSDV")


@pytest.mark.parametrize(("leave_out", "extra"), [((), 0), ((28, 29, 30), 0), ((), 2)], ids=["31", "28", "33"])
def test_clean_up_sheet(leave_out: tuple[int, ...], extra: int) -> None:
    """The official clean-up sheet is known by its labels, whatever the number of its columns."""
    seen = clean_up(leave_out, extra)
    assert (seen.profile, seen.header_rows) == ("clean_up_sheet", (6, 7))
    first, second = seen.rows
    assert (first.row, first.outcome, codes(first)) == (8, "accepted", [])
    wanted: dict[str, Any] = {
        "code": "100234",
        "full_name": "Lò Thị Bình",
        "born_on": date(1990, 8, 7),
        "personal_id": "014190001234",
        "unit": "Chi bộ Bản Mé",
        "admitted_on": date(2015, 2, 3),
        "recognised_from": date(2016, 2, 3),
        "home_town.tinh": "Sơn La",
        "birth_place.dia_chi_chi_tiet": "bản Mé",
        "permanent.quoc_gia": "Việt Nam",
        "old_id": "050123456",
    }
    assert {name: first.fields.get(name) for name in wanted} == wanted
    assert (second.outcome, codes(second)) == ("warned", [("year_only", "born_on")])
    assert second.fields["moved_out_on"] == date(2024, 5, 5)
    assert ("delete_requested" in notice_codes(seen)) is (28 not in leave_out)
    assert seen.changes["new"] == 2  # a request to delete deletes nobody


def test_list_of_the_upper_system() -> None:
    """DS_DANGVIEN: capitals, NFC and NFD mixed, the card equal to the id, no sex."""
    header = [
        "STT",
        "Họ và tên",
        "Số thẻ Đảng viên",
        "Số CCCD",
        "Ngày sinh",
        "Ngày kết nạp",
        "Chi bộ đang sinh hoạt",
        "Chi bộ nơi cư trú",
        "Trạng thái",
    ]
    rows = [
        cells(
            "1|VÕ DIỆU OANH|014187001234|014187001234|17/07/1987|04/09/2012|CB 1|CB 2|Đang sinh hoạt Đảng"
        ),
        [2, "VÕ DIỆU OANH", "93012345", "014187005678", "17/07/1987", "04/09/2012", "CB 1", "CB 2", "Từ trần"],
    ]  # fmt: skip
    seen = preview([header, *rows], Answers())
    assert seen.profile == "ds_dangvien"
    assert [row.fields["full_name"] for row in seen.rows] == ["Võ Diệu Oanh", "Võ Diệu Oanh"]
    assert [row.outcome for row in seen.rows] == ["warned", "confirm"]
    assert {("sex_unclear", "sex")} <= set(codes(seen.rows[0]))
    assert "column_absent" in notice_codes(seen)
    assert not {"recognised_from", "admission_decided_on"} & set(seen.rows[0].fields)


def test_candidates_of_a_university() -> None:
    """The candidate list has decision and ceremony; a total that is one short is told of."""
    header = cells(
        "STT|Mã GV/SV|Họ và tên|SĐT|Giới tính|Ngày sinh|Dân tộc|Quê quán|Chức vụ|Lớp|Chi bộ công nhận|"
        "Số BC cảm tình Đảng|Ngày họp CB công nhận|Đảng viên giúp đỡ|Ngày phân công giúp đỡ|Số QĐ mở lớp BD|"
        "Ngày QĐ mở lớp|Thời gian lớp BD|Ngày cấp CC|Số QĐ CC BD|Đơn vị cấp CC|Ngày quyết định|Số QĐ kết nạp|"
        "Ngày kết nạp|ĐV hướng dẫn|Ngày chuyển SH|Nơi chuyển tới|Trạng thái"
    )
    row = cells(
        "1.0|22051234.0|Lê Thị Thử|0912345678|Nữ|05/06/2003|Kinh|Nam Định||K66A|CB SV|12-BC|01/03/2023|"
        "Trần Văn Cả|05/03/2023|7-QĐ|01/04/2023|04–05/2023|10/05/2023|9|Trường|01/09/2023|15-QĐ|05/09/2023|"
        "Lý Văn Ba|||Đã kết nạp"
    )
    seen = preview([header, row, ["", "", "Tổng số: 2 người"]])
    assert (seen.profile, seen.rows[0].outcome) == ("candidate_list", "accepted")
    wanted: dict[str, Any] = {
        "code": "22051234",
        "candidate_on": date(2023, 3, 1),
        "awareness_certified_on": date(2023, 5, 10),
        "admission_decided_on": date(2023, 9, 1),
        "admitted_on": date(2023, 9, 5),
        "helper": "Trần Văn Cả",
    }
    assert {name: seen.rows[0].fields[name] for name in wanted} == wanted
    assert "count_mismatch" in notice_codes(seen)


def test_register_of_members() -> None:
    """Register 7-HSĐV stacks values throughout."""
    header = cells(
        "Số TT|Họ và tên đang dùng / khai sinh|Nam, nữ, dân tộc, tôn giáo|Quê quán|"
        "Văn hoá, LL, CMNV, ngoại ngữ|Nghề nghiệp trước / hiện nay|Ngày vào Đảng, ngày chính thức|"
        "Số thẻ, số lý lịch, số Huy hiệu|Bộ đội, công an, hưu trí|Ngày chuyển đi|Ngày chuyển đến|"
        "Ngày từ trần, lý do|Ngày ra khỏi Đảng, hình thức|Ghi chú"
    )
    rows = [
        cells(
            "1|Lò Văn Ba\nLò Văn Bá|Nam\nThái\nKhông|Sơn La|12/12\nSơ cấp\nĐại học\nAnh A|Học sinh\nLàm ruộng|"
            "03/02/2015\n03/02/2016|93012345\n12\n||||||"
        ),
        cells(
            "2|Lò Thị Bình|Nữ, Thái, Không|Sơn La|9/12|Làm ruộng|03/02/2015\n03/02/2016|||||05/05/2020\nbệnh||"
        ),
        cells(
            "3|Vừ A Tủa|Nam\nMông\nKhông|Sơn La|||03/02/2015\n03/02/2016||||||06/06/2021\nXin ra|"
        ),
    ]  # fmt: skip
    seen = preview([header, *rows])
    assert seen.profile == "register_members"
    first, second, third = (row.fields for row in seen.rows)
    assert (first["full_name"], first["birth_name"]) == ("Lò Văn Ba", "Lò Văn Bá")
    assert (first["sex"], first["ethnicity"], first["religion"]) == ("Nam", "Thái", "Không")
    assert (first["schooling"], first["theory"], first["qualification"]) == ("upper_secondary", "Sơ cấp", "university")
    assert (first["admitted_on"], first["recognised_from"]) == (date(2015, 2, 3), date(2016, 2, 3))
    assert (first["occupation"], first["card_no"], first["dossier_no"]) == ("farmer", "93012345", "12")
    assert (second["full_name"], second["schooling"]) == ("Lò Thị Bình", "lower_secondary")
    assert "stack_count" in [code for code, _ in codes(seen.rows[1])]
    assert (second["left_on"], second["exit_kind"]) == (date(2020, 5, 5), "died")
    assert (third["left_on"], third["exit_kind"]) == (date(2021, 6, 6), "resigned")


def test_ward_list() -> None:
    """A ward's list gives birth years by sex."""
    header = ["STT", "Khu Phố", "Họ và Tên", "Năm Sinh (Nam)", "Năm Sinh (Nữ)", "Chức Danh", "Cấp Uỷ Chi Bộ", "Ghi Chú"]
    seen = preview([header, [1, "KP 1", "Lê Thị Thử", "", 1980.0, "Tổ trưởng", "", ""]])
    assert seen.profile == "ward_list"
    assert (seen.rows[0].fields["sex"], seen.rows[0].fields["birth_year"]) == ("Nữ", 1980)


def test_probation_report_and_student_cell() -> None:
    """A company's report and a student cell are known by their labels."""
    report = ["STT", "Mã nhân viên", "Họ và tên", "Ngày sinh", "Ngày kết nạp", "Hạn công nhận", "Bậc thợ"]
    assert (
        preview([report, [1, "7", "Lê Văn Thử", "1990", "03/02/2024", "03/02/2025", "3"]]).profile == "probation_report"
    )
    student = ["MSSV", "Họ tên", "Ngày sinh", "Khoa", "Lớp", "Ngày vào Đảng", "Học lớp Đảng viên mới"]
    assert preview([student, ["7", "Lê Văn Thử", "2003", "CNTT", "K1", "03/02/2024", "x"]]).profile == "student_cell"


def test_profile_is_named() -> None:
    """A person may name the layout; an unknown name is refused."""
    rows = [["STT", "Họ và tên", "Ngày sinh", "Giới tính"], [1, "Lê Văn Thử", "1990", "Nam"]]
    assert preview(rows).profile is None
    assert preview(rows, Answers(profile="ward_list")).profile == "ward_list"
    with pytest.raises(UnknownName, match="clean_up_sheet"):
        preview(rows, Answers(profile="khac"))


def test_every_profile_is_said_in_vietnamese() -> None:
    """Each layout has a title and tells what to mind."""
    assert all(profile.title and profile.note.endswith(".") for profile in load().values())


MAPPED = [
    ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "LL", "Sở thích"],
    [1, "Lê Văn Thử", "1990", "Nam", "CC", "cờ"],
]


def test_mapping_is_kept_and_used_again(tmp_path: Path) -> None:
    """What a person said of a file's columns is kept in a file of its own and read with the next one."""
    path = write_xlsx(tmp_path / "ds.xlsx", MAPPED)
    given = Answers(
        unit="CB-01",
        columns={"LL": "theory", "Sở thích": ""},
        joined="decision",
        accepted=frozenset({"ditto"}),
        words={"schooling": {"7/10": "primary"}},
        decode=False,
    )
    save_mapping(tmp_path / "map.yaml", read(path, given), given)
    kept = load_mapping(tmp_path / "map.yaml")
    assert kept.unit is None
    assert (kept.joined, kept.accepted, kept.decode) == ("decision", frozenset({"ditto"}), False)
    assert kept.columns["LL"] == "theory"
    assert kept.words["schooling"] == {"7/10": "primary"}
    assert read(path, replace(kept, unit="CB-01")).rows == read(path, given).rows
    assert "Họ và tên" in (tmp_path / "map.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "columns: {LL: lý lịch}",
        "joined: hôm qua",
        "cột: 1",
        "words: {tuổi: {a: b}}",
        "header_row: đầu",
        "- 1",
        "columns: {A: code, A: note}",
        "",
    ],
)
def test_mapping_that_says_what_it_may_not(tmp_path: Path, text: str) -> None:
    """A mapping with a mistake is refused with its line."""
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LawFileError, match="dòng 1"):
        load_mapping(tmp_path / "map.yaml")


def test_answers_given_now_win(tmp_path: Path) -> None:
    """What is said now counts before what was kept."""
    (tmp_path / "map.yaml").write_text("sheet: A\nheader_row: 3\ncolumns: {LL: theory}\n", encoding="utf-8")
    kept = load_mapping(tmp_path / "map.yaml", Answers(sheet="B", columns={"LL": "dossier_no"}))
    assert (kept.sheet, kept.header_row, kept.columns["LL"]) == ("B", 3, "dossier_no")
