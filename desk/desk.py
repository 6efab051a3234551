"""The desk: what a secretary asks, answered by joining the roster with the engine."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.values.evaluated import evaluated, with_disciplines
from cases.values.records import Record, Roster
from engine import deadlines, evaluators
from engine.deadlines import Coming
from engine.explanation import Explainer, Explanation
from engine.findings import Evaluation
from engine.projection import Projector
from engine.ruleset import RuleSet, load_ruleset
from engine.single.evaluator import CaseEvaluator
from engine.statistics.results import Result
from engine.units import UnitTree
from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean


def open_roster(file: Path | None, store: str | None = None) -> Roster:
    """The roster of a workbook (nothing is stored) or, without one, of the store."""
    if file is not None:
        from cases.workbook.read import read_workbook

        return read_workbook(file).roster
    from cases.store.connection import store_url
    from cases.store.reading import read_store

    return read_store(store_url(store))


def unit_tree(roster: Roster) -> UnitTree:
    """The tree of the roster's units."""
    history = {unit.code: unit.history for unit in roster.units if unit.history}
    return UnitTree({unit.code: unit.parent for unit in roster.units}, history)


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
            return with_disciplines(record, (measure for measure in roster.disciplines if measure.case == code))
    hint = did_you_mean(code, [record.code for record in roster.records], "Xem mã ở cột “Mã hồ sơ” của sổ.")
    raise UnknownName(f"Không có hồ sơ “{code}”. {hint}")


@cache
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


def check(
    roster: Roster,
    as_of: dt.date,
    unit: str | None = None,
    law: dt.date | None = None,
    overlays: tuple[Path, ...] = (),
    by: evaluators.Name = "live",
) -> Evaluation:
    """All findings about the cases of a unit (None = all) as of a day, by the law then in force (or that of `law`)."""
    ruleset = load_ruleset(law, overlays)
    records = in_unit(roster, ruleset, known_unit(roster, unit), as_of)
    if by == "live" and evaluators.durable_rules_installed():
        return evaluator(ruleset).evaluate(records, as_of)
    return evaluators.evaluate(ruleset, records, as_of, by)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with all below it: how many cases of each stage, and how many cases with something overdue."""

    code: str | None
    """None stands for the cases that name no unit."""
    name: str
    level: str | None
    depth: int
    parent: str | None
    stages: dict[str, int]
    overdue: int


def units(roster: Roster, as_of: dt.date, law: dt.date | None = None) -> list[UnitLine]:
    """The units in the order of the tree, then those that only cases name, then the cases without a unit."""
    ruleset, tree = load_ruleset(law), unit_tree(roster).on(as_of)
    decide = evaluator(ruleset)
    stages: dict[str | None, Counter[str]] = defaultdict(Counter)
    overdue: Counter[str | None] = Counter()
    for record in evaluated(roster):
        situation = decide.situation(record, as_of)
        if situation is None:
            continue
        unit = situation.recorded.get("unit")
        late = any(finding.severity == "overdue" for finding in decide.case(situation)[0])
        for code in tree.with_above(str(unit)) if unit is not None else (None,):
            stages[code][str(situation.value("stage"))] += 1
            overdue[code] += late
    sheet = {unit.code: unit for unit in roster.units}
    strays = sorted(code for code in stages if code is not None and code not in sheet)
    order: list[str | None] = [*tree.in_order(), *strays, *([None] if None in stages else [])]
    return [
        UnitLine(
            code=code,
            name=(sheet[code].name if code in sheet else None) or code or "",
            level=sheet[code].level if code in sheet else None,
            depth=len(tree.with_above(code)) - 1 if code in sheet else 0,
            parent=tree.parents.get(code) if code in sheet else None,
            stages={stage: stages[code][stage] for stage in ruleset.vocabulary.codes["stage"]},
            overdue=overdue[code],
        )
        for code in order
    ]


def explain(
    roster: Roster,
    case: str,
    as_of: dt.date,
    law: dt.date | None = None,
    overlays: tuple[Path, ...] = (),
) -> Explanation:
    """One case: every rule of its stage, with the facts and clauses that decided it."""
    return Explainer(evaluator(load_ruleset(law, overlays))).explain(known_case(roster, case), as_of)


def coming(
    roster: Roster,
    as_of: dt.date,
    within: int,
    unit: str | None = None,
    law: dt.date | None = None,
) -> list[Coming]:
    """The limits that come up in the next `within` days."""
    ruleset = load_ruleset(law)
    records = in_unit(roster, ruleset, known_unit(roster, unit), as_of)
    return deadlines.coming(evaluator(ruleset), records, as_of, within)


def statistics(
    roster: Roster,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    unit: str | None = None,
    who: tuple[str, ...] = (),
    settings: Mapping[str, str] | None = None,
) -> Result:
    """The figures of a period for a unit with all below it, and for each unit in it."""
    from desk.counting import ledgers as desk_reports

    return desk_reports.statistics(roster, start, end, as_of, unit, who, settings)
