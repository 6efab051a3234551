"""Every figure that two Party committees published comes out of a roster that has it; their mistakes are named."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest

from cases.values.records import Roster
from desk.counting import ledgers as desk_reports
from engine.statistics.counting import Run
from reports.forms import form_loader
from reports.forms.filling import fill
from reports.forms.model import Report
from reports.forms.occasion import Occasion
from reports.readback.reading_back import read_back
from reports.readback.reconciling import against_records, within
from reports.render import xlsx
from tests.reports import published
from tests.reports.filled import sentence, texts

UB_SETTINGS = {"year_count": "calendar_years"}
"""The source divides the admissions of three years and ten months by four."""


def _filled(roster: Roster, period: tuple[object, object], form: str, settings: dict[str, str]) -> Report:
    known = form_loader.known_form(form)
    start, end = published.KHOI if period == published.KHOI else published.UONG_BI
    ledger = desk_reports.ledger(roster, Run(start, end, end), None, settings, more=known.indicators)
    return fill(known, Occasion(ledger, roster.units, None, people=False))


@cache
def uong_bi() -> Report:
    """The form by year and sector, filled."""
    return _filled(published.uong_bi(), published.UONG_BI, "F7", UB_SETTINGS)


@cache
def khoi() -> Report:
    """The results of a year, filled."""
    return _filled(published.khoi(), published.KHOI, "F6", {})


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("F7.1", ["150", "200", "213", "230", "793", "100,00"]),
        ("F7.2a", ["62", "95", "106", "88", "351", "44,26"]),
        ("F7.2b", ["15", "13", "6", "4", "38", "4,79"]),
        ("F7.3", ["14", "21", "14", "15", "64", "8,07"]),
        ("F7.4", ["36", "45", "31", "31", "143", "18,03"]),
        ("F7.5", ["13", "20", "47", "79", "159", "20,05"]),
        ("F7.8", ["–", "–", "–", "–", "–", ""]),
    ],
)
def test_the_table_by_year_and_sector(row: str, cells: list[str]) -> None:
    """The published numbers of each line and year, and the published shares 8,07 and 18,03; no target is no 0."""
    assert texts(uong_bi(), row)[1:] == cells


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("F7.10", "198,25 đảng viên"),
        ("F7.12", "41 tổ chức cơ sở đảng (24 đảng bộ, 17 chi bộ), 304 chi bộ trực thuộc, 7.894 đảng viên"),
        ("F7.12", "thành lập mới 10 tổ chức"),
        ("F7.13", "miễn sinh hoạt là 831*"),
        ("F7.14", "THPT 6.681, THCS 1.167, Tiểu học 45"),
        ("F7.15", "Tiến sỹ 09, Thạc sỹ 483, Đại học 3.483, Cao đẳng 1.043, Trung cấp 992, CNKT/NVNV/sơ cấp 1.884"),
        ("F7.16", "Cao cấp, cử nhân 232*; Trung cấp 1.762*; Sơ cấp 4.357*"),
        ("F7.18", "15 lớp bồi dưỡng nhận thức về Đảng cho 1.077 quần chúng; cử 245* quần chúng học lớp"),
        ("F7.19", "7.105* đảng viên"),
        ("F7.20", "173/190 = 91,05%*"),
        ("F7.23", "76 đảng viên (xin ra 48;"),
        ("F7.24", "104 trường hợp (cùng thời gian của nhiệm kỳ trước 48), 22* cấp ủy viên"),
        ("F7.24", "khiển trách 83, cảnh cáo 12, cách chức 01, khai trừ 08"),
        ("F7.25", "Kiểm tra 450*, giám sát 476*"),
    ],
)
def test_the_text_of_the_city(slot: str, words: str) -> None:
    """The figures of the text, those that people typed in with their mark."""
    assert words in sentence(uong_bi(), slot)


def test_mistakes_of_the_city_are_pointed_out() -> None:
    """7,105 linked to their residence are more than can be; 7,893 by schooling leave one unknown; 104/48 is 216,7 %."""
    assert any("K18.residence" in note and "7.105 <= 7.063" in note for note in uong_bi().notes)
    assert "chưa rõ 01" in sentence(uong_bi(), "F7.14")
    assert round(100 * 104 / 48, 1) == 216.7


def test_a_ratio_to_a_headcount_of_some_units_only_is_none() -> None:
    """266 of 933 in one unit: a ratio of that unit, none of all of them, and who has not typed theirs is named."""
    known = form_loader.known_form("F7")
    roster, (start, end) = published.uong_bi(), published.UONG_BI
    own = desk_reports.ledger(roster, Run(start, end, end), "CS-1", more=known.indicators)
    figure = own.figure("member.share_of_workforce", "CS-1")
    assert (figure.numerator, figure.denominator, figure.rounded()) == (266, 933, 28.51)
    assert sentence(uong_bi(), "F7.17").endswith("đảng viên so với cán bộ, viên chức, người lao động: ….")
    assert any("mới cộng các đơn vị đã nhập; chưa nhập: DB-1" in note for note in uong_bi().notes)
    (elsewhen,) = (note for note in uong_bi().notes if note.startswith("Đã nhập cho kỳ này"))
    assert elsewhen.endswith(": Chỉ tiêu tỷ lệ kết nạp hằng năm của nghị quyết (%).")


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("F6.0", "kết nạp 269 quần chúng ưu tú vào Đảng và chuyển đảng chính thức cho 248 đảng viên dự bị"),
        ("F6.1", "151 tổ chức cơ sở đảng, trong đó có 75 đảng bộ và 76 chi bộ với tổng số 8.434 đảng viên"),
        ("F6.2", "thành lập mới 02 tổ chức"),
        ("F6.5", "Giải thể 03* tổ chức đảng"),
        ("F6.6", "Bàn giao 06* tổ chức đảng và 438* đảng viên"),
        ("F6.7", "56* đồng chí cấp ủy, bí thư, phó bí thư tại 24* chi bộ"),
        ("F6.8", "06* cán bộ học lớp Cao cấp lý luận chính trị, đăng ký 08*; 223* người"),
        ("F6.8", "637* lượt người tập huấn nghiệp vụ; 01* lớp Trung cấp lý luận chính trị với 79* học viên"),
        ("F6.9", "03 lớp bồi dưỡng lý luận chính trị cho Đối tượng kết nạp đảng với 305 học viên"),
        ("F6.9", "01 lớp dành cho sinh viên với 102 học viên"),
        ("F6.10", "03 lớp bồi dưỡng lý luận chính trị cho Đảng viên mới với 313 học viên"),
        ("F6.11", "68* đồng chí (30 năm 38*, 40 năm 25*, 45 năm 01*, 50 năm 04*"),
        ("F6.12", "259* đảng viên, đổi lại thẻ đảng viên bị hỏng cho 27* đảng viên, thẻ mất cho 05* đảng viên"),
        ("F6.13", "761 đồng chí; tiếp nhận về sinh hoạt 178 đồng chí; chuyển sinh hoạt trong nội bộ 44 đồng chí"),
        ("F6.14", "07 đảng viên từ trần; xóa tên 03 đảng viên, cho ra khỏi đảng 01 đảng viên"),
        ("F6.15", "818* trường hợp; kiểm tra 03*, giám sát 03* tổ chức cơ sở đảng; khảo sát hồ sơ 80*"),
        ("F6.16", "143/151 = 94,7%* (trong đó HTXS nhiệm vụ: 28/151 = 18,5%*)"),
        ("F6.16", "Hoàn thành nhiệm vụ: 8/151 = 5,3%*"),
        ("F6.17", "03* lớp bồi dưỡng cho đối tượng kết nạp Đảng; tổ chức 02* lớp"),
    ],
)
def test_the_results_of_the_year(slot: str, words: str) -> None:
    """Every published figure of the year; of 8/151, printed there as 5,2, the rounded 5,3."""
    assert words in sentence(khoi(), slot)
    assert not [note for note in khoi().notes if note.startswith("Số liệu không khớp")]


def _typed_table(path: Path) -> None:
    """The table by year and sector as the city's text has it: the sectors it names, a share that fits another sum."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["(từ 01/01/2020 đến 30/10/2023)"])
    sheet.append(["Lĩnh vực", "2020", "2021", "2022", "2023", "Tổng", "Tỷ lệ %"])
    for line in (
        ("Tổng số kết nạp", 150, 200, 213, 230, 793, "100"),
        ("Sự nghiệp giáo dục", 62, 95, 106, 88, 389, "48.68"),
        ("Sự nghiệp y tế", 15, 13, 6, 4, 38, None),
        ("Doanh nghiệp Nhà nước", 14, 21, 14, 15, 64, "8.07"),
        ("Đơn vị kinh tế tư nhân", 36, 45, 31, 31, 143, "18.03"),
        ("Thôn, khu dân cư", 13, 20, 47, 79, 159, None),
        ("Lực lượng vũ trang", 0, 0, 0, 0, 9, None),
        ("Sinh viên", 0, 0, 0, 0, 2, None),
        ("Khác / chưa xác định", 0, 0, 0, 0, 0, None),
    ):
        sheet.append(list(line))
    book.save(path)


