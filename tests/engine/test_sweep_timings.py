"""Timing in columns gives every number and every person that timing one case after the other gives."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cases.imports.importing import import_file
from cases.store.connection import initialise
from cases.values.records import Roster, Unit
from desk.answers import ahead as looking_ahead
from desk.answers.ahead import Ahead, ahead
from desk.counting import timings as timing
from desk.counting.timings import Timings, timings, timings_in_store
from desk.desk import Desk
from desk.question import Question
from desk.rosters import evaluator, in_unit
from engine.coming_up import coming
from engine.ruleset import RuleSet, load_ruleset
from engine.statistics.timed_steps import load_timed_steps
from engine.sweep.asking import coming_up
from engine.sweep.asking.coming_up import Limits
from engine.sweep.asking.looking import Looking
from engine.sweep.frames import CaseFrames
from tests.conftest import DATA
from tests.population import UNITS, Population

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
                monkeypatch.setattr(timing, "MANY", many)
                monkeypatch.setattr(looking_ahead, "MANY", many)
                found.append([told(timings(roster, question, *PERIOD)), told(ahead(roster, question, "monthly"))])
            assert found[0] == found[1]
            assert question != Question(AS_OF) or all(found[0][0][1:4])


def test_a_store_is_timed_in_batches_as_its_roster_is(tmp_path: Path) -> None:
    """The columns of a store hold every fact that is timed, for all of it and for a unit."""
    url = f"sqlite:///{tmp_path / 'so.sqlite'}"
    initialise(url)
    import_file(url, DATA / "rosters" / "dang-bo-co-so.xlsx", apply=True)
    desk = Desk(url, today=AS_OF)
    roster = desk.roster(Question(AS_OF))
    for unit in (None, roster.units[2].code):
        question = Question(AS_OF, unit=unit)
        known = desk.roster(question)
        assert told(timings_in_store(url, question, *PERIOD)) == told(timings(known, question, *PERIOD))
        assert told(desk.ahead(replace(question, in_batches=True))) == told(ahead(known, question, None))


def test_all_limits_ahead_in_columns() -> None:
    """Each limit with its clause and certainty, those of an overlay too."""
    overlay = Path(__file__).parents[2] / "rules" / "overlays" / "ha-noi-2025.yaml"
    rulesets: list[RuleSet] = [load_ruleset(), load_ruleset(None, (overlay,))]
    for ruleset in rulesets:
        for roster in rosters():
            records = list(in_unit(roster, ruleset, None, AS_OF))
            for as_of in (AS_OF, dt.date(2026, 11, 20)):
                limits = Limits.of(ruleset, as_of, as_of + dt.timedelta(days=400))
                looked = Looking(ruleset, as_of, limits.asked).look(CaseFrames.of_records(records, ruleset.vocabulary))
                found = coming_up.values(coming_up.in_order(limits.rows(looked)))
                assert found == coming(evaluator(ruleset), records, as_of, 400)
                assert found


def test_all_that_is_asked_is_timed() -> None:
    """Each stretch, wait and ask of the rule files has somebody among those who are compared here."""
    steps, roster = load_timed_steps(load_ruleset()), rosters()[1]
    found = timings(roster, Question(AS_OF), *PERIOD)
    assert all(stretch.n for stretch in found.transitions)
    assert {wait.rule for wait in found.measured.held_by()} <= {waiting.rule.name for waiting in steps.waiting}
    asked = ahead(roster, Question(AS_OF), None)
    for name in ("cell_meetings", "committee_meetings", "classes"):
        assert any(getattr(month.asked, name) for month in asked.months), name
