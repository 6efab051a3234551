"""The desk's answer to "what lies ahead": month by month what ends, what it asks of each unit, who comes too late."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from desk.answers.meetings import meeting_days
from desk.rosters import evaluator, in_unit, known_unit
from engine.evaluators import at_once
from engine.statistics.counting import Run
from engine.statistics.timing.ahead import asked_by_month, asks, too_late
from engine.statistics.timing.measurement import end_of_months
from engine.statistics.timing.timings import measure
from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from cases.values.records import Roster, Unit
    from desk.question import Question
    from desk.sweeping.batches import Batches
    from desk.sweeping.looked import Looked
    from engine.coming_up import Coming
    from engine.statistics.timing.ahead import Ask, Asked, TooLate
    from engine.statistics.timing.measurement import AheadMonth, Measurement


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """A month to come: what ends in it, what that asks for, when the deciding level meets, and who comes too late."""

    counted: AheadMonth
    asked: Asked
    meetings: tuple[dt.date, ...] | None
    """None where no meetings were asked about."""
    late: tuple[TooLate, ...] | None
    """Those whose limit for a decision passes in the month with no meeting before it; None as for ``meetings``."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        late = None if self.late is None else [asdict(one) for one in self.late]
        return {**asdict(self.counted), "meetings": self.meetings, "late": late, "asks": asdict(self.asked)}


@dataclass(frozen=True, slots=True)
class UnitAhead:
    """The months to come of a unit's own cases, only those that bring something."""

    unit: str
    months: tuple[tuple[AheadMonth, Asked], ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A limit of one person in a month to come."""

    case: str
    name: str
    unit: str | None
    day: dt.date
    label: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """Twelve months ahead, the as-of day's own first."""

    question: Question
    meetings: str | None
    """As it was asked: `monthly`, or the name of a calendar file."""
    months: tuple[MonthAhead, ...]
    by_unit: tuple[UnitAhead, ...]
    measured: Measurement
    """The people behind the numbers."""
    units: Sequence[Unit]

    @property
    def limits(self) -> list[Due]:
        """The people behind all months, soonest first."""
        return _dues(self.measured.coming())

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        by_unit = [
            {"unit": one.unit, "months": [{**asdict(counted), "asks": asdict(asked)} for counted, asked in one.months]}
            for one in self.by_unit
        ]
        asked = {"as_of": self.question.as_of, "unit": self.question.unit, "meetings": self.meetings}
        return {**asked, "ahead": [month.as_json() for month in self.months], "by_unit": by_unit}

    def behind(self, month: str) -> list[Due]:
        """The people whose limits lie in a month, yyyy-mm or mm/yyyy; raises `UnknownName`."""
        known = [one.counted.month for one in self.months]
        first, slash, year = month.partition("/")
        wanted = f"{year}-{first.zfill(2)}" if slash else month
        if wanted not in known:
            hint = did_you_mean(wanted, known, f"Các tháng: {known[0]} đến {known[-1]}.")
            raise UnknownName(f"Không có tháng “{month}” trong mười hai tháng tới. {hint}")
        return _dues(self.measured.coming(wanted))


def _dues(limits: Iterable[Coming]) -> list[Due]:
    return [Due(one.case, one.name, one.unit, one.day, one.label) for one in limits]


def ahead(roster: Roster, question: Question, meetings: str | None) -> Ahead:
    """Look twelve months ahead; raises `UnknownName`, and `BadInput` for a calendar that cannot be read."""
    as_of, ruleset = question.as_of, question.ruleset
    days = _days(question, meetings)
    if at_once(len(roster.records), question.by):
        from desk.sweeping.batches import of_roster

        return _in_columns(of_roster(roster, question), question, meetings, days)
    records = tuple(in_unit(roster, ruleset, known_unit(roster, question.unit), as_of))
    measured = measure(evaluator(ruleset), records, Run(as_of, as_of, as_of))
    wanted = asks(evaluator(ruleset), records, as_of, end_of_months(as_of))
    return _told(question, meetings, days, measured, wanted, roster.units)


def ahead_in_store(url: str, question: Question, meetings: str | None, kept: Looked | None = None) -> Ahead:
    """The same from the columns of a store, in batches or ``kept``; raises `StoreProblem` besides."""
    from desk.sweeping.batches import of_store
    from engine.sweep.asking.timings import facts_timed

    days, facts = _days(question, meetings), facts_timed(question.ruleset)
    batches = of_store(url, question, facts) if kept is None else kept.batches(url, question)
    return _in_columns(batches, question, meetings, days)


def _in_columns(batches: Batches, question: Question, meetings: str | None, days: list[dt.date] | None) -> Ahead:
    from engine.sweep.asking.ahead import AskColumns
    from engine.sweep.asking.timings import TimingColumns

    as_of, ruleset = question.as_of, question.ruleset
    timed, asked = TimingColumns(ruleset, Run(as_of, as_of, as_of)), AskColumns(ruleset, as_of, end_of_months(as_of))
    for look in batches.looks:
        timed.add(look(timed.looking))
        asked.add(look(asked.looking))
    return _told(question, meetings, days, timed.measured(), asked.asks(), batches.units)


def _days(question: Question, meetings: str | None) -> list[dt.date] | None:
    """The days on which the deciding level meets; None where no meetings were asked about."""
    if meetings is None:
        return None
    return meeting_days(meetings, question.as_of, end_of_months(question.as_of), question.ruleset.calendar)


def _told(
    question: Question,
    meetings: str | None,
    days: list[dt.date] | None,
    measured: Measurement,
    wanted: Sequence[Ask],
    units: Sequence[Unit],
) -> Ahead:
    late = None if days is None else too_late(wanted, days)
    counted = measured.ahead()
    names = [one.month for one in counted]
    whole = asked_by_month(wanted, names)

    def of_month(one: AheadMonth) -> MonthAhead:
        def within(day: dt.date) -> bool:
            return f"{day:%Y-%m}" == one.month

        return MonthAhead(
            one,
            whole[one.month],
            None if days is None else tuple(day for day in days if within(day)),
            None if late is None else tuple(case for case in late if within(case.due)),
        )

    asked_of: dict[str | None, list[Ask]] = defaultdict(list)
    for ask in wanted:
        asked_of[ask.unit].append(ask)
    own = []
    for unit, months in measured.ahead_by_unit().items():
        asked = asked_by_month(asked_of[unit], names)
        told = [(one, asked[one.month]) for one in months if _brings(one) or _brings(asked[one.month])]
        own.append(UnitAhead(unit, tuple(told)))
    return Ahead(
        question=question,
        meetings=meetings,
        months=tuple(map(of_month, counted)),
        by_unit=tuple(own),
        measured=measured,
        units=units,
    )


def _brings(month: AheadMonth | Asked) -> bool:
    """Whether any number of a month is not zero."""
    return any(value for value in asdict(month).values() if isinstance(value, int))
