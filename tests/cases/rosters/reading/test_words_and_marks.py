"""Marks, words that stand for codes, ditto signs, and what a status word does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.rosters.outcome.answers import Answers
from tests.cases.rosters.sheets import codes, notice_codes, person, preview


@pytest.mark.parametrize("sign", ["x", "X", "×", " x ", "√", "v", "1", 1.0, "có", "Có"])
def test_marks_that_say_yes(sign: Any) -> None:
    """Offices mark in many ways."""
    row = person("Đoàn viên", sign)
    assert (row.outcome, row.fields["youth_union"]) == ("accepted", True)


@pytest.mark.parametrize("sign", ["", " ", "-", "không", "0"])
def test_marks_that_say_no(sign: str) -> None:
    """An empty cell and a no are no."""
    row = person("Đoàn viên", sign)
    assert row.outcome == "accepted"
    assert "youth_union" not in row.fields


def test_unknown_mark() -> None:
    """A sign that nobody knows is neither."""
    row = person("Đoàn viên", "tạm")
    assert (row.outcome, codes(row)) == ("warned", [("unknown_mark", "youth_union")])


@pytest.mark.parametrize(
    ("typed", "stored", "code"),
    [
        ("kinh", "Kinh", None),
        ("H'Mông", "Mông", None),
        ("Tày (Thổ)", "Tày (Thổ)", "unknown_ethnicity"),
        ("-", None, None),
    ],
)
def test_ethnic_groups(typed: str, stored: str | None, code: str | None) -> None:
    """A known group is written as the list writes it; an unknown one stays as typed."""
    row = person("Dân tộc", typed)
    assert row.fields.get("ethnicity") == stored
    assert [found for found, _ in codes(row)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("typed", "stored"), [("Không", "Không"), ("0", "Không"), (0.0, "Không"), ("Phật giáo", "Phật giáo"), ("", None)]
)
def test_religion(typed: Any, stored: str | None) -> None:
    """None, a name, or unknown."""
    row = person("Tôn giáo", typed)
    assert (row.outcome, row.fields.get("religion")) == ("accepted", stored)


@pytest.mark.parametrize(
    ("header", "field", "typed", "code"),
    [
        ("Văn hoá", "schooling", "12/12", "upper_secondary"),
        ("Văn hoá", "schooling", "10/10", "upper_secondary"),
        ("Văn hoá", "schooling", "9/12", "lower_secondary"),
        ("Văn hoá", "schooling", "7/10", "lower_secondary"),
        ("Trình độ học vấn", "schooling", "Trung học phổ thông", "upper_secondary"),
        ("Chuyên môn", "qualification", "ĐH", "university"),
        ("Chuyên môn", "qualification", "CĐ", "college"),
        ("Chuyên môn", "qualification", "ThS", "master"),
        ("Chuyên môn", "qualification", "TC", "intermediate"),
        ("Chuyên môn", "qualification", "Đại học Luật", "university"),
        ("Nghề nghiệp", "occupation", "Làm ruộng", "farmer"),
        ("Nghề nghiệp", "occupation", "Sinh viên", "student"),
        ("Học hàm", "academic_title", "PGS", "associate_professor"),
    ],
)
def test_words_with_a_code(header: str, field: str, typed: str, code: str) -> None:
    """Words of the tables become codes, each by the table of its column."""
    row = person(header, typed)
    assert (row.outcome, row.fields[field]) == ("accepted", code)


@pytest.mark.parametrize(
    ("header", "field", "typed"),
    [
        ("Văn hoá", "schooling", "13/12"),
        ("Chuyên môn", "qualification", "CC"),
        ("Chuyên môn", "qualification", "khá"),
        ("Nghề nghiệp", "occupation", "buôn bán"),
    ],
)
def test_words_without_a_code(header: str, field: str, typed: str) -> None:
    """A word that no table has gives no code, and never `other`."""
    row = person(header, typed)
    assert (row.outcome, codes(row)) == ("warned", [("unknown_code", field)])
    assert field not in row.fields


def test_theory_is_no_qualification() -> None:
    """“CC” under theory is kept as it stands."""
    assert person("Lý luận chính trị", "CC").fields["theory"] == "CC"


def test_words_of_an_office() -> None:
    """An office may add words of its own."""
    answers = Answers(unit="CB-01", words={"occupation": {"Buôn bán": "other"}})
    assert person("Nghề nghiệp", "buôn bán", answers).fields["occupation"] == "other"


DITTO_HEADER = ["Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Chi bộ", "Cấp bậc"]


@pytest.mark.parametrize("sign", ["nt", "-nt-", "//", '"', "như trên"])
def test_ditto_is_a_proposal(sign: str) -> None:
    """A ditto mark is empty until it is confirmed, and then the value above."""
    rows = [
        DITTO_HEADER,
        ["Nguyễn Văn An", "05/06/1985", "Nam", "Tày", "CB-01", "3//"],
        ["Nguyễn Văn Bình", "05/07/1985", "Nam", sign, "CB-01", "2/"],
    ]
    asked = preview(rows).rows[1]
    assert (asked.outcome, codes(asked)) == ("warned", [("ditto", "ethnicity")])
    assert "ethnicity" not in asked.fields
    confirmed = preview(rows, Answers(accepted=frozenset({"ditto"}))).rows[1]
    assert (confirmed.outcome, confirmed.fields["ethnicity"]) == ("accepted", "Tày")
    assert [row.fields["rank"] for row in preview(rows).rows] == ["3//", "2/"]


@pytest.mark.parametrize(
    ("position", "outcome", "code", "field"),
    [
        (0, "refused", "bad_name", "full_name"),
        (1, "warned", "ditto", "born_on"),
        (4, "warned", "ditto", "unit"),
    ],
)
def test_ditto_never_for_who_when_where(position: int, outcome: str, code: str, field: str) -> None:
    """Not even a confirmed ditto mark repeats a name, a date or a place."""
    second: list[Any] = ["Nguyễn Văn Bình", "05/07/1985", "Nam", "Kinh", "CB-01", ""]
    second[position] = "nt"
    rows = [DITTO_HEADER, ["Nguyễn Văn An", "05/06/1985", "Nam", "Tày", "CB-01", ""], second]
    row = preview(rows, Answers(accepted=frozenset({"ditto"}))).rows[1]
    assert (row.outcome, codes(row)) == (outcome, [(code, field)])
    assert field not in row.fields


def test_ditto_under_a_group_repeats_nothing() -> None:
    """The value above must be another person's of the same group."""
    rows = [
        ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc"],
        [1, "Nguyễn Văn An", "05/06/1985", "Nam", "Tày"],
        ["", "II. CHI BỘ THÔN 2", "", "", ""],
        [1, "Nguyễn Văn Bình", "05/07/1985", "Nam", "nt"],
    ]
    row = preview(rows, Answers(unit="CB-01", accepted=frozenset({"ditto"}))).rows[1]
    assert (row.outcome, codes(row)) == ("warned", [("ditto", "ethnicity")])


