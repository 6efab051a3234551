"""The shape of sheets: where the header is, what columns mean, which rows are persons."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.rosters import HeaderNotFound
from cases.rosters.columns.labels import load
from cases.rosters.outcome.answers import Answers
from rules.loader.errors import UnknownName
from tests.cases.rosters.sheets import codes, notice_codes, preview

HEADER = ["TT", "Họ và tên", "Ngày sinh", "Giới tính"]
AN = [1, "Nguyễn Văn An", "05/06/1985", "Nam"]
BINH = [2, "Lò Thị Bình", "07/08/1990", "Nữ"]


def ignored(rows: list[Any], **more: Any) -> dict[int, str]:
    """The rows that are no persons, as shown, with what they are."""
    return {one.row: one.why for one in preview(rows, **more).ignored}


def test_header_under_titles_and_notes() -> None:
    """Titles, a motto and notes above the header are no persons."""
    rows = [
        ["ĐẢNG BỘ XÃ HOÀ BÌNH", "", "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ["CHI BỘ THÔN 3"],
        [],
        ["DANH SÁCH ĐẢNG VIÊN"],
        ["(Tính đến ngày 31/12/2024)"],
        ["* Ghi đủ các cột"],
        HEADER,
        AN,
    ]
    seen = preview(rows, Answers())
    assert seen.header_rows == (7,)
    kinds = {1: "title", 2: "title", 3: "blank", 4: "title", 5: "note", 6: "note"}
    assert {one.row: one.why for one in seen.ignored} == kinds
    offers = [one.suggestion for one in seen.notices if one.code == "unit_unnamed"]
    assert offers == ["Cho biết danh sách của chi bộ nào; có phải “CHI BỘ THÔN 3”?"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Một", "Hai"], ["ba", "bốn"]],
        [["Họ và tên", "Ghi chú"], ["Nguyễn Văn An", ""]],
        [["Ngày sinh", "Giới tính", "Dân tộc", "Tôn giáo"], ["05/06/1985", "Nam", "Kinh", ""]],
        [[]],
        [],
    ],
)
def test_no_header(rows: list[list[Any]]) -> None:
    """Three known labels and a name among them make a header; without one the file is refused."""
    with pytest.raises(HeaderNotFound, match="không có dòng tiêu đề"):
        preview(rows)


def test_header_row_is_told() -> None:
    """A person may say where the header is."""
    rows = [["Họ và tên", "Ghi chú"], ["Nguyễn Văn An", "tổ 1"]]
    seen = preview(rows, Answers(unit="CB-01", header_row=1))
    assert seen.rows[0].fields["full_name"] == "Nguyễn Văn An"


def test_title_over_the_header_is_no_upper_label() -> None:
    """A title merged over the whole width is no part of the header right below it."""
    seen = preview([["DANH SÁCH ĐẢNG VIÊN", "", "", ""], HEADER, AN], merges=[(0, 0, 0, 3)])
    assert seen.header_rows == (2,)


TWO_ROWS = [
    ["STT", "Họ và tên", "Quê quán", "", "", "Ngày, tháng, năm", "", "", "Đoàn thể", "", "Giới tính"],
    ["", "", "Quốc gia", "Tỉnh", "Chi tiết", "Sinh", "Vào Đảng", "Chính thức", "Đoàn viên TNCS", "Công đoàn", ""],
    [1, "Nguyễn Văn An", "Việt Nam", "Ninh Bình", "xã A", "05/06/1985", "03/02/2010", "03/02/2011", "", "x", "Nam"],
]


@pytest.mark.parametrize("merges", [[], [(0, 2, 0, 4), (0, 5, 0, 7), (0, 8, 0, 9), (0, 0, 1, 0), (0, 1, 1, 1)]])
def test_header_of_two_rows(merges: list[tuple[int, int, int, int]]) -> None:
    """Lower labels mean what the label above them says, whether the merge is told of or not."""
    seen = preview(TWO_ROWS, merges=merges)
    assert seen.header_rows == (1, 2)
    row = seen.rows[0]
    assert row.outcome == "accepted"
    wanted = {
        "home_town.quoc_gia": "Việt Nam",
        "home_town.tinh": "Ninh Bình",
        "home_town.chi_tiet": "xã A",
        "born_on": date(1985, 6, 5),
        "admitted_on": date(2010, 2, 3),
        "recognised_from": date(2011, 2, 3),
        "trade_union": True,
    }
    assert {name: row.fields[name] for name in wanted} == wanted


def test_name_of_a_helper_is_not_the_person() -> None:
    """“Họ tên” under “Đảng viên giúp đỡ” is the helper's."""
    rows = [
        ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Đảng viên giúp đỡ", ""],
        ["", "", "", "", "Họ tên", "Ngày phân công"],
        [*AN, "Trần Văn Cả", "01/02/2020"],
    ]
    row = preview(rows, merges=[(0, 4, 0, 5)]).rows[0]
    assert (row.fields["full_name"], row.fields["helper"]) == ("Nguyễn Văn An", "Trần Văn Cả")


