"""Merging the workbooks of several units: nothing gets lost or counted twice, and every disagreement is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cases.imports.joining import PairAnswers
from cases.imports.merging import Merged, Part, merge
from cases.values.records import (
    Course,
    Discipline,
    Enrolment,
    Placement,
    Record,
    Roster,
    Target,
    TypedFigure,
    Unit,
    Value,
)
from desk.counting import ledgers as desk_reports
from desk.source import open_roster
from engine.statistics.counting import Run
from rules.loader.errors import UnknownName

DATA = Path(__file__).parents[2] / "data" / "rosters"
D = dt.date
PERIOD = (D(2020, 7, 1), D(2024, 10, 31))


BORN = D(1990, 2, 3)


def person(code: str, name: str = "Nguyễn Văn An", born: dt.date | None = BORN, **fields: Value) -> Record:
    """A case."""
    more: dict[str, Value] = {"full_name": name}
    if born:
        more["born_on"] = born
    return Record(code, {**more, **fields})


def merged(*rosters: Roster) -> Merged:
    """Rosters merged under the names a, b, …"""
    return merge([Part(name, roster) for name, roster in zip("abcdefgh", rosters, strict=False)])


def kinds(result: Merged) -> list[str]:
    """What was met."""
    return [clash.kind for clash in result.clashes]


def cells_of(roster: Roster) -> list[Roster]:
    """A committee's roster as its cells would keep it, and the committee's own part."""
    parts = []
    for unit in roster.units:
        records = tuple(record for record in roster.records if record.fields["unit"] == unit.code)
        codes = {record.code for record in records}
        parts.append(
            Roster(
                records=records,
                units=(unit,),
                courses=roster.courses,
                enrolments=tuple(
                    e for e in roster.enrolments if (e.case in codes) or (e.case is None and unit.parent is None)
                ),
                targets=tuple(target for target in roster.targets if target.unit == unit.code),
                disciplines=tuple(entry for entry in roster.disciplines if entry.case in codes),
            )
        )
    return parts


def test_cells_merged_give_the_committee() -> None:
    """The cells of a committee, merged, are its roster again, and every figure is that of the whole."""
    whole = open_roster(DATA / "dang-bo-co-so.xlsx")
    result = merge([Part(f"{number}.xlsx", part) for number, part in enumerate(cells_of(whole))])
    assert result.clashes == []
    assert sorted(result.roster.records, key=lambda r: r.code) == sorted(whole.records, key=lambda r: r.code)
    assert set(result.roster.units) == set(whole.units)
    assert sorted(map(repr, result.roster.enrolments)) == sorted(map(repr, whole.enrolments))
    ours, theirs = (desk_reports.statistics(roster, *PERIOD, PERIOD[1]) for roster in (result.roster, whole))
    assert ours.values == theirs.values


def test_a_figure_is_the_sum_of_its_parts_or_the_difference_is_shown() -> None:
    """Cases add up; classes that every cell lists as well are counted once in the whole, and the difference says so."""
    whole = open_roster(DATA / "dang-bo-co-so.xlsx")
    parts = cells_of(whole)
    figures = {f.name: f for f in desk_reports.sums_of_parts(parts, whole, *PERIOD)}
    assert figures["admission.total"].added == figures["admission.total"].whole == 239
    assert figures["admission.total"].difference == 0
    classes = figures["course.awareness.classes"]
    assert (classes.added, classes.whole, classes.difference) == (17 * 16, 17, 17 - 17 * 16)
    assert "admission.age.mean" not in figures


def test_the_same_record_in_two_workbooks_counts_once() -> None:
    """Alike in both: kept once, no error."""
    result = merged(Roster(records=(person("1"),)), Roster(records=(person("1"), person("2", "Lê Bình"))))
    assert kinds(result) == ["twice"]
    assert [record.code for record in result.roster.records] == ["1", "2"]
    assert not result.clashes[0].is_error


def test_one_code_for_two_people_is_an_error() -> None:
    """Neither is renamed: the first stays, the other with what hangs on it is left out, and somebody must act."""
    first = Roster(records=(person("1"),))
    second = Roster(records=(person("1", "Lê Bình"),), disciplines=(Discipline("1", "warning", D(2024, 1, 1)),))
    result = merged(first, second)
    assert kinds(result) == ["two_people"]
    assert result.clashes[0].is_error
    assert "Lê Bình" in result.clashes[0].message
    assert result.roster.records == first.records
    assert result.roster.disciplines == ()


def test_differing_fields_are_named_and_the_first_holds() -> None:
    """The fields that differ are in the message with both values."""
    first, second = person("1", unit="A"), person("1", unit="A", admitted_on=D(2024, 5, 1))
    result = merged(Roster(records=(first,)), Roster(records=(second,)))
    assert kinds(result) == ["record"]
    assert "admitted_on: trống / 01/05/2024" in result.clashes[0].message
    assert result.roster.records == (first,)


@pytest.mark.parametrize("arrival", [D(2024, 6, 10), None])
def test_somebody_who_moved_is_one_person_in_two_places(arrival: dt.date | None) -> None:
    """Left one cell, came to the other: one record with a stay in each, whichever workbook comes first."""
    left = person("1", unit="A", admitted_on=D(2023, 5, 1), moved_out_on=D(2024, 6, 1))
    joined = person("1", unit="B", admitted_on=D(2023, 5, 1))
    if arrival:
        joined = replace(joined, fields={**joined.fields, "moved_in_on": arrival})
    begins = arrival or D(2024, 6, 1)
    for order in ((left, joined), (joined, left)):
        result = merged(*(Roster(records=(record,)) for record in order))
        assert kinds(result) == ["moved"]
        (record,) = result.roster.records
        assert record.fields["unit"] == "B"
        assert record.placements == (
            Placement("A", None, begins - dt.timedelta(days=1)),
            Placement("B", begins),
        )


def test_a_move_counts_where_somebody_belonged_on_the_day() -> None:
    """The admission stays with the old cell, the member is the new one's, the committee has no transfer at all."""
    units = (Unit("DU", level="grassroots_committee"), Unit("A", parent="DU"), Unit("B", parent="DU"))
    left = person("1", unit="A", admitted_on=D(2024, 2, 1), moved_out_on=D(2024, 6, 1))
    joined = person("1", unit="B", admitted_on=D(2024, 2, 1), moved_in_on=D(2024, 6, 1))
    result = merged(Roster(records=(left,), units=units), Roster(records=(joined,), units=units))
    figures = desk_reports.statistics(result.roster, D(2024, 1, 1), D(2024, 12, 31), D(2024, 12, 31)).by_unit
    assert [figures[unit]["admission.total"].value for unit in ("A", "B", "DU")] == [1, 0, 1]
    assert [figures[unit]["member.total"].value for unit in ("A", "B", "DU")] == [0, 1, 1]
    names = ("transfer.out", "transfer.in", "transfer.internal")
    assert [[figures[unit][name].value for name in names] for unit in ("A", "B", "DU")] == [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
    ]


