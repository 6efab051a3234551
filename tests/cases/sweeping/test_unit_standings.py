"""Units that merged, closed or changed parent count where they belonged on the day: worked out by hand, and always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.changes import standings
from cases.changes.standings import Draft
from cases.history.replay import known_after
from cases.history.undo import undo
from cases.imports.laying import Known, lay
from cases.imports.saying import FileSays
from cases.store.connection import querying
from cases.store.reading import read_store
from cases.values.records import Course, Discipline, Record, Roster, Unit, UnitStanding, Value
from cases.workbook.exporting import write_workbook
from cases.workbook.read import read_workbook
from desk.answers.units import units
from desk.counting import counting as desk_counting
from desk.counting import ledgers as desk_reports
from desk.counting.counting import of_roster, of_store
from desk.question import Question
from desk.rosters import unit_tree
from engine.statistics.counting import Run
from engine.units import UnitTree
from rules.loader.errors import BadInput, UnknownName
from tests.cases.stores.test_frames import write
from tests.whole import examples

D = dt.date
DAY = D(2024, 7, 1)
YEAR = Run(D(2024, 1, 1), D(2024, 12, 31), D(2024, 12, 31))


def person(code: str, unit: str, admitted: D, **more: D | str) -> Record:
    """Somebody admitted on a day in a unit."""
    fields: dict[str, Value] = {"code": code, "full_name": f"Người {code}", "unit": unit, "born_on": D(1999, 1, 1)}
    return Record(code, {**fields, "admission_decided_on": admitted, "admitted_on": admitted, **more})


UNITS = (
    Unit("TINH", level="province"),
    Unit("A", level="grassroots_committee", parent="TINH"),
    Unit("B", level="grassroots_committee", parent="TINH"),
    Unit("A1", level="cell", parent="A"),
    Unit("A2", level="cell", parent="A"),
    Unit("B1", level="cell", parent="B"),
)
PEOPLE = (
    person("A1-truoc", "A1", D(2024, 3, 1)),
    person("A1-sau", "A1", D(2024, 9, 1)),
    person("A2-truoc", "A2", D(2024, 6, 30)),
    person("A2-dung", "A2", D(2024, 7, 1)),
    person("A2-ra", "A2", D(2023, 5, 1), left_on=D(2024, 8, 1), exit_kind="resigned"),
    person("B1-truoc", "B1", D(2023, 2, 1)),
)
ROSTER = Roster(
    PEOPLE,
    UNITS,
    courses=(
        Course("L1", "awareness", "A2", D(2024, 5, 1), D(2024, 5, 9)),
        Course("L2", "awareness", "A2", D(2024, 8, 1), D(2024, 8, 9)),
    ),
    disciplines=(Discipline("A1-truoc", "reprimand", D(2024, 4, 1)), Discipline("A1-truoc", "warning", D(2024, 10, 1))),
)


def several(roster: Roster, names: Sequence[str], run: Run) -> dict[str, dict[str, int]]:
    """Figures of each unit, the same however they are counted."""
    ledgers = desk_reports.ledger(roster, run), desk_counting.ledger(of_roster(roster), run)
    for ledger in ledgers:
        ledger.prepare(names)
    units, found = [None, *(unit.code for unit in roster.units)], dict[str, dict[str, int]]()
    for name in names:
        one, two = ({unit or "": int(each.figure(name, unit).value or 0) for unit in units} for each in ledgers)
        assert one == two
        found[name] = {unit: number for unit, number in one.items() if number}
    return found


def figures(roster: Roster, name: str, run: Run = YEAR) -> dict[str, int]:
    """A figure of each unit."""
    return several(roster, [name], run)[name]


def recorded(url: str, *drafts: Draft) -> Roster:
    """The roster of a store after some recordings."""
    for draft in drafts:
        standings.save(url, draft)
    return read_store(url)


@pytest.fixture
def kept(file_store: str) -> str:
    """A store with two committees and their cells."""
    write(file_store, ROSTER)
    return file_store


def test_a_cell_gets_another_parent(kept: str) -> None:
    """A2 belongs to B from 1 July on: what happened there before stays with A, what happens since is B's."""
    assert figures(read_store(kept), "admission.total") == {"TINH": 4, "A": 4, "A1": 2, "A2": 2, "": 4}
    roster = recorded(kept, lambda execute: standings.moved(execute, "A2", "B", DAY))
    assert figures(roster, "admission.total") == {"TINH": 4, "A": 3, "A1": 2, "A2": 2, "B": 1, "": 4}
    assert figures(roster, "exit.resigned") == {"TINH": 1, "B": 1, "A2": 1, "": 1}
    assert figures(roster, "course.awareness.classes") == {"TINH": 2, "A": 1, "B": 1, "A2": 2, "": 2}
    assert figures(roster, "member.total") == {"TINH": 5, "A": 2, "A1": 2, "A2": 2, "B": 3, "B1": 1, "": 5}
    # On 31 December before, A2 and its one member were A's.
    assert figures(roster, "member.opening") == {"TINH": 2, "A": 1, "A2": 1, "B": 1, "B1": 1, "": 2}
    half = Run(D(2024, 1, 1), D(2024, 6, 30), D(2024, 6, 30))
    assert figures(roster, "admission.total", half) == {"TINH": 2, "A": 2, "A1": 1, "A2": 1, "": 2}
    assert figures(roster, "unit.subordinate_cells", half) == {
        "TINH": 3,
        "A": 2,
        "A1": 1,
        "A2": 1,
        "B": 1,
        "B1": 1,
        "": 3,
    }