@pytest.mark.parametrize(
    "label",
    ["HỌ VÀ TÊN", "Họ Và tên *", "Họ tên:", "ho va ten", "Họ\nvà tên", "Họ và tên (2)", "Ho\u0323 va\u0300 te\u0302n"],
)
def test_label_spellings(label: str) -> None:
    """Capitals, stars, notes in brackets, missing diacritics and Unicode form make no other label."""
    seen = preview([["TT", label, "Ngày sinh", "Giới tính"], AN])
    assert seen.rows[0].fields["full_name"] == "Nguyễn Văn An"


def test_order_of_columns_and_unknown_ones() -> None:
    """The order is free; a column that nobody knows is listed and not read."""
    seen = preview([["Giới tính", "Sở thích", "Ngày sinh", "Họ tên"], ["Nam", "đá bóng", "05/06/1985", "Lý Văn Ba"]])
    assert (seen.rows[0].outcome, seen.rows[0].fields["full_name"]) == ("accepted", "Lý Văn Ba")
    assert [(one.column, one.header) for one in seen.notices if one.code == "column_unread"] == [("B", "Sở thích")]
    assert [(one.letter, one.fields) for one in seen.mapping] == [
        ("A", ("sex",)),
        ("B", ()),
        ("C", ("born_on",)),
        ("D", ("full_name",)),
    ]


@pytest.mark.parametrize(
    ("label", "values", "field"),
    [
        ("DT", ["Kinh", "Tày"], "ethnicity"),
        ("DT", ["0912345678", "0987654321"], "phone"),
        ("TG", ["Không", "Phật giáo"], "religion"),
        ("LL", ["Trung cấp", "Sơ cấp"], "theory"),
        ("LL", ["12/LL", "0034"], "dossier_no"),
        ("CC", ["038085012345", "038190012345"], "personal_id"),
        ("NS", ["05/06/1985", "1990"], "born_on"),
        ("DT", ["?", "abc"], None),
        ("LL", ["", ""], None),
    ],
)
def test_ambiguous_labels(label: str, values: list[str], field: str | None) -> None:
    """An abbreviation of two meanings is read only when the values settle which."""
    header = ["TT", "Họ và tên", "Giới tính", "Dân tộc khác", label, "Ghi chú"]
    rows = [[1, "Nguyễn Văn An", "Nam", "", values[0], ""], [2, "Lò Thị Bình", "Nữ", "", values[1], ""]]
    seen = preview([header, *rows])
    assert seen.mapping[4].fields == ((field,) if field else ())
    assert ("header_ambiguous" in notice_codes(seen)) is (field is None)


def test_meaning_is_told() -> None:
    """A person settles a column by its letter or its header, or has it left unread."""
    rows = [[*HEADER, "LL", "Sở thích"], [*AN, "CC", "đá bóng"]]
    seen = preview(rows, Answers(unit="CB-01", columns={"E": "theory", "Sở thích": "note", "Giới tính": ""}))
    assert (seen.rows[0].fields["theory"], seen.rows[0].fields["note"]) == ("CC", "đá bóng")
    assert "sex" not in seen.rows[0].fields
    with pytest.raises(UnknownName, match="hobby"):
        preview(rows, Answers(columns={"F": "hobby"}))


def test_repeated_meaning_is_asked_about() -> None:
    """Two columns of one meaning are both left unread; remarks are joined."""
    rows: list[list[Any]] = [[*HEADER, "Ngày kết nạp", "Ngày lễ kết nạp", "Ghi chú (1)", "Ghi chú (2)"]]
    rows.append([*AN, "03/02/2010", "04/02/2010", "a", "b"])
    seen = preview(rows)
    assert "admitted_on" not in seen.rows[0].fields
    assert seen.rows[0].fields["note"] == "a\nb"
    assert "column_repeated" in notice_codes(seen)


def test_no_label_has_two_meanings() -> None:
    """Every label of the list is found, and finds its own field."""
    labels = load()
    for field in labels.fields.values():
        if labels.find(field.label) is None:
            assert field.kind.startswith("birth_")
            assert field.label == field.name  # found only under another label
        else:
            assert labels.find(field.label) == field


