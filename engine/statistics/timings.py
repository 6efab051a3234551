"""Where the time goes: how long each step took, what waits with whom since when, what the coming months bring.

Days are calendar days. Median and ninth tenth are nearest ranks: of n sorted numbers the one at place ⌈p·n⌉, always a
number that occurred.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.coming_up import Coming, coming
from engine.projection import CaseRecord
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
from engine.statistics.counting import Run
from engine.statistics.timed_steps import WAITS, Stretch, TimedSteps, load_timed_steps
from rules.loader.rules import HOLDERS

MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """One case on one stretch of the way; negative ``days`` contradict: the second step lies before the first."""

    case: str
    name: str
    unit: str | None
    from_step: str
    to_step: str
    first: dt.date
    second: dt.date
    working_days: int | None
    """None where the table of working days does not reach."""
    late: bool

    @property
    def days(self) -> int:
        """Calendar days from the first step to the second."""
        return (self.second - self.first).days

    @property
    def month(self) -> str:
        """The month of the second step, as yyyy-mm."""
        return f"{self.second:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Transition:
    """How long a stretch of the way took those who ended it in the period; None where nobody did."""

    from_step: str
    to_step: str
    n: int
    median_days: int | None
    p90_days: int | None
    max_days: int | None
    median_working_days: int | None
    late: int | None
    """How many of them ended it after the limit; None where no limit runs."""
    contradictory: int
    """How many more have the second step before the first."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A case that waits with somebody, since the day the clock that runs began."""

    case: str
    name: str
    unit: str | None
    held_by: str
    rule: str
    since: dt.date
    days: int


@dataclass(frozen=True, slots=True)
class Oldest:
    """The case that has waited longest; among equally old ones the first code."""

    case: str
    days: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases wait with somebody, and for how long already."""

    held_by: str
    n: int
    median_days: int
    p90_days: int
    oldest: Oldest


@dataclass(frozen=True, slots=True)
class UnitTimings:
    """The stretches of a unit's own cases, without those of units below it."""

    unit: str
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class MonthTiming:
    """A stretch of the way as it was ended in one month."""

    month: str
    from_step: str
    to_step: str
    n: int
    median_days: int


@dataclass(frozen=True, slots=True)
class AheadMonth:
    """What a month to come brings."""

    month: str
    probations_ending: int
    cell_limits: int
    decision_limits: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The people behind all numbers: those who went a stretch, those who wait, the limits to come."""

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

    def held_by(self, holder: str) -> list[Wait]:
        """The cases that wait with somebody, the oldest first."""
        return [wait for wait in self.waits if wait.held_by == holder]

    def ahead(self) -> tuple[AheadMonth, ...]:
        """The months to come, the as-of day's own first."""
        return months_ahead(self.steps, self.limits, self.run.as_of)


def months_ahead(steps: TimedSteps, limits: Iterable[Coming], as_of: dt.date) -> tuple[AheadMonth, ...]:
    """Some limits counted in each of the twelve months to come, the as-of day's own first."""
    counted = Counter((f"{limit.day:%Y-%m}", limit.deadline) for limit in limits)

    def number(month: str, names: Iterable[str]) -> int:
        return sum(counted[month, name] for name in names)

    return tuple(
        AheadMonth(month, **{name: number(month, wanted) for name, wanted in steps.ahead.items()})
        for month in _months_from(as_of)
    )


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


def end_of_months(as_of: dt.date) -> dt.date:
    """The last day of the twelve months to come."""
    year, month = map(int, _months_from(as_of)[-1].split("-"))
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _months_from(as_of: dt.date) -> list[str]:
    """The months to come as yyyy-mm, that of the day first."""
    first = as_of.year * 12 + as_of.month - 1
    return [f"{place // 12:04}-{place % 12 + 1:02}" for place in range(first, first + MONTHS_AHEAD)]
