"""The next change day: for each case the first later day on which its findings change by themselves.

A limit passes, a certificate lapses, a law takes force, a step dated ahead comes due. What counts as a change is
everything a finding says but its days of lateness, which grow each day; and what cannot be decided, and the stage.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from engine.language.tree import FactRef
from engine.sweep.evaluator import Cases, SweepEvaluator
from engine.sweep.events import Events
from engine.sweep.findings import Describing
from engine.sweep.frames import AHEAD, AS_OF, NAMES, ROW, CaseFrames, recorded_nodes, with_words_read
from engine.sweep.graph import Graph
from engine.sweep.layers import Layers
from engine.sweep.nodes import Node
from engine.sweep.reading import Reading

CHANGE, STAGE = "change_on", "stage"
TODAY = FactRef("as_of", "date")
BATCH = 200_000
_NEXT = "next"
_LASTING = ("severity", "due", "document", "clause", "certainty", "forecast", "later", "held_by")
"""What a finding says that is not fixed by its rule and does not grow each day."""


class ChangeDays:
    """Finds the next change day of cases, by the plans of an evaluator."""

    def __init__(self, evaluator: SweepEvaluator) -> None:
        self.evaluator, self.ruleset = evaluator, evaluator.ruleset
        self._plans: dict[tuple[str, ...], tuple[frozenset[str], Layers]] = {}

    def next(self, cases: Cases, as_of: dt.date) -> pl.DataFrame:
        """The `row` of each case with its `stage` on the day, null where it is no case yet, and the day `change_on`.

        That day is null where nothing will ever change by itself.
        """
        frames = self.evaluator.frames(cases)
        height = frames.cases.select(pl.len()).collect().item()
        parts = [self._next(frames, start, as_of) for start in range(0, max(height, 1), BATCH)]
        return pl.concat(parts).sort(ROW)

    def _next(self, frames: CaseFrames, start: int, as_of: dt.date) -> pl.DataFrame:
        cases: pl.DataFrame = frames.cases.slice(start, BATCH).with_columns(pl.lit(as_of).alias(AS_OF)).collect()
        dated = replace(frames, cases=cases.lazy()).days(self.ruleset.vocabulary.step_kinds).collect()
        now = self._look(frames, cases, dated)
        found = [now.filter(pl.col(_NEXT).is_null()).select(ROW, pl.col(_NEXT).cast(pl.Date).alias(CHANGE))]
        ahead = now.filter(pl.col(_NEXT).is_not_null()).select(ROW, pl.col(_NEXT).cast(pl.Date))
        stages = now.select(ROW, STAGE)
        while not ahead.is_empty():
            cases = cases.drop(AS_OF).join(ahead.rename({_NEXT: AS_OF}), on=ROW, how="inner")
            then = self._look(frames, cases, dated)
            before = now.join(then.select(ROW), on=ROW, how="semi").sort(ROW)
            names = [name for name in then.columns if name not in (ROW, _NEXT)]
            beside = before.select(pl.col(name).alias(f"before {name}") for name in names)
            differs = (pl.col(name).ne_missing(pl.col(f"before {name}")) for name in names)
            changed = pl.concat([then, beside], how="horizontal").select(pl.any_horizontal(*differs)).to_series()
            days = then.select(ROW, pl.col(_NEXT).cast(pl.Date)).with_columns(ahead.sort(ROW)[_NEXT].alias(CHANGE))
            found.append(days.filter(changed).select(ROW, CHANGE))
            same = days.filter(~changed)
            found.append(same.filter(pl.col(_NEXT).is_null()).select(ROW, pl.col(_NEXT).alias(CHANGE)))
            ahead = same.filter(pl.col(_NEXT).is_not_null()).select(ROW, _NEXT)
        return stages.join(pl.concat(found), on=ROW)

    def _look(self, frames: CaseFrames, cases: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
        """What each case shows on its own day, and the first day after it on which that may change."""
        lying_ahead = days.join(cases.select(ROW, AS_OF), on=ROW, how="inner").filter(pl.col(AHEAD) > pl.col(AS_OF))
        ahead = lying_ahead.group_by(ROW).agg(pl.col(AHEAD).min()).lazy()
        placed = replace(frames, cases=cases.lazy())
        frame = placed.as_of(None, self.ruleset.vocabulary.step_kinds, pl).join(ahead, on=ROW, how="left")
        frame = with_words_read(frame, self.evaluator.backend)
        columns = tuple(frame.collect_schema().names())
        if columns not in self._plans:
            self._plans[columns] = self._compile(columns)
        numbers, plan = self._plans[columns]
        backend = self.evaluator.backend
        entered = backend.days_in(frame, [n for n in columns if n in numbers], [n for n in columns if n not in numbers])
        # Often few cases are left to look at: layer by layer costs less than a plan of all layers.
        shown: pl.DataFrame = plan.run(entered.collect(), [ROW])
        return shown.sort(ROW)

    def _compile(self, columns: tuple[str, ...]) -> tuple[frozenset[str], Layers]:
        graph = Graph(self.evaluator.tables)
        recorded = recorded_nodes(self.ruleset, graph, columns, {AS_OF: None})
        events = Events(graph, recorded.facts[AS_OF])
        shown = self._shown(events, Reading(self.ruleset, graph, recorded.facts), recorded.exists)
        ahead = graph.compare("le", graph.col(AHEAD, "whole"), recorded.facts[AS_OF])
        following = events.next([*shown.values(), ahead])
        return recorded.days | {AHEAD}, Layers(graph, self.evaluator.backend, {**shown, _NEXT: following})

    def _shown(self, events: Events, reading: Reading, exists: Node) -> dict[str, Node]:
        """Everything whose change is a change of the case."""
        graph, describing = events.graph, Describing(reading)
        shown = {STAGE: graph.when(exists, reading.fact("stage").value, graph.const(None, "text"))}
        told = []
        for number, rule in enumerate(self.ruleset.rules.values()):
            answer = reading.rule(rule.name)
            holds = graph.all_of([exists, answer.value])
            lacks = {fact: graph.all_of([exists, where]) for fact, where in answer.missing.items()}
            shown |= {f"{number} holds": holds, **{f"{number} lacks {fact}": lack for fact, lack in lacks.items()}}
            told += [holds, *lacks.values()]
            said = describing.columns(rule)
            # Lateness that does not simply grow from day to day is like anything else that is said.
            for name in _LASTING if rule.late_on in (None, TODAY) else (*_LASTING, "days_late"):
                if events.moves(said[name]):
                    nothing = graph.const(None, said[name].kind)
                    shown[f"{number} {name}"] = graph.when(holds, said[name], nothing)
        # Whatever is told of a case is told with its person and its unit, which she may change on a day recorded ahead.
        anything = graph.any_of(told)
        for fact in set(NAMES.values()) - {"code"}:
            shown[fact] = graph.when(anything, reading.fact(fact).value, graph.const(None, "text"))
        return shown
