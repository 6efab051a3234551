"""What comes up next: the limits of each case that lie in the coming days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.findings import Finding
from engine.language.parsing import parse_condition, parse_day
from engine.language.scanning import Place
from engine.language.tree import Expr
from engine.projection import CaseRecord
from engine.ruleset import Citation, RuleSet
from engine.single.evaluator import CaseEvaluator
from engine.single.grounds import support
from rules.loader.law import worst
from rules.loader.rules import HERE
from rules.loader.yaml_nodes import entries


@dataclass(frozen=True, slots=True)
class Coming:
    """A limit of a case that has not passed yet."""

    case: str
    name: str
    unit: str | None
    day: dt.date
    deadline: str
    label: str
    document: str
    clause: str | None
    certainty: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit that a case can have: when it counts, which day it is, and the clause."""

    name: str
    label: str
    when: Expr
    day: Expr
    cites: Citation


@cache
def load_deadlines(ruleset: RuleSet, path: Path = HERE / "deadlines.yaml") -> tuple[Deadline, ...]:
    """Read the deadlines; raises `LawFileError` with file and line."""
    deadlines = []
    for node in entries(path):
        keys = node.mapping(["deadline", "label", "when", "day", "cites"])
        places = {key: Place(str(node.file), value.line) for key, value in keys.items()}
        cites = keys["cites"].mapping(["clause", "on"])
        parameter = ruleset.law.parameters[cites["clause"].one_of(ruleset.law.parameters)]
        deadlines.append(
            Deadline(
                name=keys["deadline"].text(),
                label=keys["label"].text(),
                when=parse_condition(keys["when"].text(), ruleset.scope, places["when"]),
                day=parse_day(keys["day"].text(), ruleset.scope, places["day"]),
                cites=Citation(parameter, parse_day(cites["on"].text(), ruleset.scope, places["cites"])),
            )
        )
    return tuple(deadlines)


def coming(evaluator: CaseEvaluator, records: Iterable[CaseRecord], as_of: dt.date, within: int) -> list[Coming]:
    """The limits that lie after the as-of day and within so many days of it, soonest first; those of overlays too."""
    program, last = evaluator.program, as_of + dt.timedelta(days=within)
    has_overlay = any(rule.text.overlay is not None for rule in evaluator.ruleset.rules.values())
    found: list[Coming] = []
    for record in records:
        situation = evaluator.situation(record, as_of)
        if situation is None:
            continue
        for deadline in load_deadlines(evaluator.ruleset):
            if program.compiled(deadline.when)(situation) is not True:
                continue
            day = program.compiled(deadline.day)(situation)
            if not isinstance(day, dt.date) or not as_of < day <= last:
                continue
            on = program.compiled(deadline.cites.on)(situation)
            cited = deadline.cites.parameter.at(on if isinstance(on, dt.date) else as_of)
            rests = support(program, deadline.day, situation)
            unit = situation.recorded.get("unit")
            found.append(
                Coming(
                    case=record.code,
                    name=str(situation.recorded.get("full_name", "")),
                    unit=None if unit is None else str(unit),
                    day=day,
                    deadline=deadline.name,
                    label=deadline.label,
                    document=cited.version.document.id,
                    clause=cited.version.clause,
                    certainty="unconfirmed"
                    if rests.forecast
                    else worst([cited.certainty, *(entry.certainty for entry in rests.versions)]),
                )
            )
        if has_overlay:
            found += [
                entry for entry in _of_overlays(evaluator, evaluator.case(situation)[0]) if as_of < entry.day <= last
            ]
    return sorted(found, key=lambda entry: (entry.day, entry.case, entry.deadline))


def _of_overlays(evaluator: CaseEvaluator, findings: Iterable[Finding]) -> Iterator[Coming]:
    """The limits that the rules of an overlay speak of: what a province asks for has no other list of limits."""
    for found in findings:
        if found.overlay is not None and found.due is not None:
            yield Coming(
                case=found.case,
                name=found.name,
                unit=found.unit,
                day=found.due,
                deadline=found.rule,
                label=evaluator.ruleset.rules[found.rule].title,
                document=found.document,
                clause=found.clause,
                certainty=found.certainty,
            )
