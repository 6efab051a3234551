"""The days on which the deciding level meets: once a month, or as a calendar file (.ics, RFC 5545) has them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.values.apart import apart, content_of
from reports.lists.reminders import MOST_BYTES, PRODUCT
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from engine.language.time_limits import Calendar

MONTHLY = ("monthly", "hang-thang")
"""One meeting a month, on its last working day: whoever has a limit earlier in the month cannot count on it."""
HERE = dt.timezone(dt.timedelta(hours=7))
"""The hour of Vietnam: a meeting is on the day that people there write."""


def meeting_days(given: str, after: dt.date, last: dt.date, worked: Calendar) -> list[dt.date]:
    """The days of meetings after a day and up to a last one, sorted; raises `BadInput` for a file that has none."""
    if given in MONTHLY:
        return [day for day in _ends_of_months(after, last, worked) if after < day <= last]
    return sorted({day for day in apart(Path(given), _of_file, after, last) if after < day <= last})


def _ends_of_months(after: dt.date, last: dt.date, worked: Calendar) -> Iterator[dt.date]:
    first = dt.date(after.year, after.month, 1)
    while first <= last:
        day = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        following = day + dt.timedelta(days=1)
        # Beyond the table nothing says which days are worked; no limit in working days lies there either.
        while worked.working_days_between(day - dt.timedelta(days=1), day) == 0:
            day -= dt.timedelta(days=1)
        yield day
        first = following


def _of_file(path: Path, after: dt.date, last: dt.date) -> list[dt.date]:
    from icalendar import Calendar

    try:
        read = Calendar.from_ical(content_of(path, MOST_BYTES))
    except (ValueError, IndexError, KeyError, TypeError):
        read = None
    if not isinstance(read, Calendar):
        raise BadInput(
            f"Tệp “{path}” không phải là lịch .ics. Xuất lịch họp ra dạng iCalendar (.ics), hoặc ghi monthly."
        )
    if str(read.get("prodid", "")) == PRODUCT:
        raise BadInput(f"Tệp “{path}” là lịch nhắc hạn do dubi ghi, không phải lịch họp. Chọn tệp lịch họp.")
    events: list[Any] = [event for event in read.walk("VEVENT") if "dtstart" in event]
    if not events:
        raise BadInput(f"Tệp “{path}” không có buổi họp nào. Chọn tệp lịch họp, hoặc ghi monthly.")
    moved = {
        (str(event.get("uid", "")), _day(event["recurrence-id"].dt)) for event in events if "recurrence-id" in event
    }
    days = list[dt.date]()
    for event in events:
        if str(event.get("status", "")) == "CANCELLED":
            continue
        uid = str(event.get("uid", ""))
        own = "recurrence-id" in event
        days += [day for day in _occurrences(event, path, after, last) if own or (uid, day) not in moved]
    return days


def _occurrences(event: Any, path: Path, after: dt.date, last: dt.date) -> list[dt.date]:
    """The days of an event that comes once, or again and again by a rule."""
    from dateutil.rrule import rrulestr

    first = _day(event["dtstart"].dt)
    if "rrule" not in event:
        return [first, *_days(event, "rdate")]
    rules = event["rrule"] if isinstance(event["rrule"], list) else [event["rrule"]]
    try:
        found = [
            when.date()
            for rule in rules
            for when in rrulestr(_floating(rule), dtstart=_midnight(first)).between(
                _midnight(after), _midnight(last), inc=True
            )
        ]
    except (ValueError, TypeError):
        raise BadInput(
            f"Tệp “{path}”: không đọc được cách lặp lại của buổi họp bắt đầu ngày {shown_day(first)}. "
            "Ghi từng buổi họp thành một mục riêng trong lịch."
        ) from None
    left_out = set(_days(event, "exdate"))
    return [day for day in (*found, *_days(event, "rdate")) if day not in left_out]


def _floating(rule: Any) -> str:
    """A rule whose end is a day: meetings are counted by days, so hours and zones are left out."""
    parts = dict(rule)
    if "UNTIL" in parts:
        until = parts["UNTIL"][0] if isinstance(parts["UNTIL"], list) else parts["UNTIL"]
        parts["UNTIL"] = [dt.datetime.combine(_day(until), dt.time())]
    return str(type(rule)(parts).to_ical().decode())


def _days(event: Any, name: str) -> list[dt.date]:
    given = event.get(name, [])
    return [_day(one.dt) for part in (given if isinstance(given, list) else [given]) for one in part.dts]


def _day(when: dt.date) -> dt.date:
    """The day in Vietnam of a day, or of a moment with or without a zone."""
    if isinstance(when, dt.datetime):
        return (when.astimezone(HERE) if when.tzinfo else when).date()
    return when


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
