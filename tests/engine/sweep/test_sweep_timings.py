"""Timing in columns gives every number and every person that timing one case after the other gives."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise
from cases.values.records import Roster, Unit
from desk.answers.ahead import Ahead, ahead
from desk.counting.timings import Timings, timings, timings_in_store
from desk.desk import Desk
from desk.question import Question
from desk.rosters import evaluator, in_unit
from engine import evaluators
from engine.coming_up import coming
from engine.ruleset import RuleSet, load_ruleset
from engine.statistics.timing.timed_steps import load_timed_steps
from engine.sweep.asking import coming_up
from engine.sweep.asking.coming_up import Limits
from engine.sweep.asking.looking import Looking
from engine.sweep.frames import CaseFrames
from tests.conftest import DATA
from tests.given.population import UNITS, Population

AS_OF = dt.date(2025, 7, 15)
PERIOD = (dt.date(2019, 1, 1), AS_OF)


def people() -> Roster:
    """Invented people whose units and attributes changed, crowded around the days of the law."""
    _, records = Population(load_ruleset()).records(7, 600, AS_OF)
    units = [Unit(code, code, parent=UNITS[place // 3] if place else None) for place, code in enumerate(UNITS)]
    return Roster(tuple(records), tuple(units))


@cache
def rosters() -> list[Roster]:
    """The shipped party committee, and the invented people."""
    return [Desk(DATA / "rosters" / "dang-bo-co-so.xlsx", today=AS_OF).roster(Question(AS_OF)), people()]


def told(found: Timings | Ahead) -> list[Any]:
    """All that an answer says, and all people behind it."""
    said = found.measured
    lists: list[Sequence[Any]] = [said.passed(), said.held_by(), said.coming()]
    if isinstance(found, Timings):
        lists += [found.behind(f"{one.from_step}:{one.to_step}").passages for one in found.transitions]
        lists += [found.behind(one.held_by).waits for one in found.waiting]
        lists += [found.behind(one.month).limits for one in found.ahead]
    return [json.dumps(found.as_json(), default=dt.date.isoformat), *map(list, lists)]


def test_columns_say_what_records_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number, the people behind each, and what the months ask for; for all, for a unit, and where nobody is."""
    for roster in rosters():
        unit = next(unit.code for unit in roster.units if unit.parent is not None)
        for question in (Question(AS_OF), Question(AS_OF, unit=unit), Question(dt.date(1950, 1, 1))):
            found = []
            for many in (len(roster.records) + 1, 0):
                monkeypatch.setattr(evaluators, "MANY", many)
                found.append([told(timings(roster, question, *PERIOD)), told(ahead(roster, question, "monthly"))])
            assert found[0] == found[1]
            assert question != Question(AS_OF) or all(found[0][0][1:4])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the shipped party committee."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'so.sqlite'}"
    initialise(url)
    import_file(url, DATA / "rosters" / "dang-bo-co-so.xlsx", apply=True)
    return url


def test_a_store_is_timed_in_batches_as_its_roster_is(store: str) -> None:
    """The columns of a store hold every fact that is timed, for all of it and for a unit."""
    desk = Desk(store, today=AS_OF)
    roster = desk.roster(Question(AS_OF))
    for unit in (None, roster.units[2].code):
        question = Question(AS_OF, unit=unit)
        known = desk.roster(question)
        assert told(timings_in_store(store, question, *PERIOD)) == told(timings(known, question, *PERIOD))
        assert told(desk.ahead(replace(question, in_batches=True))) == told(ahead(known, question, None))


def test_all_limits_ahead_in_columns() -> None:
    """Each limit with its clause and certainty, those of an overlay too."""
    overlay = Path(__file__).parents[3] / "rules" / "overlays" / "ha-noi-2025.yaml"
    rulesets: list[RuleSet] = [load_ruleset(), load_ruleset(None, (overlay,))]
    for ruleset in rulesets:
        for roster in rosters():
            records = list(in_unit(roster, ruleset, None, AS_OF))
            for as_of in (AS_OF, dt.date(2026, 11, 20)):
                limits = Limits.of(ruleset, as_of, as_of + dt.timedelta(days=400))
                looked = Looking(ruleset, as_of, limits.asked).look(CaseFrames.of_records(records, ruleset.vocabulary))
                found = coming_up.values(coming_up.in_order(limits.rows(looked)))
                assert found == coming(evaluator(ruleset), records, as_of, 400)
                assert found or as_of != AS_OF


def test_units_and_limits_of_a_store_in_batches(store: str) -> None:
    """What a large store is asked case by case and in columns is the same: the tree of units, and the limits ahead."""
    desk = Desk(store, today=AS_OF)
    for unit in (None, desk.roster(Question(AS_OF)).units[2].code):
        one, two = Question(AS_OF, unit=unit), Question(AS_OF, unit=unit, in_batches=True)
        assert desk.units(one).lines == desk.units(two).lines
        assert any(line.overdue for line in desk.units(one).lines)
        assert desk.due(one, 120).coming == desk.due(two, 120).coming
        assert desk.due(two, 120).coming


def test_all_that_is_asked_is_timed() -> None:
    """Each stretch and wait and ask of the rule files has somebody among those who are compared here."""
    stretches, rules, asked = set[tuple[str, str]](), set[str](), set[str]()
    for roster in rosters():
        found = timings(roster, Question(AS_OF), *PERIOD)
        stretches |= {(one.from_step, one.to_step) for one in found.transitions if one.n}
        rules |= {wait.rule for wait in found.measured.held_by()}
        months = ahead(roster, Question(AS_OF), None).months
        asked |= {name for month in months for name, number in asdict(month.asked).items() if number}
    steps = load_timed_steps(load_ruleset())
    assert stretches == {(one.from_step, one.to_step) for one in steps.stretches}
    assert len(rules) > len(steps.waiting) // 2
    assert asked == {one.name for one in steps.asks} | {"course_places"}
