"""Rosters as the desk looks at them: the tree of units, one case by its code, the cases of a unit as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from cases.values.evaluated import evaluated, evaluated_case
from cases.values.records import Record, Roster, Unit
from engine import evaluators
from engine.projection import Projector
from engine.ruleset import RuleSet
from engine.single.evaluator import CaseEvaluator
from engine.units import UnitTree
from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean


def unit_tree(roster: Roster) -> UnitTree:
    """The tree of the roster's units."""
    history = {unit.code: unit.history for unit in roster.units if unit.history}
    return UnitTree({unit.code: unit.parent for unit in roster.units}, history)


def lines(units: Iterable[Unit], day: dt.date) -> Callable[[str], tuple[str, ...]]:
    """The line of each unit on a day: itself, or what it has gone into, and all units above it."""
    return unit_tree(Roster(units=tuple(units))).on(day).with_above


def known_unit(roster: Roster, code: str | None) -> str | None:
    """The unit's code, if the roster knows it; raises `UnknownName` with the nearest one."""
    if code is None:
        return None
    known = {unit.code for unit in roster.units} | {str(r.fields["unit"]) for r in roster.records if "unit" in r.fields}
    if code not in known:
        hint = did_you_mean(code, known, "Xem danh sách đơn vị bằng lệnh: dubi units.")
        raise UnknownName(f"Không có đơn vị “{code}”. {hint}")
    return code


def known_case(roster: Roster, code: str) -> Record:
    """The case of that code; raises `UnknownName` with the nearest one."""
    for record in roster.records:
        if record.code == code:
            return evaluated_case(roster, record)
    hint = did_you_mean(code, [record.code for record in roster.records], "Xem mã ở cột “Mã hồ sơ” của sổ.")
    raise UnknownName(f"Không có hồ sơ “{code}”. {hint}")


def evaluator(ruleset: RuleSet) -> CaseEvaluator:
    """The evaluator of one case at a time, kept for the next question."""
    return evaluators.for_one_case(ruleset)


def _unit_on(projector: Projector, record: Record, as_of: dt.date) -> str | None:
    """The unit a case belongs to on a day."""
    facts = projector.project(record, as_of) if record.placements else record.fields
    return str(facts["unit"]) if facts and "unit" in facts else None


def in_unit(roster: Roster, ruleset: RuleSet, unit: str | None, as_of: dt.date) -> Iterable[Record]:
    """The records of a unit and all below it, as of a day."""
    if unit is None:
        return evaluated(roster)
    tree, projector = unit_tree(roster).on(as_of), Projector(ruleset.vocabulary)
    return [record for record in evaluated(roster) if tree.holds(unit, _unit_on(projector, record, as_of))]