MEMBER = {"Ngày kết nạp": "03/02/2010", "Ngày chính thức": "03/02/2011"}
GONE = "Ngày rời/mất/miễn SH"


@pytest.mark.parametrize(
    ("word", "day", "fields", "found"),
    [
        ("Đang sinh hoạt Đảng", "", {}, []),
        ("Chính thức", "", {}, []),
        ("Dự bị", "", {}, [("status_differs", "status")]),
        ("Miễn sinh hoạt", "05/05/2020", {"apart_since": date(2020, 5, 5)}, []),
        ("Đã chuyển sinh hoạt", "05/05/2020", {"moved_out_on": date(2020, 5, 5)}, []),
        ("Chuyển đi", "", {}, [("status_undated", "moved_out_on")]),
        ("Từ trần", "05/05/2020", {"left_on": date(2020, 5, 5), "exit_kind": "died"}, []),
        ("Khai trừ", "05/05/2020", {"left_on": date(2020, 5, 5), "exit_kind": "expelled"}, []),
        ("Xóa tên", "", {"exit_kind": "struck_off"}, [("status_undated", "left_on")]),
        ("Rời khỏi Đảng", "05/05/2020", {"left_on": date(2020, 5, 5)}, [("exit_kind_unknown", "exit_kind")]),
        ("Nghỉ mát", "", {}, [("status_unknown", "status")]),
    ],
)
def test_status_words(word: str, day: str, fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """The status word decides what the date beside it is; without a date or a kind the row is told of."""
    row = person("Trạng thái", word, None, others={**MEMBER, GONE: day})
    assert codes(row) == found
    own = ("apart_since", "moved_out_on", "left_on", "exit_kind")
    assert {name: row.fields[name] for name in own if name in row.fields} == fields


def test_day_of_leaving_without_a_status() -> None:
    """A day that may be of three facts is of none until the status says so."""
    row = person(GONE, "05/05/2020", None, others=MEMBER)
    assert codes(row) == [("exit_kind_unknown", "exit_kind")]
    assert row.record is not None
    assert not {"left_on", "moved_out_on"} & set(row.record.fields)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Chưa học", []),
        ("x", [("course_undated", "new_member_certified_on")]),
        ("đã học", [("course_undated", "new_member_certified_on")]),
        ("", []),
    ],
)
def test_new_member_course_in_words(typed: str, found: list[tuple[str, str]]) -> None:
    """A course attended is no certificate without its date."""
    row = person("Học lớp Đảng viên mới", typed)
    assert codes(row) == found
    assert "new_member_certified_on" not in row.fields


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ({"Ngày kết nạp": "03/02/1980"}, ["dates_out_of_order"]),  # before birth
        ({"Ngày QĐ kết nạp": "05/02/2010", "Ngày kết nạp": "03/02/2010"}, ["dates_out_of_order"]),
        ({"Ngày kết nạp": "03/02/2010", "Ngày chính thức": "03/02/2009"}, ["dates_out_of_order"]),
        ({"Ngày kết nạp": "03/02/2010", "Ngày chính thức": "04/02/2011"}, ["dates_out_of_order"]),
        ({"Ngày kết nạp": "29/02/2016", "Ngày chính thức": "28/02/2017"}, []),
        ({"Ngày kết nạp": "03/02/2010", "Ngày QĐ công nhận": "03/02/2011"}, ["dates_out_of_order"]),
        ({"Ngày kết nạp": "03/02/2010", "Ngày QĐ công nhận": "04/02/2011"}, []),
        ({**MEMBER, "Ngày cấp thẻ Đảng": "01/01/2011"}, ["dates_out_of_order"]),
        ({"Ngày kết nạp": "03/02/2010", "Ngày ra khỏi Đảng": "03/02/2009", "Hình thức ra khỏi Đảng": "Xin ra"},
         ["dates_out_of_order"]),
        ({"Ngày kết nạp": "04/06/2008"}, ["dates_out_of_order"]),  # a day short of 18
        ({"Ngày kết nạp": "05/06/2008"}, []),
        ({"Ngày kết nạp": "06/06/2051"}, ["dates_out_of_order"]),  # 61
    ],
    ids=str,
)  # fmt: skip
def test_dates_out_of_order(others: dict[str, str], found: list[str]) -> None:
    """Dates that contradict each other are both stored, and told of."""
    row = person("Ghi chú", "", None, others=others)
    assert [code for code, _ in codes(row)] == found
    assert row.outcome == ("warned" if found else "accepted")
    assert sum(isinstance(value, date) for value in row.fields.values()) == 1 + sum("Ngày" in name for name in others)


