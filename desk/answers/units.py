"""The units in their tree, each with its cases by stage and how many have something overdue."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.changes.standings import Stretch, lines_of
from cases.store.connection import querying
from cases.store.reading import units_of
from cases.values.evaluated import evaluated
from cases.values.records import Roster, Unit
from desk.rosters import evaluator, known_unit, unit_tree
from engine.evaluators import at_once
from engine.findings import stages_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desk.question import Question
    from desk.sweeping.batches import Batches
    from desk.sweeping.looked import Looked


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


@dataclass(frozen=True, slots=True)
class UnitsCounted:
    """The units in the order of the tree, then those that only cases name, then the cases without a unit."""

    question: Question
    lines: tuple[UnitLine, ...]
    units: Sequence[Unit]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        members = [
            {
                "unit": line.code,
                "name": line.name,
                "level": line.level,
                "parent": line.parent,
                "stages": line.stages,
                "overdue": line.overdue,
            }
            for line in self.lines
        ]
        return {"as_of": self.question.as_of, "units": members}


@dataclass(frozen=True, slots=True)
class UnitStory:
    """A unit through time: where it stood, stretch by stretch."""

    unit: Unit
    lines: tuple[Stretch, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        unit = self.unit
        stretches = [
            {"since": one.since, "until": one.until, "parent": one.parent, "merged_into": one.merged_into}
            for one in self.lines
        ]
        opened = {"opened_on": unit.opened_on, "closed_on": unit.closed_on}
        return {"unit": unit.code, "name": unit.name, **opened, "history": stretches}


def units_alone(url: str) -> Roster:
    """A roster of a store's units, and of nobody; raises `StoreProblem`."""
    with querying(url) as execute:
        return Roster(units=units_of(execute))


def story(url: str, code: str) -> UnitStory:
    """Where a unit stood through time; raises `UnknownName`, `StoreProblem`."""
    with querying(url) as execute:
        unit, lines = lines_of(execute, code)
    return UnitStory(unit, tuple(lines))


def units(roster: Roster, question: Question) -> UnitsCounted:
    """Count the cases of every unit, or of one and those below it; raises `UnknownName`."""
    wanted = known_unit(roster, question.unit)
    if at_once(len(roster.records), question.by):
        from desk.sweeping.batches import of_roster

        return _in_columns(of_roster(roster, question), question)
    return _counted(roster.units, wanted, question, _standing(roster, question))


def units_in_store(url: str, question: Question, kept: Looked | None = None) -> UnitsCounted:
    """The same from the columns of a store, in batches or ``kept``; raises `StoreProblem`, `UnknownName`."""
    from desk.sweeping.batches import of_store
    from engine.sweep.evaluator import facts_needed

    facts = facts_needed(question.ruleset, ["overdue"])
    return _in_columns(of_store(url, question, facts) if kept is None else kept.batches(url, question), question)


def _in_columns(batches: Batches, question: Question) -> UnitsCounted:
    from engine.sweep.asking import standing
    from engine.sweep.asking.looking import Looking

    looking = Looking(question.ruleset, question.as_of, standing.asked)
    found = (line for look in batches.looks for line in standing.counted(look(looking)))
    return _counted(batches.units, question.unit, question, found)


def _standing(roster: Roster, question: Question) -> Iterator[tuple[str | None, str, int, int]]:
    """Unit, stage, how many cases, and how many of them have something overdue: case by case."""
    decide = evaluator(question.ruleset)
    for record in evaluated(roster):
        situation = decide.situation(record, question.as_of)
        if situation is not None:
            unit = situation.recorded.get("unit")
            late = any(finding.severity == "overdue" for finding in decide.case(situation)[0])
            yield None if unit is None else str(unit), str(situation.value("stage")), 1, late


def _counted(
    units: Sequence[Unit],
    wanted: str | None,
    question: Question,
    found: Iterable[tuple[str | None, str, int, int]],
) -> UnitsCounted:
    ruleset, tree = question.ruleset, unit_tree(Roster(units=tuple(units))).on(question.as_of)
    stages: dict[str | None, Counter[str]] = defaultdict(Counter)
    overdue: Counter[str | None] = Counter()
    for unit, stage, number, late in found:
        for code in tree.with_above(unit) if unit is not None else (None,):
            stages[code][stage] += number
            overdue[code] += late
    sheet = {unit.code: unit for unit in units}
    strays = sorted(code for code in stages if code is not None and code not in sheet)
    order: list[str | None] = [*tree.in_order(), *strays, *([None] if None in stages else [])]
    lines = [
        UnitLine(
            code=code,
            name=(sheet[code].name if code in sheet else None) or code or "",
            level=sheet[code].level if code in sheet else None,
            depth=len(tree.with_above(code)) - 1 if code in sheet else 0,
            parent=tree.parents.get(code) if code in sheet else None,
            stages=stages_found(stages[code], ruleset),
            overdue=overdue[code],
        )
        for code in order
        if tree.holds(wanted, code)
    ]
    return UnitsCounted(question, tuple(lines), units)