def test_two_cells_are_merged(kept: str) -> None:
    """A1 and A2 are part of B1 from 1 July on, with their people, though nobody's own row says so."""
    roster = recorded(kept, lambda execute: standings.merged(execute, ["A1", "a2"], "B1", DAY))
    assert figures(roster, "admission.total") == {"TINH": 4, "A": 2, "A1": 1, "A2": 1, "B": 2, "B1": 2, "": 4}
    assert figures(roster, "member.total") == {"TINH": 5, "B": 5, "B1": 5, "": 5}
    assert figures(roster, "discipline.members.total") == {"TINH": 2, "A": 1, "A1": 1, "B": 1, "B1": 1, "": 2}
    assert figures(roster, "unit.subordinate_cells") == {"TINH": 1, "B": 1, "B1": 1, "": 1}
    assert figures(roster, "unit.closed") == {"TINH": 2, "A": 2, "A1": 1, "A2": 1, "": 2}
    assert [line.code for line in units(roster, Question(YEAR.end)).lines][:4] == ["TINH", "A", "B", "B1"]


def test_a_committee_is_closed(kept: str) -> None:
    """B is closed once its cell is A's: its figures of before stay, and the cell counts for A since."""
    with pytest.raises(BadInput, match="B1"):
        recorded(kept, lambda execute: standings.closed(execute, "B", DAY))
    roster = recorded(
        kept,
        lambda execute: standings.moved(execute, "B1", "A", DAY),
        lambda execute: standings.closed(execute, "B", DAY),
    )
    assert figures(roster, "member.opening") == {"TINH": 2, "A": 1, "A2": 1, "B": 1, "B1": 1, "": 2}
    assert figures(roster, "member.total") == {"TINH": 5, "A": 5, "A1": 2, "A2": 2, "B1": 1, "": 5}
    assert figures(roster, "unit.grassroots_committees") == {"TINH": 1, "A": 1, "": 1}


def test_a_merged_committee_takes_its_cells_along(kept: str) -> None:
    """The cells of a committee that is merged belong to the other, without a line of their own."""
    roster = recorded(kept, lambda execute: standings.merged(execute, ["B"], "A", DAY))
    assert figures(roster, "member.total") == {"TINH": 5, "A": 5, "A1": 2, "A2": 2, "B1": 1, "": 5}
    assert unit_tree(roster).on(DAY).with_above("B1") == ("B1", "A", "TINH")
    assert unit_tree(roster).on(DAY - dt.timedelta(days=1)).with_above("B1") == ("B1", "B", "TINH")


def test_the_store_read_into_frames(kept: str) -> None:
    """A store counted in columns knows the history of its units."""
    roster = recorded(kept, lambda execute: standings.moved(execute, "A2", "B", DAY))
    ledger = desk_counting.ledger(of_store(kept, desk_counting.facts_counted()), YEAR)
    expected = figures(roster, "admission.total")
    assert {unit: ledger.figure("admission.total", unit or None).value for unit in expected} == expected


def test_undone_and_exported(kept: str, tmp_path: object) -> None:
    """The log takes the history back and knows it of any write; the workbook loses none of it."""
    before = read_store(kept)
    roster = recorded(
        kept,
        lambda execute: standings.moved(execute, "A2", "B", DAY),
        lambda execute: standings.merged(execute, ["A1"], "A2", D(2024, 9, 1)),
    )
    history = {unit.code: unit.history for unit in roster.units if unit.history}
    assert history == {
        "A2": (UnitStanding("A"), UnitStanding("B", DAY)),
        "A1": (UnitStanding("A"), UnitStanding("A", D(2024, 9, 1), "A2")),
    }
    path = write_workbook(roster, f"{tmp_path}/so.xlsx")
    assert read_workbook(path).roster == roster
    with querying(kept) as execute:
        assert known_after(execute, 3) == roster
    undo(kept)
    undo(kept)
    assert read_store(kept) == before


