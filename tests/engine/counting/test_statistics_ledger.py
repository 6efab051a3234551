"""Figures at other times and within restrictions, control sums, and the cases that every count must get right."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from cases.values.records import (
    AttributeEntry,
    Discipline,
    Placement,
    Record,
    Roster,
    Target,
    TypedFigure,
    Unit,
    Value,
)
from cases.values.typed_figures import ManualFigure
from desk.counting import ledgers as desk_reports
from desk.source import open_roster
from engine.statistics.controls import failed, involved
from engine.statistics.counting import Run
from engine.statistics.references import reference, terms
from rules.loader import controls as controls_loader
from rules.loader.errors import BadInput, UnknownName
from tests.engine.counting.ledgers import ROSTERS, UNITS, YEAR, D, case, ledger
from tests.whole import WHOLE


@pytest.mark.parametrize("name", ["chi-bo-nho", "dang-bo-co-so", "son-la-6t-2024"])
@pytest.mark.parametrize(("start", "end"), [(D(2020, 7, 1), D(2024, 10, 31)), (D(2024, 1, 1), D(2024, 6, 30))])
def test_no_control_sum_fails_on_a_shipped_roster(name: str, start: dt.date, end: dt.date) -> None:
    """The figures of the shipped rosters agree with each other."""
    roster = open_roster(ROSTERS / f"{name}.xlsx")
    assert failed(desk_reports.ledger(roster, Run(start, end, end)), controls_loader.load()) == []


def test_a_failed_control_gives_both_sides() -> None:
    """An expulsion without its disciplinary decision is found, with the difference."""
    book = ledger(case("1", admitted_on=D(2020, 1, 1), left_on=D(2024, 3, 1), exit_kind="expelled"))
    (control,) = failed(book, controls_loader.load())
    assert (control.text.name, control.left, control.right, control.difference) == ("S12.expelled", 1, 0, 1)


@pytest.mark.parametrize("last_day", ["ended", "not_yet"])
@pytest.mark.parametrize("name", ["chi-bo-nho", "dang-bo-co-so"])
def test_the_overdue_come_and_go_by_what_happened(name: str, last_day: str) -> None:
    """Month by month: those overdue at its end are those of its beginning with who came less who went."""
    roster = open_roster(ROSTERS / f"{name}.xlsx")
    controls = {"S11": controls_loader.load()["S11"]}
    for year in range(2020, 2025) if WHOLE else (2020, 2024):
        for month in range(1, 13):
            start = D(year, month, 1)
            end = D(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
            book = desk_reports.ledger(roster, Run(start, end, end), settings={"last_day": last_day})
            assert failed(book, controls) == [], (year, month)
            assert book.figure("recognition.ended_not_recognised").value is not None


def test_the_opening_figure_against_what_was_reported() -> None:
    """The figure of the report sent before is typed in; another one now is a warning; without it nothing is said."""
    people = (case("1", admitted_on=D(2020, 1, 1)), case("2", admitted_on=D(2024, 5, 1)))
    assert failed(ledger(*people), {"S4": controls_loader.load()["S4"]}) == []
    eve = D(2023, 12, 31)
    for told, fails in (("1", []), ("2", ["S4"])):
        reported = (TypedFigure("T", "member.reported", eve, eve, told),)
        found = failed(ledger(*people, figures=reported), {"S4": controls_loader.load()["S4"]})
        assert [one.text.name for one in found] == fails


def test_a_failed_control_names_those_on_one_side_only() -> None:
    """Somebody expelled without a measure on record, and a measure without an exit: both are involved, nobody else."""
    gone: dict[str, Value] = {"left_on": D(2024, 5, 1), "exit_kind": "expelled", "admitted_on": D(2010, 1, 1)}
    people = (case("1", "A", **gone), case("2", "A", **gone), case("3", admitted_on=D(2010, 1, 1)))
    measures = (Discipline("1", "expulsion", D(2024, 5, 1)), Discipline("3", "expulsion", D(2024, 6, 1)))
    controls = {"S12.expelled": controls_loader.load()["S12.expelled"]}
    book = ledger(*people, disciplines=measures)
    assert failed(book, controls) == []
    (failure,) = failed(ledger(*people, disciplines=measures[:1]), controls)
    assert involved(ledger(*people, disciplines=measures[:1]), failure) == ["2"]


def test_same_period_of_the_year_before() -> None:
    """@prev moves both ends and the as-of day by a year; the end of February stays the end."""
    book = ledger(case("1", admitted_on=D(2024, 2, 29)), run=Run(D(2025, 1, 1), D(2025, 2, 28), D(2025, 2, 28)))
    assert book.figure("admission.total").value == 0
    assert book.figure("admission.total@prev").value == 1


def test_years_of_a_period_add_up() -> None:
    """[year=…] is the part of the period in that year; outside it there is nothing."""
    book = ledger(
        *(case(str(n), admitted_on=day) for n, day in enumerate([D(2023, 3, 1), D(2024, 1, 1), D(2024, 9, 1)])),
        run=Run(D(2023, 2, 1), D(2024, 8, 31), D(2024, 8, 31)),
    )
    values = [book.figure(f"admission.total[year={year}]").value for year in (2022, 2023, 2024)]
    assert values == [0, 1, 1]


def test_sectors_are_those_of_the_unit() -> None:
    """[sector=a+b] joins sectors; ? holds the people of units whose sector is not known."""
    book = ledger(
        case("1", "A", admitted_on=D(2024, 2, 1)),
        case("2", "B", admitted_on=D(2024, 6, 1)),
        case("3", "H1", admitted_on=D(2024, 6, 1)),
    )
    assert book.figure("admission.total[sector=commune+private_enterprise]").value == 2
    assert book.figure("admission.total[sector=?]").value == 1


def test_a_breakdown_counts_on_the_admission_day() -> None:
    """The occupation and the unit of new members are those of the day they were admitted, not of today."""
    record = Record(
        "1",
        {"full_name": "Người 1", "unit": "B", "occupation": "enterprise_worker", "admitted_on": D(2024, 2, 1)},
        attributes=(
            AttributeEntry("occupation", "student", D(2020, 1, 1)),
            AttributeEntry("occupation", "enterprise_worker", D(2024, 7, 1)),
        ),
        placements=(Placement("A", D(2023, 1, 1), D(2024, 6, 30)), Placement("B", D(2024, 7, 1))),
    )
    book = ledger(record)
    assert book.figure("admission.occupation.student").value == 1
    assert book.figure("admission.total", "A").value == 1
    assert book.figure("admission.total", "B").value == 0
    assert book.figure("member.total", "B").value == 1
    assert book.figure("admission.total[sector=commune]").value == 1


def test_a_move_is_internal_to_those_that_hold_both_ends() -> None:
    """A goes to C: out for A and its district, in for C and its district, internal for the province."""
    record = Record(
        "1",
        {"full_name": "Người 1", "unit": "C", "admitted_on": D(2020, 2, 1)},
        placements=(Placement("A", None, D(2024, 3, 31)), Placement("C", D(2024, 4, 1))),
    )
    book = ledger(record)
    seen = {
        unit: [book.figure(f"transfer.{way}", unit).value for way in ("in", "out", "internal")]
        for unit in ("A", "H1", "C", "H2", "T", None)
    }
    assert seen == {
        "A": [0, 1, 0],
        "H1": [0, 1, 0],
        "C": [1, 0, 0],
        "H2": [1, 0, 0],
        "T": [0, 0, 1],
        None: [0, 0, 1],
    }


def test_somebody_who_arrives_later_is_no_member_before() -> None:
    """The opening figure leaves out who only comes in the period; opening + in = closing."""
    book = ledger(case("1", admitted_on=D(2020, 1, 1), recognition_decided_on=D(2021, 3, 1), moved_in_on=D(2024, 5, 1)))
    assert [book.figure(n).value for n in ("member.opening", "transfer.in", "member.total")] == [0, 1, 1]
    assert failed(book, controls_loader.load()) == []


def test_unknown_is_neither_and_is_counted_apart() -> None:
    """Unknown ethnicity, religion, birth date and schooling are in no class, and each has a remainder."""
    book = ledger(case("1", admitted_on=D(2024, 2, 1)))
    zero = ("admission.ethnic_minority", "admission.religious", "admission.age.18_30", "admission.schooling.primary")
    assert [book.figure(name).value for name in zero] == [0, 0, 0, 0]
    rest = ("ethnic_minority", "religious", "age", "schooling", "occupation", "female")
    assert [book.figure(f"admission.{name}.unknown").value for name in rest] == [1] * 6
    assert book.figure("admission.age.mean").value is None


def test_a_typed_figure_holds_for_its_period_only() -> None:
    """A unit's own typed figure stands for those below it; another period has none, and sums say what they lack."""
    typed = [
        ManualFigure("member.restored", "A", YEAR.start, YEAR.end, 2, "tổ chức", D(2025, 1, 2), "sổ"),
        ManualFigure("member.restored", "H2", YEAR.start, YEAR.end, 3, "tổ chức", D(2025, 1, 2), "sổ"),
    ]
    book = desk_reports.ledger(Roster(units=UNITS), YEAR, None, None, typed)
    assert [book.figure("member.restored", unit).value for unit in ("A", "H1", None)] == [2, 2, 5]
    assert book.figure("flow.increase").value == 5
    later = desk_reports.ledger(Roster(units=UNITS), Run(D(2025, 1, 1), D(2025, 6, 30), D(2025, 6, 30)), typed=typed)
    assert later.figure("member.restored").value is None
    assert later.figure("flow.increase").left_out == ("member.restored",)


