"""Settings that read the law in one way or the other, and what each changes in the figures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cases.values.records import (
    Course,
    Enrolment,
    Target,
    TypedFigure,
)
from engine.statistics.behind_a_figure import is_sensitive, settings_behind
from engine.statistics.counting import Run
from engine.statistics.references import Reference
from tests.engine.counting.ledgers import YEAR, D, case, ledger


@pytest.mark.parametrize(
    ("setting", "choice", "name", "before", "after"),
    [
        ("admission_date", "decision", "admission.total", 0, 1),
        ("last_day", "not_yet", "recognition.ended_not_recognised", 1, 0),
        ("participant_count", "distinct", "course.awareness.participants", 2, 1),
        ("participants", "completed", "course.awareness.participants", 2, 1),
        ("class_date", "closing", "course.awareness.classes", 2, 1),
        ("units_in_term", "open_on_last_day", "unit.grassroots_cells.in_period", 3, 2),
        ("audience_split", "exclusive", "course.awareness.participants.trade_union", 2, 1),
        ("recognition_date", "effective", "recognition.recognised", 0, 1),
        ("struck_off_row", "article_8_only", "exit.struck_off", 1, 0),
    ],
)
def test_settings_decide(setting: str, choice: str, name: str, before: int, after: int) -> None:
    """Each setting changes the figure it is about, and only when it is chosen."""
    records = (
        case("1", admission_decided_on=D(2024, 12, 20), admitted_on=D(2025, 1, 5)),
        case("2", admitted_on=D(2023, 12, 31)),
        case("3", admitted_on=D(2020, 1, 1), recognised_from=D(2024, 3, 1)),
        case("4", admitted_on=D(2022, 1, 1), left_on=D(2024, 3, 1), exit_kind="struck_off"),
    )
    courses = (
        Course("L1", "awareness", "H1", D(2024, 3, 1), D(2024, 3, 5)),
        Course("L2", "awareness", "H1", D(2024, 12, 30), D(2025, 1, 3)),
    )
    enrolments = (
        Enrolment("L1", "1", youth_union=True, trade_union=True, certified_on=D(2024, 3, 5)),
        Enrolment("L2", "1", trade_union=True),
    )
    default = ledger(*records, courses=courses, enrolments=enrolments)
    assert default.figure(name).value == before
    chosen = ledger(*records, settings={setting: choice}, courses=courses, enrolments=enrolments)
    assert chosen.figure(name).value == after


@pytest.mark.parametrize(
    ("choice", "full_years", "bands"),
    [("admission_day", 30, (1, 0)), ("as_of_day", 31, (0, 1)), ("calendar_year", 31, (0, 1))],
)
def test_the_day_of_ages(choice: str, full_years: int, bands: tuple[int, int]) -> None:
    """The age on the admission day, on the as-of day, or the year of admission less that of birth."""
    book = ledger(case("1", admitted_on=D(2024, 6, 1), born_on=D(1993, 7, 1)), settings={"age_on": choice})
    assert book.figure("admission.age.mean").value == full_years
    assert (book.figure("admission.age.18_30").value, book.figure("admission.age.31_35").value) == bands


def test_limits_that_rest_on_holidays_nobody_has_published() -> None:
    """By what is foreseen a cell is late; by what is published that is not known, and the rest is as it was."""
    run = Run(D(2027, 1, 1), D(2027, 6, 30), D(2027, 6, 30))
    people = (case("1", admitted_on=D(2026, 1, 20)), case("2", admitted_on=D(2025, 1, 20)))
    names = ("past_cell_window", "window_unknown", "ended_not_recognised")
    expected = ledger(*people, run=run)
    assert [expected.figure(f"recognition.{name}").value for name in names] == [2, 0, 2]
    published = ledger(*people, run=run, settings={"calendar": "published"})
    assert [published.figure(f"recognition.{name}").value for name in names] == [1, 1, 2]
    assert "calendar" in settings_behind(published, [Reference("recognition.past_cell_window")])
    assert "calendar" not in settings_behind(published, [Reference("recognition.ended_not_recognised")])


def test_the_mean_age_from_days_is_exact() -> None:
    """Days of age added, divided by the people and by 365.25, rounded only where it is printed."""
    people = (
        case("1", admitted_on=D(2024, 6, 1), born_on=D(1993, 7, 1)),
        case("2", admitted_on=D(2024, 2, 29), born_on=D(2000, 2, 29)),
    )
    book = ledger(*people, settings={"mean_age": "exact_days"})
    days = (D(2024, 6, 1) - D(1993, 7, 1)).days + (D(2024, 2, 29) - D(2000, 2, 29)).days
    assert book.figure("admission.age.mean").value == Fraction(days * 4, 2 * 1461)
    assert ledger(*people).figure("admission.age.mean").value == Fraction(30 + 24, 2)
    assert settings_behind(book, [Reference("admission.age.mean")]) == ["admission_date", "age_on", "mean_age"]


def test_a_part_of_a_year_against_its_part_of_the_target() -> None:
    """By months of the year within the period, exactly; by default the target of the whole year."""
    half = Run(D(2024, 1, 1), D(2024, 6, 30), D(2024, 6, 30))
    targets = (Target("A", 2024, 7), Target("H2", 2024, 4), Target("H1", 2024, 9), Target("A", 2023, 5))
    people = (case("1", admitted_on=D(2024, 3, 1)),)
    full = ledger(*people, run=half, targets=targets)
    assert [full.figure(f"admission.{name}").value for name in ("target", "target_ratio")] == [13, Fraction(100, 13)]
    part = ledger(*people, run=half, targets=targets, settings={"target_scale": "pro_rata"})
    assert part.figure("admission.target").value == Fraction(13, 2)
    assert part.figure("admission.target_ratio").value == Fraction(200, 13)
    assert part.figure("admission.target", "H2").value == 2
    both = Run(D(2023, 7, 1), D(2024, 6, 30), D(2024, 6, 30))
    assert (
        ledger(run=both, targets=targets, settings={"target_scale": "pro_rata"}).figure("admission.target").value == 9
    )


def test_who_counts_as_a_minority_is_said() -> None:
    """Without the Kinh; of a province where others are the many, without those too. Unknown is nobody's."""
    people = [
        case(str(n), admitted_on=D(2024, 3, 1), ethnicity=one) for n, one in enumerate(("Kinh", "Hoa", "Thái", "Mường"))
    ]
    people.append(case("9", admitted_on=D(2024, 3, 1)))
    counted = {
        choice: ledger(*people, settings={"minority_excludes": choice}).figure("admission.ethnic_minority").value
        for choice in ("kinh", "kinh_hoa", "kinh_thai")
    }
    assert counted == {"kinh": 3, "kinh_hoa": 2, "kinh_thai": 2}