def test_what_cannot_be(kept: str) -> None:
    """A circle, a day before a unit was there, a unit that is gone, a unit nobody knows."""
    first = standings.save(kept, lambda execute: standings.moved(execute, "A2", "B", DAY))
    assert first
    refused: tuple[tuple[Draft, str], ...] = (
        (lambda execute: standings.moved(execute, "B", "A2", DAY), "vòng quanh"),
        (lambda execute: standings.moved(execute, "B", "A2", D(2024, 1, 1)), "vòng quanh"),
        (lambda execute: standings.moved(execute, "A2", "B", D(2024, 8, 1)), "đã trực thuộc"),
        (lambda execute: standings.merged(execute, ["A1"], "A1", DAY), "chính nó"),
        (lambda execute: standings.merged(execute, ["TINH"], "A1", DAY), "đang ở dưới"),
    )
    for draft, words in refused:
        with pytest.raises(BadInput, match=words):
            standings.save(kept, draft)
    standings.save(kept, lambda execute: standings.merged(execute, ["A1"], "B1", DAY))
    with pytest.raises(BadInput, match="đã nhập vào B1"):
        standings.save(kept, lambda execute: standings.moved(execute, "A1", "B", D(2024, 8, 1)))
    with pytest.raises(UnknownName, match="B1"):
        standings.save(kept, lambda execute: standings.moved(execute, "B11", "A", DAY))


def test_a_file_without_the_sheet_of_history(kept: str) -> None:
    """The history stays; another parent in sheet Đơn vị corrects the last entry."""
    roster = recorded(kept, lambda execute: standings.moved(execute, "A2", "B", DAY))
    plain = replace(roster, units=tuple(replace(unit, history=()) for unit in roster.units))

    def laid(units: Roster) -> tuple[Unit, ...]:
        says = FileSays(units, {"Đơn vị": {"code", "parent"}})
        return lay(roster, says, Known(came_from_file=lambda *_: True), lambda *_: None).roster.units

    assert laid(plain) == roster.units
    other = replace(plain, units=tuple(replace(u, parent="TINH") if u.code == "A2" else u for u in plain.units))
    (one,) = set(laid(other)) - set(roster.units)
    assert one.history == (UnitStanding("A"), UnitStanding("TINH", DAY))


CODES = [f"U{number}" for number in range(9)]
_days = st.dates(D(2024, 1, 1), D(2024, 12, 31))


@st.composite
def histories(draw: st.DrawFn) -> dict[str, tuple[UnitStanding, ...]]:
    """Any history below one root: each unit stands under, or is merged into, units that come before it."""
    found = {}
    for place, code in enumerate(CODES[1:], start=1):
        others = st.sampled_from(CODES[:place])
        days = sorted(draw(st.lists(_days, unique=True, max_size=3)))
        heirs = [draw(others) if place > 1 and draw(st.booleans()) else None for _ in days]
        later = [UnitStanding(draw(others), day, heir) for day, heir in zip(days, heirs, strict=True)]
        found[code] = (UnitStanding(draw(others)), *later)
    return found


@settings(max_examples=examples(20), deadline=None)
@given(histories(), st.lists(st.tuples(st.sampled_from(CODES), _days), min_size=1, max_size=12), _days)
def test_the_whole_is_the_sum_of_its_parts(
    history: dict[str, tuple[UnitStanding, ...]], admitted: list[tuple[str, D]], day: D
) -> None:
    """Whatever becomes of units, on each day the root has what those directly below it and it itself have."""
    parents = {code: history[code][-1].parent if code in history else None for code in CODES}
    units = tuple(Unit(code, parent=parents[code], history=history.get(code, ())) for code in CODES)
    people = tuple(person(f"P{n}", unit, on) for n, (unit, on) in enumerate(admitted))
    roster = Roster(people, units)
    tree: UnitTree = unit_tree(roster)
    for on in {day, *(on for _, on in admitted)}:
        run = Run(on, on, on)
        below = tree.on(on).below[CODES[0]]
        for name, found in several(roster, ("admission.total", "member.total"), run).items():
            own = sum(
                tree.on(on).with_above(unit) == (CODES[0],)
                and (when == on if name == "admission.total" else when <= on)
                for unit, when in admitted
            )
            assert found.get(CODES[0], 0) == found.get("", 0)
            assert found.get(CODES[0], 0) == own + sum(found.get(unit, 0) for unit in below)
