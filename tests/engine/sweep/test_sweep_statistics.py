"""Counting over columns gives every figure that counting one member at a time gives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cases.values.records import Placement, Record, Roster, Unit, Value
from cases.values.typed_figures import ManualFigures
from desk.counting.ledgers import compiled_indicators
from desk.counting.populations import RosterSource
from desk.rosters import unit_tree
from desk.source import open_roster
from engine.ruleset import load_ruleset
from engine.statistics.counting import Run
from engine.statistics.ledger import Counter, Ledger
from engine.statistics.results import RecordCounter, Result, result
from engine.sweep.counting import ColumnCounter
from rules.loader import settings as settings_loader
from tests.given.population import UNITS, Population
from tests.whole import WHOLE, examples

ROSTERS = sorted((Path(__file__).parents[2] / "data" / "rosters").glob("*.xlsx"))
PERIODS = (
    ("2024-01-01", "2024-06-30", "2024-06-30"),
    ("2020-07-01", "2024-10-31", "2024-10-31"),
    ("2025-01-01", "2025-07-15", "2026-11-20"),
)


def both(roster: Roster, period: tuple[str, str, str], unit: str | None = None, **chosen: str) -> tuple[Result, Result]:
    """All figures of a roster, by records and by columns, with the people behind all of them."""
    ruleset, tree, settings = load_ruleset(), unit_tree(roster), settings_loader.chosen(chosen)
    start, end, as_of = (dt.date.fromisoformat(day) for day in period)
    source, run = RosterSource(roster, ruleset, settings), Run(start, end, as_of)
    found = []
    for kind in (RecordCounter, ColumnCounter):
        counter: Counter = kind(compiled_indicators(ruleset), source, tree, settings)
        ledger = Ledger(compiled_indicators(ruleset), counter, ManualFigures(()), tree, settings, run, unit)
        counted = [name for name, text in compiled_indicators(ruleset).texts.items() if text.population]
        found.append(result(ledger, unit, counted))
    return found[0], found[1]


def hold(one: Result, two: Result) -> None:
    """Both results have the same figures and the same people."""
    assert one.values == two.values
    assert one.by_unit == two.by_unit
    assert {name: [m.code for m in people] for name, people in one.who.items()} == {
        name: [m.code for m in people] for name, people in two.who.items()
    }


@pytest.mark.parametrize("place", range(len(ROSTERS)), ids=lambda place: ROSTERS[place].stem)
def test_rosters(place: int) -> None:
    """Every figure of every unit of every shipped roster, and the people behind it: of one period, or of them all."""
    roster = open_roster(ROSTERS[place])
    for period in PERIODS if WHOLE else PERIODS[place : place + 1]:
        hold(*both(roster, period))


def test_one_unit_and_other_readings() -> None:
    """A part of the tree alone, and settings that read the law in another way."""
    roster = open_roster(ROSTERS[1])
    unit = next(unit.code for unit in roster.units if unit.parent is not None)
    hold(*both(roster, PERIODS[0], unit))
    hold(
        *both(
            roster,
            PERIODS[1],
            admission_date="decision",
            recognition_date="effective",
            age_on="as_of_day",
            participant_count="distinct",
        )
    )


def test_invented_people_with_history() -> None:
    """People whose unit and attributes changed are counted where they were on the day."""
    population = Population(load_ruleset())
    _, records = population.records(3, examples(250), dt.date(2024, 10, 31))
    units = [Unit(code, code, parent=UNITS[place // 3] if place else None) for place, code in enumerate(UNITS)]
    fields: dict[str, Value] = {"code": "M", "unit": UNITS[3], "admitted_on": dt.date(2021, 3, 1)}
    moved = Record("M", fields, placements=(Placement(UNITS[5]),))
    one, two = both(Roster((*records, moved), tuple(units)), PERIODS[1])
    assert one.values["admission.total"].value
    hold(one, two)