def test_namesakes_are_pointed_out_and_stay() -> None:
    """Equal name and birth date under two codes: two people until somebody says otherwise."""
    result = merged(Roster(records=(person("1"),)), Roster(records=(person("2", "NGUYỄN VĂN AN"),)))
    assert kinds(result) == ["namesake"]
    assert len(result.roster.records) == 2
    assert kinds(merged(Roster(records=(person("1", born=None),)), Roster(records=(person("2", born=None),)))) == []
    linked = person("2", person_code="1")
    assert kinds(merged(Roster(records=(person("1"),)), Roster(records=(linked,)))) == ["kept_twice"]
    gone = person("1", moved_out_on=D(2024, 6, 1))
    assert kinds(merged(Roster(records=(gone,)), Roster(records=(linked,)))) == []


def answered(one: Record, other: Record, answer: str, **more: Any) -> Merged:
    """Two rows of two workbooks after an answer about them; ``more`` stands in the first workbook."""
    pair = PairAnswers({frozenset((one.code, other.code)): answer})
    parts = [Part("a", Roster(records=(one,), units=UNITS, **more)), Part("b", Roster(records=(other,), units=UNITS))]
    return merge(parts, answers=pair)


UNITS = (Unit("A", level="grassroots_cell"), Unit("B", level="grassroots_cell"))


def members(roster: Roster) -> object:
    """How many members there are, at the end of 2024."""
    run = Run(D(2024, 1, 1), D(2024, 12, 31), D(2024, 12, 31))
    return desk_reports.ledger(roster, run).figure("member.total").value


