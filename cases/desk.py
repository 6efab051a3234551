"""The desk: what a secretary asks, answered by joining the roster with the engine."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.roster import Record, Roster
from engine import deadlines
from engine.deadlines import Coming
from engine.explanation import Explainer, Explanation
from engine.findings import Evaluation
from engine.live import LiveEvaluator
from engine.projection import Projector
from engine.ruleset import RuleSet, load_ruleset
from engine.statistics import Member, Result, Statistics
from engine.tree import Scalar
from engine.units import UnitTree
from rules import indicatorbook
from rules.errors import UnknownName


def open_roster(file: Path | None, store: str | None = None) -> Roster:
    """The roster of a workbook (nothing is stored) or, without one, of the store."""
    if file is not None:
        from cases.workbook import read_workbook

        return read_workbook(file).roster
    from cases.reading import read_store
    from cases.store import store_url

    return read_store(store_url(store))


def unit_tree(roster: Roster) -> UnitTree:
    """The tree of the roster's units."""
    return UnitTree({unit.code: unit.parent for unit in roster.units})


def known_unit(roster: Roster, code: str | None) -> str | None:
    """The unit's code, if the roster knows it; raises `UnknownName` with the nearest one."""
    if code is None:
        return None
    known = {unit.code for unit in roster.units} | {str(r.fields["unit"]) for r in roster.records if "unit" in r.fields}
    if code not in known:
        near = difflib.get_close_matches(code, sorted(known), 1)
        hint = f"Có phải “{near[0]}”?" if near else "Xem danh sách đơn vị bằng lệnh: dubi units."
        raise UnknownName(f"Không có đơn vị “{code}”. {hint}")
    return code


def known_case(roster: Roster, code: str) -> Record:
    """The case of that code; raises `UnknownName` with the nearest one."""
    for record in roster.records:
        if record.code == code:
            return record
    near = difflib.get_close_matches(code, [record.code for record in roster.records], 1)
    hint = f"Có phải “{near[0]}”?" if near else "Xem mã ở cột “Mã hồ sơ” của sổ."
    raise UnknownName(f"Không có hồ sơ “{code}”. {hint}")


@cache
def _evaluator(ruleset: RuleSet) -> LiveEvaluator:
    return LiveEvaluator(ruleset)


def _unit_on(projector: Projector, record: Record, as_of: dt.date) -> str | None:
    """The unit a case belongs to on a day."""
    facts = projector.project(record, as_of) if record.placements else record.fields
    return str(facts["unit"]) if facts and "unit" in facts else None


def in_unit(roster: Roster, ruleset: RuleSet, unit: str | None, as_of: dt.date) -> Iterable[Record]:
    """The records of a unit and all below it, as of a day."""
    if unit is None:
        return roster.records
    tree, projector = unit_tree(roster), Projector(ruleset.vocabulary)
    return [record for record in roster.records if tree.holds(unit, _unit_on(projector, record, as_of))]


def check(
    roster: Roster,
    as_of: dt.date,
    unit: str | None = None,
    law: dt.date | None = None,
    overlays: tuple[Path, ...] = (),
) -> Evaluation:
    """All findings about the cases of a unit (None = all) as of a day, by the law then in force (or that of `law`)."""
    ruleset = load_ruleset(law, overlays)
    return _evaluator(ruleset).evaluate(in_unit(roster, ruleset, known_unit(roster, unit), as_of), as_of)


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
    ruleset, tree = load_ruleset(law), unit_tree(roster)
    evaluator = _evaluator(ruleset)
    stages: dict[str | None, Counter[str]] = defaultdict(Counter)
    overdue: Counter[str | None] = Counter()
    for record in roster.records:
        situation = evaluator.situation(record, as_of)
        if situation is None:
            continue
        unit = situation.recorded.get("unit")
        late = any(finding.severity == "overdue" for finding in evaluator.case(situation)[0])
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
            parent=sheet[code].parent if code in sheet else None,
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
    return Explainer(_evaluator(load_ruleset(law, overlays))).explain(known_case(roster, case), as_of)


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
    return deadlines.coming(_evaluator(ruleset), records, as_of, within)


def _cases(roster: Roster, ruleset: RuleSet, as_of: dt.date) -> Iterator[Member]:
    projector = Projector(ruleset.vocabulary)
    for record in roster.records:
        recorded = projector.project(record, as_of)
        if recorded is not None:
            unit = recorded.get("unit")
            yield Member(recorded, None if unit is None else str(unit), record.code, str(recorded.get("full_name", "")))


def _given(recorded: Mapping[str, Scalar | None]) -> dict[str, Scalar]:
    """What is recorded, without the empty fields."""
    return {name: value for name, value in recorded.items() if value is not None}


def _courses(roster: Roster) -> Iterator[Member]:
    for course in roster.courses:
        recorded: dict[str, Scalar | None] = {
            "course": course.code,
            "course_kind": course.kind,
            "course_opened_on": course.opened_on,
            "course_closed_on": course.closed_on,
            "audience": course.audience,
            "online": course.online,
        }
        yield Member(_given(recorded), course.unit, course.code, course.code)


def _enrolments(roster: Roster) -> Iterator[Member]:
    """Learners, credited to the unit of their dossier, or of the course where they have none."""
    courses = {course.code: course for course in roster.courses}
    cases = {record.code: record for record in roster.records}
    for enrolment in roster.enrolments:
        course, record = courses[enrolment.course], cases.get(enrolment.case or "")
        name = enrolment.full_name or (str(record.fields.get("full_name", "")) if record else "")
        recorded: dict[str, Scalar | None] = {
            "course": course.code,
            "course_kind": course.kind,
            "course_opened_on": course.opened_on,
            "case": enrolment.case,
            "full_name": name,
            "youth_union": enrolment.youth_union,
            "trade_union": enrolment.trade_union,
            "certified_on": enrolment.certified_on,
        }
        unit = record.fields.get("unit") if record else None
        yield Member(
            _given(recorded),
            str(unit) if unit is not None else course.unit,
            enrolment.case or course.code,
            name,
        )


def _targets(roster: Roster) -> Iterator[Member]:
    for target in roster.targets:
        recorded: dict[str, Scalar] = {
            "year_begins_on": dt.date(target.year, 1, 1),
            "year_ends_on": dt.date(target.year, 12, 31),
            "target": target.value,
        }
        yield Member(recorded, target.unit, target.unit, f"{target.unit} {target.year}")


@cache
def _statistics(ruleset: RuleSet) -> Statistics:
    return Statistics(ruleset, indicatorbook.load())


def statistics(
    roster: Roster,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    unit: str | None = None,
    who: tuple[str, ...] = (),
) -> Result:
    """The figures of a period for a unit with all below it, and for each unit in it."""
    ruleset = load_ruleset()
    populations = {
        "cases": _cases(roster, ruleset, as_of),
        "courses": _courses(roster),
        "enrolments": _enrolments(roster),
        "targets": _targets(roster),
    }
    tree = unit_tree(roster)
    return _statistics(ruleset).compute(populations, tree, start, end, as_of, known_unit(roster, unit), who)
