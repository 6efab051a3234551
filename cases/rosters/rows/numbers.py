"""Numbers that are names: codes, personal ids, card and phone numbers. Zeros count, and lost digits are lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cases.workbook.cells import shown
from rules.loader.spelling.folding import fold, tidy

PERSONAL_ID_DIGITS = 12
OLD_ID_DIGITS = 9
OLD_CARD_DIGITS = 8

_EXACT_BELOW = 1e15
_POWER = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")
_FILLING = re.compile(r"[\s.\-'’`]")
_COUNTED = frozenset({"123456789012", "012345678901", "123456789"})
_NOT_YET = frozenset(
    {"chua co", "dang lam", "chua", "khong", "khong co", "chua cap", "dang cap", "mat", "chua lam", "dang cho"}
)
_PHONE = re.compile(r"(?:\+?84|0)\d{8,10}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number read: its digits, what it could be if somebody says so, or the code of what is wrong with it."""

    value: str | None = None
    code: str | None = None
    proposed: str | None = None
    said: str | None = None
    """Words in place of the number: `chưa có`."""


def as_code(raw: Any) -> str | None:
    """A code as text; whole numbers lose the `.0` that a sheet gives them. None where digits are lost."""
    if isinstance(raw, float) and (raw != int(raw) if abs(raw) < _EXACT_BELOW else True):
        return None if abs(raw) >= _EXACT_BELOW else tidy(str(raw))
    text = shown(raw).lstrip("'’").strip()
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def read_personal_id(raw: Any) -> Number:
    """A personal identification number of twelve digits."""
    digits, number = _digits(raw)
    if number is not None:
        return number
    if is_placeholder(digits):
        return Number(code="placeholder_id")
    if len(digits) == PERSONAL_ID_DIGITS:
        return Number(digits)
    if len(digits) == PERSONAL_ID_DIGITS - 1:
        return Number(code="zero_lost", proposed="0" + digits)
    if len(digits) == OLD_ID_DIGITS:
        return Number(code="old_id", proposed=digits)
    return Number(code="bad_id")


def read_old_id(raw: Any) -> Number:
    """An identity card number of the old kind, nine digits; newer cards may stand in its column."""
    digits, number = _digits(raw)
    if number is not None:
        return number
    if is_placeholder(digits):
        return Number(code="placeholder_id")
    if len(digits) in (OLD_ID_DIGITS, PERSONAL_ID_DIGITS):
        return Number(digits)
    if len(digits) == OLD_ID_DIGITS - 1:
        return Number(code="zero_lost", proposed="0" + digits)
    return Number(code="bad_id")


def read_card(raw: Any, *, old_has_own_column: bool) -> Number:
    """A Party card number: now the personal id, before 2025 eight digits."""
    digits, number = _digits(raw)
    if number is not None:
        return number if number.code != "bad_id" else Number(as_code(raw))
    if is_placeholder(digits):
        return Number(code="placeholder_id")
    if len(digits) == PERSONAL_ID_DIGITS - 1:
        return Number(code="zero_lost", proposed="0" + digits)
    if len(digits) == OLD_CARD_DIGITS and old_has_own_column:
        return Number(code="old_card", proposed=digits)
    return Number(digits)


def read_phone(raw: Any) -> Number:
    """A phone number."""
    text = shown(raw)
    parts = [part for part in re.split(r"[;,/\n]| - ", text) if part.strip()]
    if len(parts) > 1:
        return Number(code="many_phones")
    digits, number = _digits(raw)
    if number is not None:
        return number if number.code != "bad_id" else Number(text)
    if len(digits) == 9:
        return Number(code="zero_lost", proposed="0" + digits)
    return Number(digits if _PHONE.fullmatch(digits) else text)


def _digits(raw: Any) -> tuple[str, Number | None]:
    """The digits of a cell, or what it is instead."""
    if isinstance(raw, float) and (abs(raw) >= _EXACT_BELOW or raw != int(raw)):
        return "", Number(code="digits_lost" if abs(raw) >= _EXACT_BELOW else "bad_id")
    text = shown(raw)
    if _POWER.fullmatch(text):
        return "", Number(code="digits_lost")
    if fold(text).strip(" .-") in _NOT_YET:
        return "", Number(said=text)
    digits = _FILLING.sub("", text.removesuffix(".0"))
    if not digits.isdecimal() or not digits.isascii():
        return "", Number(code="bad_id")
    return digits, None


def is_placeholder(digits: str) -> bool:
    """A number that a program or a hurried hand fills in."""
    return len(set(digits)) == 1 or digits in _COUNTED


def birth_year_of(personal_id: str) -> int | None:
    """The birth year inside a personal id: the fourth digit tells the century and the sex."""
    century = int(personal_id[3]) // 2
    return 1900 + 100 * century + int(personal_id[4:6]) if century < 5 else None


def sex_of(personal_id: str) -> str:
    """The sex inside a personal id."""
    return "Nữ" if int(personal_id[3]) % 2 else "Nam"


def digits_in(text: str) -> str:
    """How many digits a number has, as a message says it."""
    return str(sum(1 for sign in text if sign.isdigit()))
