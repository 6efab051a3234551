"""Whether a value can only be what a field holds: how ambiguous headers and unlabelled values are settled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cases.rosters.columns import words
from cases.rosters.columns.kinds import BIRTH_KINDS, DATE_KINDS, NAME_KINDS
from cases.rosters.rows import numbers
from cases.rosters.rows.people import read_name, read_sex
from cases.workbook.cells import shown
from rules.loader.spelling.days import Day, Partial, is_date_text, read_day
from rules.loader.spelling.folding import fold, tidy

if TYPE_CHECKING:
    from cases.rosters.columns.labels import Field

_REFERENCE = re.compile(r"[A-ZĐa-zđ.]{0,5}[\s\-/.]?\d[\d\s./\-]*(?:[-/][A-ZĐa-zđ.]{1,8})*")
_ORGANISATION = re.compile(r"\b(chi bo|dang bo|dang uy|cb|db)\b")
_MARKS = frozenset({"x", "×", "v", "√", "✓", "✔"})


def fits(field: Field, raw: Any) -> bool:
    """Whether a value is of the field's type beyond doubt."""
    text = tidy(shown(raw))
    if field.kind in BIRTH_KINDS | DATE_KINDS:
        return isinstance(read_day(raw), Day | Partial)
    if field.kind in NAME_KINDS:
        return read_name(text).is_plain and not _is_known_word(text)
    return _fits_text(field, raw, text)


def _fits_text(field: Field, raw: Any, text: str) -> bool:
    tables = words.load()
    key = words.word_key(text)
    if field.kind == "sex":
        return read_sex(text) is not None
    if field.kind == "ethnicity":
        return key in tables.ethnic_groups
    if field.kind == "religion":
        return key in tables.religions or key in tables.no_religion
    if field.kind in tables.codes:
        return tables.code(field.kind, text) is not None
    if field.kind == "personal_id":
        return numbers.read_personal_id(raw).value is not None
    if field.kind == "old_id":
        value = numbers.read_old_id(raw).value
        return value is not None and len(value) == numbers.OLD_ID_DIGITS
    if field.kind == "phone":
        value = numbers.read_phone(raw).value
        return value is not None and value.isdecimal() and len(value) == 10
    if field.kind == "mark":
        return fold(text) in _MARKS
    if field.kind == "unit":
        return _ORGANISATION.search(fold(text)) is not None
    if field.name == "theory":
        return key in tables.theory
    if field.name in ("dossier_no", "certificate_no", "card_no"):
        digits = text.isdecimal() and len(text) in (numbers.OLD_ID_DIGITS, numbers.PERSONAL_ID_DIGITS)
        return _REFERENCE.fullmatch(text) is not None and not digits and not is_date_text(text)
    return False


def _is_known_word(text: str) -> bool:
    """Whether two words that could be a name are a religion or a schooling."""
    tables, key = words.load(), words.word_key(text)
    return key in tables.religions or any(key in table for table in tables.codes.values())


def contradicts(field: Field, text: str) -> bool:
    """Whether a text plainly is something else than the field holds: a date for a name, words for a number."""
    if field.kind in NAME_KINDS:
        return is_date_text(text) or not any(sign.isalpha() for sign in text)
    if field.kind in BIRTH_KINDS | DATE_KINDS | {"personal_id", "old_id", "phone"}:
        return read_name(text).is_plain and not is_date_text(text) and not any(sign.isdigit() for sign in text)
    if field.kind in ("sex", "ethnicity", "religion"):
        return any(sign.isdigit() for sign in text) and text != "0"
    return False