def test_nobody_admitted_leaves_every_ratio_without_value() -> None:
    """A base of 0 gives no percentage, never 0 or 100."""
    book = ledger(targets=(Target("A", 2024, 0),))
    names = ("admission.target_ratio", "exit.expelled.ratio_to_admitted", "admission.graduates_ratio.period")
    assert [book.figure(name).value for name in names] == [None, None, None]


def test_averages_name_what_they_divide_by() -> None:
    """793 in 40 months are 237,9 a year, and 198,25 by the calendar years touched."""
    run = Run(D(2020, 7, 1), D(2023, 10, 31), D(2023, 10, 31))
    cases_ = [case(str(n), admitted_on=D(2022, 1, 1)) for n in range(793)]
    assert ledger(*cases_, run=run).figure("admission.average_per_year").value == Fraction(12 * 793, 40)
    by_years = ledger(*cases_, run=run, settings={"year_count": "calendar_years"})
    assert by_years.figure("admission.average_per_year").value == Fraction(793, 4)


def test_discipline_of_those_admitted_in_the_period() -> None:
    """[cohort=admitted_in_period] keeps only people admitted in the period."""
    book = ledger(
        case("1", admitted_on=D(2024, 2, 1)),
        case("2", admitted_on=D(2010, 2, 1)),
        disciplines=(Discipline("1", "warning", D(2024, 8, 1)), Discipline("2", "reprimand", D(2024, 8, 1))),
    )
    assert book.figure("discipline.members.total").value == 2
    assert book.figure("discipline.members.total[cohort=admitted_in_period]").value == 1


