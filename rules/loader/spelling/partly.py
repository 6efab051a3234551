"""A day known only in part: how it is typed, how it is kept, and which days it leaves possible."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

from rules.loader.spelling.days import FIRST_DAY, LAST_DAY, Day, Partial, read_day
from rules.loader.spelling.folding import fold

WRITTEN = r"^(x|((0[1-9]|1[0-2])/)?(19[0-9][0-9]|20[0-9][0-9]|2100))$"
"""How it is kept: `2019`, `03/2019`, or `x` where not even the year is known."""
_HAPPENED = frozenset({"x", "×", "v", "√", "✓", "✔", "co"})


def read_partly(raw: Any) -> str | None:
    """The day known in part that a cell says, as it is kept; None for a whole day or anything else."""
    if isinstance(raw, str) and fold(raw) in _HAPPENED:
        return "x"
    found = read_day(raw)
    if not isinstance(found, Partial):
        return None
    return f"{found.year}" if found.month is None else f"{found.month:02}/{found.year}"


def is_whole_day(raw: Any) -> bool:
    """Whether a cell says a whole day, which belongs in the column of that day."""
    return isinstance(read_day(raw), Day)


@cache
def possible_days(partly: str) -> tuple[date, date] | None:
    """The first and the last day that a day known in part may be; None for a text that is not kept so."""
    if re.match(WRITTEN, partly) is None:
        return None
    if partly == "x":
        return FIRST_DAY, LAST_DAY
    month, _, year = partly.rpartition("/")
    through = int(month or 12)
    following = date(int(year) + through // 12, through % 12 + 1, 1)
    return date(int(year), int(month or 1), 1), following - timedelta(days=1)
