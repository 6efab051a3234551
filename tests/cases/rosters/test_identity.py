"""Names, sexes and numbers of persons: what is brought into form, what is asked, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from cases.rosters.outcome.answers import Answers
from cases.rosters.rows.people import compared_name
from tests.cases.rosters.sheets import codes, person, preview

ACCEPTING = Answers(unit="CB-01", accepted=frozenset({"zero_lost", "old_id", "old_card"}))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("VÕ DIỆU OANH", "Võ Diệu Oanh"),
        ("võ diệu oanh", "Võ Diệu Oanh"),
        ("  Võ  Diệu\u00a0Oanh ", "Võ Diệu Oanh"),
        ("Võ Diệu\nOanh", "Võ Diệu Oanh"),
        ("Vo\u0303 Die\u0323\u0302u Oanh", "Võ Diệu Oanh"),
        ("V&otilde; Diệu Oanh", "Võ Diệu Oanh"),
        ("Võ Diệu\u200b Oanh", "Võ Diệu Oanh"),
        ("Ðinh Ðức", "Đinh Đức"),
        ("H'Mông Y Blô", "H'Mông Y Blô"),
        ("Y-Khoa Niê", "Y-Khoa Niê"),
        ("ÔNG ÍCH KHIÊM", "Ông Ích Khiêm"),
        ("VI VĂN AN", "Vi Văn An"),
        ("TỐNG CÔNG HẬU", "Tống Công Hậu"),
    ],
)
def test_names_in_form(typed: str, stored: str) -> None:
    """Capitals, spaces, Unicode form and Đ are brought into form without a word about the row."""
    row = person("Họ và tên", typed)
    assert (row.outcome, row.fields["full_name"]) == ("accepted", stored)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Đ/c Nguyễn Văn An", "Nguyễn Văn An"),
        ("Đ/C: Nguyễn Văn An", "Nguyễn Văn An"),
        ("Nguyễn Văn An (Bí thư)", "Nguyễn Văn An"),
        ("Nguyễn Văn An (DB)", "Nguyễn Văn An"),
        ("Nguyễn Văn An – CT", "Nguyễn Văn An"),
    ],
)
def test_names_with_something_beside(typed: str, stored: str) -> None:
    """What stands beside a name is cut off and told of; it becomes no fact."""
    row = person("Họ và tên", typed)
    assert (row.outcome, codes(row), row.fields["full_name"]) == ("warned", [("name_extra", "full_name")], stored)
    assert "admitted_on" not in row.fields


@pytest.mark.parametrize("typed", ["N", "Nguyễn Văn 2", "0912345678", "nt", "//"])
def test_bad_names(typed: str) -> None:
    """A single letter, a digit or a ditto mark is no name."""
    row = person("Họ và tên", typed)
    assert (row.outcome, codes(row)) == ("refused", [("bad_name", "full_name")])


@pytest.mark.parametrize("typed", ["Nguy?n Văn An", "Nguy\ufffdn Văn An", "Nguy□n Văn An"])
def test_broken_names(typed: str) -> None:
    """Letters that were lost on the way are never restored."""
    row = person("Họ và tên", typed)
    assert (row.outcome, codes(row)) == ("refused", [("legacy_text", "full_name")])


def test_name_missing() -> None:
    """A row with other cells filled and no name is refused."""
    row = preview([["Họ và tên", "Ngày sinh", "Giới tính"], ["", "05/06/1990", "Nữ"]]).rows[0]
    assert (row.outcome, codes(row)) == ("refused", [("missing_name", "full_name")])


@pytest.mark.parametrize("header", [["Họ đệm", "Tên"], ["Họ và tên đệm", "Tên"]])
def test_name_in_two_columns(header: list[str]) -> None:
    """Family and given name of two columns are joined; one of them alone is no name."""
    rows = [
        [*header, "Ngày sinh", "Giới tính"],
        ["NGUYỄN VĂN", "AN", "05/06/1990", "Nam"],
        ["Nguyễn", "", "1990", "Nam"],
    ]
    first, second = preview(rows).rows
    assert (first.outcome, first.fields["full_name"]) == ("accepted", "Nguyễn Văn An")
    assert second.outcome == "refused"


def test_name_spread_over_two_columns() -> None:
    """One label merged over two columns is a name in two parts."""
    rows = [["TT", "Họ và tên", "", "Ngày sinh", "Giới tính"], [1, "Nguyễn Văn", "An", "05/06/1990", "Nam"]]
    row = preview(rows, merges=[(0, 1, 0, 2)]).rows[0]
    assert (row.outcome, row.fields["full_name"]) == ("accepted", "Nguyễn Văn An")


def test_tone_position_is_no_difference_but_letters_are() -> None:
    """Hoà is Hòa; Nguyên is not Nguyễn."""
    assert compared_name("Trần Đình Hoà") == compared_name("TRẦN ĐÌNH HÒA")
    assert compared_name("Nguyễn Thuý") == compared_name("Nguyễn Thúy")
    assert compared_name("Nguyên Văn An") != compared_name("Nguyễn Văn An")


@pytest.mark.parametrize("typed", ["Nam", "NAM", "nam ", "Nữ", "NỮ", "nu"])
def test_sex_words(typed: str) -> None:
    """Nam and Nữ are taken whatever the capitals."""
    assert person("Giới tính", typed).outcome == "accepted"


@pytest.mark.parametrize("typed", ["", "x", "?", "Khác", 1.0])
def test_sex_unclear(typed: Any) -> None:
    """Neither a sign nor a middle name says who is Nam or Nữ."""
    row = person("Giới tính", typed, others={"Họ và tên": "Nguyễn Thị Thử"})
    assert (row.outcome, codes(row)) == ("warned", [("sex_unclear", "sex")])
    assert "sex" not in row.fields


@pytest.mark.parametrize(
    ("male", "female", "sex"),
    [("x", "", "Nam"), ("", "x", "Nữ"), ("X", " ", "Nam"), ("x", "x", None), ("", "", None), ("?", "", None)],
)
def test_two_mark_columns(male: str, female: str, sex: str | None) -> None:
    """Of the columns Nam and Nữ exactly one must be marked."""
    rows = [["Họ và tên", "Ngày sinh", "Nam", "Nữ"], ["Nguyễn Thị Thử", "05/06/1990", male, female]]
    row = preview(rows).rows[0]
    assert row.fields.get("sex") == sex
    assert codes(row) == ([] if sex else [("sex_unclear", "sex")])


@pytest.mark.parametrize(
    ("male", "female", "outcome", "fields"),
    [
        (1988.0, "", "warned", {"sex": "Nam", "birth_year": 1988}),
        ("", "15/02/1991", "accepted", {"sex": "Nữ"}),
        (1988.0, 1988.0, "refused", {}),
        ("", "", "warned", {}),
    ],
)
def test_birth_years_by_sex(male: Any, female: Any, outcome: str, fields: dict[str, Any]) -> None:
    """A year under Nam or Nữ gives birth and sex; under both it is nobody's."""
    rows = [["TT", "Họ và tên", "Năm sinh", ""], ["", "", "Nam", "Nữ"], [1, "Nguyễn Thị Thử", male, female]]
    row = preview(rows, merges=[(0, 2, 0, 3)]).rows[0]
    assert row.outcome == outcome
    assert {name: row.fields.get(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("raw", "code", "value", "when_accepted"),
    [
        ("038085012345", None, "038085012345", "038085012345"),
        ("038 085 012 345", None, "038085012345", "038085012345"),
        ("'038085012345", None, "038085012345", "038085012345"),
        (138085012345.0, None, "138085012345", "138085012345"),
        (38085012345.0, "zero_lost", None, "038085012345"),
        ("38085012345", "zero_lost", None, "038085012345"),
        ("3.8E+10", "digits_lost", None, None),
        ("3,8085E+10", "digits_lost", None, None),
        ("000000000000", "placeholder_id", None, None),
        ("123456789012", "placeholder_id", None, None),
        ("111111111111", "placeholder_id", None, None),
        ("03808501234", "zero_lost", None, "003808501234"),
        ("O38085012345", "bad_id", None, None),
        ("0380850l2345", "bad_id", None, None),
        ("0380", "bad_id", None, None),
        ("chưa có", None, None, None),
        ("đang làm", None, None, None),
    ],
    ids=str,
)
def test_personal_ids(raw: Any, code: str | None, value: str | None, when_accepted: str | None) -> None:
    """A personal id has twelve digits; a lost zero is proposed, lost digits stay lost."""
    others = {"Ngày sinh": "05/06/1985", "Giới tính": "Nam"}
    row = person("Số CCCD", raw, others=others)
    ids = [why.remark.code for why in row.why if why.remark.code != "id_mismatch"]
    assert ids == ([code] if code else [])
    assert row.fields.get("personal_id") == value
    assert person("Số CCCD", raw, ACCEPTING, others=others).fields.get("personal_id") == when_accepted


def test_old_id_in_the_new_column() -> None:
    """Nine digits are proposed as the old number, and go there when confirmed."""
    row = person("Số CCCD", "171234567")
    assert (row.outcome, codes(row)) == ("warned", [("old_id", "personal_id")])
    assert person("Số CCCD", "171234567", ACCEPTING).fields["old_id"] == "171234567"


def test_words_for_a_number_are_kept_as_a_note() -> None:
    """“chưa có” in a number column is no number and no mistake."""
    row = person("Số CCCD", "chưa có")
    assert (row.outcome, row.fields["note"]) == ("accepted", "Số định danh cá nhân: chưa có")


@pytest.mark.parametrize(
    ("number", "born", "sex", "wrong"),
    [
        ("038085012345", "05/06/1985", "Nam", False),
        ("038185012345", "05/06/1985", "Nữ", False),
        ("038203012345", "05/06/2003", "Nam", False),
        ("038085012345", "05/06/1986", "Nam", True),
        ("038085012345", "05/06/1985", "Nữ", True),
        ("038085012345", "1986", "Nam", True),
    ],
)
def test_id_against_birth_and_sex(number: str, born: str, sex: str, wrong: bool) -> None:
    """An id that names another year or sex is told of; neither side is mended."""
    row = person("Số CCCD", number, others={"Ngày sinh": born, "Giới tính": sex})
    assert (("id_mismatch", "personal_id") in codes(row)) is wrong
    assert (row.fields["personal_id"], row.fields["sex"]) == (number, sex)


def test_numbers_are_masked_in_reasons() -> None:
    """No reason shows a personal number whole."""
    row = person("Số CCCD", "38085012345")
    assert [why.remark.value for why in row.why] == ["********345"]


def test_shared_ids_are_refused() -> None:
    """One personal id on two rows refuses both, each naming the other."""
    header = ["Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD"]
    rows = [[f"Nguyễn Văn {letter}", "05/06/1985", "Nam", "038085012345"] for letter in "AB"]
    first, second = preview([header, *rows]).rows
    assert codes(first) == codes(second) == [("duplicate_id", "personal_id")]
    assert "dòng 3" in first.why[0].remark.reason
    assert "dòng 2" in second.why[0].remark.reason


def test_cards() -> None:
    """A card number may be the personal id; one of the old kind in the new column is proposed for the old one's."""
    same = person("Số thẻ Đảng viên", "038085012345", others={"Số CCCD": "038085012345", "Ngày sinh": "1985"})
    assert same.fields["card_no"] == same.fields["personal_id"]
    old = person("Số thẻ Đảng", "93.012345", others={"Số thẻ theo QĐ 85": ""})
    assert codes(old) == [("old_card", "card_no")]
    accepted = person("Số thẻ Đảng", "93.012345", ACCEPTING, others={"Số thẻ theo QĐ 85": ""})
    assert accepted.fields["card_no_old"] == "93012345"


@pytest.mark.parametrize(
    ("raw", "code", "value"),
    [
        ("0912 345 678", None, "0912345678"),
        (912345678.0, "zero_lost", None),
        ("0912345678; 0987654321", "many_phones", None),
    ],
)
def test_phones(raw: Any, code: str | None, value: str | None) -> None:
    """A phone may have lost its zero; two phones in a cell are not one."""
    row = person("SĐT", raw)
    assert codes(row) == ([(code, "phone")] if code else [])
    assert row.fields.get("phone") == value


def test_codes() -> None:
    """Codes lose the `.0` of a sheet and keep their zeros; a missing one refuses the row where the file has codes."""
    header = ["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính"]
    typed = [1001.0, "0012", "38.168.053.000.001", "[2].[3].[3]", ""]
    rows = [[code, f"Nguyễn Văn {letter}", "05/06/1985", "Nam"] for code, letter in zip(typed, "ABCDE", strict=True)]
    seen = preview([header, *rows]).rows
    assert [row.fields.get("code") for row in seen[:4]] == ["1001", "0012", "38.168.053.000.001", "[2].[3].[3]"]
    assert (seen[4].outcome, codes(seen[4])) == ("refused", [("missing_code", "code")])
