"""What settles only when the whole row has been read: split names and dates, Nam/Nữ columns, status words, moves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cases.files.grids import blank
from cases.files.xlsx_reading import column_letter
from cases.rosters.columns import labels, words
from cases.rosters.columns.column_kinds import NAME_KINDS
from cases.rosters.rows.cell_readers import mark, read_value
from cases.rosters.rows.date_cells import read_birth, read_step
from cases.rosters.rows.draft import Piece
from cases.rosters.rows.people import read_name
from cases.rosters.rows.standing import settle_standing
from cases.workbook import cells
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.rosters.rows.draft import Draft


_BIRTH_PARTS = {"birth_day": "day", "birth_month": "month", "birth_year": "year"}
_COLLECTED = frozenset({"joined", "decided", "died", "ended"})
_PARTS_OF_NAMES = frozenset({"family_name", "middle_name", "given_name"})


def settle(draft: Draft) -> None:
    """Settle what was collected, then miss what a person must have."""
    _settle_name(draft)
    _doubt_name(draft)
    _doubt_person(draft)
    _settle_parts(draft)
    _settle_birth_columns(draft)
    _settle_sex_marks(draft)
    _settle_joined(draft)
    _settle_decided(draft)
    _settle_moved_place(draft)
    settle_standing(draft)
    _miss(draft)


def _shown(piece: Piece | None) -> str:
    return cells.shown(piece.raw) if piece else ""


def _settle_name(draft: Draft) -> None:
    """Family, middle and given name from columns of their own, joined from left to right."""
    parts = [piece for piece in draft.pieces.values() if piece.field.kind in _PARTS_OF_NAMES]
    if not parts or "full_name" in draft.fields:
        return
    parts.sort(key=lambda piece: piece.column.position)
    piece, kinds = parts[0], {part.field.kind for part in parts}
    name = read_name(" ".join(_shown(part) for part in parts))
    for what in name.changes:
        draft.changed(what)
    lacking = {one for one in ("family_name", "given_name") if draft.context.header.position(one) is not None} - kinds
    if name.problem or lacking:
        draft.refuse(name.problem or "missing_name", "full_name", piece.column, piece.raw)
    else:
        draft.put(piece.column, "full_name", name.text, name.text)
        if name.extra:
            draft.warn("name_extra", "full_name", piece.column, name.text, extra=name.extra)
        if not name.is_plain:
            draft.warn("one_word_name", "full_name", piece.column, name.text)


def _doubt_name(draft: Draft) -> None:
    """Words right beside the name, in a column without a heading that nobody has explained, may be a part of it."""
    header = draft.context.header
    at = max((one.position for one in header.columns for field in one.fields if field.kind in NAME_KINDS), default=-1)
    beside = next((one for one in header.columns if one.position == at + 1), None)
    if beside is None or beside.header or beside.fields or beside.is_told:
        return
    raw = draft.cells[beside.position] if beside.position < len(draft.cells) else ""
    if isinstance(raw, str) and any(sign.isalpha() for sign in raw):
        draft.refuse("name_beside", "full_name", beside, raw, letter=column_letter(beside.position))


def _doubt_person(draft: Draft) -> None:
    """Words alone under the name, without a number in a numbered list, are a person's only with a family name."""
    at = draft.context.header.position("row_number")
    if at is None or at >= len(draft.cells) or not blank(draft.cells[at]) or "full_name" not in draft.fields:
        return
    alone = sum(not blank(raw) for raw in draft.cells) == 1
    if alone and fold(str(draft.fields["full_name"])).split()[0] not in words.load().family_names:
        column, raw = draft.typed["full_name"]
        draft.refuse("maybe_heading", "full_name", column, raw)


def _settle_parts(draft: Draft) -> None:
    """Day, month and year of a date from three columns; a missing part makes the date less precise."""
    dates: dict[str, dict[str, Piece]] = {}
    for piece in draft.pieces.values():
        if piece.field.kind == "part":
            name, _, part = piece.field.name.rpartition(".")
            dates.setdefault(name, {})[part] = piece
        elif piece.field.name in _BIRTH_PARTS:
            dates.setdefault("born_on", {})[_BIRTH_PARTS[piece.field.name]] = piece
    for name, parts in dates.items():
        day, month, year = (_shown(parts.get(part)) for part in ("day", "month", "year"))
        column = list(parts.values())[-1].column
        if not year:
            text = "/".join(part for part in (day, month) if part)
        elif day and not month:
            text = f"00/00/{year}"
        else:
            text = f"{day or '00'}/{month or '00'}/{year}"
        field = labels.load().fields[name]
        if field.kind in _COLLECTED:
            draft.pieces[name] = Piece(column, field, text)
        else:
            read_value(draft, column, field, text)