def test_the_city_s_own_arithmetic(tmp_path: Path) -> None:
    """The years are 10, 6, 9 and 13 short; 389 is not 48,68 % of 793, what would fit is 386. Nothing is corrected."""
    _typed_table(tmp_path / "a.xlsx")
    read = read_back(tmp_path / "a.xlsx")
    assert read.form.name == "F7"
    found = list(within(read))
    short = {d.cell: d.message.partition("chênh ")[2] for d in found if d.kind == "sum"}
    assert list(short.values())[:4] == ["10.", "6.", "9.", "13."]
    (ratio,) = (d for d in found if d.kind == "ratio")
    assert "389/793 = 49,05, biểu ghi 48.68. Khớp với 386/793." in ratio.message
    assert {d.label for d in against_records(read, uong_bi()) if d.is_error} == {
        "Sự nghiệp giáo dục",
        "Lực lượng vũ trang",
        "Sinh viên",
        "Khác / chưa xác định",
    }


def test_our_own_table_of_the_city_has_no_difference(tmp_path: Path) -> None:
    """What the program prints agrees with the records and with itself, the remainder in a line of its own."""
    xlsx.write(uong_bi(), tmp_path / "a.xlsx")
    read = read_back(tmp_path / "a.xlsx")
    assert [*within(read), *against_records(read, uong_bi())] == []


