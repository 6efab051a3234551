"""The limits of the law on personal data, counted by the clocks of the program; how sure each is goes with it.

The values are those of `rules/law/parameters/data_protection.yaml`. Nobody of the office has read the texts, so no
article is ever named here as if it were quoted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.language.law_words import amount, sureness
from engine.language.time_limits import add_months, calendar
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from rules.loader.law import InForce, Law

UNREAD = "chưa có người đối chiếu với bản chính của văn bản"
"""What stands beside every limit of the law."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time that runs from a day, and its last day; None where the calendar does not reach so far."""

    title: str
    words: str
    """How long, and how sure that is."""
    last: dt.date | None

    @property
    def told(self) -> str:
        """The limit in a line."""
        return f"{self.title}: {self.words}" + (f", hết ngày {shown_day(self.last)}" if self.last else "")


def limit(law: Law, name: str, start: dt.date) -> Limit:
    """The limit of this name that starts on a day, by what is in force then."""
    parameter = law.parameters[name]
    found = parameter.at(start)
    sure = sureness(found.certainty, found.version.basis)
    words = f"{amount(found.value, parameter.unit)} ({sure if parameter.series == 'project' else UNREAD})"
    return Limit(parameter.title, words, _last(found, parameter.unit, start))


def hours(law: Law, name: str, on: dt.date) -> int:
    """A number of hours of the law in force on a day."""
    value = law.parameters[name].at(on).value
    assert isinstance(value, int)
    return value


def _last(found: InForce, unit: str, start: dt.date) -> dt.date | None:
    number = found.value
    assert isinstance(number, int)
    match unit:
        case "working_day":
            return calendar().add_working_days(start, number)
        case "day":
            return start + dt.timedelta(number)
        case "month":
            return add_months(start, number)
        case "year":
            return add_months(start, 12 * number)
    raise ValueError(unit)
