"""What a date cell of a list says beyond a date: that nothing has happened yet, or a date with a remark beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from rules.loader.spelling.days import EXCEL_BEGINS, Day, Partial, Unread, read_day, read_text
from rules.loader.spelling.folding import fold, tidy

_BETWEEN = r"\s*[/.\-]\s*"
_THE_DAY = re.compile(r"ngày\s*:?\s*(?=\d)", re.IGNORECASE)
_WITHIN = re.compile(
    rf"(?<![\d/.\-])(?:\d{{1,2}}{_BETWEEN}\d{{1,2}}{_BETWEEN}\d{{4}}|\d{{4}}([-/.])\d{{1,2}}\1\d{{1,2}}|"
    r"\d{1,2},? th[áa]ng \d{1,2},? n[ăa]m \d{4})(?![\d/\-])",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(r"(?<!so )(?<!\d)(?:\d{1,2}\s*[/.]\s*\d{1,4}|(?:19|20)\d\d)(?![\d\w]*-)")
_NOT_THAT_DAY = re.compile(
    r"\b(chua|khong|du kien|khoang|hoan|se|hoac|hay|nham|sai|huy|truoc|sau|cho|den han|het han)\b|\?"
)
_NOT_YET = re.compile(
    r"(?:hien |van |con |dang )*(?:chua|khong|ko)(?: (?:co|duoc|cong nhan|chuyen|chinh thuc|ket nap|den|toi|han|xet|"
    r"vao|dang|cap|qd|quyet dinh))*|(?:hien |van |con |dang |la )*(?:dang vien )?(?:du bi|dvdb)"
)
"""Words that say that the step has not been taken; “chưa rõ” does not say it."""
_HAPPENED = re.compile(
    r"(?:da |duoc |la )*(?:dang vien )?(?:x|co|roi|ket nap|vao dang|chinh thuc|cong nhan|dvct|xong)(?: roi)?"
)
_ZERO = re.compile(r"0+(?:[.:/\-]0+)*|0{1,2}/0?1/1900|3[01]/12/1899")


@dataclass(frozen=True, slots=True)
class Remarked(Day):
    """A whole date with something beside it in its cell: “12/5/2022 (QĐ số 15)”."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing has happened: the zero of a link to an empty cell, or words (“chưa”, “dự bị”)."""

    words: str = ""

    @property
    def is_probation(self) -> bool:
        """Whether the words are that somebody is on probation, and so has been admitted."""
        return "bi" in fold(self.words).split() or "dvdb" in fold(self.words)


@dataclass(frozen=True, slots=True)
class Happened:
    """It has happened, on a day that is not said: “đã kết nạp”, a mark."""


CellReading = Day | Partial | Unread | NotYet | Happened


def read_day_cell(raw: Any) -> CellReading:
    """What a date cell of a list that is not empty says."""
    if isinstance(raw, str):
        return _of_text(tidy(raw))
    zero = raw == time() or (isinstance(raw, int | float) and raw == 0 and not isinstance(raw, bool))
    if zero or (isinstance(raw, date) and raw.year == 1899 and (_plain(raw) - EXCEL_BEGINS).days in (0, 1)):
        return NotYet()
    return read_day(raw)


def _plain(raw: date) -> date:
    return date(raw.year, raw.month, raw.day)


@lru_cache(maxsize=65_536)
def _of_text(text: str) -> CellReading:
    bare = _THE_DAY.sub("", text, count=1) if _THE_DAY.match(text) else text
    bare = bare.rstrip(" .,;") or bare
    if _ZERO.fullmatch(bare):
        return NotYet()
    found = read_text(bare)
    if not isinstance(found, Unread) or found.code != "not_a_date":
        return found
    folded = fold(bare)
    if _NOT_YET.fullmatch(folded):
        return NotYet(text)
    return Happened() if _HAPPENED.fullmatch(folded) else _with_remark(text) or found


def _with_remark(text: str) -> Remarked | None:
    """The one whole date in a text; None where the words beside it may say that it is not the day."""
    dates = list(_WITHIN.finditer(text))
    if len(dates) != 1:
        return None
    found = read_text(dates[0][0])
    beside = fold(f"{text[: dates[0].start()]} {text[dates[0].end() :]}")
    if not isinstance(found, Day) or _NOT_THAT_DAY.search(beside) or _OTHER_TIME.search(beside):
        return None
    return Remarked(found.on, found.has_time)
