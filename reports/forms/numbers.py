"""Numbers and days as they are printed here: decimal comma, dots between thousands, a dash where there is no value."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from engine.statistics.figure import scaled_half_up
from reports.forms.model import Cell, Number
from rules.loader.spelling.days import shown_day

NO_VALUE = "–"
NOT_KNOWN = "…"
NOT_TYPED = "chưa nhập"
TYPED_MARK = "*"
"""Stands behind every figure that somebody typed in."""


def grouped(number: int) -> str:
    """A whole number with dots between thousands."""
    return f"{number:,}".replace(",", ".")


def fixed(value: Fraction, digits: int) -> str:
    """An exact fraction with so many digits, rounded once, half-up."""
    scaled = scaled_half_up(value, digits)
    whole, rest = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{grouped(whole)}" + (f",{rest:0{digits}d}" if digits else "")


def plain(value: int | Fraction) -> str:
    """A number within words: whole, or with two decimals."""
    return grouped(value) if isinstance(value, int) else fixed(value, 2)


def in_table(number: Number) -> str:
    """A figure as a table prints it: without a percent sign, which stands in the heading."""
    if number.value is None:
        return NOT_TYPED if number.missing else NO_VALUE
    mark = TYPED_MARK if number.typed else ""
    if number.digits is None and isinstance(number.value, int):
        return grouped(number.value) + mark
    return fixed(Fraction(number.value), number.digits or 0) + mark


def in_prose(number: Number) -> str:
    """A figure within a sentence: counts below ten with a zero before them, a ratio with its sign."""
    if number.value is None:
        return NOT_KNOWN
    if number.percent:
        return f"{in_table(number).removesuffix(TYPED_MARK)}%{TYPED_MARK if number.typed else ''}"
    if number.digits is None and isinstance(number.value, int) and 0 < number.value < 10:
        return f"0{in_table(number)}"
    return in_table(number)


def cell_text(cell: Cell) -> str:
    """A cell as text."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case Number():
            return in_table(cell)
        case _:
            return shown_day(cell)


def title_day(day: dt.date) -> str:
    """A day in a title: a month is padded only where it could be read as two digits begun."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def term_of(day: dt.date) -> str:
    """The term that a day lies in: from the middle of each fifth year on."""
    first = day.year - day.year % 5
    if day.year == first and day.month < 7:
        first -= 5
    return f"{first}-{first + 5}"
