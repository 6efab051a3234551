"""Who of a file is stored already, who may be, and what a file adds to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.rosters import RosterPreview, row_says
from cases.rosters.outcome.answers import Answers
from cases.values.records import Record, Roster, Unit, Value
from tests.cases.rosters.sheets import codes, notice_codes, preview

HEADER = ["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Ngày kết nạp", "Chi bộ"]
AN = ["HS-1", "Nguyễn Văn An", "05/06/1985", "Nam", "Kinh", "03/02/2010", "CB-01"]


def stored(**fields: Value) -> Roster:
    """A store with one person."""
    known: dict[str, Value] = {
        "code": "HS-1",
        "full_name": "Nguyễn Văn An",
        "born_on": date(1985, 6, 5),
        "sex": "Nam",
        "unit": "CB-01",
        **fields,
    }
    return Roster(records=(Record(str(known["code"]), known),))


def again(seen: RosterPreview, rows: list[list[Any]], answers: Answers | None = None) -> RosterPreview:
    """The same rows read once more, after those of a preview were stored and are remembered."""
    remembered = {row_says(record.fields): (record.code,) for record in seen.roster().records}
    return preview(rows, answers, seen.roster(), remembered=remembered)


def test_everybody_is_new_to_an_empty_store() -> None:
    """Without a store every row that is taken is new."""
    assert preview([HEADER, AN]).changes == {"new": 1, "changed": 0, "unchanged": 0}


def test_same_file_twice_changes_nothing() -> None:
    """Importing a file again changes nothing, whether it has codes or was given them."""
    for columns in (slice(0, None), slice(1, None)):
        rows = [HEADER[columns], AN[columns], ["HS-2", "Lò Thị Bình", "1990", "Nữ", "Thái", "", "CB-01"][columns]]
        first = preview(rows)
        assert first.changes == {"new": 2, "changed": 0, "unchanged": 0}
        second = again(first, rows)
        assert second.changes == {"new": 0, "changed": 0, "unchanged": 2}
        assert [row.record for row in second.rows] == [row.record for row in first.rows]
        assert [row.outcome for row in second.rows] == [row.outcome for row in first.rows]


def test_blanks_are_filled() -> None:
    """A file fills what is blank, and replaces nothing unasked."""
    seen = preview([HEADER, AN], None, stored(ethnicity="Tày"))
    record = seen.roster().records[0]
    assert seen.changes["changed"] == 1
    assert (record.fields["ethnicity"], record.fields["admitted_on"]) == ("Tày", date(2010, 2, 3))
    assert "kept_from_store" in notice_codes(seen)


@pytest.mark.parametrize(
    ("how", "ethnicity", "admitted"),
    [("fill", "Tày", date(2010, 2, 3)), ("keep", "Tày", None), ("replace", "Kinh", date(2010, 2, 3))],
)
def test_how_a_match_is_merged(how: Any, ethnicity: str, admitted: date | None) -> None:
    """Fill blanks, keep what is stored, or replace it: as the person says."""
    record = preview([HEADER, AN], Answers(on_match=how), stored(ethnicity="Tày")).roster().records[0]
    assert (record.fields["ethnicity"], record.fields.get("admitted_on")) == (ethnicity, admitted)


def test_a_step_that_differs_is_told_of() -> None:
    """A stored date stays; the row is told of the other."""
    seen = preview([HEADER, AN], None, stored(admitted_on=date(2011, 2, 3)))
    row = seen.rows[0]
    assert (row.outcome, codes(row)) == ("warned", [("dates_out_of_order", "admitted_on")])
    assert seen.roster().records[0].fields["admitted_on"] == date(2011, 2, 3)


def test_one_code_two_names() -> None:
    """A code that is stored with another name refuses the row, showing both."""
    row = preview([HEADER, ["HS-1", "Trần Thị Cúc", *AN[2:]]], None, stored()).rows[0]
    assert (row.outcome, codes(row)) == ("refused", [("person_mismatch", "code")])
    assert "Nguyễn Văn An" in row.why[0].remark.reason


def test_diacritics_left_out_make_no_other_person_of_a_code() -> None:
    """The same code with the name typed without diacritics is the same person."""
    row = preview([HEADER, ["HS-1", "Nguyen Van An", *AN[2:]]], None, stored()).rows[0]
    assert (row.outcome, row.change) == ("accepted", "changed")


def test_same_name_and_birth_waits_for_an_answer() -> None:
    """The same name and birth date under another code is asked about; the answer decides."""
    rows = [HEADER, ["HS-9", *AN[1:]]]
    asked = preview(rows, None, stored())
    assert (asked.rows[0].outcome, codes(asked.rows[0])) == ("confirm", [("match_maybe", "full_name")])
    assert asked.rows[0].whom == "hồ sơ HS-1"
    assert "--row 2=cung" in asked.rows[0].why[0].remark.suggestion, "the remark carries its answer"
    assert "--row 2=khac" in asked.rows[0].why[0].remark.suggestion
    assert asked.roster().records == ()
    other = preview(rows, Answers(persons={2: "other"}), stored())
    assert (other.rows[0].outcome, other.changes["new"]) == ("accepted", 1)
    same = preview(rows, Answers(persons={2: "same"}), stored())
    assert [record.code for record in same.roster().records] == ["HS-1"]
    assert same.changes["changed"] == 1


@pytest.mark.parametrize(
    ("name", "birth", "unit", "outcome"),
    [
        ("NGUYỄN VĂN AN", "05/06/1985", "CB-02", "confirm"),
        ("Nguyễn Văn Ân", "05/06/1985", "CB-01", "accepted"),
        ("Nguyên Văn An", "05/06/1985", "CB-01", "accepted"),
        ("Nguyễn Văn An", "05/06/1986", "CB-01", "accepted"),
        ("Nguyễn Văn An", "1985", "CB-01", "confirm"),
        ("Nguyễn Văn An", "1985", "CB-02", "warned"),
        ("Nguyễn Văn An", "", "CB-01", "warned"),
    ],
)
def test_who_resembles_whom(name: str, birth: str, unit: str, outcome: str) -> None:
    """Name and birth date resemble anywhere, name and year within the unit, names alone never."""
    rows = [HEADER, ["HS-9", name, birth, "Nam", "Kinh", "03/02/2010", unit]]
    assert preview(rows, None, stored()).rows[0].outcome == outcome


def test_two_in_one_file() -> None:
    """Of two rows with one name and birth date the second waits; answered, it is another or the same."""
    rows = [HEADER, AN, ["HS-2", *AN[1:4], "", "", "CB-01"]]
    rows[1][4] = ""
    asked = preview(rows)
    assert [row.outcome for row in asked.rows] == ["accepted", "confirm"]
    other = preview(rows, Answers(persons={3: "other"}))
    assert [record.code for record in other.roster().records] == ["HS-1", "HS-2"]
    assert [row.outcome for row in again(other, rows).rows] == ["accepted", "accepted"]
    rows[2][4] = "Tày"
    same = preview(rows, Answers(persons={3: "same"}))
    assert [(record.code, record.fields["ethnicity"]) for record in same.roster().records] == [("HS-1", "Tày")]


def test_one_code_twice() -> None:
    """Two rows with one code are both refused, each naming the other."""
    rows = [HEADER, AN, ["HS-1", "Lò Thị Bình", "07/08/1990", "Nữ", "Thái", "", "CB-01"]]
    first, second = preview(rows).rows
    assert (first.outcome, second.outcome) == ("refused", "refused")
    assert "dòng 3" in first.why[0].remark.reason
    assert "dòng 2" in second.why[0].remark.reason


def test_who_is_missing_from_a_file_stays() -> None:
    """A person whom the file does not mention is in no way touched."""
    rows = [HEADER, ["HS-2", "Lò Thị Bình", "07/08/1990", "Nữ", "Thái", "", "CB-01"]]
    assert [record.code for record in preview(rows, None, stored()).roster().records] == ["HS-2"]


def test_one_person_in_two_files_with_different_dates() -> None:
    """What a later file says otherwise of a step is told of and not taken."""
    first = preview([HEADER, AN])
    later = again(first, [HEADER, [*AN[:5], "04/02/2010", "CB-01"]])
    assert later.rows[0].outcome == "warned"
    assert later.changes == {"new": 0, "changed": 0, "unchanged": 1}


def test_a_birth_date_completes_a_year() -> None:
    """A whole birth date takes the place of the year that was known."""
    known = stored(birth_year=1985)
    fields = {name: value for name, value in known.records[0].fields.items() if name != "born_on"}
    seen = preview([HEADER, AN], None, Roster(records=(Record("HS-1", fields),)))
    record = seen.roster().records[0]
    assert record.fields["born_on"] == date(1985, 6, 5)
    assert "birth_year" not in record.fields


UNITS = (Unit("CB-01", "Chi bộ Thôn 1"), Unit("CB-02", "Chi bộ Thôn 2"), Unit("CB-03", "Chi bộ Thôn 2"))


@pytest.mark.parametrize(
    ("typed", "unit", "found"),
    [
        ("CB-01", "CB-01", []),
        ("cb-01", "CB-01", []),
        ("CHI BỘ THÔN 1", "CB-01", []),
        ("Chi bộ thôn 2", None, [("unit_unknown", "unit")]),
        ("Chi bộ thôn 9", None, [("unit_unknown", "unit")]),
    ],
)
def test_units_of_the_store(typed: str, unit: str | None, found: list[tuple[str, str]]) -> None:
    """A unit is found by its code or its name when one unit bears it; any other stays out."""
    row = preview([HEADER, [*AN[:6], typed]], None, Roster(units=UNITS)).rows[0]
    assert row.record is not None
    assert (row.record.fields.get("unit"), codes(row)) == (unit, found)


@pytest.mark.parametrize(("there", "first"), [("HS-1", "HS-2"), ("CB01-0099", "CB01-0100"), (None, "HS-0001")])
def test_codes_given_go_on_where_the_store_stopped(there: str | None, first: str) -> None:
    """People without codes get one each, in the order of the rows, in the pattern that the store has."""
    rows = [HEADER[1:], *([f"Nguyễn Văn {letter}", *AN[2:]] for letter in "ABC")]
    known = stored(code=there, full_name="Lò Thị Mẫu") if there else Roster()
    given = [record.code for record in preview(rows, None, known).roster().records]
    prefix, width = first.rstrip("0123456789"), len(first) - len(first.rstrip("0123456789"))
    begins = int(first.removeprefix(prefix))
    assert given == [f"{prefix}{begins + turn:0{width}}" for turn in range(3)]
