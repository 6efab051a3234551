"""What one cell says: dates, marks, codes, numbers and texts, or the reason why it says nothing that can be taken.

Nothing is guessed: a day is never invented, two numbers are never swapped, a year never completed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any

from cases.workbook import office_words
from cases.workbook.schema import choices
from rules.loader.spelling import days, partly
from rules.loader.spelling.days import FIRST_YEAR, LAST_YEAR
from rules.loader.spelling.folding import fold, is_readable, tidy, tidy_lines
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from cases.values.records import Value
    from cases.values.sheets import SheetColumn

_DECIMAL = re.compile(r"\d{1,10}(?:\.\d{1,2})?")
_WHOLE = re.compile(r"-?\d+(?:\.0+)?")

_YES = frozenset({"x", "×", "v", "√", "✓", "✔", "co", "1", "1.0", "true"})
_NO = frozenset({"khong", "0", "0.0", "false"})

CODES_APART = "; "
"""What stands between the codes of a cell that holds several."""
_EXACT_BELOW = 1e15
_LARGEST_NUMBER = 1_000_000_000


class CellError(Exception):
    """A cell that cannot be taken: the code of the reason and the details of its words."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def shown(raw: Any) -> str:
    """The cell as its reader sees it."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT_BELOW:
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() != time():
        return days.shown_moment(raw)
    if isinstance(raw, date):
        return days.shown_day(raw)
    return tidy(str(raw))


def is_empty(raw: Any) -> bool:
    """Whether the cell holds nothing that can be seen."""
    return raw is None or (isinstance(raw, str) and not (raw[:1].isalnum() or tidy(raw)))


def parse(raw: Any, column: SheetColumn) -> Value | None:
    """The value of a cell that is not empty; None for a mark that says no. Raises `CellError`."""
    if column.type == "date":
        return parse_date(raw)
    if column.type == "mark":
        return parse_mark(raw) or None
    if column.type == "code":
        return parse_code(raw, column.codes or "")
    if column.type == "codes":
        return parse_codes(raw, column.codes or "")
    if column.type == "number":
        if column.field in ("year", "birth_year"):
            return parse_number(raw, FIRST_YEAR, LAST_YEAR)
        return parse_number(raw)
    if column.type == "decimal":
        return parse_decimal(raw)
    if column.type == "partly":
        return parse_partly(raw)
    text = parse_text(raw, one_line=column.type == "key")
    if len(text) > column.longest:
        raise CellError("too_long", longest=column.longest)
    return text


def parse_date(raw: Any) -> date:
    """A whole day of 1900–2100 from a date cell or a text with day, month and a year of four digits.

    Raises `CellError` with the code of what is wrong.
    """
    found = days.read_day(raw)
    if isinstance(found, days.Day):
        return found.on
    if isinstance(found, days.Partial):
        raise CellError("year_only" if found.month is None else "month_only")
    raise CellError(found.code, example=found.example)


def birth_year(raw: Any) -> int | None:
    """The year of a birth of which a cell says no more than the year, or the year and the month."""
    found = days.read_day(raw)
    return found.year if isinstance(found, days.Partial) else None


def parse_partly(raw: Any) -> str:
    """A day known only in part: a year, a month of a year, or `x`; a whole day belongs in the column of the day."""
    found = partly.read_partly(raw)
    if found is None:
        raise CellError("day_known" if partly.is_whole_day(raw) else "not_partly")
    return found


def parse_mark(raw: Any) -> bool:
    """Yes or no; a sign that is neither is refused."""
    word = fold(shown(raw))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("unknown_mark")


@cache
def _spellings(codes: str) -> dict[str, str]:
    known = choices(codes)
    return {fold(label): code for code, label in known.items()} | {fold(code): code for code in known}


def parse_code(raw: Any, codes: str) -> str:
    """A code of the list, written as itself or as its Vietnamese label."""
    text = shown(raw)
    spellings = _spellings(codes)
    if (code := spellings.get(fold(text))) is not None:
        return code
    table = office_words.load()
    if (code := table.code(codes, text)) is not None:
        return code
    known = choices(codes)
    if (maybe := table.proposed(codes, text)) is not None:
        raise CellError(
            "unknown_code", hint=f"Có phải “{known[maybe]}”? Nếu phải, ghi đủ chữ ấy; không thì chọn mục khác."
        )
    labels = {spelling: known[code] for spelling, code in spellings.items()}
    question = did_you_mean(text, labels, shown=labels)
    if question:
        raise CellError("unknown_code", hint=f"{question} Nếu không, chọn trong danh sách.")
    if len(known) <= 8:
        raise CellError("unknown_code", hint=f"Chọn một trong: {'; '.join(known.values())}.")
    raise CellError("unknown_code", hint="Chọn trong danh sách của ô ở tệp mẫu (dubi template).")


def parse_codes(raw: Any, codes: str) -> str:
    """Several codes of a list, written with semicolons or line by line, in the order of the list."""
    parts = {parse_code(part, codes) for part in re.split(r"[;\n]", str(raw)) if not is_empty(part)}
    return CODES_APART.join(code for code in choices(codes) if code in parts)


def parse_number(raw: Any, least: int = 0, most: int = _LARGEST_NUMBER) -> int:
    """A whole number within bounds."""
    number: int | None = None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = int(raw) if abs(raw) < _EXACT_BELOW and raw == int(raw) else None
    elif isinstance(raw, str) and _WHOLE.fullmatch(tidy(raw)):
        number = int(tidy(raw).partition(".")[0])
    if number is None or not least <= number <= most:
        bounds = f" từ {least} đến {most}" if least else " không âm"
        raise CellError("bad_number", hint=f"Ghi một số nguyên{bounds}.")
    return number


def parse_decimal(raw: Any) -> str:
    """A number without sign and with at most two decimals, as text with a point: exact, as no binary number is."""
    written = ""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < _EXACT_BELOW:
        written = str(int(raw)) if raw == int(raw) else repr(raw)
    elif isinstance(raw, str):
        written = tidy(raw).replace(",", ".")
    if _DECIMAL.fullmatch(written) is None:
        raise CellError("bad_decimal")
    whole, _, rest = written.partition(".")
    rest = rest.rstrip("0")
    return f"{int(whole)}.{rest}" if rest else str(int(whole))


def parse_text(raw: Any, *, one_line: bool) -> str:
    """A text; whole numbers lose the `.0` that Excel gives them."""
    if isinstance(raw, str):
        if not is_readable(raw):
            raise CellError("unreadable")
        return tidy(raw) if one_line else tidy_lines(raw)
    if isinstance(raw, float) and abs(raw) >= _EXACT_BELOW:
        raise CellError("digits_lost")
    return shown(raw)


def has_time(raw: Any) -> bool:
    """Whether a date cell also holds a time of day."""
    found = days.read_day(raw)
    return isinstance(found, days.Day) and found.has_time
