"""The desk's view ahead: what comes next for a case, what would be otherwise, and whom a change of law touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.values.records import Roster
from desk import desk
from engine.comparison import Difference, compare_findings
from engine.findings import Evaluation
from engine.planning import Plan, Planner, WhatIf
from engine.ruleset import RuleSet, load_ruleset
from engine.supposing import read_change
from rules.loader import plan as planbook


@dataclass(frozen=True, slots=True)
class Impact:
    """The same cases on the same day, judged by the law of one day and by that of another."""

    before: Evaluation
    after: Evaluation
    difference: Difference


@cache
def _planner(ruleset: RuleSet) -> Planner:
    return Planner(desk.evaluator(ruleset), planbook.load())


def plan(
    roster: Roster, case: str, as_of: dt.date, law: dt.date | None = None, overlays: tuple[Path, ...] = ()
) -> Plan:
    """The coming steps of one case."""
    return _planner(load_ruleset(law, overlays)).plan(desk.known_case(roster, case), as_of)


def what_if(
    roster: Roster,
    case: str,
    settings: Sequence[str],
    as_of: dt.date,
    law: dt.date | None = None,
    overlays: tuple[Path, ...] = (),
) -> WhatIf:
    """One case with some facts set otherwise (`fact=value`); nothing is stored."""
    ruleset = load_ruleset(law, overlays)
    changes = dict(read_change(ruleset.vocabulary, setting) for setting in settings)
    return _planner(ruleset).what_if(desk.known_case(roster, case), changes, as_of)


def impact(
    roster: Roster,
    as_of: dt.date,
    one: dt.date,
    two: dt.date,
    unit: str | None = None,
    overlays: tuple[Path, ...] = (),
) -> Impact:
    """The findings about the cases of a unit by the law in force on one day, and by that on another."""
    before = desk.check(roster, as_of, unit, one, overlays)
    after = desk.check(roster, as_of, unit, two, overlays)
    return Impact(before, after, compare_findings(before.findings, after.findings))
