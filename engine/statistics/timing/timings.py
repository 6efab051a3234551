"""Where the time goes: how long each step took, what waits with whom since when, what the coming months bring."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.coming_up import Coming, coming
from engine.projection import CaseRecord
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
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
from engine.statistics.timing.timed_steps import WAITS, Stretch, TimedSteps, load_timed_steps
from rules.loader.rules import HOLDERS


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement of records, one case after the other."""

    steps: TimedSteps
    run: Run
    passages: tuple[Passage, ...]
    waits: tuple[Wait, ...]
    limits: tuple[Coming, ...]

    def transitions(self) -> tuple[Transition, ...]:
        """All stretches, those that nobody went included."""
        return _transitions(self.steps, self.passages)

    def by_unit(self) -> tuple[UnitTimings, ...]:
        """The stretches of each unit that has any, by code; cases without a unit are in none."""
        own: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages:
            if passage.unit is not None:
                own[passage.unit].append(passage)
        return tuple(UnitTimings(unit, _transitions(self.steps, own[unit])) for unit in sorted(own))

    def months(self) -> tuple[MonthTiming, ...]:
        """The stretches by the month of their end, only where somebody ended one."""
        days: dict[tuple[str, int], list[int]] = defaultdict(list)
        order = {(stretch.from_step, stretch.to_step): place for place, stretch in enumerate(self.steps.stretches)}
        for one in self.passages:
            if one.days >= 0:
                days[one.month, order[one.from_step, one.to_step]].append(one.days)
        found = []
        for month, place in sorted(days):
            stretch, numbers = self.steps.stretches[place], days[month, place]
            found.append(MonthTiming(month, stretch.from_step, stretch.to_step, len(numbers), _median(numbers)))
        return tuple(found)

    def waiting(self) -> tuple[Waiting, ...]:
        """Who is waited for, in the order of the process."""
        return tuple(_waiting(held_by, found) for held_by in HOLDERS if (found := self.held_by(held_by)))

    def ahead(self) -> tuple[AheadMonth, ...]:
        """The months to come, the as-of day's own first."""
        return self._months(self.limits)

    def ahead_by_unit(self) -> Mapping[str, tuple[AheadMonth, ...]]:
        """The months to come of each unit with a limit of its own, by code."""
        own: dict[str, list[Coming]] = defaultdict(list)
        for limit in self.limits:
            if limit.unit is not None:
                own[limit.unit].append(limit)
        return {unit: self._months(own[unit]) for unit in sorted(own)}

    def passed(self, stretch: tuple[str, str] | None = None) -> Sequence[Passage]:
        """Those who went a stretch, the longest first; without one, all in the order of the cases."""
        if stretch is None:
            return self.passages
        own = (one for one in self.passages if (one.from_step, one.to_step) == stretch)
        return sorted(own, key=lambda one: (-one.days, one.case))

    def held_by(self, holder: str | None = None) -> Sequence[Wait]:
        """The cases that wait with somebody, the oldest first; without a holder all that wait."""
        return [wait for wait in self.waits if holder in (None, wait.held_by)]

    def coming(self, month: str | None = None) -> Sequence[Coming]:
        """The limits that are counted, or those of a month (yyyy-mm), soonest first."""
        return [limit for limit in self.limits if month in (None, f"{limit.day:%Y-%m}")]

    def _months(self, limits: Iterable[Coming]) -> tuple[AheadMonth, ...]:
        counted = Counter((f"{limit.day:%Y-%m}", limit.deadline) for limit in limits)
        return months_ahead(self.steps, counted, self.run.as_of)


def measure(evaluator: CaseEvaluator, records: Iterable[CaseRecord], run: Run) -> Measured:
    """Time the cases of some records, whatever their stage, by what was known by the as-of day."""
    steps, records = load_timed_steps(evaluator.ruleset), tuple(records)
    passages: list[Passage] = []
    waits: list[Wait] = []
    for record in records:
        situation = evaluator.situation(record, run.as_of)
        if situation is not None:
            passages += [
                passage
                for stretch in steps.stretches
                if (passage := _passage(evaluator, stretch, record.code, situation, run)) is not None
            ]
            waits += _waits(evaluator, steps, record.code, situation, run.as_of)
    waits.sort(key=lambda wait: (-wait.days, wait.case))
    counted = frozenset().union(*steps.ahead.values())
    within = (end_of_months(run.as_of) - run.as_of).days
    limits = (limit for limit in coming(evaluator, records, run.as_of, within) if limit.deadline in counted)
    return Measured(steps, run, tuple(passages), tuple(waits), tuple(limits))