def test_a_pair_is_one_person_where_somebody_says_so() -> None:
    """Who moved becomes one record with a stay in each unit; with no move written two rows are linked and count once;
    or one row stands; what named the row that went names the one that stands. Without an answer both stay, and it is
    asked.
    """
    one = person("1", unit="A", admitted_on=D(2020, 1, 1))
    other = person("2", "NGUYỄN VĂN AN", unit="B", admitted_on=D(2020, 1, 1))
    open_ = merge([Part("a", Roster(records=(one,), units=UNITS)), Part("b", Roster(records=(other,), units=UNITS))])
    assert [(clash.kind, clash.open, clash.is_error) for clash in open_.clashes] == [("namesake", True, False)]
    assert "--pair 1+2=cung" in open_.clashes[0].message
    assert members(open_.roster) == 2
    measure = (Discipline("1", "warning", D(2023, 1, 1)),)
    left = replace(one, fields={**one.fields, "moved_out_on": D(2024, 5, 1)})
    came = replace(other, fields={**other.fields, "moved_in_on": D(2024, 5, 3)})
    moved = answered(left, came, "same", disciplines=measure)
    (record,) = moved.roster.records
    assert (record.code, [stay.unit for stay in record.placements]) == ("2", ["A", "B"])
    assert [one.case for one in moved.roster.disciplines] == ["2"]
    linked = answered(one, other, "same")
    assert [record.fields.get("person_code") for record in linked.roster.records] == ["1", "1"]
    kept = answered(one, other, "1", disciplines=measure)
    assert [record.code for record in kept.roster.records] == ["1"]
    for settled in (moved, linked, kept):
        assert kinds(settled) == ["joined"]
        assert members(settled.roster) == 1
    two = answered(one, other, "other")
    assert (kinds(two), members(two.roster)) == ([], 2)
    apart = answered(person("1", unit="A"), person("2", unit="B", person_code="1"), "other")
    assert [record.fields.get("person_code") for record in apart.roster.records] == [None, None]
    with pytest.raises(UnknownName, match="1 và 9"):
        answered(one, replace(other, code="9", fields={**other.fields, "born_on": D(1991, 1, 1)}), "same")


def test_the_same_steps_on_the_same_days_are_pointed_out() -> None:
    """Rows of other names that bear the same four steps may be one person's."""
    names = ("candidate_on", "dossier_opened_on", "admission_decided_on", "admitted_on")
    steps: dict[str, Value] = {name: D(2024, number, 1) for number, name in enumerate(names, 1)}
    one = Record("1", {"full_name": "Nguyễn Văn An", "born_on": BORN, **steps})
    two = Record("2", {"full_name": "Nguyễn Thị Khác", "born_on": D(1990, 1, 1), **steps})
    assert kinds(merged(Roster(records=(one,)), Roster(records=(two,)))) == ["same_steps"]
    fewer = replace(two, fields={name: value for name, value in two.fields.items() if name != "candidate_on"})
    assert kinds(merged(Roster(records=(one,)), Roster(records=(fewer,)))) == []


def test_units_courses_and_targets_that_differ() -> None:
    """Each is named by its key, and is an error."""
    a = Roster(units=(Unit("A", "Một"),), courses=(Course("L", "awareness"),), targets=(Target("A", 2024, 3),))
    b = replace(a, units=(Unit("A", "Hai"),), courses=(Course("L", "new_member"),), targets=(Target("A", 2024, 4),))
    result = merged(a, b)
    assert [(c.kind, c.key) for c in result.clashes] == [("unit", "A"), ("course", "L"), ("target", "A 2024")]
    assert result.roster.targets == a.targets


def test_learners_of_one_name_both_count() -> None:
    """Twice in one workbook is two people, once in each of two is one."""
    learner = Enrolment("L", None, "Lê Bình")
    twice = Roster(courses=(Course("L", "awareness"),), enrolments=(learner, learner))
    once = replace(twice, enrolments=(learner,))
    assert len(merged(twice, once).roster.enrolments) == 2
    assert len(merged(once, once).roster.enrolments) == 1


def test_typed_figures_of_two_workbooks() -> None:
    """Alike in both: kept once. Different for one unit and period: an error, the first one holds."""
    one = TypedFigure("A", "card.new", D(2024, 1, 1), D(2024, 12, 31), "3")
    other = TypedFigure("A", "card.new", D(2024, 1, 1), D(2024, 12, 31), "4")
    assert merged(Roster(figures=(one,)), Roster(figures=(one,))).roster.figures == (one,)
    clash = merged(Roster(figures=(one,)), Roster(figures=(other,)))
    assert (kinds(clash), clash.clashes[0].is_error, clash.roster.figures) == (["figure"], True, (one,))
    assert "A card.new 01/01/2024 – 31/12/2024" in clash.clashes[0].message