def test_names_are_checked() -> None:
    """A name, dimension, value or setting that does not exist is refused with what there is."""
    book = ledger()
    with pytest.raises(UnknownName, match=r"admission\.total"):
        book.figure("admission.totl")
    with pytest.raises(UnknownName, match="sector"):
        book.figure("admission.total[size=big]")
    with pytest.raises(UnknownName, match="commune"):
        book.figure("admission.total[sector=village]")
    with pytest.raises(UnknownName, match="ceremony"):
        ledger(settings={"admission_date": "ceremoni"})
    for bad in ("", "Admission", "a.b[sector]", "a.b@tomorrow"):
        with pytest.raises(UnknownName):
            reference(bad)
    with pytest.raises(BadInput):
        terms("a.b c.d")


def test_equal_references_have_equal_names() -> None:
    """The order in which restrictions are written does not matter."""
    assert reference("a.b[sector=x;mode=y]@prev") == reference("a.b[mode=y;sector=x]@prev")
    assert str(reference("a.b[sector=x;mode=y]@prev")) == "a.b[mode=y;sector=x]@prev"


def test_a_year_of_birth_counts_where_every_day_gives_the_same() -> None:
    """Born some time in 1993, admitted in July 2024: 30 or 31; born in 1990: 33 or 34, one band either way."""
    book = ledger(
        case("1", birth_year=1993, admitted_on=D(2024, 7, 1)),
        case("2", birth_year=1990, admitted_on=D(2024, 7, 1)),
        case("3", admitted_on=D(2024, 7, 1)),
        case("4", born_on=D(1993, 7, 1), admitted_on=D(2024, 7, 1)),
        case("5", born_on=D(1993, 7, 2), admitted_on=D(2024, 7, 1)),
    )
    assert [book.figure(f"admission.age.{band}").value for band in ("18_30", "31_35", "unknown")] == [1, 2, 2]
    assert sorted(member.code for member in book.people("admission.age.unknown")) == ["1", "3"]
    assert book.figure("admission.age.mean").denominator == 2
    assert failed(book, controls_loader.load()) == []


