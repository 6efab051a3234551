"""The text of a thing, put together of what others have in common with it, is the JSON of its flat form."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from cases.history import snapshots
from cases.history.snapshots import LOGGED, FlatText, flatten
from cases.history.taken import SAID
from cases.values.kinds import KINDS
from cases.values.records import AttributeEntry, Placement, Record, StepEntry, Unit
from cases.workbook.read import read_workbook

DAY = dt.date(2024, 2, 3)
FIELDS: dict[str, dt.date | int | bool | str] = {
    "code": 'HS "1"\\',
    "full_name": "Lò Thị Ước\t",
    "born_on": dt.date(1990, 1, 2),
    "birth_year": 1,
    "youth_union": True,
    "admitted_on": DAY,
    "application_on": DAY,
    "helper": "x",
}
THINGS = (
    Record("HS 1"),
    Record("HS 1", FIELDS),
    Record("HS 1", {**FIELDS, "birth_year": True, "youth_union": 1}),
    Record("HS 1", FIELDS, (StepEntry("admitted_on", DAY, "12-QĐ", note="a, b: c"), StepEntry("left_on", DAY))),
    Record("HS 1", FIELDS, attributes=(AttributeEntry("helper", "An", DAY),), placements=(Placement("CB", DAY),)),
    Unit("CB", "Chi bộ", parent="DB", opened_on=DAY, few_members=True),
)


@pytest.mark.parametrize("text", [LOGGED, SAID, FlatText("; ", " = ")])
@pytest.mark.parametrize("thing", THINGS)
def test_the_text_is_the_flat_form_in_json(thing: object, text: FlatText) -> None:
    for _ in range(2):  # the second time of what is known
        assert text.of(thing) == text.spelled(flatten(thing))


def test_it_is_what_json_makes_of_it() -> None:
    for thing in THINGS:
        assert LOGGED.of(thing) == json.dumps(flatten(thing), ensure_ascii=False, separators=(",", ":"))
        assert SAID.of(thing) == json.dumps(flatten(thing), ensure_ascii=False)


def test_more_values_than_are_kept_are_said_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_MOST_SPELLED", 2)
    text = FlatText()
    for number in (*range(9), *range(9)):
        record = Record(f"HS {number}", {"code": f"HS {number}", "admitted_on": dt.date(2024, 1, 1 + number)})
        assert text.of(record) == json.dumps(flatten(record), ensure_ascii=False)


def test_so_is_all_that_the_shipped_book_holds() -> None:
    roster = read_workbook("examples/dang-bo-co-so.xlsx").roster
    assert roster.records
    for kind in KINDS.values():
        for thing in kind.of(roster):
            assert LOGGED.of(thing) == json.dumps(flatten(thing), ensure_ascii=False, separators=(",", ":"))
