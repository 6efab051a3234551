"""The sweep: all rules over all cases at once, as column expressions on a frame with one row a case.

The same tree as the live evaluator, read a second time (`engine.sweep.reading`); both give the same findings.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from engine.findings import Describer, Evaluation, Finding, noted, stages_found
from engine.language.tree import Expr, facts_read, rules_read
from engine.projection import CaseRecord
from engine.ruleset import PLACEHOLDER, Rule, RuleSet
from engine.single.closures import Situation, program_of
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import tables_of
from engine.sweep.frames import AS_OF, NAMES, ROW, CaseFrames, recorded_nodes
from engine.sweep.graph import Graph, day_of
from engine.sweep.layers import Backend, Frame, Layers
from engine.sweep.reading import Reading
from engine.sweep.running.by_layers import ByLayers, entered_days
from engine.sweep.running.by_parts import ByParts
from engine.sweep.running.plan import Plan, Running
from engine.unknowns import UnknownRule

Cases = CaseFrames | Iterable[CaseRecord] | pl.DataFrame | pl.LazyFrame

_EXISTS = "exists"
_KEPT = 8
"""So many plans are kept, the last ones used: each holds some 10 MB."""


@dataclass(slots=True)
class Compiled:
    """A plan for frames with the same columns, and what runs it."""

    plan: Plan
    running: Running


class Showing:
    """Writes out rows of a sweep's frames; the recorded facts of a case are looked up only then."""

    def __init__(self, ruleset: RuleSet, backend: Backend, frame: Frame, plan: Plan) -> None:
        self.ruleset, self.backend = ruleset, backend
        self._frame, self._plan = frame, plan

    def findings(self, frame: Frame) -> list[Finding]:
        """The findings of a frame, sorted by case, then rule."""
        program = program_of(self.ruleset)
        describer = Describer(program)
        situations: dict[int, Situation] = {row: program.situation(recorded) for row, recorded in self._recorded(frame)}
        found = [self._finding(describer, row, situations[row[ROW]]) for row in self.backend.rows(frame)]
        return sorted(found, key=lambda finding: (finding.case, finding.rule))

    def _recorded(self, frame: Frame) -> Iterator[tuple[int, dict[str, Any]]]:
        """The recorded facts of every case in a frame, as they stood on the day."""
        recorded = self._plan.recorded
        with self._plan.lock:
            projected = Layers(self._plan.graph, self.backend, {**recorded.facts, _EXISTS: recorded.exists})
        entered = entered_days(self._plan, self.backend, self._frame)
        asked = entered.join(frame.select(ROW).unique(), on=ROW, how="semi")
        facts = projected.run(asked, [self.backend.api.col(ROW).alias("_row")])
        types = self.ruleset.types
        days = {name for name, type_ in types.items() if type_ == "date"}
        for row in self.backend.rows(facts):
            known = {name: value for name, value in row.items() if value is not None}
            yield row["_row"], {n: day_of(v) if n in days else v for n, v in known.items() if n in types}

    def _finding(self, describer: Describer, row: dict[str, Any], situation: Situation) -> Finding:
        rule = self.ruleset.rules[row["rule"]]
        told = describer.message(rule, situation, row["due"], row["days_late"])
        message = noted(told, row["certainty"], later=row["later"], forecast=row["forecast"])
        said = {name: value for name, value in row.items() if name not in (ROW, "case", "name")}
        return Finding(case=row["case"] or "", name=row["name"] or "", message=message, **said)

    def unknown(self, frame: Frame) -> list[UnknownRule]:
        """The undecided rules of a frame, sorted by case, then rule."""
        rows = self.backend.rows(frame)
        found = [UnknownRule(row["case"] or "", row["rule"], tuple(row["missing"])) for row in rows]
        return sorted(found, key=lambda entry: (entry.case, entry.rule))


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep found, as frames; sentences are written only for what is shown."""

    as_of: dt.date
    stages: dict[str, int]
    findings: Frame
    """One row a finding, rule by rule: `row`, `case`, `name`, `unit`, `rule`, `severity`, `due` and the rest.

    On Polars its words are categories; `engine.sweep.findings.in_words` writes them out.
    """
    unknown: Frame
    """One row for each rule of a case that cannot be decided, with the list `missing`."""
    showing: Showing

    def evaluation(self) -> Evaluation:
        """The same as values, in the order of cases and rules, with the sentence of each finding."""
        findings, unknown = self.showing.findings(self.findings), self.showing.unknown(self.unknown)
        return Evaluation(self.as_of, self.stages, findings, unknown)


class SweepEvaluator:
    """Evaluates frames of cases; keep one and use it for many."""

    def __init__(
        self, ruleset: RuleSet, backend: Backend | None = None, severities: Collection[str] | None = None
    ) -> None:
        """All rules, or those that can have some severities."""
        self.ruleset = ruleset
        self.rules = {name: rule for name, rule in ruleset.rules.items() if rule.can_be(severities)}
        self.backend = backend or PolarsBackend()
        self.tables = tables_of(ruleset.calendar)
        self.stages = tuple(ruleset.vocabulary.codes["stage"])
        self._plans: dict[tuple[object, ...], Compiled] = {}
        self._lock = threading.Lock()

    def evaluate(self, cases: Cases, as_of: dt.date, units: Collection[str] | None = None) -> SweepResult:
        """All findings of all cases as of a day, or of those that are then in some units."""
        frame = self.frames(cases).on(as_of, self.ruleset.vocabulary.step_kinds, self.backend, units)
        compiled = self.compiled(frame, as_of)
        found = compiled.running.run(frame)
        return SweepResult(
            as_of=as_of,
            stages=stages_found(found.stages, self.ruleset),
            findings=found.findings,
            unknown=found.unknown,
            showing=Showing(self.ruleset, self.backend, frame, compiled.plan),
        )

    def frames(self, cases: Cases) -> CaseFrames:
        """Cases in whatever form as frames."""
        match cases:
            case CaseFrames():
                return cases
            case pl.DataFrame() | pl.LazyFrame():
                native = cases.lazy()
                rows = native if ROW in native.collect_schema() else native.with_row_index(ROW)
                return CaseFrames(rows)
            case _:
                return CaseFrames.of_records(cases, self.ruleset.vocabulary)

    def compiled(self, frame: Frame, as_of: dt.date | None) -> Compiled:
        columns = tuple(frame.collect_schema().names())
        key = (as_of, columns)
        with self._lock:
            compiled = self._plans.pop(key, None) or self._compile(columns, as_of)
            self._plans[key] = compiled
            if len(self._plans) > _KEPT:
                del self._plans[next(iter(self._plans))]
        return compiled

    def _compile(self, columns: tuple[str, ...], as_of: dt.date | None) -> Compiled:
        graph = Graph(self.tables)
        recorded = recorded_nodes(self.ruleset, graph, columns, {AS_OF: as_of})
        plan = Plan(Reading(self.ruleset, graph, recorded.facts), recorded, self.rules, columns)
        if self.backend.api is pl:
            return Compiled(plan, ByParts(plan, facts_needed(self.ruleset)))
        return Compiled(plan, ByLayers(plan, self.backend))


def facts_needed(ruleset: RuleSet, severities: Collection[str] | None = None) -> frozenset[str]:
    """The recorded facts that rules (of some severities) read, or name in their sentences."""
    every = {name for condition in ruleset.unknown_when.values() for name in facts_read(condition)}
    return facts_behind(ruleset, (rule for rule in ruleset.rules.values() if rule.can_be(severities)), (), every)


def facts_behind(
    ruleset: RuleSet, rules: Iterable[Rule], exprs: Iterable[Expr], facts: Iterable[str] = ()
) -> frozenset[str]:
    """The recorded facts that rules read or name in their sentences, and those behind expressions and other facts."""
    found = {*NAMES.values(), "stage", *facts}.union(*map(facts_read, exprs))
    waiting, read = list(rules), set[str]()
    while waiting:
        rule = waiting.pop()
        read.add(rule.name)
        waiting += [ruleset.rules[name] for name in rules_read(rule.when) - read]
        chosen = (when for _, when in (*rule.severities, *rule.holders))
        conditions = [rule.when, rule.due, rule.late_on, *chosen, *(citation.on for citation in rule.cites)]
        found = found.union(*(facts_read(expr) for expr in conditions if expr is not None))
        found |= set(PLACEHOLDER.findall(rule.say))
    # Computed facts stand in the order of their computation.
    for name, expr in reversed(list(ruleset.computed.items())):
        if name in found:
            found |= facts_read(expr)
    found |= {text for text, days in ruleset.vocabulary.partly.items() if not found.isdisjoint(days)}
    return frozenset(found & ruleset.vocabulary.facts.keys() - ruleset.computed.keys())
