"""The store read into columns says what the store read into records says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from cases.store.connection import initialise, writing
from cases.store.frames import stored_cases
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster
from desk.answers.checking import check, check_roster
from desk.question import Question
from desk.source import open_roster
from desk.sweeping.store_sweep import check_store, frames, sweep_store
from rules.loader.errors import StoreProblem, UnknownName
from tests.cases.stores.generated import rosters
from tests.equality import alike
from tests.whole import examples, first_of

DATA = Path(__file__).parents[2] / "data" / "rosters"


def write(url: str, roster: Roster) -> None:
    """Put a roster into a store."""
    with writing(url) as connection:
        apply_roster(connection, roster, new_batch("người thử"))


def hold(url: str, as_of: dt.date) -> None:
    """The sweep of the store finds what the desk finds in its roster."""
    roster = read_store(url)
    one, two = check(roster, Question(as_of)), check_store(url, Question(as_of)).evaluation
    assert alike(one, two), next(
        (pair for pair in zip(one.findings, two.findings, strict=False) if len(set(pair)) > 1), ""
    )


@pytest.mark.parametrize("file", first_of(sorted(DATA.glob("*.xlsx"))), ids=lambda file: file.stem)
def test_shipped_rosters(file: Path, file_store: str) -> None:
    """Every shipped roster, kept in a store."""
    write(file_store, open_roster(file))
    hold(file_store, dt.date(2024, 10, 31))
    hold(file_store, dt.date(2026, 3, 1))


def test_every_database(store: str) -> None:
    """The same on every database, history and disciplinary measures included."""
    write(store, open_roster(DATA / "chi-bo-nho.xlsx"))
    hold(store, dt.date(2025, 3, 1))


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters())
def test_any_roster(tmp_path_factory: pytest.TempPathFactory, roster: Roster) -> None:
    """Whatever the contract allows: history, dated attributes, stays, measures, signs in texts."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kho') / 'dubi.sqlite'}"
    initialise(url)
    write(url, roster)
    for as_of in (dt.date(2024, 10, 31), dt.date(2100, 12, 31)):
        hold(url, as_of)


def test_batches_and_choice(file_store: str) -> None:
    """Small batches give the same as one, and only the severities asked for are kept."""
    write(file_store, open_roster(DATA / "dang-bo-co-so.xlsx"))
    facts = ["born_on", "admitted_on"]
    batches = list(stored_cases(file_store, facts, 100))
    assert len(batches) == 6
    assert {frame.cases.columns[1] for frame in batches} == {"code"}
    assert all(frames(batch).cases.collect().height == 100 for batch in batches)
    as_of = dt.date(2024, 10, 31)
    everything, overdue = sweep_store(file_store, as_of), sweep_store(file_store, as_of, ["overdue"])
    assert everything.stages == overdue.stages
    assert set(overdue.findings["severity"]) == {"overdue"}
    assert everything.findings.filter(pl.col("severity") == "overdue").equals(overdue.findings)


def test_an_empty_store_and_none(file_store: str, tmp_path: Path) -> None:
    """An empty store has no batch; where there is no store, that is said."""
    assert list(stored_cases(file_store, [])) == []
    assert sweep_store(file_store, dt.date(2024, 10, 31)).findings.is_empty()
    with pytest.raises(StoreProblem):
        list(stored_cases(f"sqlite:///{tmp_path / 'nowhere.sqlite'}", []))


def test_reading_can_be_left(file_store: str) -> None:
    """Whoever wants only the first batch closes the reading, and no thread is left behind."""
    write(
        file_store, Roster(tuple(Record(f"HS-{n}", {"code": f"HS-{n}", "full_name": "Người Mẫu"}) for n in range(50)))
    )
    batches = stored_cases(file_store, [], 10)
    assert next(batches).cases.height == 10
    batches.close()  # type: ignore[attr-defined]  # a generator


def test_one_severity_one_unit(file_store: str) -> None:
    """What is asked of a store by severity and unit, its numbers and names: as from its records."""
    write(file_store, open_roster(DATA / "dang-bo-co-so.xlsx"))
    roster, as_of = read_store(file_store), dt.date(2024, 10, 31)
    for asked in (
        Question(as_of, severities=("overdue",)),
        Question(as_of, unit="CB-04"),
        Question(as_of, unit="CB-04", severities=("blocked", "confirm"), law=dt.date(2017, 1, 1)),
    ):
        one, two = check_roster(roster, asked), check_store(file_store, asked)
        assert one.evaluation.findings
        assert alike(one.evaluation, two.evaluation)
        assert (one.numbers, one.units, one.undecided) == (two.numbers, two.units, two.undecided)
    listed = check_store(file_store, Question(as_of), ["overdue"])
    everything = check_roster(roster, Question(as_of))
    assert listed.numbers == everything.numbers
    assert listed.evaluation.findings == [f for f in everything.evaluation.findings if f.severity == "overdue"]
    with pytest.raises(UnknownName, match="CB-4x"):
        check_store(file_store, Question(as_of, unit="CB-4x"))
