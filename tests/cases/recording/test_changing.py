"""Records changed one thing at a time: nothing else of them moves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.changes.changing import (
    NotThere,
    entries_of,
    exited,
    moved_in,
    moved_inside,
    moved_out,
    step_on,
    with_changed_step,
    with_step,
    with_value_since,
    with_values,
    without_step,
)
from cases.changes.correcting import Correction, read_corrections
from cases.values.codes import new_codes, next_code
from cases.values.records import AttributeEntry, Placement, Record, StepEntry
from rules.loader.errors import BadInput, UnknownName
from tests.cases.stores.generated import records
from tests.whole import examples

DAY, LATER = date(2024, 1, 5), date(2024, 6, 7)
SOMEBODY = Record("HS-1", {"code": "HS-1", "full_name": "Trần Văn Mẫu", "unit": "CB-1", "schooling": "primary"})


@given(record=records("HS-1", ["CB-1"]), on=st.dates(date(1951, 1, 1), date(2100, 1, 1)))
@settings(max_examples=examples(60))
def test_a_step_more_and_taken_out_again(record: Record, on: date) -> None:
    """A step that is recorded and taken out leaves the record as it was, whatever its history."""
    entry = StepEntry("cell_met_on", on, "12-NQ", None, "thử")
    if ("cell_met_on", on) in entries_of(record):
        with pytest.raises(NotThere):
            with_step(record, entry)
        return
    more = with_step(record, entry)
    assert entries_of(more) == {**entries_of(record), ("cell_met_on", on): entry}
    assert without_step(more, entry) == record


def test_an_earlier_step_joins_the_history() -> None:
    """The column shows the latest step of its kind, whichever was recorded last."""
    late = with_step(SOMEBODY, StepEntry("cell_voted_on", LATER))
    both = with_step(late, StepEntry("cell_voted_on", DAY))
    assert both.fields["cell_voted_on"] == LATER
    assert both.steps == (StepEntry("cell_voted_on", DAY),)


def test_a_step_on_another_day_keeps_its_papers() -> None:
    """Putting a step on the right day takes its papers along; the papers can be changed alone."""
    record = with_step(SOMEBODY, StepEntry("admitted_on", DAY, "12-QĐ", "đủ", "ghi chú"))
    change = read_corrections(["le-ket-nap"], Correction(on=LATER))
    assert entries_of(change(record)) == {
        ("admitted_on", LATER): StepEntry("admitted_on", LATER, "12-QĐ", "đủ", "ghi chú")
    }
    change = read_corrections(["le-ket-nap"], Correction(papers={"document": "13-QĐ", "note": " "}))
    assert entries_of(change(record)) == {("admitted_on", DAY): StepEntry("admitted_on", DAY, "13-QĐ", "đủ", None)}


def test_of_several_steps_one_is_meant() -> None:
    """Without a day the latest is corrected, with one that one; a day not recorded is refused with those that are."""
    record = with_step(with_step(SOMEBODY, StepEntry("cell_voted_on", DAY)), StepEntry("cell_voted_on", LATER))
    new = date(2024, 3, 3)
    assert {on for _, on in entries_of(read_corrections(["cell_voted_on"], Correction(new))(record))} == {DAY, new}
    assert {on for _, on in entries_of(read_corrections(["cell_voted_on"], Correction(new, DAY))(record))} == {
        LATER,
        new,
    }
    with pytest.raises(NotThere, match="sổ ghi: 05/01/2024, 07/06/2024"):
        step_on(record, "cell_voted_on", new)
    with pytest.raises(NotThere, match="đã ghi"):
        with_changed_step(record, StepEntry("cell_voted_on", DAY), StepEntry("cell_voted_on", LATER))


def test_corrections_as_they_are_typed() -> None:
    """Columns by header or field, values as in a cell, an empty one empties; several in one go."""
    typed = [
        "Họ và tên=Trần Văn Ví Dụ",
        "schooling=Trung học phổ thông",
        "doan-vien-tncs=x",
        "unit=",
        "cell_met_on=5/1/2024",
    ]
    got = read_corrections(typed, Correction())(with_step(SOMEBODY, StepEntry("cell_met_on", LATER)))
    assert got.fields == {
        "code": "HS-1",
        "full_name": "Trần Văn Ví Dụ",
        "schooling": "upper_secondary",
        "youth_union": True,
        "cell_met_on": DAY,
    }
    gone = read_corrections(["cell_met_on=", "doan-vien-tncs=không"], Correction())(got)
    assert not {"cell_met_on", "youth_union"} & gone.fields.keys()


REFUSED = {
    "a code": (["Mã hồ sơ=HS-2"], "dubi case recode"),
    "a name of nothing": (["Họ và tên="], "không được để trống"),
    "no day": (["Ngày sinh=31/02/1990"], "không có trong lịch"),
    "no sign": (["le-ket-nap"], "Chưa rõ sửa gì"),
    "a code of no list": (["Trình độ học vấn=lớp chồi"], "Không có trong danh mục"),
    "papers for two": (["le-ket-nap", "cell_met_on"], "chỉ dùng khi sửa một bước"),
}


@pytest.mark.parametrize(("texts", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_corrections_that_say_nothing(texts: list[str], words: str) -> None:
    """What cannot be understood is refused in words."""
    papers = Correction(on=DAY) if len(texts) > 1 else Correction()
    with pytest.raises(BadInput, match=words):
        read_corrections(texts, papers)


def test_a_column_spelt_wrongly() -> None:
    """A wrong name of a column is asked back."""
    with pytest.raises(UnknownName, match="Có phải “Ngày sinh”"):
        read_corrections(["Ngày shinh=1/1/1990"], Correction())


def test_private_values_are_not_repeated() -> None:
    """A refusal about faith or family, or with a personal number in it, does not repeat what was typed."""
    with pytest.raises(BadInput) as refusal:
        read_corrections(["Con thứ=đứa con bí mật"], Correction())
    assert "bí mật" not in str(refusal.value)
    with pytest.raises(BadInput) as refusal:
        read_corrections(["Ngày sinh=012345678901"], Correction())
    assert "*********901" in str(refusal.value)


def test_a_value_that_came_later() -> None:
    """A value since a day keeps the one before for the days before; correcting puts the history away."""
    got = with_value_since(SOMEBODY, "schooling", "lower_secondary", DAY)
    assert got.fields["schooling"] == "lower_secondary"
    assert got.attributes == (
        AttributeEntry("schooling", "primary"),
        AttributeEntry("schooling", "lower_secondary", DAY),
    )
    earlier = with_value_since(got, "schooling", "literate", date(2020, 1, 1))
    assert earlier.fields["schooling"] == "lower_secondary"
    assert with_values(got, {"schooling": "upper_secondary"}).attributes == ()
    ended = with_value_since(with_values(SOMEBODY, {"youth_union": True}), "youth_union", None, LATER)
    assert "youth_union" not in ended.fields
    assert ended.attributes[-1] == AttributeEntry("youth_union", False, LATER)


def test_moving_inside_the_book() -> None:
    """The old unit ends the day before, the new one begins; the second move closes the first."""
    once = moved_inside(SOMEBODY, "CB-2", DAY)
    assert once.fields["unit"] == "CB-2"
    assert once.placements == (Placement("CB-1", None, date(2024, 1, 4)), Placement("CB-2", DAY))
    twice = moved_inside(once, "CB-3", LATER)
    assert twice.placements[1:] == (Placement("CB-2", DAY, date(2024, 6, 6)), Placement("CB-3", LATER))
    with pytest.raises(NotThere, match="đang ở đơn vị CB-3"):
        moved_inside(twice, "CB-3", LATER)


def test_a_unit_recorded_wrongly() -> None:
    """Correcting the unit corrects the stay of now; the stays before it are left alone."""
    moved = moved_inside(SOMEBODY, "CB-2", DAY)
    assert with_values(moved, {"unit": "CB-3"}).placements == (moved.placements[0], Placement("CB-3", DAY))
    assert with_values(moved, {"unit": None}).placements == moved.placements[:1]


def test_moving_away_and_back() -> None:
    """Who goes keeps the unit that was left; who comes back takes the new one."""
    gone = moved_out(moved_inside(SOMEBODY, "CB-2", DAY), "out_of_province", StepEntry("moved_out_on", LATER, "5-GT"))
    assert (gone.fields["unit"], gone.fields["moved_to"], gone.fields["moved_out_on"]) == (
        "CB-2",
        "out_of_province",
        LATER,
    )
    assert gone.placements[-1] == Placement("CB-2", DAY, LATER)
    back = moved_in(gone, "CB-4", "Đảng bộ xã Mẫu", StepEntry("moved_in_on", date(2025, 1, 1)))
    assert (back.fields["unit"], back.fields["moved_from"]) == ("CB-4", "Đảng bộ xã Mẫu")
    assert back.placements[-1] == Placement("CB-4", date(2025, 1, 1))
    plain = moved_in(SOMEBODY, None, "in_province", StepEntry("moved_in_on", DAY))
    assert (plain.placements, plain.fields["unit"]) == ((), "CB-1")


def test_leaving() -> None:
    """The day and the kind of leaving stand together."""
    gone = exited(SOMEBODY, "struck_off", StepEntry("left_on", DAY, "7-QĐ"))
    assert (gone.fields["left_on"], gone.fields["exit_kind"]) == (DAY, "struck_off")


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], "HS-0001"),
        (["HS-0138"], "HS-0139"),
        (["HS-9", "HS-10", "khác"], "HS-11"),
        (["A7", "HS-03", "A2"], "A8"),
        (["chưa có số"], "HS-0001"),
        (["HS-099"], "HS-100"),
    ],
)
def test_the_next_code(codes: list[str], code: str) -> None:
    """Counting goes on where the code last given stopped, with as many digits."""
    assert next_code(codes) == code


def test_no_new_code_looks_like_one_that_is_there() -> None:
    """Many at once go on one after another, past what only looks different."""
    series = new_codes(["hs-0003", "HS - 0004", "HS-0001"])
    assert [next(series) for _ in range(3)] == ["HS-0002", "HS-0005", "HS-0006"]
