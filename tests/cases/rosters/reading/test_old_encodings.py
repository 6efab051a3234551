"""Text from before Unicode: TCVN3 and VNI, by font and by letters, in workbooks and in text files."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from cases.rosters import Answers, HeaderNotFound, read
from cases.rosters.encodings.legacy import _TCVN3, decode, looks_old
from cases.rosters.encodings.syllables import all_vietnamese
from tests.cases.rosters.sheets import codes, notice_codes, preview

ANSWERS = Answers(unit="CB-01")
TCVN3 = [
    ["M· hå s¬", "Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh", "D©n téc"],
    ["A01", "Hoµng Ngäc NghÜa", "26/04/1989", "Nam", "Th¸i"],
    ["A02", "L\xad¬ng ThÞ Thuû", "1990", "N÷", "Kinh"],
]
VNI = [
    ["Maõ hoà sô", "Hoï vaø teân", "Ngaøy sinh", "Giôùi tính", "Daân toäc"],
    ["A01", "Hoaøng Ngoïc Nghóa", "26/04/1989", "Nam", "Thaùi"],
    ["A02", "Löông Thò Thuûy", "1990", "Nöõ", "Kinh"],
]


def workbook(path: Path, rows: list[list[str]], font: str) -> Path:
    """A workbook set in one font."""
    with xlsxwriter.Workbook(str(path)) as book:
        form = book.add_format({"font_name": font})
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row, form)
    return path


@pytest.mark.parametrize(("rows", "font"), [(TCVN3, ".VnTime"), (TCVN3, ".VnArial"), (VNI, "VNI-Times")])
def test_font_decides(tmp_path: Path, rows: list[list[str]], font: str) -> None:
    """Text in an old font is decoded, headers too, without a word about the rows."""
    seen = read(workbook(tmp_path / "ds.xlsx", rows, font), ANSWERS)
    assert seen.rows[0].fields["full_name"] == "Hoàng Ngọc Nghĩa"
    assert seen.rows[0].outcome == "accepted"
    assert seen.rows[1].fields["sex"] == "Nữ"
    assert "legacy_font" in notice_codes(seen)


@pytest.mark.parametrize("rows", [TCVN3, VNI])
def test_letters_decide_when_every_word_becomes_vietnamese(rows: list[list[str]]) -> None:
    """Without a font a column is decoded when all of it becomes Vietnamese; what was done is asked back."""
    seen = preview(rows)
    assert [row.outcome for row in seen.rows] == ["accepted", "warned"]
    assert seen.rows[0].fields["full_name"] == "Hoàng Ngọc Nghĩa"
    assert str(seen.rows[1].fields["full_name"]).startswith("Lương Thị Th")
    assert {one.kind for one in seen.notices if one.code == "legacy_column"} == {"question"}


def test_a_name_that_stays_odd_is_refused_by_itself() -> None:
    """One name that no encoding makes Vietnamese is refused: no garbled person is made. The others are read."""
    rows = [["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính"], *([*row[:3], "Nam"] for row in TCVN3[1:])]
    rows.append(["A03", "Hoµng Qw¸§z Lµ", "1980", "Nam"])
    seen = preview(rows)
    assert [row.outcome for row in seen.rows] == ["accepted", "warned", "refused"]
    assert codes(seen.rows[2])[0] == ("legacy_text", "full_name")
    assert "legacy_undecided" in notice_codes(seen)


@pytest.mark.parametrize(
    "note", ["50 m²", "10µm", "5 µm", "37°C", "½ ngày", "Excel® 2016", "3×4 m", "± 2", "10·5", "© 2020"]
)
def test_signs_of_measure_prove_nothing(note: str) -> None:
    """Signs that are no letters make no list old: what is Vietnamese as it stands stays, in every column."""
    rows = [["Họ và tên", "Ngày sinh", "Giới tính", "Quê quán", "Ghi chú"]]
    rows += [["Bùi Hùng An", "05/06/1990", "Nam", "Hoà Bình", note], ["Vũ Thị Hoà", "07/08/1991", "Nữ", "Hoà An", ""]]
    seen = preview(rows)
    assert [row.outcome for row in seen.rows] == ["accepted", "accepted"]
    assert [row.fields["home_town"] for row in seen.rows] == ["Hoà Bình", "Hoà An"]
    assert seen.rows[0].fields["note"] == note
    assert not {"legacy_column", "legacy_undecided"} & notice_codes(seen)


def test_good_vietnamese_is_never_decoded_again() -> None:
    """In a column of old text a cell that is Vietnamese already stays, or is asked about where both are words."""
    rows = [["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính"]]
    rows += [["A1", "TrÇn V¨n Kiªn", "05/06/1990", "Nam"], ["A2", "L\xaa ThÞ H¹nh", "15/07/1992", "N÷"]]
    rows += [["A3", "Hoàng Hà", "21/10/1990", "Nam"], ["A4", "Bùi Hùng", "21/10/1991", "Nam"]]
    rows += [["A5", "Bùi Hùng", "21/10/1992", "Nữ"], ["A6", "Nguyễn Hùng", "21/10/1993", "Nam"]]
    seen = preview(rows)
    wanted = ["Trần Văn Kiên", "Lê Thị Hạnh", "Hoàng Hà", None, "Bùi Hùng", "Nguyễn Hùng"]
    assert [row.fields.get("full_name") for row in seen.rows] == wanted
    assert codes(seen.rows[3]) == [("legacy_text", "full_name")]
    assert seen.rows[1].fields["sex"] == "Nữ"
    kept = preview(rows, Answers(unit="CB-01", decode=False))
    assert kept.rows[3].fields["full_name"] == "Bùi Hùng"


def test_decoding_is_declined() -> None:
    """A person may say that nothing is to be decoded."""
    rows = [["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính"], *([*row[:3], "Nam"] for row in TCVN3[1:])]
    assert {row.outcome for row in preview(rows, Answers(decode=False)).rows} == {"refused"}
    with pytest.raises(HeaderNotFound):
        preview(TCVN3, Answers(decode=False))


def test_unicode_in_an_old_font_stays(tmp_path: Path) -> None:
    """Unicode text that only wears an old font is not decoded."""
    rows = [["Họ và tên", "Ngày sinh", "Giới tính"], ["Hoàng Ngọc Nghĩa", "1989", "Nam"], ["Vừ A Tủa", "1990", "Nam"]]
    seen = read(workbook(tmp_path / "ds.xlsx", rows, ".VnTime"), ANSWERS)
    assert [row.fields["full_name"] for row in seen.rows] == ["Hoàng Ngọc Nghĩa", "Vừ A Tủa"]


def test_capital_font(tmp_path: Path) -> None:
    """Capitals that live in the font become ordinary capitals, with the font and without it."""
    rows = [["Hä vµ tªn", "Ngµy sinh", "Giíi tÝnh"], ["nguyÔn v¨n b×nh", "26/04/1989", "Nam"]]
    seen = read(workbook(tmp_path / "ds.xlsx", rows, ".VnTimeH"), ANSWERS)
    assert seen.rows[0].fields["full_name"] == "Nguyễn Văn Bình"
    without = preview([rows[0], ["NGUYÔN V¡N B×NH", "26/04/1989", "Nam"]])
    assert without.rows[0].fields["full_name"] == "Nguyễn Văn Bình"


@pytest.mark.parametrize("rows", [TCVN3, VNI])
def test_text_file_in_eight_bits(tmp_path: Path, rows: list[list[str]]) -> None:
    """A text file that is not Unicode is decoded by its words."""
    path = tmp_path / "ds.csv"
    path.write_bytes("\n".join(";".join(row) for row in rows).encode("latin-1"))
    seen = read(path, ANSWERS)
    assert [row.fields["code"] for row in seen.rows] == ["A01", "A02"]
    assert seen.rows[0].fields["full_name"] == "Hoàng Ngọc Nghĩa"


def test_text_file_of_vietnamese_windows(tmp_path: Path) -> None:
    """Windows-1258 writes a tone after its vowel."""
    path = tmp_path / "ds.csv"
    text = "Ho\u0323 và tên;Ngày sinh;Giơ\u0301i tính\nHoàng Ngo\u0323c Nghi\u0303a;1989;Nam\n"
    path.write_bytes(text.encode("cp1258"))
    assert read(path, ANSWERS).rows[0].fields["full_name"] == "Hoàng Ngọc Nghĩa"


def test_table_of_tcvn3_is_whole() -> None:
    """Every small letter of Vietnamese has one code, and every word comes back from it."""
    letters = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđ"
    back = {letter: chr(code) for code, letter in _TCVN3.items()}
    assert set(letters) <= set(back)
    assert len(back) == len(_TCVN3)
    text = "đường về quỹ rừng ướt khuyếch"
    assert decode("".join(back.get(letter, letter) for letter in text), "tcvn3") == text


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Quỳnh Hương", "Huỳnh Thuý Uyên", "Đắk Lắk", "Ước Nguyện", "Khuất Duy Tiến", "Giàng Seo Gìn", "Quách Thuở"],
)
def test_vietnamese_words(name: str) -> None:
    """Real words are Vietnamese, and are not taken for old text."""
    assert all_vietnamese(name)


@pytest.mark.parametrize("text", ["Hoµng", "L\xad¬ng", "Nguyeãn", "Thaønh"])
def test_old_words(text: str) -> None:
    """Old text is no Vietnamese, and looks old."""
    assert not all_vietnamese(text)
    assert looks_old(text)
