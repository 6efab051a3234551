"""Nobody becomes another, and nobody changes stage by misreading: kinds of layouts that went wrong, in other words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.rosters.columns.meanings import understand
from cases.rosters.outcome.answers import Answers
from tests.cases.rosters.sheets import codes, notice_codes, preview

HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày kết nạp", "Ngày chính thức"]
KIEN = [1, "Trần Văn Kiên", "05/06/1990", "Nam", "03/02/2020", "03/02/2021"]
HANH = [2, "Lê Thị Hạnh", "15/07/1992", "Nữ", "19/05/2021", ""]
BAO = [3, "Phạm Quốc Bảo", "25/08/1995", "Nam", "", ""]


@pytest.mark.parametrize(
    ("heading", "person", "wanted"),
    [
        ("ĐẢNG VIÊN ĐƯỢC MIỄN CÔNG TÁC, SINH HOẠT ĐẢNG", HANH, {"admitted_on": date(2021, 5, 19)}),
        ("III. Đảng viên đã chuyển sinh hoạt đi nơi khác năm 2024", HANH, {"moved_out_partly": "x"}),
        ("Đảng viên xin ra khỏi Đảng: 01 đồng chí", HANH, {"left_partly": "x", "exit_kind": "resigned"}),
        ("B. Đã từ trần", HANH, {"left_partly": "x", "exit_kind": "died"}),
        ("Đảng viên dự bị", BAO, {"admitted_partly": "x"}),
        ("CÁC ĐỒNG CHÍ ĐẢNG VIÊN CHÍNH THỨC", HANH, {"recognised_partly": "x"}),
        ("Cảm tình Đảng", BAO, {}),
    ],
)
def test_a_heading_of_a_status(heading: str, person: list[Any], wanted: dict[str, Any]) -> None:
    """It is no person and no unit; what it tells of those below it holds where their dates say nothing else."""
    seen = preview([HEADER, KIEN, ["", heading, "", "", "", ""], person], Answers())
    assert [one.why for one in seen.ignored] == ["group"]
    assert [row.fields["full_name"] for row in seen.rows] == [KIEN[1], person[1]]
    row = seen.rows[1]
    assert {name: row.fields.get(name) for name in wanted} == wanted
    assert "unit" not in row.fields
    assert (row.outcome == "warned") is any(name.endswith("_partly") for name in wanted)


def test_headings_within_headings() -> None:
    """A status within a unit leaves the unit; a new unit ends the status."""
    rows = [HEADER, ["CHI BỘ 1"], ["", "1. Chính thức"], KIEN, ["", "2. Dự bị"], HANH, ["CHI BỘ 2"], BAO]
    seen = preview(rows, Answers())
    assert [row.fields["unit"] for row in seen.rows] == ["CHI BỘ 1", "CHI BỘ 1", "CHI BỘ 2"]
    assert [row.outcome for row in seen.rows] == ["accepted"] * 3
    assert "admitted_partly" not in seen.rows[2].fields


def test_words_that_may_be_a_heading_are_no_person() -> None:
    """Words alone, without a number in a numbered list, are refused unless they begin with a family name."""
    rows = [HEADER, KIEN, ["", "Nhóm hưu trí", "", "", "", ""], ["", "Nguyễn Văn An", "", "", "", ""]]
    seen = preview(rows)
    assert [row.outcome for row in seen.rows] == ["accepted", "refused", "warned"]
    assert codes(seen.rows[1])[0] == ("maybe_heading", "full_name")


def test_another_table_to_the_right() -> None:
    """A second running number begins a table with a header of its own: its people keep their own days."""
    rows = [[*HEADER, "", "STT", "Họ và tên", "Ngày công nhận QCƯT"], [*KIEN, "", 1, "Ngô Thị Mận", "19/05/2023"]]
    first, second = preview(rows).rows
    assert (first.block, "candidate_on" in first.fields) == (1, False)
    assert (second.block, second.fields["full_name"], second.fields["candidate_on"]) == (
        2, "Ngô Thị Mận", date(2023, 5, 19),
    )  # fmt: skip


def test_a_register_with_two_lines_of_headings() -> None:
    """Persons over two rows under a header of two lines are one person each."""
    rows = [
        ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày vào Đảng"],
        ["", "Họ và tên khai sinh", "", "", "Ngày chính thức"],
        KIEN[:5],
        ["", "Trần Kiên", "", "", "03/02/2021"],
        HANH[:5],
        ["", "Lê Hạnh", "", "", ""],
    ]
    seen = preview(rows)
    assert [(row.row, row.fields["full_name"], row.fields.get("recognised_from")) for row in seen.rows] == [
        (3, "Trần Văn Kiên", date(2021, 2, 3)),
        (5, "Lê Thị Hạnh", None),
    ]
    assert [row.fields["admitted_on"] for row in seen.rows] == [date(2020, 2, 3), date(2021, 5, 19)]


@pytest.mark.parametrize(
    ("typed", "admitted"),
    [("x", "x"), ("đã kết nạp", "x"), ("2019", "2019"), ("5/2022", "05/2022"), ("Dự bị", "x"), ("43864", "x")],
)
def test_what_stands_under_admission_makes_no_candidate(typed: str, admitted: str) -> None:
    """Whatever is less than a day keeps that somebody was admitted, and is told of."""
    row = preview([HEADER, [1, "Trần Văn Kiên", "05/06/1990", "Nam", typed, ""]]).rows[0]
    assert (row.outcome, row.fields.get("admitted_partly")) == ("warned", admitted)
    assert row.record is not None
    assert row.record.fields["admitted_partly"] == admitted


def test_an_unread_column_of_admission_makes_no_candidate() -> None:
    """A heading that may mean admission and is not understood is a question, and whoever has a day there is undated."""
    header = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày kết nạp và gì đó nữa"]
    seen = preview([header, KIEN[:5], HANH[:5], [3, "Ngô Thị Mận", "01/02/1991", "Nữ", ""]])
    assert "column_asked" in notice_codes(seen)
    assert [row.fields.get("admitted_partly") for row in seen.rows] == ["x", "x", None]
    asked = next(one for one in seen.notices if one.code == "column_asked")
    assert '--column "E=Ngày kết nạp"' in asked.suggestion


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        (["Ngày được công nhận là đảng viên chính thức"], "recognised_from"),
        (["Ngày họp xét chuyển chính thức của chi bộ"], "cell_proposed_recognition_on"),
        (["Số QĐ công nhận chính thức"], "recognition_decision_no"),
        (["Kết nạp", "Ngày QĐ"], "admission_decided_on"),
        (["Ngày hết thời gian dự bị"], "due_typed"),
        (["Vợ (chồng)", "Năm sinh"], "other_person"),
        (["Đảng viên giúp đỡ", "Ngày vào Đảng"], "other_person"),
        (["Đảng viên giúp đỡ", "Họ và tên"], "helper"),
        (["Ngày chính thức dự kiến"], None),
        (["Ngày kết nạp Đoàn"], None),
    ],
)
def test_headings_are_composed(levels: list[str], field: str | None) -> None:
    """A heading means what its parts mean together; a word that nobody knows leaves it in question."""
    found, _ = understand(levels)
    assert [one.name for one in found] == ([field] if field else [])
