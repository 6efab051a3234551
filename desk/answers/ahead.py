"""The desk's answer to "what lies ahead": month by month what ends, what it asks of each unit, who comes too late."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from desk.answers.meetings import meeting_days
from desk.counting.timings import timings
from desk.rosters import evaluator, in_unit
from engine.statistics.ahead import asked_by_month, asks, too_late
from engine.statistics.timings import end_of_months, months_ahead
from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from cases.values.records import Roster, Unit
    from desk.question import Question
    from engine.statistics.ahead import Asked, TooLate
    from engine.statistics.timings import AheadMonth


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
    limits: Sequence[Due]
    """The people behind the numbers, soonest first."""
    units: Sequence[Unit]

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
        return [one for one in self.limits if f"{one.day:%Y-%m}" == wanted]


def ahead(roster: Roster, question: Question, meetings: str | None) -> Ahead:
    """Look twelve months ahead; raises `UnknownName`, and `BadInput` for a calendar that cannot be read."""
    as_of, ruleset = question.as_of, question.ruleset
    last = end_of_months(as_of)
    days = None if meetings is None else meeting_days(meetings, as_of, last, ruleset.calendar)
    measured = timings(roster, question, as_of, as_of).measured
    records = in_unit(roster, ruleset, question.unit, as_of)
    wanted = asks(evaluator(ruleset), records, as_of, last)
    late = None if days is None else too_late(wanted, days)
    limits, steps = measured.limits, measured.steps
    counted = months_ahead(steps, limits, as_of)
    whole = asked_by_month(wanted, [one.month for one in counted])

    def of_month(one: AheadMonth) -> MonthAhead:
        def within(day: dt.date) -> bool:
            return f"{day:%Y-%m}" == one.month

        return MonthAhead(
            one,
            whole[one.month],
            None if days is None else tuple(day for day in days if within(day)),
            None if late is None else tuple(case for case in late if within(case.due)),
        )

    own = []
    for unit in sorted({one.unit for one in limits if one.unit is not None}):
        months = months_ahead(steps, [one for one in limits if one.unit == unit], as_of)
        asked = asked_by_month([one for one in wanted if one.unit == unit], [one.month for one in months])
        told = [(one, asked[one.month]) for one in months if _brings(one) or _brings(asked[one.month])]
        own.append(UnitAhead(unit, tuple(told)))
    return Ahead(
        question=question,
        meetings=meetings,
        months=tuple(map(of_month, counted)),
        by_unit=tuple(own),
        limits=[Due(one.case, one.name, one.unit, one.day, one.label) for one in limits],
        units=roster.units,
    )


def _brings(month: AheadMonth | Asked) -> bool:
    """Whether any number of a month is not zero."""
    return any(value for value in asdict(month).values() if isinstance(value, int))
