"""Limits as a calendar: one all-day event for each, under a name that stays, so that importing again updates it.

A calendar travels to telephones and other people's servers: the events name the case by its code and what has to be
done, and the person only where that is asked for.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.values.apart import apart, content_of
from cases.values.whole_file import whole_file
from reports.lists.citing import citation
from rules.loader import vocabulary
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from icalendar import Calendar, Event

    from engine.coming_up import Coming

PRODUCT = "-//dubi//nhac viec//VI"
_NAMES = uuid.UUID("6f1c4b4e-6f0e-5a0e-9c58-0d9e9b3f7a11")
DAYS_BEFORE = (7, 1)
"""When the telephone rings."""
_ABOVE_OLDER = 10_000
"""Earlier versions numbered events by days; a number of the log stands above all of these."""
MOST_BYTES = 50_000_000
"""Of an earlier file."""
KEPT_CANCELLED = dt.timedelta(days=30)
"""As long after its day an event that was called off stays in the file, for a calendar that missed it."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One event."""

    uid: str
    day: dt.date
    title: str
    text: str


def reminders(coming: Sequence[Coming], whose: str, *, names: bool = False) -> list[Reminder]:
    """The events of the limits that come up; ``whose`` tells the cases of one book from those of another."""
    certainty = vocabulary.load().codes["certainty"]
    made = []
    for entry in coming:
        who = f"{entry.case} {entry.name}" if names else entry.case
        lines = [
            f"Hạn: hết ngày {shown_day(entry.day)}",
            f"Đơn vị: {entry.unit or 'chưa ghi'}",
            f"Căn cứ: {citation(entry.document, entry.clause)} ({certainty[entry.certainty]})",
            f"Xem: dubi show {entry.case}",
        ]
        uid = f"{uuid.uuid5(_NAMES, f'{whose}|{entry.case}|{entry.deadline}')}@dubi"
        made.append(Reminder(uid, entry.day, f"{entry.label}: {who}", "\n".join(lines)))
    return made


def write_calendar(
    path: Path, wanted: Sequence[Reminder], pending: Sequence[Reminder], as_of: dt.date, written: int = 0
) -> tuple[int, int]:
    """Write the events wanted; an earlier file of ours at that place is brought up to date.

    What it reminded of and is still ``pending``, though not asked for this time, stays in it; what is not pending any
    more is called off. ``written`` is the number of the last entry of the log that the events come from (0 = no log):
    an event that has changed is newer than it was, whatever the as-of day (RFC 5545, 3.8.7.4, SEQUENCE). Gives how
    many events there are and how many were called off. Another program's file is not written over.
    """
    earlier = apart(path, _read).walk("VEVENT") if path.exists() else []
    known = {str(event.get("uid", "")) for event in earlier}
    chosen = {one.uid for one in wanted}
    kept = [*wanted, *(one for one in pending if one.uid in known and one.uid not in chosen)]
    dropped = _called_off(earlier, {one.uid for one in (*kept, *pending)}, as_of)
    with whole_file(path, suffix=".ics", replace=True) as draft:
        draft.write_bytes(calendar_of(kept, as_of, written, earlier, dropped))
    return len(kept), len(dropped)


def calendar_of(
    wanted: Sequence[Reminder], as_of: dt.date, written: int, earlier: Sequence[Any] = (), dropped: Sequence[Any] = ()
) -> bytes:
    """A calendar file of the events wanted, and of those ``dropped`` of an ``earlier`` one; ``written`` as above."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Việc về đảng viên")
    before = {str(event.get("uid", "")): event for event in earlier}
    made = [_event(one, as_of) for one in sorted(wanted, key=lambda one: (one.day, one.uid))]
    for event in (*made, *dropped):
        _number(event, before.get(str(event["uid"])), _ABOVE_OLDER + written)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(one: Reminder, as_of: dt.date) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", one.uid)
    event.add("summary", one.title)
    event.add("description", one.text)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    _stamp(event, as_of)
    for days in DAYS_BEFORE:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", dt.timedelta(days=-days))
        event.add_component(alarm)
    return event


def _stamp(event: Event, as_of: dt.date) -> None:
    event.add("dtstamp", dt.datetime.combine(as_of, dt.time(), dt.UTC))


_SAYS = ("summary", "description", "dtstart", "status")


def _number(event: Event, before: Any, number: int) -> None:
    """A changed event has a greater number than it had, one that stands as it did keeps its number at least."""
    if before is not None:
        changed = any(_value(event, name) != _value(before, name) for name in _SAYS)
        number = max(number, int(before.get("sequence", 0)) + changed)
    event.add("sequence", number)


def _value(event: Any, name: str) -> str:
    value = event.get(name, "")
    return str(getattr(value, "dt", value))


def _called_off(earlier: Sequence[Any], wanted: set[str], as_of: dt.date) -> list[Event]:
    from icalendar import Event

    found = []
    for old in earlier:
        uid, day = str(old.get("uid", "")), _day(old)
        if uid in wanted or day is None or (old.get("status") != "CANCELLED" and day < as_of):
            continue  # wanted still, or a day that has come: what was due then is history
        if day < as_of - KEPT_CANCELLED:
            continue
        event = Event()
        event.add("uid", uid)
        event.add("summary", str(old.get("summary", "")))
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("status", "CANCELLED")
        _stamp(event, as_of)
        found.append(event)
    return found


def _day(event: Any) -> dt.date | None:
    start = event.get("dtstart")
    value = getattr(start, "dt", None)
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _read(path: Path) -> Calendar:
    """An earlier file of ours; raises `BadInput` for anything else."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content_of(path, MOST_BYTES))
    except (ValueError, IndexError, KeyError, TypeError):
        calendar = None
    if not isinstance(calendar, Calendar) or str(calendar.get("prodid", "")) != PRODUCT:
        raise BadInput(f"Tệp “{path}” đã có và không phải do dubi ghi. Chọn tên khác.")
    return calendar
