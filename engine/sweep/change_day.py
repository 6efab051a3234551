"""The next change day: for each case the first later day on which its findings change by themselves.

A limit passes, a certificate lapses, a law takes force, a step dated ahead comes due. What counts as a change is
everything a finding says but its days of lateness, which grow each day; and what cannot be decided, and the stage.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
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
FEW = 250
"""So few cases are looked at on several days at once."""
_STEPS = [dt.timedelta(days=days) for days in (0, *(2**power for power in range(12)))]
"""How long after a day that must be looked at others are looked at with it: so many cost hardly more than one."""
_NEXT = "next"
_LASTING = ("severity", "due", "document", "clause", "certainty", "forecast", "later", "held_by")
"""What a finding says that is not fixed by its rule and does not grow each day."""


class Course:
    """What is known of the days ahead of one case: from which day to which all stays as it is on the first of them."""

    def __init__(self, first: dt.date) -> None:
        self.change: dt.date | None = None
        """The first day on which something else is shown; nothing is said of it while a day is open."""
        self._first = first
        self._known: dict[dt.date, tuple[dt.date | None, bool]] = {}

    def learn(self, day: dt.date, following: dt.date | None, *, changed: bool) -> None:
        """What a look at a day found: the next day on which something may change, and whether it has changed."""
        self._known[day] = following, changed

    def open(self) -> set[dt.date]:
        """Days still to be looked at before the first change can be said, and some after each; none once it is known.

        Near days more than far ones, for days of change crowd.
        """
        missing, day, starts = list[dt.date](), self._first, sorted(self._known)
        while True:
            following, changed = self._on(day, starts)
            if following is not None and following <= day:
                missing.append(day)
                place = bisect_right(starts, day)
                if place == len(starts):
                    break
                day = starts[place]
            elif changed or following is None:
                self.change = day if changed else None
                break
            else:
                day = following
        near = ((day, self._on(day, starts)[0]) for gap in missing for day in (gap + step for step in _STEPS))
        return {day for day, following in near if following is not None and following <= day}

    def _on(self, day: dt.date, starts: list[dt.date]) -> tuple[dt.date | None, bool]:
        """Until when all stays as on a day, and whether it has changed; of a day not known, a day that is past."""
        place = bisect_right(starts, day)
        return self._known[starts[place - 1]] if place else (dt.date.min, False)


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
        dated = (
            replace(frames, cases=cases.lazy())
            .days(self.ruleset.vocabulary.step_kinds, self.evaluator.backend)
            .collect()
        )
        now = self._look(frames, cases, dated)
        found = [now.filter(pl.col(_NEXT).is_null()).select(ROW, pl.col(_NEXT).cast(pl.Date).alias(CHANGE))]
        ahead = now.filter(pl.col(_NEXT).is_not_null()).select(ROW, pl.col(_NEXT).cast(pl.Date))
        stages = now.select(ROW, STAGE)
        while ahead.height > FEW:
            then = self._then(frames, cases, dated, now, ahead.rename({_NEXT: AS_OF}))
            found.append(then.filter("changed").select(ROW, pl.col(AS_OF).alias(CHANGE)))
            same = then.filter(~pl.col("changed"))
            found.append(same.filter(pl.col(_NEXT).is_null()).select(ROW, pl.col(_NEXT).alias(CHANGE)))
            ahead = same.filter(pl.col(_NEXT).is_not_null()).select(ROW, _NEXT)
        found.append(self._followed(frames, cases, dated, now, dict(ahead.iter_rows())))
        return stages.join(pl.concat(found), on=ROW)

    def _followed(
        self, frames: CaseFrames, cases: pl.DataFrame, dated: pl.DataFrame, now: pl.DataFrame, ahead: dict[int, dt.date]
    ) -> pl.DataFrame:
        """The change days of few cases, each followed from several of its days at once.

        A look costs the same at one case and at a thousand, and what it finds on a day holds up to the next that it
        names: so the stretches that are known soon cover all days up to the first change.
        """
        courses = {row: Course(day) for row, day in ahead.items()}
        while asked := [(row, day) for row, course in courses.items() for day in sorted(course.open())]:
            wanted = pl.DataFrame(asked, schema={ROW: now.schema[ROW], AS_OF: pl.Date}, orient="row")
            then = self._then(frames, cases, dated, now, wanted)
            for row, day, following, changed in then.select(ROW, AS_OF, _NEXT, "changed").iter_rows():
                courses[row].learn(day, following, changed=changed)
        rows = [(row, course.change) for row, course in courses.items()]
        return pl.DataFrame(rows, schema={ROW: now.schema[ROW], CHANGE: pl.Date}, orient="row")

    def _then(
        self, frames: CaseFrames, cases: pl.DataFrame, dated: pl.DataFrame, now: pl.DataFrame, wanted: pl.DataFrame
    ) -> pl.DataFrame:
        """Looks at cases on days of their own: whether a case is `changed` against `now`, and its next day."""
        numbered = wanted.with_row_index("look")

        def looked(rows: pl.LazyFrame) -> pl.LazyFrame:
            """The rows of a case once for each look at it."""
            return rows.join(numbered.lazy().select(ROW, "look"), on=ROW).drop(ROW).rename({"look": ROW})

        there = replace(
            frames,
            steps=None if frames.steps is None else looked(frames.steps),
            attributes={name: looked(entries) for name, entries in frames.attributes.items()},
            placements=None if frames.placements is None else looked(frames.placements),
        )
        placed = cases.drop(AS_OF).join(numbered, on=ROW, maintain_order="right").drop(ROW).rename({"look": ROW})
        then = self._look(there, placed, looked(dated.lazy()).collect())
        before = wanted.join(now, on=ROW, how="left", maintain_order="left")
        shown = [name for name in then.columns if name not in (ROW, _NEXT)]
        beside = before.select(pl.col(name).alias(f"before {name}") for name in shown)
        differs = (pl.col(name).ne_missing(pl.col(f"before {name}")) for name in shown)
        changed = pl.concat([then, beside], how="horizontal").select(pl.any_horizontal(*differs).alias("changed"))
        return pl.concat([wanted, changed, then.select(pl.col(_NEXT).cast(pl.Date))], how="horizontal")

    def _look(self, frames: CaseFrames, cases: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
        """What each case shows on its own day, and the first day after it on which that may change."""
        lying_ahead = days.join(cases.select(ROW, AS_OF), on=ROW, how="inner").filter(pl.col(AHEAD) > pl.col(AS_OF))
        ahead = lying_ahead.group_by(ROW).agg(pl.col(AHEAD).min()).lazy()
        placed = replace(frames, cases=cases.lazy())
        backend = self.evaluator.backend
        frame = placed.as_of(None, self.ruleset.vocabulary.step_kinds, backend).join(ahead, on=ROW, how="left")
        frame = with_words_read(frame, backend)
        columns = tuple(sorted(frame.collect_schema().names()))  # in whatever order: one plan serves all
        if columns not in self._plans:
            self._plans[columns] = self._compile(columns)
        numbers, plan = self._plans[columns]
        read = [name for name in columns if name == ROW or name in plan.needed()]
        entered = backend.days_in(frame, [n for n in read if n in numbers], [n for n in read if n not in numbers])
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
