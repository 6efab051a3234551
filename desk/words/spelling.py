"""How days are written and read, and what was probably meant by a name: the same for every face."""

from __future__ import annotations

import datetime as dt

from rules.loader.spelling.days import NotADay as NotADay
from rules.loader.spelling.days import shown_day as shown_day
from rules.loader.spelling.days import shown_moment as shown_moment
from rules.loader.spelling.days import stored_day as stored_day
from rules.loader.spelling.days import typed_day as typed_day
from rules.loader.spelling.days import typed_month as typed_month
from rules.loader.spelling.near import did_you_mean as did_you_mean


def on_screen(day: dt.date | None) -> str:
    """A day as people write it here; a dash where there is none."""
    return "–" if day is None else shown_day(day)
