"""The words that offices write are read in our own workbook as in lists; a near word is proposed, not taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.workbook import cells
from cases.workbook.read import examine
from tests.cases.rosters.sheets import codes, person, write_xlsx

WORDS = [
    ("Trình độ học vấn", "schooling", "12/12"),
    ("Trình độ học vấn", "schooling", "THPT"),
    ("Trình độ học vấn", "schooling", "9/12"),
    ("Trình độ chuyên môn", "qualification", "ĐH"),
    ("Trình độ chuyên môn", "qualification", "ĐH sư phạm"),
    ("Trình độ chuyên môn", "qualification", "Thạc sỹ"),
    ("Nghề nghiệp", "occupation", "Làm ruộng"),
    ("Nghề nghiệp", "occupation", "SV"),
]


def book(path: Path, header: str, value: str, born: str = "05/06/1990") -> Path:
    """A workbook of ours with one person."""
    header_row = ["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính", "Mã đơn vị", "Ngày kết nạp", header]
    rows = [header_row, ["1", "Lò Thị Thử", born, "Nữ", "CB-01", "", value]]
    return write_xlsx(path, rows, sheet="Hồ sơ")


def test_words_are_read_as_in_lists(tmp_path: Path) -> None:
    """Every word has the code in our workbook that it has in a list."""
    for header, field, word in WORDS:
        seen = examine(book(tmp_path / "so.xlsx", header, word))
        assert seen.refused == (), word
        assert seen.roster.records[0].fields[field] == person(header, word).fields[field], word


@pytest.mark.parametrize(("word", "meant"), [("Giáo viên", "Sinh viên"), ("Kế toán", "Học sinh")])
def test_a_word_that_may_be_a_code_is_proposed(word: str, meant: str, tmp_path: Path) -> None:
    """A teacher may be a public employee, and is no student: neither is taken unasked."""
    with pytest.raises(cells.CellError) as refusal:
        cells.parse_code(word, "occupation")
    assert "Viên chức" in str(refusal.value.details["hint"])
    assert meant not in str(refusal.value.details["hint"])
    row = person("Nghề nghiệp", word)
    assert (row.outcome, codes(row)) == ("warned", [("unknown_code", "occupation")])
    assert "occupation" not in row.fields
    assert examine(book(tmp_path / "so.xlsx", "Nghề nghiệp", word)).refused[0].code == "unknown_code"


@pytest.mark.parametrize("typed", ["1994", "05/1994"])
def test_a_birth_of_which_the_year_is_known(typed: str, tmp_path: Path) -> None:
    """A year under the day of birth is the year of birth, as in lists; the row is taken and told of."""
    seen = examine(book(tmp_path / "so.xlsx", "Nghề nghiệp", "Làm ruộng", born=typed))
    assert (seen.refused, [remark.field for remark in seen.warned if remark.row == 2]) == ((), ["born_on"])
    assert seen.roster.records[0].fields["birth_year"] == 1994
    assert "born_on" not in seen.roster.records[0].fields
