"""A plan run by layers of expressions, on any library: one row a case with a mark for each rule, then what is found."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from functools import reduce

from engine.sweep.frames import NAMES, ROW
from engine.sweep.layers import Backend, Expression, Frame, Layers
from engine.sweep.running.plan import Outcome, Plan


class ByLayers:
    """Runs a plan on one frame after the other."""

    def __init__(self, plan: Plan, backend: Backend) -> None:
        self.plan, self.backend = plan, backend
        holding = {_holds(rule): node for rule, node in plan.holds.items()}
        stages = {_at(code): node for code, node in plan.stages.items()}
        self._lacking = {rule: {fact: f"{rule} lacks {fact}" for fact in facts} for rule, facts in plan.lacking.items()}
        lacks = {
            self._lacking[rule][fact]: node for rule, facts in plan.lacking.items() for fact, node in facts.items()
        }
        self._wide = Layers(plan.graph, backend, {**holding, **lacks, **stages})
        columns = self._wide.columns
        self._findings = {rule: Layers(plan.graph, backend, plan.said(rule), columns) for rule in plan.rules}
        carried = {ROW, *NAMES.values()}.union(*(layers.needed() for layers in self._findings.values()))
        self._carried = sorted(carried & {*plan.columns, *columns.values()})

    def run(self, frame: Frame) -> Outcome:
        """All findings of a frame."""
        entered = entered_days(self.plan, self.backend, frame)
        wide = self.backend.settle(self._wide.run(entered, self._carried))
        lacking = [column for columns in self._lacking.values() for column in columns.values()]
        marks = [*map(_at, self.plan.stages), *map(_holds, self.plan.holds), *lacking]
        counts = self.backend.counts(wide, marks)
        stages = {code: counts[_at(code)] for code in self.plan.stages}
        outcome = Outcome(stages, self._found(wide, counts), self._unknown(wide, counts))
        self.backend.release(wide)
        return outcome

    def _said_of_case(self) -> list[Expression]:
        api = self.backend.api
        nothing = api.lit(None, dtype=api.String)
        columns = self.plan.of_case().items()
        return [(nothing if column is None else api.col(column)).alias(name) for name, column in columns]

    def _found(self, wide: Frame, counts: Mapping[str, int]) -> Frame:
        # What a rule says is worked out where somebody meets it; without anybody one rule gives the columns.
        met = [rule for rule in self._findings if counts[_holds(rule)]] or list(self._findings)[:1]
        keep, names = self._said_of_case(), {column for column in self.plan.of_case().values() if column}
        plans = ((rule, self._findings[rule]) for rule in met)
        parts = (plan.run(self.backend.where(wide, _holds(rule), names | plan.needed()), keep) for rule, plan in plans)
        return self.backend.together(parts, days=["due"])

    def _unknown(self, wide: Frame, counts: Mapping[str, int]) -> Frame:
        api, keep = self.backend.api, self._said_of_case()
        nothing = wide.head(0)
        parts = [nothing.select(*keep, api.lit("").alias("rule"), api.lit("").str.split(",").alias("missing"))]
        for rule, columns in self._lacking.items():
            if not any(counts[column] for column in columns.values()):
                continue
            lacking = [api.when(api.col(column)).then(api.lit(fact)) for fact, column in columns.items()]
            missing = api.concat_str(*lacking, separator=",", ignore_nulls=True).str.split(",")
            somewhere = reduce(operator.or_, (api.col(column) for column in columns.values()))
            parts.append(wide.filter(somewhere).select(*keep, api.lit(rule).alias("rule"), missing.alias("missing")))
        return self.backend.together(parts)


def entered_days(plan: Plan, backend: Backend, frame: Frame) -> Frame:
    """The frame with days as numbers."""
    days = [name for name in plan.columns if name in plan.recorded.days]
    return backend.days_in(frame, days, [name for name in plan.columns if name not in plan.recorded.days])


def _holds(rule: str) -> str:
    return f"holds {rule}"


def _at(stage: str) -> str:
    return f"at {stage}"
