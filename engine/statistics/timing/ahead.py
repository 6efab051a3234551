"""What the months ahead ask for: meetings of the cell, meetings of the deciding level, classes; and who comes too late.

The numbers of meetings and classes are the fewest that reach every limit; nobody is asked to meet more often.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.projection import CaseRecord
from engine.single.closures import Situation
from engine.single.evaluator import CaseEvaluator
from engine.statistics.timing.timed_steps import Asking, load_timed_steps

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a limit of a case asks for, and the days on which it can still be done, both ends included."""

    case: str
    name: str
    unit: str | None
    what: str
    """`cell_meetings`, `committee_meetings` or `classes`."""
    opens: dt.date
    closes: dt.date


@dataclass(frozen=True, slots=True)
class Asked:
    """How many meetings and classes a month asks for at the least, and how many people need the class."""

    cell_meetings: int
    committee_meetings: int
    classes: int
    course_places: int


@dataclass(frozen=True, slots=True)
class TooLate:
    """A case whose limit for a decision passes before the deciding level meets."""

    case: str
    name: str
    unit: str | None
    due: dt.date
    next_meeting: dt.date | None
    """The first meeting after the limit; None where none is known."""


def asks(evaluator: CaseEvaluator, records: Iterable[CaseRecord], as_of: dt.date, last: dt.date) -> list[Ask]:
    """What the limits after the as-of day and up to a last day ask for, soonest first."""
    wanted, found = load_timed_steps(evaluator.ruleset).asks, list[Ask]()
    for record in records:
        situation = evaluator.situation(record, as_of)
        if situation is not None:
            for asking in wanted:
                found += _asks(evaluator, asking, record.code, situation, as_of, last)
    return sorted(found, key=lambda one: (one.closes, one.case, one.what))


def _asks(
    evaluator: CaseEvaluator, asking: Asking, case: str, situation: Situation, as_of: dt.date, last: dt.date
) -> Iterable[Ask]:
    value = evaluator.program.compiled
    if asking.when is not None and value(asking.when)(situation) is not True:
        return
    after = as_of if asking.after is None else value(asking.after)(situation)
    for limit in asking.limits:
        closes = value(limit.day)(situation) if value(limit.when)(situation) is True else None
        if isinstance(closes, dt.date) and isinstance(after, dt.date) and as_of < closes <= last:
            unit = situation.recorded.get("unit")
            yield Ask(
                case=case,
                name=str(situation.recorded.get("full_name", "")),
                unit=None if unit is None else str(unit),
                what=asking.name,
                opens=max(after, as_of) + A_DAY,
                closes=closes,
            )


def fewest_days(wanted: Iterable[Ask]) -> list[dt.date]:
    """The fewest days that reach everybody: each the last one on which the next who waits can still be reached."""
    chosen = list[dt.date]()
    for one in sorted(wanted, key=lambda one: one.closes):
        if not chosen or chosen[-1] < one.opens:
            chosen.append(one.closes)
    return chosen


def asked_by_month(wanted: Iterable[Ask], months: Iterable[str]) -> dict[str, Asked]:
    """What each month asks for: every cell meets by itself, the deciding level and the class are one for all."""
    of: dict[tuple[str, str | None], list[Ask]] = defaultdict(list)
    for one in wanted:
        of[one.what, one.unit if one.what == "cell_meetings" else None].append(one)

    def counted(days: Iterable[dt.date]) -> Counter[str]:
        return Counter(f"{day:%Y-%m}" for day in days)

    cells = counted(day for (what, _), own in of.items() if what == "cell_meetings" for day in fewest_days(own))
    committee, classes = (counted(fewest_days(of[what, None])) for what in ("committee_meetings", "classes"))
    places = counted(one.closes for one in of["classes", None])
    return {month: Asked(cells[month], committee[month], classes[month], places[month]) for month in months}


def too_late(wanted: Iterable[Ask], meetings: Sequence[dt.date]) -> list[TooLate]:
    """Whose limit for a decision passes if the deciding level meets on these days only; ``meetings`` are sorted."""
    return [
        TooLate(one.case, one.name, one.unit, one.closes, next((day for day in meetings if day > one.closes), None))
        for one in wanted
        if one.what == "committee_meetings" and not any(one.opens <= day <= one.closes for day in meetings)
    ]