def test_rows_that_are_no_persons() -> None:
    """Column numbers, the header printed again, blank, group and total rows, and the foot."""
    rows: list[list[Any]] = [
        HEADER,
        [1, 2, 3, 4],
        ["", "I. CHI BỘ THÔN 1: 1 đồng chí (1 nam)"],
        AN,
        [],
        HEADER,
        ["", "II. CHI BỘ THÔN 2"],
        [1, *BINH[1:]],
        ["", "Tổng số: 2 đồng chí"],
        ["", "", "Hoà Bình, ngày 31 tháng 12 năm 2024"],
        ["", "NGƯỜI LẬP BIỂU", "", "T/M CHI BỘ"],
        [],
        ["", "Lê Văn Lập", "", "Trần Thị Ký"],
    ]
    assert ignored(rows) == {
        2: "column_numbers",
        3: "group",
        5: "blank",
        6: "header",
        7: "group",
        9: "total",
        10: "signature",
        11: "signature",
        12: "blank",
        13: "signature",
    }
    seen = preview(rows)
    assert [row.fields["unit"] for row in seen.rows] == ["CHI BỘ THÔN 1", "CHI BỘ THÔN 2"]
    assert notice_codes(seen) & {"count_mismatch", "numbering"} == set()


@pytest.mark.parametrize(
    "row",
    [
        ["", "TỐNG CÔNG HẬU", "05/06/1985", "Nam"],
        ["", "VI VĂN AN", "", "Nam"],
        ["", "Nguyễn Văn An", "", ""],
        ["", "", "05/06/1985", "Nam"],
        ["", "Lê Chi Bộ", "05/06/1985", "Nam"],
        [5, "Xã Thị Lan", "", ""],
        ["", "BÀN VĂN AN", "", ""],
        ["", "Xa Văn An", "", ""],
        ["", "Kỳ Văn An", "", ""],
        ["", "", "", "Nam"],
    ],
    ids=str,
)
def test_persons_that_look_like_something_else(row: list[str]) -> None:
    """A person with an odd name, or with little in the row, is still a person."""
    assert [found.row for found in preview([HEADER, AN, row]).rows] == [2, 3]


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        (["I", "CHI BỘ THÔN 1", "", ""], "CHI BỘ THÔN 1"),
        (["II.", "Chi bộ Thôn 2: 12 đồng chí", "", ""], "Chi bộ Thôn 2"),
        (["CHI BỘ THÔN 3", "", "", ""], "CHI BỘ THÔN 3"),
        (["", "TRƯỜNG MẦM NON HOA MAI", "", ""], "TRƯỜNG MẦM NON HOA MAI"),
        (["", "3/ Đảng bộ xã Hoà Bình (12 đảng viên)", "", ""], "Đảng bộ xã Hoà Bình"),
        (["B", "Trạm Y tế", "", ""], "Trạm Y tế"),
    ],
    ids=str,
)
def test_group_rows(row: list[str], unit: str) -> None:
    """A group row names the unit of the rows below it, without its numbering and its count."""
    seen = preview([HEADER, row, AN], Answers())
    assert seen.ignored[0].why == "group"
    assert seen.rows[0].fields["unit"] == unit


def test_lines_numbered_beforehand() -> None:
    """A line that holds only its running number is blank."""
    rows = [HEADER, AN, [2, "", "", ""], [3, "", "", ""], BINH]
    assert ignored(rows) == {3: "blank", 4: "blank"}


def test_foot_of_many_cells() -> None:
    """A foot with four signatures is no person, nor are the names under it."""
    feet = [["NGƯỜI LẬP", "XÁC NHẬN", "BÍ THƯ", "CHỦ TỊCH"], ["Lê A", "Lê Văn B", "Lê C", "Lê D"]]
    rows: list[list[Any]] = [HEADER, AN, *feet]
    assert ignored(rows) == {3: "signature", 4: "signature"}


def test_place_as_group() -> None:
    """A heading that is a place gives no unit."""
    rows = [HEADER, ["", "XÃ HOÀ BÌNH"], AN]
    seen = preview(rows, Answers())
    assert seen.ignored[0].why == "group"
    assert "unit" not in seen.rows[0].fields
    assert seen.rows[0].fields["area"] == "XÃ HOÀ BÌNH"
    assert {"places_unread", "unit_unnamed"} <= notice_codes(seen)


@pytest.mark.parametrize(
    ("total", "wrong"),
    [
        (["", "Tổng số: 2 người"], False),
        (["", "Tổng số: 3 người"], True),
        (["", "Cộng", 2], False),
        (["", "Tổng cộng: 2"], False),
        (["", "Tổng cộng", "", 5], True),
    ],
)
def test_totals(total: list[Any], wrong: bool) -> None:
    """A total that is not what was read is told of, with both numbers."""
    seen = preview([HEADER, AN, BINH, total])
    assert [one.why for one in seen.ignored] == ["total"]
    assert ("count_mismatch" in notice_codes(seen)) is wrong