def test_born_on_a_leap_day_and_the_edges_of_the_bands() -> None:
    """Born 29/02 has the birthday on 28/02; 60 lasts to the day before the 61st birthday."""
    book = ledger(
        case("1", born_on=D(1996, 2, 29), admitted_on=D(2024, 2, 28)),
        case("2", born_on=D(1963, 3, 2), admitted_on=D(2024, 3, 1)),
        case("3", born_on=D(1963, 3, 1), admitted_on=D(2024, 3, 1)),
        case("4", born_on=D(2006, 3, 2), admitted_on=D(2024, 3, 1)),
    )
    bands = ("18_30", "56_60", "over_60", "under_18")
    assert [book.figure(f"admission.age.{band}").value for band in bands] == [1, 1, 1, 1]
    assert [control.text.name for control in failed(book, controls_loader.load())] == ["S6.under_18"]


def test_readmission_in_one_period_is_two_admissions_of_one_person() -> None:
    """The later case has a code of its own: two events, one of them a re-admission, one person disciplined."""
    book = ledger(
        case("1", admitted_on=D(2024, 1, 5), left_on=D(2024, 3, 1), exit_kind="resigned"),
        case("2", person_code="1", previous_exit_on=D(2024, 3, 1), admitted_on=D(2024, 12, 1)),
        disciplines=(Discipline("1", "warning", D(2024, 2, 1)), Discipline("2", "reprimand", D(2024, 12, 20))),
    )
    names = ("admission.total", "admission.readmitted", "exit.resigned", "member.total")
    assert [book.figure(name).value for name in names] == [2, 1, 1, 1]
    assert [book.figure(f"discipline.members.{name}").value for name in ("total", "persons")] == [2, 1]


def test_a_delay_of_years_is_still_there_and_leavers_are_not() -> None:
    """Six years late still counts; struck off in the period left the stock and is an exit during probation."""
    book = ledger(
        case("1", admitted_on=D(2017, 1, 1)),
        case("2", admitted_on=D(2022, 1, 1), left_on=D(2024, 5, 1), exit_kind="struck_off"),
        case("3", admitted_on=D(2022, 1, 1), moved_out_on=D(2024, 12, 30)),
        case("4", admitted_on=D(2023, 12, 31)),
        case("5", admitted_on=D(2024, 1, 1)),
    )
    assert book.figure("recognition.ended_not_recognised").value == 2
    assert book.figure("exit.struck_off.during_probation").value == 1
    assert book.figure("recognition.upcoming.30").value == 1
    assert book.figure("recognition.due_in_period").value == 1


def test_a_unit_that_changed_its_kind_counts_once_in_its_last() -> None:
    """A cell closed in the period and a committee opened in it: in the term both were open, on the last day one."""
    units = (
        Unit("C", "Chi bộ", "grassroots_cell", "commune", closed_on=D(2024, 6, 1)),
        Unit("K", "Đảng bộ", "grassroots_committee", "commune", opened_on=D(2024, 6, 1)),
    )
    book = desk_reports.ledger(Roster(units=units), YEAR)
    names = ("unit.grassroots_total", "unit.grassroots_cells", "unit.grassroots_cells.in_period", "unit.created")
    assert [book.figure(name).value for name in names] == [1, 0, 1, 1]
    assert book.figure("unit.net_change").value == 0
    assert failed(book, controls_loader.load()) == []