def test_members_handed_over_with_their_unit_are_no_departures_where_that_is_chosen() -> None:
    """By default all who left; else less those typed in as handed over, and not known while nobody has typed them."""
    people = tuple(case(str(n), admitted_on=D(2020, 1, 1), moved_out_on=D(2024, 5, 5)) for n in range(3))
    chosen = {"out_includes_units": "no"}
    assert ledger(*people).figure("transfer.out").value == 3
    assert ledger(*people, settings=chosen).figure("transfer.out").left_out == ("transfer.out.with_unit",)
    handed = TypedFigure("A", "transfer.out.with_unit", YEAR.start, YEAR.end, "2")
    assert ledger(*people, settings=chosen, figures=(handed,)).figure("transfer.out").value == 1
    assert ledger(*people, settings=chosen).figure("flow.decrease").value == 3


def test_settings_and_sensitivity_are_read_from_the_conditions() -> None:
    """A table knows the settings its figures rest on, through sums and computed facts, and which tell a religion."""
    book = ledger()
    assert settings_behind(book, [Reference("admission.female"), Reference("admission.average_per_year")]) == [
        "admission_date",
        "year_count",
    ]
    assert "learner_unit" in settings_behind(book, [Reference("course.awareness.participants")])
    assert settings_behind(book, [Reference("unit.grassroots_cells")]) == []
    assert is_sensitive(book, Reference("admission.religious"))
    assert not is_sensitive(book, Reference("admission.female"))
