"""The figures of the shipped rosters, against results that were computed elsewhere."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desk.counting import ledgers as desk_reports
from desk.source import open_roster
from engine.statistics.figure import Figure, half_up
from engine.statistics.results import Result

DATA = Path(__file__).parents[2] / "data"
EXPECTED = sorted((DATA / "expected").glob("*.stats.json"))
HALF_YEAR = ("2024-01-01", "2024-06-30", "2024-06-30")


@cache
def computed(roster: str, start: str, end: str, as_of: str) -> Result:
    """The figures of a shipped roster."""
    days = [dt.date.fromisoformat(day) for day in (start, end, as_of)]
    return desk_reports.statistics(open_roster(DATA / "rosters" / f"{roster}.xlsx"), days[0], days[1], days[2])


def as_json(figure: Figure) -> dict[str, Any]:
    """A figure as the contract writes it."""
    if figure.denominator is None:
        return {"value": figure.rounded()}
    return {"value": figure.rounded(), "numerator": figure.numerator, "denominator": figure.denominator}


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".stats.json"))
def test_every_expected_figure_is_computed(path: Path) -> None:
    """Every id of the expected results has its value, numerator and denominator, for the whole roster."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    result = computed(path.name.partition(".")[0], expected["from"], expected["to"], expected["as_of"])
    assert {name: as_json(result.values[name]) for name in expected["values"]} == expected["values"]


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".stats.json"))
def test_every_unit_has_its_expected_figures(path: Path) -> None:
    """The same for each unit with all below it; what the file leaves out is 0 or has no value."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    result = computed(path.name.partition(".")[0], expected["from"], expected["to"], expected["as_of"])
    assert result.by_unit.keys() == expected["units"].keys()
    for unit, figures in expected["units"].items():
        ours = {name: as_json(result.by_unit[unit][name]) for name in expected["values"]}
        assert {name: value for name, value in ours.items() if value["value"]} == figures, unit


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".stats.json"))
def test_one_unit_alone_gives_its_figures(path: Path) -> None:
    """Asking for one unit gives what the whole gives for that unit."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    name, days = path.name.partition(".")[0], [expected["from"], expected["to"], expected["as_of"]]
    whole, unit = computed(name, *days), max(expected["units"])
    start, end, as_of = (dt.date.fromisoformat(day) for day in days)
    alone = desk_reports.statistics(open_roster(DATA / "rosters" / f"{name}.xlsx"), start, end, as_of, unit)
    assert alone.values == whole.by_unit[unit]


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (Fraction(8 * 100, 151), 1, 5.3),
        (Fraction(44 * 100, 205), 1, 21.5),
        (Fraction(91 * 100, 150), 1, 60.7),
        (Fraction(1, 8), 2, 0.13),
        (Fraction(-1, 8), 2, -0.13),
        (Fraction(1, 1), 2, 1.0),
    ],
)
def test_rounding_is_half_up_from_the_exact_fraction(value: Fraction, digits: int, rounded: float) -> None:
    """A five goes away from zero, and nothing is rounded twice."""
    assert half_up(value, digits) == rounded


def test_people_behind_a_number_are_as_many_as_it_says() -> None:
    """Behind a count stand so many people, behind a ratio those above the line."""
    roster = open_roster(DATA / "rosters" / "son-la-6t-2024.xlsx")
    start, end, as_of = (dt.date.fromisoformat(day) for day in HALF_YEAR)
    names = ("admission.female", "admission.target_ratio", "course.awareness.participants")
    result = desk_reports.statistics(roster, start, end, as_of, None, names)
    assert len(result.who["admission.female"]) == result.values["admission.female"].value
    assert len(result.who["admission.target_ratio"]) == result.values["admission.total"].value
    assert len(result.who["course.awareness.participants"]) == 2295


def test_published_figures_of_the_text() -> None:
    """The figures that the report of Sơn La gives in its text."""
    values = computed("son-la-6t-2024", *HALF_YEAR).values
    printed = json.loads((DATA / "expected" / "son-la-6t-2024.printed.json").read_text(encoding="utf-8"))["overall"]
    assert values["admission.sparse_cell"].value == printed["in cells with few members"]
    assert values["admission.ethnic_minority_women_local"].value == printed["women, ethnicity neither Kinh nor Thái"]
    assert values["admission.religious"].value == printed["religious"]
    assert values["admission.occupation.pupil"].value == printed["pupils"]
    assert values["unit.upper_committees"].value == 17