def _who(situation: Situation) -> tuple[str, str | None]:
    """The name and the own unit of a case."""
    unit = situation.recorded.get("unit")
    return str(situation.recorded.get("full_name", "")), None if unit is None else str(unit)


def _passage(evaluator: CaseEvaluator, stretch: Stretch, case: str, situation: Situation, run: Run) -> Passage | None:
    """The passage of a case over a stretch, where both steps are known and the second lies in the period."""
    value = evaluator.program.compiled
    first, second = value(stretch.first)(situation), value(stretch.second)(situation)
    if not isinstance(first, dt.date) or not isinstance(second, dt.date) or not run.start <= second <= run.end:
        return None
    worked = value(stretch.working_days)(situation)
    name, unit = _who(situation)
    return Passage(
        case=case,
        name=name,
        unit=unit,
        from_step=stretch.from_step,
        to_step=stretch.to_step,
        first=first,
        second=second,
        working_days=worked if isinstance(worked, int) else None,
        late=stretch.late is not None and value(stretch.late)(situation) is True,
    )


def _waits(
    evaluator: CaseEvaluator, steps: TimedSteps, case: str, situation: Situation, as_of: dt.date
) -> Iterable[Wait]:
    """What a case waits for: once under each holder, from the earliest clock there."""
    found: dict[str, Wait] = {}
    program, describer = evaluator.program, evaluator.describer
    for waiting in steps.waiting:
        rule = waiting.rule
        if program.rules[rule.name](situation) is not True or describer.severity(rule, situation) not in WAITS:
            continue
        held_by, since = describer.held_by(rule, situation), program.compiled(waiting.since)(situation)
        if held_by is None or not isinstance(since, dt.date):
            continue
        if held_by not in found or since < found[held_by].since:
            found[held_by] = Wait(case, *_who(situation), held_by, rule.name, since, (as_of - since).days)
    return found.values()


def _transitions(steps: TimedSteps, passages: Iterable[Passage]) -> tuple[Transition, ...]:
    of_stretch: Mapping[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        of_stretch[passage.from_step, passage.to_step].append(passage)
    return tuple(_transition(one, of_stretch[one.from_step, one.to_step]) for one in steps.stretches)


def _transition(stretch: Stretch, passages: Sequence[Passage]) -> Transition:
    whole = [passage for passage in passages if passage.days >= 0]
    days = sorted(passage.days for passage in whole)
    worked = [passage.working_days for passage in whole if passage.working_days is not None]
    return Transition(
        from_step=stretch.from_step,
        to_step=stretch.to_step,
        n=len(days),
        median_days=_median(days) if days else None,
        p90_days=_ninth_tenth(days) if days else None,
        max_days=days[-1] if days else None,
        median_working_days=_median(worked) if worked else None,
        late=None if stretch.late is None else sum(passage.late for passage in whole),
        contradictory=len(passages) - len(whole),
    )


def _waiting(held_by: str, waits: Sequence[Wait]) -> Waiting:
    days, oldest = [wait.days for wait in waits], waits[0]
    return Waiting(held_by, len(days), _median(days), _ninth_tenth(days), Oldest(oldest.case, oldest.days))


def _median(numbers: Iterable[int]) -> int:
    return _at_rank(numbers, 1, 2)


def _ninth_tenth(numbers: Iterable[int]) -> int:
    return _at_rank(numbers, 9, 10)


def _at_rank(numbers: Iterable[int], part: int, whole: int) -> int:
    """The number at place ⌈n · part / whole⌉ of the sorted ones, of which there is at least one."""
    ordered = sorted(numbers)
    return ordered[-(-len(ordered) * part // whole) - 1]
