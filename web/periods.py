"""The period of figures: as asked, or the year so far, which is said and never guessed in silence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from starlette.requests import Request

from web.asking import AS_OF, Asked, a_day, shown_day


@dataclass(frozen=True, slots=True)
class Period:
    """Both ends included; `told` is whether the address names it."""

    start: dt.date
    end: dt.date
    told: bool

    @property
    def words(self) -> str:
        """The period as people write it."""
        return f"{shown_day(self.start)} – {shown_day(self.end)}"

    @property
    def before(self) -> Period:
        """The same days a year earlier, which figures are compared with."""
        return Period(_year_before(self.start), _year_before(self.end), self.told)


def period_of(request: Request, asking: Asked) -> Period:
    """The period of the address, else the year of the day up to that day; raises `BadInput`."""
    start, end = a_day(request, "tu"), a_day(request, "den")
    whole = start is not None and end is not None
    return Period(start or dt.date(asking.as_of.year, 1, 1), end or asking.as_of, whole)


def counted_as_of(request: Request, asking: Asked, end: dt.date) -> dt.date:
    """The day of the address where it names one, else the end of a period."""
    return asking.as_of if request.query_params.get(AS_OF) else end


def choices(asking: Asked) -> list[tuple[str, dt.date, dt.date]]:
    """Periods that offices report by, up to the year of the day."""
    year, last = asking.as_of.year, asking.as_of.year - 1
    return [
        (f"Sáu tháng đầu {year}", dt.date(year, 1, 1), dt.date(year, 6, 30)),
        (f"Cả năm {year}", dt.date(year, 1, 1), dt.date(year, 12, 31)),
        (f"Sáu tháng đầu {last}", dt.date(last, 1, 1), dt.date(last, 6, 30)),
        (f"Cả năm {last}", dt.date(last, 1, 1), dt.date(last, 12, 31)),
    ]


def _year_before(day: dt.date) -> dt.date:
    """The same day a year earlier; the last of February for 29/02."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
