"""Reading one cell of a roster by what its column holds; what cannot be taken is said, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.files.grids import blank
from cases.rosters.columns.column_kinds import DATE_KINDS, NAME_KINDS, NEVER_REPEATED
from cases.rosters.columns.stacked import split_cell
from cases.rosters.columns.words import UNKNOWN_SIGNS
from cases.rosters.outcome.messages import CATALOGUE
from cases.rosters.rows import numbers
from cases.rosters.rows.date_cells import ADMISSION, RECOGNITION, read_birth, read_other_day, read_step
from cases.rosters.rows.draft import Piece
from cases.rosters.rows.number_cells import read_card, read_old_id, read_personal_id, read_phone
from cases.rosters.rows.people import read_name, read_sex
from cases.values.organisation_codes import read_organisation_code
from cases.values.sheets import LONGEST_KEY, LONGEST_NAME
from cases.workbook import cells, office_words
from cases.workbook.office_words import word_key
from rules.loader import vocabulary
from rules.loader.spelling.folding import fold, tidy, tidy_lines
from rules.loader.spelling.words import read_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.rosters.columns.labels import Field
    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.rows.draft import Draft

_COURSE_DONE = frozenset({"da hoc", "da hoc xong", "hoan thanh", "da hoan thanh", "roi", "da cap"})
_COURSE_NOT_DONE = frozenset({"chua hoc", "chua", "khong", "chua cap"})
_LARGEST_NUMBER = 100_000
_RESEMBLES = CATALOGUE["match_maybe"].reason.partition("{")[0]
_LONGEST_DITTO = 10


def read_cell(draft: Draft, column: RosterColumn, raw: Any) -> None:
    """Read a cell that is not empty, stacked or plain."""
    if len(column.fields) == 1:
        read_value(draft, column, column.fields[0], raw)
        return
    parts = split_cell(raw, column.fields)
    first = next((one for one in column.fields if one.kind == "name"), column.fields[0])
    labels = ", ".join(one.label for one in column.fields)
    if parts.too_many:
        draft.refuse(
            "stack_count", first.name, column, raw, found=parts.found, wanted=len(column.fields), labels=labels
        )
        draft.birth_settled = draft.birth_settled or any(one.kind == "birth" for one in column.fields)
        return
    if parts.doubtful:
        draft.warn("stack_count", first.name, column, raw, found=parts.found, wanted=len(column.fields), labels=labels)
        known = {name for name in parts.values if name in ADMISSION | RECOGNITION}
        unread = next((one.name for one in column.fields if one.name in ADMISSION | RECOGNITION), None)
        if unread is not None and not known:
            draft.happened(column, unread, raw)
    for one in column.fields:
        if one.name in parts.values:
            read_value(draft, column, one, parts.values[one.name])


def read_value(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """Read one value by the kind of its field."""
    if isinstance(raw, str):
        text = tidy(raw)
        if text in UNKNOWN_SIGNS or not text:
            return
        if len(text) <= _LONGEST_DITTO and fold(text) in draft.context.words.ditto:
            if not _repeat(draft, column, field, text):
                return
            raw = draft.above[column.position]
    if field.kind in _COLLECTED:
        draft.pieces[field.name] = Piece(column, field, raw)
    elif (reader := _READERS.get(field.kind)) is not None:
        reader(draft, column, field, raw)


def _repeat(draft: Draft, column: RosterColumn, field: Field, sign: str) -> bool:
    """Whether a ditto mark may take the value above: never unasked, never for who, when and where."""
    if field.kind in NAME_KINDS:
        draft.refuse("bad_name", field.name, column, sign)
    elif field.kind in DATE_KINDS - {"birth", "day", "due"}:
        draft.refuse("not_a_date", field.name, column, sign)
    elif field.kind == "code":
        draft.refuse("missing_code", field.name, column, sign)
    elif (
        draft.accepts("ditto")
        and field.kind not in NEVER_REPEATED
        and len(column.fields) == 1
        and not blank(draft.above.get(column.position, ""))
    ):
        return True
    elif field.kind != "row_number":
        draft.warn("ditto", field.name, column, sign, sign=sign)
        draft.sex_settled = draft.sex_settled or field.kind == "sex"
        draft.birth_settled = draft.birth_settled or field.kind == "birth"
    return False


def _read_code(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    code = numbers.as_code(raw)
    if code is None:
        draft.refuse("digits_lost", field.name, column, raw, example=cells.shown(raw))
    elif not code:
        return
    elif len(code) > LONGEST_KEY:
        draft.refuse("too_long", field.name, column, raw, longest=LONGEST_KEY)
    else:
        if isinstance(raw, float):
            draft.changed("numbers")
        draft.put(column, "code", code, raw)


def _read_name(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    name = read_name(raw if isinstance(raw, str) else cells.shown(raw))
    for what in name.changes:
        draft.changed(what)
    if name.problem or len(name.text) > LONGEST_NAME:
        draft.refuse(name.problem or "bad_name", field.name, column, raw)
        return
    draft.put(column, field.name, name.text, raw)
    if name.extra:
        draft.warn("name_extra", field.name, column, raw, extra=name.extra)
    if not name.is_plain:
        draft.warn("one_word_name", field.name, column, raw)


def _read_sex(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    sex = read_sex(cells.shown(raw))
    draft.sex_settled = True
    if sex is None:
        draft.warn("sex_unclear", field.name, column, raw)
    else:
        draft.put(column, "sex", sex, raw)


def _read_ethnicity(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    text = cells.shown(raw)
    known = draft.context.words.ethnic_groups.get(word_key(text))
    if known is None:
        draft.warn("unknown_ethnicity", field.name, column, raw)
    if len(text) <= LONGEST_NAME:
        draft.put(column, field.name, known or text, raw)


def _read_religion(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    text = cells.shown(raw)
    draft.put(column, field.name, read_word(field.name, text) or text, raw)


def _read_unit(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    text = cells.shown(raw)
    if len(text) > LONGEST_KEY:
        draft.warn("too_long", field.name, column, raw, longest=LONGEST_KEY)
    else:
        code = read_organisation_code(text)
        draft.put(column, field.name, text if code is None else str(code), raw)


def _read_mark(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    marked = mark(raw)
    if marked is None:
        draft.warn("unknown_mark", field.name, column, raw)
    elif marked:
        draft.put(column, field.name, True, raw)


def mark(raw: Any) -> bool | None:
    """Whether a mark says yes; None for a sign that is neither yes nor no."""
    try:
        return cells.parse_mark(raw)
    except cells.CellError:
        return None


def _read_number(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    try:
        draft.put(column, field.name, cells.parse_number(raw, 0, _LARGEST_NUMBER), raw)
    except cells.CellError:
        draft.warn("bad_number", field.name, column, raw)


def _read_listed(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """A code of a list, by itself or by its label."""
    try:
        draft.put(column, field.name, cells.parse_code(raw, vocabulary.load().facts[field.name].codes or ""), raw)
    except cells.CellError as bad:
        draft.warn("unknown_code", field.name, column, raw, hint=bad.details.get("hint", ""))


def _read_text(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    if field.name in vocabulary.load().partly:  # a text that is a day known in part, as in our own workbook
        try:
            draft.put(column, field.name, cells.parse_partly(raw), raw)
        except cells.CellError as bad:
            draft.refuse(bad.code, field.name, column, raw, **bad.details)
        return
    text = tidy_lines(raw) if isinstance(raw, str) else cells.shown(raw)
    before = draft.fields.get(field.name)
    draft.put(column, field.name, f"{before}\n{text}" if field.joins and before else text, raw)


def _read_words(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """Words that stand for a code; those that nobody has listed are kept as they stand, and no code is taken."""
    text = cells.shown(raw)
    own = draft.context.answers.words.get(field.name, {})
    code = next((code for word, code in own.items() if word_key(word) == word_key(text)), None)
    code = code or office_words.load().code(field.kind, text)
    if code is not None:
        draft.put(column, field.name, code, raw)
        return
    hint = "Chọn một mục trong danh mục, hoặc thêm cách ghi này vào bảng chữ."
    proposed = office_words.load().proposed(field.kind, text)
    if proposed is not None:
        if draft.accepts("unknown_code"):
            draft.put(column, field.name, proposed, raw)
            return
        hint = f"Có phải “{_label(field.kind, proposed)}”? Nếu phải, xác nhận hoặc ghi đủ chữ."
    draft.warn("exit_kind_unknown" if field.kind == "exit_kind" else "unknown_code", field.name, column, raw, hint=hint)


def _label(codes: str, code: str) -> str:
    from cases.workbook.schema import choices

    return choices(codes)[code]


def _read_course_step(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """The certificate of the new-member course, in whose column words are often written."""
    if not _course_word(draft, column, raw):
        read_step(draft, column, field.name, raw)


def _read_course_word(draft: Draft, column: RosterColumn, _: Field, raw: Any) -> None:
    if not _course_word(draft, column, raw):
        draft.warn("course_undated", "new_member_certified_on", column, raw)


def _course_word(draft: Draft, column: RosterColumn, raw: Any) -> bool:
    """Whether a word says if the course was attended: attended without a date is no certificate."""
    word = fold(cells.shown(raw))
    if word in _COURSE_NOT_DONE:
        return True
    if word in _COURSE_DONE or mark(raw) is True:
        draft.warn("course_undated", "new_member_certified_on", column, raw)
        return True
    return False


def _read_birth(draft: Draft, column: RosterColumn, _: Field, raw: Any) -> None:
    read_birth(draft, column, raw)


def _read_step(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    read_step(draft, column, field.name, raw)


def _read_day(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    read_other_day(draft, column, field.name, raw)


def _read_reasons(draft: Draft, _: RosterColumn, __: Field, raw: Any) -> None:
    """Why we handed a row back: one that resembles another is not taken for it when it comes again."""
    draft.handed_back = _RESEMBLES in cells.shown(raw)


def _skip(draft: Draft, column: RosterColumn, field: Field, raw: Any) -> None:
    """A column that is never read."""


_READERS: dict[str, Callable[[Draft, RosterColumn, Field, Any], None]] = {
    "row_number": _skip,
    "skipped": _skip,
    "reasons": _read_reasons,
    "code": _read_code,
    "name": _read_name,
    "birth": _read_birth,
    "sex": _read_sex,
    "ethnicity": _read_ethnicity,
    "religion": _read_religion,
    "unit": _read_unit,
    "mark": _read_mark,
    "number": _read_number,
    "listed": _read_listed,
    "step": _read_step,
    "day": _read_day,
    "due": _read_day,
    "course_step": _read_course_step,
    "course_word": _read_course_word,
    "personal_id": read_personal_id,
    "old_id": read_old_id,
    "card": read_card,
    "phone": read_phone,
    "schooling": _read_words,
    "qualification": _read_words,
    "academic_title": _read_words,
    "occupation": _read_words,
    "exit_kind": _read_words,
    "text": _read_text,
}

_COLLECTED = frozenset(
    {
        "family_name",
        "middle_name",
        "given_name",
        "part",
        "member_mark",
        "birth_male",
        "birth_female",
        "birth_day",
        "birth_month",
        "birth_year",
        "male_mark",
        "female_mark",
        "joined",
        "decided",
        "died",
        "ended",
        "status",
        "moved_place",
    }
)
"""The kinds that are settled when the whole row has been read."""
