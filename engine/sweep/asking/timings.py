"""Where the time goes, in columns: the same as `engine.statistics.timing.timings` makes of one case after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from engine.coming_up import Coming, load_deadlines
from engine.language.tree import Expr
from engine.ruleset import RuleSet
from engine.statistics.counting import Run
from engine.statistics.timing.measurement import (
    AheadMonth,
    MonthTiming,
    Oldest,
    Passage,
    Transition,
    UnitTimings,
    Wait,
    Waiting,
    end_of_months,
    months_ahead,
)
from engine.statistics.timing.timed_steps import WAITS, TimedSteps, load_timed_steps
from engine.sweep.asking import coming_up
from engine.sweep.asking.coming_up import Limits
from engine.sweep.asking.looking import WHO, Looking, as_day
from engine.sweep.evaluator import facts_behind
from engine.sweep.findings import Describing
from engine.sweep.frames import ROW
from engine.sweep.nodes import Node
from rules.loader.rules import HOLDERS

_PLACE, _DAYS = "stretch", "days"
_PASSAGES = {**WHO, _PLACE: pl.UInt8, "first": pl.Date, "second": pl.Date, "working_days": pl.Int32, "late": pl.Boolean}
_WAITS = {**WHO, "held_by": pl.String, "rule": pl.String, "since": pl.Date, _DAYS: pl.Int32}


class TimingColumns:
    """Times cases batch after batch; keep one for a whole store."""

    def __init__(self, ruleset: RuleSet, run: Run) -> None:
        self.steps, self.run = load_timed_steps(ruleset), run
        counted = frozenset().union(*self.steps.ahead.values())
        deadlines = [deadline for deadline in load_deadlines(ruleset) if deadline.name in counted]
        self.limits = Limits(deadlines, (), run.as_of, end_of_months(run.as_of))
        self.looking = Looking(ruleset, run.as_of, self.asked)
        self._passages, self._waits = [pl.DataFrame(schema=_PASSAGES)], [pl.DataFrame(schema=_WAITS)]
        self._limits = [pl.DataFrame(schema=coming_up.SCHEMA)]

    def add(self, looked: pl.DataFrame) -> None:
        """Time the cases of a batch, as they were looked at."""
        self._passages.append(self._passed(looked))
        self._waits.append(self._waiting(looked))
        self._limits.append(self.limits.rows(looked))

    def measured(self) -> MeasuredColumns:
        """All that was timed."""
        passages, waits, limits = map(pl.concat, (self._passages, self._waits, self._limits))
        passages = passages.with_columns((pl.col("second") - pl.col("first")).dt.total_days().alias(_DAYS))
        limits = coming_up.in_order(limits)
        return MeasuredColumns(self.steps, self.run, passages.sort(ROW, _PLACE), _oldest_first(waits), limits)

    def asked(self, describing: Describing) -> Mapping[str, Node]:
        """What is asked of every case, whatever the period."""
        graph, reading, found = describing.graph, describing.reading, dict[str, Node]()
        nothing = graph.const(None, "whole")
        for place, stretch in enumerate(self.steps.stretches):
            late = graph.no if stretch.late is None else graph.sure(reading.read(stretch.late).value)
            found[f"{place} first"] = reading.read(stretch.first).value
            found[f"{place} second"] = reading.read(stretch.second).value
            found[f"{place} worked"] = reading.read(stretch.working_days).value
            found[f"{place} late"] = late
        for place, waiting in enumerate(self.steps.waiting):
            said = describing.columns(waiting.rule)
            waits = [reading.rule(waiting.rule.name).value, graph.one_of(said["severity"], WAITS)]
            since = reading.read(waiting.since).value
            found[f"{place} since"] = graph.when(graph.all_of(waits), since, nothing)
            found[f"{place} holder"] = said["held_by"]
        return {**found, **self.limits.asked(describing)}

    def _passed(self, looked: pl.DataFrame) -> pl.DataFrame:
        """Who went a stretch in the period."""
        parts = []
        for place in range(len(self.steps.stretches)):
            first, second = as_day(f"{place} first"), as_day(f"{place} second")
            went = looked.filter(first.is_not_null() & second.is_between(self.run.start, self.run.end))
            own = [pl.lit(place, dtype=pl.UInt8).alias(_PLACE), first.alias("first"), second.alias("second")]
            worked = pl.col(f"{place} worked").cast(pl.Int32).alias("working_days")
            parts.append(went.select(*WHO, *own, worked, pl.col(f"{place} late").alias("late")))
        return pl.concat(parts)

    def _waiting(self, looked: pl.DataFrame) -> pl.DataFrame:
        """Who waits: once under each holder, from the earliest clock there."""
        parts = []
        for place, waiting in enumerate(self.steps.waiting):
            since, holder = as_day(f"{place} since"), pl.col(f"{place} holder").cast(pl.String)
            own = [holder.alias("held_by"), pl.lit(waiting.rule.name).alias("rule"), since.alias("since")]
            days = (pl.lit(self.run.as_of) - since).dt.total_days().cast(pl.Int32).alias(_DAYS)
            parts.append(looked.filter(since.is_not_null() & holder.is_not_null()).select(*WHO, *own, days))
        clocks = pl.concat(parts).sort("since", maintain_order=True)
        return clocks.unique([ROW, "held_by"], keep="first", maintain_order=True)


class MeasuredColumns:
    """A measurement in columns; only those people who are asked for become values."""

    def __init__(
        self, steps: TimedSteps, run: Run, passages: pl.DataFrame, waits: pl.DataFrame, limits: pl.DataFrame
    ) -> None:
        self.steps, self.run = steps, run
        self._passages, self._waits, self._limits = passages, waits, limits

    def transitions(self) -> tuple[Transition, ...]:
        """All stretches, those that nobody went included."""
        return self._of(self._timed([]).rows(named=True))

    def by_unit(self) -> tuple[UnitTimings, ...]:
        """The stretches of each unit that has any, by code; cases without a unit are in none."""
        own: dict[str, list[dict[str, int | None]]] = defaultdict(list)
        for line in self._timed(["unit"]).drop_nulls("unit").rows(named=True):
            own[line["unit"]].append(line)
        return tuple(UnitTimings(unit, self._of(own[unit])) for unit in sorted(own))

    def months(self) -> tuple[MonthTiming, ...]:
        """The stretches by the month of their end, only where somebody ended one."""
        by_month = self._whole().with_columns(pl.col("second").dt.strftime("%Y-%m").alias("month"))
        found = by_month.group_by("month", _PLACE).agg(pl.len().alias("n"), _at_rank(_DAYS, 1, 2)).sort("month", _PLACE)
        stretches = self.steps.stretches
        return tuple(
            MonthTiming(month, stretches[place].from_step, stretches[place].to_step, n, median)
            for month, place, n, median in found.iter_rows()
        )

    def waiting(self) -> tuple[Waiting, ...]:
        """Who is waited for, in the order of the process."""
        ranks = [pl.len(), _at_rank(_DAYS, 1, 2).alias("median"), _at_rank(_DAYS, 9, 10).alias("p90")]
        oldest = [pl.col("case").first(), pl.col(_DAYS).first()]
        found = {line[0]: line[1:] for line in self._waits.group_by("held_by").agg(*ranks, *oldest).iter_rows()}
        lines = [(holder, *found[holder]) for holder in HOLDERS if holder in found]
        return tuple(Waiting(holder, n, median, p90, Oldest(*one)) for holder, n, median, p90, *one in lines)

    def ahead(self) -> tuple[AheadMonth, ...]:
        """The months to come, the as-of day's own first."""
        return self._months(self._limits)

    def ahead_by_unit(self) -> Mapping[str, tuple[AheadMonth, ...]]:
        """The months to come of each unit with a limit of its own, by code."""
        own = self._limits.drop_nulls("unit").partition_by("unit", as_dict=True)
        return {str(unit): self._months(own[unit,]) for (unit,) in sorted(own)}

    def passed(self, stretch: tuple[str, str] | None = None) -> Sequence[Passage]:
        """Those who went a stretch, the longest first; without one, all in the order of the cases."""
        ways, found = self.steps.stretches, self._passages
        if stretch is not None:
            (place,) = [place for place, way in enumerate(ways) if (way.from_step, way.to_step) == stretch]
            own = found.filter(pl.col(_PLACE) == place)
            found = own.sort("days", "case", descending=[True, False])
        named = found.with_columns(pl.col("name").fill_null(""))
        columns = named.select("case", "name", "unit", _PLACE, "first", "second", "working_days", "late")
        return [
            Passage(case, name, unit, ways[place].from_step, ways[place].to_step, first, second, worked, late)
            for case, name, unit, place, first, second, worked, late in columns.iter_rows()
        ]

    def held_by(self, holder: str | None = None) -> Sequence[Wait]:
        """The cases that wait with somebody, the oldest first; without a holder all that wait."""
        found = self._waits if holder is None else self._waits.filter(pl.col("held_by") == holder)
        columns = found.with_columns(pl.col("name").fill_null("")).select(Wait.__slots__)
        return [Wait(*line) for line in columns.iter_rows()]

    def coming(self, month: str | None = None) -> Sequence[Coming]:
        """The limits that are counted, or those of a month (yyyy-mm), soonest first."""
        if month is None:
            return coming_up.values(self._limits)
        return coming_up.values(self._limits.filter(pl.col("day").dt.strftime("%Y-%m") == month))

    def _months(self, limits: pl.DataFrame) -> tuple[AheadMonth, ...]:
        found = limits.group_by(pl.col("day").dt.strftime("%Y-%m"), "deadline").len()
        counted = {(month, deadline): n for month, deadline, n in found.iter_rows()}
        return months_ahead(self.steps, counted, self.run.as_of)

    def _whole(self) -> pl.DataFrame:
        return self._passages.filter(pl.col(_DAYS) >= 0)

    def _timed(self, by: Sequence[str]) -> pl.DataFrame:
        """The numbers of each stretch that somebody went, in parts."""
        keys = [*by, _PLACE]
        ranks = [_at_rank(_DAYS, 1, 2).alias("median"), _at_rank(_DAYS, 9, 10).alias("p90")]
        most, late = pl.col(_DAYS).max().alias("max"), pl.col("late").sum()
        worked = _at_rank("working_days", 1, 2).alias("worked")
        whole = self._whole().group_by(keys).agg(pl.len().alias("n"), *ranks, most, worked, late)
        return self._passages.group_by(keys).len("all").join(whole, on=keys, how="left", nulls_equal=True)

    def _of(self, lines: Iterable[Mapping[str, int | None]]) -> tuple[Transition, ...]:
        timed = {line[_PLACE]: line for line in lines}
        found = []
        for place, stretch in enumerate(self.steps.stretches):
            line = timed.get(place, {})
            n, late = line.get("n") or 0, None if stretch.late is None else line.get("late") or 0
            ranks = (line.get("median"), line.get("p90"), line.get("max"), line.get("worked"))
            found.append(Transition(stretch.from_step, stretch.to_step, n, *ranks, late, (line.get("all") or 0) - n))
        return tuple(found)


def _oldest_first(waits: pl.DataFrame) -> pl.DataFrame:
    return waits.sort(_DAYS, "case", descending=[True, False], maintain_order=True)


def _at_rank(name: str, part: int, whole: int) -> pl.Expr:
    """The number at place ⌈n · part / whole⌉ of the sorted ones that are known; null where none is."""
    known = pl.col(name).drop_nulls().sort()
    return known.get((known.len() * part + whole - 1) // whole - 1, null_on_oob=True)


def facts_timed(ruleset: RuleSet) -> frozenset[str]:
    """The recorded facts behind all that is timed, waited for and asked."""
    steps, exprs = load_timed_steps(ruleset), list[Expr | None]()
    for stretch in steps.stretches:
        exprs += [stretch.first, stretch.second, stretch.late]
    for asking in steps.asks:
        exprs += [asking.after, asking.when]
    for limit in load_deadlines(ruleset):
        exprs += [limit.when, limit.day, limit.cites.on]
    exprs += [waiting.since for waiting in steps.waiting]
    return facts_behind(ruleset, [one.rule for one in steps.waiting], [one for one in exprs if one is not None])