def test_dates_to_come() -> None:
    """A step after the day of reading is told of; nothing is doubted when no day is given."""
    step = {"Ngày kết nạp": "03/02/2024"}
    assert person("Ghi chú", "", None, others=step).outcome == "accepted"
    row = person("Ghi chú", "", Answers(unit="CB-01", as_of=date(2024, 2, 2)), others=step)
    assert codes(row) == [("dates_out_of_order", "admitted_on")]


def test_typed_deadline_is_only_compared() -> None:
    """A deadline of the file is never stored; a wrong one is told of."""
    right = person("Hạn công nhận", "03/02/2011", None, others={"Ngày kết nạp": "03/02/2010"})
    wrong = person("Hạn công nhận", "03/02/2012", None, others={"Ngày kết nạp": "03/02/2010"})
    assert (right.outcome, wrong.outcome) == ("accepted", "warned")
    assert right.record is not None
    assert "due_typed" not in right.record.fields


def test_day_of_joining() -> None:
    """“Ngày vào Đảng” is the ceremony, said once; another meaning can be told; beside a ceremony it is compared."""
    rows = [["Họ và tên", "Ngày sinh", "Giới tính", "Ngày vào Đảng"], ["Lò Thị Thử", "05/06/1985", "Nữ", "03/02/2010"]]
    seen = preview(rows)
    assert seen.rows[0].fields["admitted_on"] == date(2010, 2, 3)
    assert "joined_meaning" in notice_codes(seen)
    told = preview(rows, Answers(unit="CB-01", joined="decision")).rows[0]
    assert told.fields["admission_decided_on"] == date(2010, 2, 3)
    assert "admitted_on" not in told.fields
    both = person("Ngày vào Đảng", "01/02/2010", None, others={"Ngày kết nạp": "03/02/2010"})
    assert (codes(both), both.fields["admitted_on"]) == ([("dates_out_of_order", "admitted_on")], date(2010, 2, 3))


def test_list_without_any_ceremony() -> None:
    """A list without dates of the process is stored whole; nobody gets a date."""
    rows = [["Họ và tên", "Ngày sinh", "Giới tính"], ["Lò Thị Thử", "05/06/1985", "Nữ"]]
    record = preview(rows).roster().records[0]
    assert set(record.fields) == {"code", "full_name", "born_on", "sex", "unit"}


def test_private_facts_stay_out_of_reasons() -> None:
    """A reason never shows what somebody believes or whom somebody married."""
    row = person("Hôn nhân với người nước ngoài", "Hoa Kỳ")
    assert [why.remark.value for why in row.why] == [None]