def _settle_birth_columns(draft: Draft) -> None:
    """A birth under Nam or under Nữ gives both; under both it is nobody's."""
    male, female = draft.pieces.get("born_on_male"), draft.pieces.get("born_on_female")
    if male and female:
        draft.refuse("sex_unclear", "sex", male.column, male.raw)
        draft.sex_settled = draft.birth_settled = True
    elif piece := male or female:
        read_birth(draft, piece.column, piece.raw)
        if "sex" not in draft.fields:
            draft.put(piece.column, "sex", "Nam" if male else "Nữ", piece.raw)
        draft.sex_settled = True


def _settle_sex_marks(draft: Draft) -> None:
    """A column Nữ with marks: a mark is Nữ, an empty cell Nam; of two columns exactly one must be marked."""
    header = draft.context.header
    if "sex" in draft.fields or draft.sex_settled or not header.has("male", "female"):
        return
    marks: dict[str, bool] = {}
    for name in ("male", "female"):
        piece = draft.pieces.get(name)
        if header.has(name):
            said = mark(piece.raw) if piece else False
            if said is None:
                assert piece is not None
                draft.warn("sex_unclear", "sex", piece.column, piece.raw)
                draft.sex_settled = True
                return
            marks[name] = said
    draft.sex_settled = True
    is_female = marks.get("female", not marks.get("male", False))
    if len(marks) == 2 and marks["male"] == marks["female"]:
        piece = draft.pieces.get("male") or draft.pieces.get("female")
        draft.warn("sex_unclear", "sex", piece.column if piece else None, piece.raw if piece else None)
        return
    draft.fields["sex"] = "Nữ" if is_female else "Nam"


def _settle_joined(draft: Draft) -> None:
    """“Ngày vào Đảng” is the ceremony unless said otherwise; beside a ceremony of its own it is only compared."""
    piece = draft.pieces.get("joined_on")
    if piece is None:
        return
    target = "admission_decided_on" if draft.context.answers.joined == "decision" else "admitted_on"
    if not draft.context.header.has(target):
        read_step(draft, piece.column, target, piece.raw)
        return
    own = draft.fields.get(target)
    if own is None and target not in draft.undated:
        read_step(draft, piece.column, target, piece.raw)
        return
    joined = read_step(draft, piece.column, "joined_on", piece.raw)
    draft.fields.pop("joined_on", None)
    if isinstance(joined, date) and joined != own:
        draft.warn("joined_differs", target, piece.column, piece.raw, on=shown_day(joined))


def _settle_decided(draft: Draft) -> None:
    """“Ngày quyết định” beside the number of the admission decision is that decision's day."""
    piece = draft.pieces.get("decided_on")
    if piece is not None and draft.context.header.has("admission_decision_no"):
        read_step(draft, piece.column, "admission_decided_on", piece.raw)


def _settle_moved_place(draft: Draft) -> None:
    """“Nơi chuyển đến”: the date column beside it says whether somebody went there or came from there."""
    piece = draft.pieces.get("moved_place")
    if piece is None:
        return
    header = draft.context.header
    out, came = header.has("moved_out_on"), header.has("moved_in_on")
    if out != came:
        draft.put(piece.column, "moved_to" if out else "moved_from", _shown(piece), piece.raw)


def _miss(draft: Draft) -> None:
    """What a person must have: a name, a code where the file has codes; and what a record is poorer without."""
    said = {why.remark.field for why in draft.whys}
    header = draft.context.header
    if "full_name" not in draft.fields and not any(
        why.outcome == "refused" and why.remark.field == "full_name" for why in draft.whys
    ):
        draft.refuse("missing_name", "full_name")
    if header.has("code") and "code" not in draft.fields and "code" not in said:
        draft.refuse("missing_code", "code")
    if "born_on" not in draft.fields and "birth_year" not in draft.fields and not draft.birth_settled:
        draft.warn("missing_birth_date", "born_on")
    if "sex" not in draft.fields and not draft.sex_settled:
        draft.warn("sex_missing", "sex")