def test_group_counts_and_numbering() -> None:
    """A group that declares more than it has, and running numbers that skip, are told of."""
    rows = [HEADER, ["", "I. CHI BỘ THÔN 1: 3 đồng chí"], AN, [4, *BINH[1:]]]
    assert {"count_mismatch", "numbering"} <= notice_codes(preview(rows))


def test_unit_of_a_merged_cell_spreads_and_nothing_else() -> None:
    """A unit merged over several rows is of each of them; a date belongs to the first."""
    rows = [
        [*HEADER, "Chi bộ", "Ngày kết nạp"],
        [*AN, "Chi bộ 1", "03/02/2010"],
        [*BINH, "", ""],
    ]
    seen = preview(rows, merges=[(1, 4, 2, 4), (1, 5, 2, 5)])
    assert [row.fields.get("unit") for row in seen.rows] == ["Chi bộ 1", "Chi bộ 1"]
    assert ["admitted_on" in row.fields for row in seen.rows] == [True, False]


def test_formulas_without_a_result() -> None:
    """A cell whose formula failed is empty and told of; a name of one refuses the row."""
    rows = [[*HEADER, "Dân tộc"], ["", "", "", "", ""], [*BINH, ""]]
    seen = preview(rows, broken={(1, 1): "#REF!", (2, 2): "", (2, 4): "#N/A"})
    assert (seen.rows[0].outcome, codes(seen.rows[0])[0]) == ("refused", ("formula_empty", "full_name"))
    assert seen.rows[1].outcome == "refused" or codes(seen.rows[1])
    assert ("formula_empty", "ethnicity") in codes(seen.rows[1])


STACK = ["Họ và tên / Ngày sinh", "Giới tính", "Dân tộc / Tôn giáo", "Ghi chú"]


@pytest.mark.parametrize(
    ("name", "group", "outcome", "found"),
    [
        ("Lò Thị Bình\n07/08/1990", "Thái\nKhông", "accepted", []),
        ("Lò Thị Bình / 07/08/1990", "Thái/Không", "accepted", []),
        ("Lò Thị Bình; 07/08/1990", "Thái; Không", "accepted", []),
        ("Lò Thị Bình\n07/08/1990", "Thái", "warned", [("stack_count", "ethnicity")]),
        ("Lò Thị Bình\n07/08/1990", "Không", "warned", [("stack_count", "ethnicity")]),
        ("Lò Thị Bình\n07/08/1990\nBí thư", "Thái\nKhông", "refused", [("stack_count", "full_name")]),
        ("07/08/1990\nLò Thị Bình", "Thái\nKhông", "warned", [("stack_count", "full_name")]),
    ],
)
def test_stacked_cells(name: str, group: str, outcome: str, found: list[tuple[str, str]]) -> None:
    """Stacked values follow the labels; fewer ones only where their type settles it; one too many refuses."""
    row = preview([STACK, [name, "Nữ", group, ""]]).rows[0]
    assert row.outcome == outcome
    assert [one for one in codes(row) if one[0] == "stack_count"] == found
    if outcome != "refused":
        assert (row.fields["full_name"], row.fields["born_on"]) == ("Lò Thị Bình", date(1990, 8, 7))


def test_fewer_values_settle_by_type_only() -> None:
    """“Không” alone is a religion, “Thái” alone a people; neither fills the other's place."""
    rows = [STACK, ["Lò Thị Bình\n07/08/1990", "Nữ", "Không", ""], ["Lò Thị Cúc\n07/08/1991", "Nữ", "Thái", ""]]
    first, second = preview(rows).rows
    assert ("ethnicity" in first.fields, first.fields["religion"]) == (False, "Không")
    assert ("religion" in second.fields, second.fields["ethnicity"]) == (False, "Thái")


def test_a_note_below_the_total_is_a_note() -> None:
    """What stands under the list is a note where it says so, a signature otherwise."""
    seen = preview([*ROWS_OF_TWO, ["Tổng số: 2 người", "", ""], ["Ghi chú: không gồm người miễn sinh hoạt", "", ""],
                    ["", "", "(đã ký)"], ["", "Nguyễn Văn Lập", ""]])  # fmt: skip
    assert [one.why for one in seen.ignored] == ["total", "note", "signature", "signature"]


ROWS_OF_TWO = [
    ["STT", "Họ và tên", "Ngày sinh"],
    ["1", "Nguyễn Văn An", "05/06/1980"],
    ["2", "Trần Thị Bình", "06/07/1985"],
]