def test_the_results_of_the_year_as_somebody_typed_them(tmp_path: Path) -> None:
    """A form of sentences is read back too: 5,2 for 8/151 is cut off, another count is an error, the rest agrees."""
    path = tmp_path / "a.xlsx"
    xlsx.write(khoi(), path)
    assert [*within(read_back(path)), *against_records(read_back(path), khoi())] == []
    book = openpyxl.load_workbook(path)
    rows = {str(row[2].value): row[3] for row in book.worksheets[0].iter_rows() if row[2].value and not row[0].value}
    rows["Hoàn thành nhiệm vụ (%)"].value = 5.2
    rows["Thẻ đảng viên cấp mới"].value = "260"
    book.save(path)
    read = read_back(path)
    assert (read.form.name, read.period) == ("F6", published.KHOI)
    found = {difference.kind: difference for difference in against_records(read, khoi())}
    assert found["cut"].message == "Biểu ghi 5.2, làm tròn từ số chính xác là 5,3."
    assert found["records"].message == "Biểu ghi 260, sổ có 259; chênh 1."
    assert found["records"].label == "F6.12, Thẻ đảng viên cấp mới"
    nobody = _filled(Roster(units=published.khoi().units), published.KHOI, "F6", {})
    assert {d.kind for d in against_records(read, nobody)} >= {"untyped", "records"}
