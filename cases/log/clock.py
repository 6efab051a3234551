"""The clock of the machine, doubted where it stands far from the log: what it says is written into the log for ever.

A clock that ran ahead once would have every later write look old, one that fell back would hide what was recorded
since. So a write is asked about when the last entry lies far behind the clock, or ahead of it.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cases.log.batches import last_stamp
from rules.loader.errors import ClockDoubted
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.log.batches import LoggedBatch
    from cases.log.execute import Execute

BACK, AHEAD = dt.timedelta(days=1), dt.timedelta(days=300)
"""As far behind and ahead of the last entry is not asked: clocks of two machines differ, and a small cell may leave its
store alone for most of a year; a clock that is a year ahead is asked about."""
CONFIRMED = "DUBI_CLOCK"
"""The environment variable by which somebody says that today is the day that the clock shows."""


class Stamped(Protocol):
    """An entry of a log, in whatever form it is kept."""

    @property
    def name(self) -> str | None: ...
    @property
    def made_at(self) -> dt.datetime: ...
    @property
    def who(self) -> str | None: ...


def require_plausible(execute: Execute, made_at: dt.datetime) -> None:
    """Raise `ClockDoubted` for a write stamped far from the last entry, unless its day was confirmed."""
    require_near(last_stamp(execute), made_at)


def require_near(last: Stamped | None, made_at: dt.datetime) -> None:
    """The same beside an entry that was read already (None = there is none); raises `ClockDoubted`."""
    if last is None or last.made_at - BACK <= made_at <= last.made_at + AHEAD:
        return
    if os.environ.get(CONFIRMED) != local(made_at).date().isoformat():
        day, apart = local(made_at).date(), "sau" if made_at > last.made_at else "trước"
        which = f"ngày {shown_day(local(last.made_at).date())}"
        if last.name is not None:  # who asks may see that write
            which = f"{last.name}, {which}, {last.who}"
        raise ClockDoubted(
            f"Đồng hồ của máy chỉ ngày {shown_day(day)}, {apart} lần ghi gần nhất ({which}) quá xa; chưa ghi gì. "
            f"Đồng hồ sai thì chỉnh lại rồi chạy lại; ngày đó đúng thì đặt biến môi trường "
            f"{CONFIRMED}={day.isoformat()} rồi chạy lại.",
            day,
        )


class Odd(NamedTuple):
    """Entries whose stamps cannot be right: of days to come, or of before the entry that they follow."""

    to_come: tuple[LoggedBatch, ...]
    turned_back: tuple[LoggedBatch, ...]


def odd_stamps(batches: Iterable[LoggedBatch], now: dt.datetime) -> Odd:
    """The entries of a log that the clock must have stamped wrongly, as seen at a moment (UTC, without a zone)."""
    to_come, turned_back, last = [], [], None
    for batch in batches:
        if batch.made_at > now + BACK:
            to_come.append(batch)
        if last is not None and batch.made_at < last.made_at - BACK:
            turned_back.append(batch)
        last = batch
    return Odd(tuple(to_come), tuple(turned_back))


def local(moment: dt.datetime) -> dt.datetime:
    """A moment of the log by the clocks of this machine's place."""
    return moment.replace(tzinfo=dt.UTC).astimezone()


def last_by(batches: Iterable[LoggedBatch], moment: dt.datetime) -> LoggedBatch | None:
    """The last entry in the log's order that is stamped by a moment (UTC, without a zone)."""
    return next((batch for batch in reversed(list(batches)) if batch.made_at <= moment), None)


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day where this machine stands, in UTC without a zone."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time()).astimezone(dt.UTC)
    return midnight.replace(tzinfo=None) - dt.timedelta(microseconds=1)
