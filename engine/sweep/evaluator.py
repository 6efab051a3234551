"""The sweep: all rules over all cases at once, as column expressions on a frame with one row a case.

The same tree as the live evaluator, read a second time (`engine.sweep.reading`); both give the same findings.
"""

from __future__ import annotations

import datetime as dt
import operator
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from engine.findings import Describer, Evaluation, Finding, noted, stages_found
from engine.language.tree import Expr, facts_read, rules_read
from engine.projection import CaseRecord
from engine.ruleset import PLACEHOLDER, Rule, RuleSet
from engine.single.closures import Situation, program_of
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import tables_of
from engine.sweep.findings import Describing
from engine.sweep.frames import AS_OF, NAMES, ROW, CaseFrames, recorded_nodes
from engine.sweep.graph import Graph, day_of
from engine.sweep.layers import Backend, Expression, Frame, Layers
from engine.sweep.nodes import Node
from engine.sweep.reading import Reading
from engine.unknowns import UnknownRule

Cases = CaseFrames | Iterable[CaseRecord] | pl.DataFrame | pl.LazyFrame

_EXISTS = "exists"
_KEPT = 8
"""So many plans are kept, the last ones used: each holds some 10 MB."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The plans for frames with the same columns: what holds in each row, and what is said of those rows."""

    days: frozenset[str]
    wide: Layers
    carried: tuple[str, ...]
    """The columns of the wide frame that the findings' plans read."""
    findings: Mapping[str, Layers]
    unknown: Mapping[str, Mapping[str, str]]
    """For each rule that can be unknown, the column that says so for each fact that can be missing."""
    projected: Layers


class Showing:
    """Writes out rows of a sweep's frames; the recorded facts of a case are looked up only then."""

    def __init__(self, ruleset: RuleSet, backend: Backend, as_of: dt.date, entered: Frame, projected: Layers) -> None:
        self.ruleset, self.backend, self.as_of = ruleset, backend, as_of
        self._entered, self._projected = entered, projected

    def findings(self, frame: Frame) -> list[Finding]:
        """The findings of a frame, sorted by case, then rule."""
        program = program_of(self.ruleset)
        describer = Describer(program)
        situations: dict[int, Situation] = {row: program.situation(recorded) for row, recorded in self._recorded(frame)}
        found = [self._finding(describer, row, situations[row[ROW]]) for row in self.backend.rows(frame)]
        return sorted(found, key=lambda finding: (finding.case, finding.rule))

    def _recorded(self, frame: Frame) -> Iterator[tuple[int, dict[str, Any]]]:
        """The recorded facts of every case in a frame, as they stood on the day."""
        entered = self._entered.join(frame.select(ROW).unique(), on=ROW, how="semi")
        facts = self._projected.run(entered, [self.backend.api.col(ROW).alias("_row")])
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
    """One row a finding, rule by rule: `row`, `case`, `name`, `unit`, `rule`, `severity`, `due` and the rest."""
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
        wide = self._wide(compiled, frame)
        counts = self._counts(compiled, wide)
        result = SweepResult(
            as_of=as_of,
            stages=stages_found({code: counts[_at(code)] for code in self.stages}, self.ruleset),
            findings=self._findings(compiled, wide, counts),
            unknown=self._unknown(compiled, wide, counts),
            showing=Showing(self.ruleset, self.backend, as_of, self.entered(compiled, frame), compiled.projected),
        )
        self.backend.release(wide)
        return result

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
        reading = Reading(self.ruleset, graph, recorded.facts)
        roots: dict[str, Node] = {}
        unknown: dict[str, dict[str, str]] = {}
        for name in self.rules:
            answer = reading.rule(name)
            roots[_holds(name)] = graph.all_of([recorded.exists, answer.value])
            for fact, where in sorted(answer.missing.items()):
                column = unknown.setdefault(name, {})[fact] = f"{name} lacks {fact}"
                roots[column] = graph.all_of([recorded.exists, where])
        stage = reading.fact("stage").value
        for code in self.stages:
            reached = graph.compare("eq", stage, graph.const(code, "text"))
            roots[_at(code)] = graph.all_of([recorded.exists, reached])
        wide = Layers(graph, self.backend, roots)
        describing = Describing(reading)
        findings = {n: Layers(graph, self.backend, describing.columns(r), wide.columns) for n, r in self.rules.items()}
        carried = {NAMES[key] for key in NAMES} | ({ROW} if ROW in columns else set())
        for plan in findings.values():
            carried |= plan.needed()
        known = set(columns) | set(wide.columns.values())
        projected = Layers(graph, self.backend, {**recorded.facts, _EXISTS: recorded.exists})
        return Compiled(recorded.days, wide, tuple(sorted(carried & known)), findings, unknown, projected)

    def entered(self, compiled: Compiled, frame: Frame) -> Frame:
        """The frame with days as numbers."""
        columns = frame.collect_schema().names()
        days = [name for name in columns if name in compiled.days]
        return self.backend.days_in(frame, days, [name for name in columns if name not in compiled.days])

    def _wide(self, compiled: Compiled, frame: Frame) -> Frame:
        """One row a case, with a mark for each rule that holds or lacks something."""
        return self.backend.settle(compiled.wide.run(self.entered(compiled, frame), compiled.carried))

    def _counts(self, compiled: Compiled, wide: Frame) -> dict[str, int]:
        """How many cases have each mark: are in a stage, meet a rule, lack something for it."""
        lacking = [name for columns in compiled.unknown.values() for name in columns.values()]
        return self.backend.counts(wide, [*map(_at, self.stages), *map(_holds, compiled.findings), *lacking])

    def _said_of_case(self, wide: Frame) -> list[Expression]:
        api, there = self.backend.api, wide.collect_schema().names()
        nothing = api.lit(None, dtype=api.String)
        names = [(api.col(fact) if fact in there else nothing).alias(name) for name, fact in NAMES.items()]
        return [*([api.col(ROW)] if ROW in there else []), *names]

    def _findings(self, compiled: Compiled, wide: Frame, counts: Mapping[str, int]) -> Frame:
        # What a rule says is worked out where somebody meets it; without anybody one rule gives the columns.
        met = [name for name in compiled.findings if counts[_holds(name)]] or list(compiled.findings)[:1]
        keep, names = self._said_of_case(wide), {ROW, *NAMES.values()}.intersection(wide.collect_schema().names())
        plans = ((name, compiled.findings[name]) for name in met)
        parts = (plan.run(self.backend.where(wide, _holds(name), names | plan.needed()), keep) for name, plan in plans)
        return self.backend.together(parts, days=["due"])

    def _unknown(self, compiled: Compiled, wide: Frame, counts: Mapping[str, int]) -> Frame:
        api, keep = self.backend.api, self._said_of_case(wide)
        nothing = wide.head(0)
        parts = [nothing.select(*keep, api.lit("").alias("rule"), api.lit("").str.split(",").alias("missing"))]
        for name, columns in compiled.unknown.items():
            if not any(counts[column] for column in columns.values()):
                continue
            lacking = [api.when(api.col(column)).then(api.lit(fact)) for fact, column in columns.items()]
            missing = api.concat_str(*lacking, separator=",", ignore_nulls=True).str.split(",")
            somewhere = reduce(operator.or_, (api.col(column) for column in columns.values()))
            parts.append(wide.filter(somewhere).select(*keep, api.lit(name).alias("rule"), missing.alias("missing")))
        return self.backend.together(parts)


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


def _holds(rule: str) -> str:
    return f"holds {rule}"


def _at(stage: str) -> str:
    return f"at {stage}"
