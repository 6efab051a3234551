"""What is counted in columns, of a roster or of a store, is what is counted one by one: figures, people, forms."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from cases.store.connection import initialise
from cases.store.reading import read_store
from cases.values.records import Course, Discipline, Enrolment, Roster, Unit
from desk.counting import counting as desk_counting
from desk.counting import ledgers as desk_reports
from desk.counting.counting import InFrames, facts_counted, of_roster, of_store
from desk.counting.population_columns import READ_BESIDES
from desk.source import open_roster
from engine.ruleset import load_ruleset
from engine.statistics.counting import Member, Run
from engine.statistics.ledger import Ledger
from engine.statistics.results import Result, result
from reports.forms import form_loader
from reports.forms.filling import fill
from reports.forms.occasion import Occasion
from rules.loader.errors import UnknownName
from tests.cases.stores.generated import rosters
from tests.cases.stores.test_frames import write
from tests.given.population import UNITS, Population
from tests.whole import WHOLE, examples, only_whole, some

DATA = Path(__file__).parents[2] / "data" / "rosters"
SMALL, LARGE, PROVINCE = (DATA / f"{name}.xlsx" for name in ("chi-bo-nho", "dang-bo-co-so", "son-la-6t-2024"))
PERIODS = (
    Run(dt.date(2024, 1, 1), dt.date(2024, 6, 30), dt.date(2024, 6, 30)),
    Run(dt.date(2020, 7, 1), dt.date(2024, 10, 31), dt.date(2024, 10, 31)),
    Run(dt.date(2025, 1, 1), dt.date(2025, 7, 15), dt.date(2026, 11, 20)),
)
OTHER_READINGS = {
    "admission_date": "decision",
    "recognition_date": "effective",
    "age_on": "as_of_day",
    "participant_count": "distinct",
    "learner_unit": "home_unit",
    "course_proof": "attended",
}
READ = facts_counted() | READ_BESIDES


@cache
def opened(file: Path) -> tuple[Roster, InFrames]:
    """A shipped roster as records and as columns."""
    roster = open_roster(file)
    return roster, of_roster(roster)


@cache
def ledgers_for(file: Path, form: str) -> tuple[Ledger, Ledger]:
    """What is counted of a shipped roster for all forms without indicators of their own, or for one that has some."""
    (roster, frames), more = opened(file), form_loader.known_form(form).indicators if form else {}
    return (
        desk_reports.ledger(roster, PERIODS[1], more=more),
        desk_counting.ledger(frames, PERIODS[1], more=more),
    )


def both(roster: Roster, frames: InFrames, run: Run, unit: str | None = None, **chosen: str) -> tuple[Result, Result]:
    """All figures by records and by columns, with the people behind all of them."""
    ledgers = (
        desk_reports.ledger(roster, run, unit, chosen),
        desk_counting.ledger(frames, run, unit, chosen),
    )
    one, two = (
        result(each, unit, [n for n, text in each.indicators.texts.items() if text.population]) for each in ledgers
    )
    return one, two


def hold(roster: Roster, frames: InFrames, run: Run, unit: str | None = None, **chosen: str) -> Result:
    """Both ways give the same figures for the whole and for every unit, and the same people in the same order."""
    one, two = both(roster, frames, run, unit, **chosen)
    assert one.values == two.values
    assert one.by_unit == two.by_unit
    for name, people in one.who.items():
        assert [said_of(m) for m in people] == [said_of(m) for m in two.who[name]], name
    return one


def said_of(member: Member) -> object:
    """What is known of somebody behind a figure; of what is nobody, its name."""
    given = {"admissions", "admissions_target"}
    known = {name: value for name, value in member.recorded.items() if name in READ - given}
    return member.code, member.name, member.unit, known


def stored(url: str) -> InFrames:
    """A store as it is read for counting everything."""
    return of_store(url, facts_counted())


@pytest.mark.parametrize(
    ("file", "run"),
    [
        (SMALL, PERIODS[1]),
        pytest.param(LARGE, PERIODS[1], marks=only_whole),
        (SMALL, PERIODS[0]),
        pytest.param(PROVINCE, PERIODS[1], marks=only_whole),
        pytest.param(LARGE, PERIODS[2], marks=only_whole),
    ],
    ids=lambda part: part.stem if isinstance(part, Path) else str(part.as_of),
)
def test_shipped_rosters(file: Path, run: Run) -> None:
    """Every indicator of every unit of every shipped roster."""
    hold(*opened(file), run)


def test_no_shipped_roster_is_forgotten() -> None:
    """The rosters named above are all that there are."""
    assert sorted((SMALL, LARGE, PROVINCE)) == sorted(DATA.glob("*.xlsx"))


def test_other_readings_and_one_unit() -> None:
    """Settings that read the law in another way, and a part of the tree alone."""
    roster = open_roster(LARGE)
    frames = of_roster(roster)
    if WHOLE:
        hold(roster, frames, PERIODS[1], **OTHER_READINGS)
    unit = next(unit.code for unit in roster.units if unit.parent is not None)
    hold(roster, frames, PERIODS[1], unit)


@pytest.mark.parametrize("file", [SMALL, pytest.param(LARGE, marks=only_whole)], ids=lambda file: file.stem)
def test_shipped_rosters_in_a_store(file: Path, file_store: str) -> None:
    """The same where the roster is kept in a store."""
    write(file_store, open_roster(file))
    hold(read_store(file_store), stored(file_store), PERIODS[1])


def test_every_database(store: str) -> None:
    """The same on every database."""
    write(store, open_roster(SMALL))
    hold(read_store(store), stored(store), PERIODS[0])


def invented(seed: int, count: int) -> Roster:
    """People with history in a tree of units, with classes, learners and disciplinary measures."""
    as_of = PERIODS[1].as_of
    _, records = Population(load_ruleset()).records(seed, count, as_of)
    units = [
        Unit(
            code,
            code,
            level="grassroots_committee" if place < 3 else "cell",
            sector=("ward", "school", None)[place % 3],
            parent=UNITS[place // 3] if place else None,
            few_members=place % 4 == 1,
        )
        for place, code in enumerate(UNITS[:-2])
    ]
    opened = [dt.date(2021, 3, 1), dt.date(2023, 5, 1), dt.date(2024, 10, 20), dt.date(2025, 1, 1), None]
    kinds = ("awareness", "new_member")
    courses = [
        Course(f"L{place}", kinds[place % 2], UNITS[place], day, day and day + dt.timedelta(days=place * 20))
        for place, day in enumerate(opened)
    ]
    enrolments = [
        Enrolment(course.code, record.code if place % 5 else None, f"Người {place}", place % 2 == 0, place % 3 == 0)
        for course in courses
        for place, record in enumerate(records[:: 3 + len(course.code)])
    ]
    forms = ("reprimand", "warning", "reprimand")
    disciplines = [
        Discipline(record.code, forms[place % 3], as_of - dt.timedelta(days=71 * (place % 9) - 3))
        for place, record in enumerate([*records[::7], *records[::11]])
    ]
    return Roster(tuple(records), tuple(units), tuple(courses), tuple(enrolments), (), tuple(disciplines))


def test_invented_people_with_history() -> None:
    """People whose unit and attributes changed are counted where and as they were on the day."""
    roster = invented(2, 120 if WHOLE else 60)
    frames = of_roster(roster)
    found = hold(roster, frames, PERIODS[1])
    for name in ("admission.total", "transfer.in", "transfer.out", "discipline.members.persons"):
        assert found.values[name].value
    if WHOLE:
        hold(roster, frames, PERIODS[1], **OTHER_READINGS)


@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters())
def test_any_store(tmp_path_factory: pytest.TempPathFactory, roster: Roster) -> None:
    """Whatever the contract allows, kept in a store."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kho') / 'dubi.sqlite'}"
    initialise(url)
    write(url, roster)
    hold(read_store(url), stored(url), PERIODS[1])


@pytest.mark.parametrize(
    ("file", "form"),
    [
        *((SMALL, form) for form in some(form_loader.load())),
        *(pytest.param(LARGE, form, marks=only_whole) for form in form_loader.load()),
        (PROVINCE, "F5"),
    ],
    ids=lambda part: part.stem if isinstance(part, Path) else part,
)
def test_forms(file: Path, form: str) -> None:
    """Every form is the same to the last sign, the people behind every figure of it included."""
    known = form_loader.known_form(form)
    own = form if known.indicators else ""
    units = opened(file)[0].units
    one, two = (fill(known, Occasion(ledger, units, None)) for ledger in ledgers_for(file, own))
    assert one == two


def test_unknown_unit() -> None:
    """A unit that there is not is told with the nearest one."""
    roster = open_roster(SMALL)
    with pytest.raises(UnknownName, match="Không có đơn vị"):
        desk_counting.ledger(of_roster(roster), PERIODS[0], "KHONG-CO")
