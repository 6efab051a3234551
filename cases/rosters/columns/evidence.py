"""Whether a value can only be what a field holds: how ambiguous headers and unlabelled values are settled."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.rosters.columns import words
from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS, NAME_KINDS
from cases.rosters.rows import numbers
from cases.rosters.rows.day_cells import Happened, NotYet, read_day_cell
from cases.rosters.rows.people import read_name, read_sex
from cases.workbook import office_words
from cases.workbook.cells import shown
from rules.loader.spelling.days import Day, Partial, Unread, is_date_text
from rules.loader.spelling.folding import fold, tidy
from rules.loader.spelling.words import read_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.rosters.columns.labels import Field

_REFERENCE = re.compile(r"[A-ZĐa-zđ.]{0,5}[\s\-/.]?\d[\d\s./\-]*(?:[-/][A-ZĐa-zđ.]{1,8})*")
_ORGANISATION = re.compile(r"\b(chi bo|dang bo|dang uy|cb|db)\b")
_MARKS = frozenset({"x", "×", "v", "√", "✓", "✔"})


def is_day(raw: Any) -> bool:
    """Whether a value is a day, also where its month stands first: what a column holds does not hang on that order."""
    found = read_day_cell(raw)
    return isinstance(found, Day) or (isinstance(found, Unread) and found.code == "month_first")


def fits(field: Field, raw: Any) -> bool:
    """Whether a value is of the field's type beyond doubt."""
    text = tidy(shown(raw))
    if field.kind in BIRTH_KINDS | DATE_KINDS:
        return is_day(raw) or isinstance(read_day_cell(raw), Partial)
    if field.kind in NAME_KINDS:
        return read_name(text).is_plain and not _is_known_word(text)
    return _fits_text(field, raw, text)


def _fits_text(field: Field, raw: Any, text: str) -> bool:
    tables = words.load()
    key = office_words.word_key(text)
    if field.kind == "sex":
        return read_sex(text) is not None
    if field.kind == "ethnicity":
        return key in tables.ethnic_groups
    if field.kind == "religion":
        return read_word("religion", text) is not None
    if field.kind in office_words.CODED:
        return office_words.load().code(field.kind, text) is not None
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
    key = office_words.word_key(text)
    return read_word("religion", text) not in (None, "Không") or any(
        key in table for table in office_words.load().codes.values()
    )


def contradicts(field: Field, text: str) -> bool:
    """Whether a text plainly is something else than the field holds: a date for a name, words for a number."""
    if field.kind in NAME_KINDS:
        return is_date_text(text) or not any(sign.isalpha() for sign in text)
    if field.kind in BIRTH_KINDS | DATE_KINDS | {"personal_id", "old_id", "phone"}:
        return read_name(text).is_plain and not is_date_text(text) and not any(sign.isdigit() for sign in text)
    if field.kind in ("sex", "ethnicity", "religion"):
        return any(sign.isdigit() for sign in text) and text != "0"
    return False


_CODE = re.compile(r"(?=\S*\d)[A-ZĐa-zđ0-9][A-ZĐa-zđ0-9./_\-]{1,19}")
_MOSTLY = 0.6
_MOST_ALIKE = 0.5
_MOST_OF_A_FOOT = 2
"""Words of a foot or a group may stand below a heading that is understood."""


def are_codes(raws: Sequence[Any]) -> bool:
    """Whether the values of a column look like codes, each of one person: short, with figures, hardly repeated."""
    texts = [shown(raw) for raw in raws if not isinstance(raw, date)]
    whole = [text for text in texts if _CODE.fullmatch(text) and not is_date_text(text)]
    return len(whole) == len(raws) > 0 and len(set(whole)) > _MOST_ALIKE * len(whole)


def what_stands(raws: Sequence[Any]) -> str:
    """What the values of a column are, where it matters that they are read: days, marks, codes; '' for other words."""
    if not raws:
        return ""
    if sum(map(is_day, raws)) >= _MOSTLY * len(raws):
        return "ngày"
    if all(fold(shown(raw)) in _MARKS for raw in raws):
        return "dấu"
    return "mã" if are_codes(raws) and len(raws) > 1 and not all(shown(raw).isdecimal() for raw in raws) else ""


def fitting(field: Field, raws: Sequence[Any]) -> tuple[int, int] | None:
    """How many of the values are of the field's type, and of how many; None for a field that takes any text."""
    raws = [raw for raw in raws if not (isinstance(raw, str) and raw.strip() in words.UNKNOWN_SIGNS)]
    if field.kind in DATE_KINDS | BIRTH_KINDS:
        good = sum(is_day(raw) or isinstance(read_day_cell(raw), Partial | NotYet | Happened) for raw in raws)
    elif field.kind in NAME_KINDS:
        good = sum(read_name(tidy(shown(raw))).problem is None for raw in raws)
    else:
        return None
    return good, len(raws)


def bears_out(field: Field, raws: Sequence[Any]) -> bool:
    """Whether the values of a column go with a field that its heading was put together to."""
    seen = fitting(field, raws)
    return seen is None or seen[0] >= _MOSTLY * seen[1] or seen[1] - seen[0] <= _MOST_OF_A_FOOT
