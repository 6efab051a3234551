"""A day as somebody types it at the desk: short forms are taken, since what was understood is shown at once."""

from __future__ import annotations

import datetime as dt
import re

from desk.words.spelling import NotADay, typed_day
from rules.loader.spelling.folding import fold

SPOKEN = {"nay": 0, "hom nay": 0, "hom qua": -1, "qua": -1, "mai": 1, "ngay mai": 1, "hom kia": -2}
"""Days by their names, in days from today."""

_RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{2}))?")


def said_day(text: str, today: dt.date) -> dt.date:
    """The day that a text typed on a day means: 5/6/98, 05062024, 28/11, nay, hôm qua, and all that an argument takes.

    A year of two digits is the last such year that is not after the next one; a day without a year is the nearest one
    that is not after today. Only for fields that show what was understood. Raises `NotADay`.
    """
    folded = fold(text).strip()
    if folded in SPOKEN:
        return today + dt.timedelta(SPOKEN[folded])
    if match := _RUN_TOGETHER.fullmatch(folded) or _SHORT.fullmatch(folded):
        day, month, year = match.groups()
        return typed_day(f"{day}/{month}/{_year(year, int(day), int(month), today)}")
    return typed_day(text)


def said_moment(text: str, today: dt.date) -> dt.datetime:
    """The moment that a day with hour and minute means, 00:00 where they are lacking; raises `NotADay`."""
    on, _, at = text.strip().rpartition(" ")
    try:
        return dt.datetime.combine(said_day(on, today), dt.time.fromisoformat(at))
    except ValueError:
        return dt.datetime.combine(said_day(text, today), dt.time())


def _year(digits: str | None, day: int, month: int, today: dt.date) -> int:
    if digits is None:
        return today.year if (month, day) <= (today.month, today.day) else today.year - 1
    if len(digits) == 4:
        return int(digits)
    latest = today.year + 1
    return latest - (latest - int(digits)) % 100


__all__ = ["NotADay", "said_day", "said_moment"]
