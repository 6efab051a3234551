"""Where a person stands, by the words of a row and the headings above it; and that nobody becomes a candidate unread.

A status is compared with the dates. What it tells without a date is kept as having happened on an unknown day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.files.grids import blank
from cases.rosters.rows.cell_readers import mark
from cases.rosters.rows.date_cells import ADMISSION, RECOGNITION, read_step
from cases.rosters.rows.day_cells import NotYet, read_day_cell
from cases.workbook import cells
from cases.workbook.office_words import word_key

if TYPE_CHECKING:
    from cases.rosters.columns.roster_column import RosterColumn
    from cases.rosters.rows.draft import Draft, Piece

EXIT_KINDS = frozenset({"died", "expelled", "struck_off", "resigned"})
_GONE = EXIT_KINDS | {"moved", "left"}
_MEMBERS = frozenset({"member", "probationary", "official", "apart", "admitted"})
_PARTLY = {
    "admitted_partly": "admitted_on",
    "recognised_partly": "recognised_from",
    "left_partly": "left_on",
    "moved_out_partly": "moved_out_on",
}
_UNKNOWN_DAY = "x"


@dataclass(frozen=True, slots=True)
class _Said:
    """A status that is told, and where: in a cell of the row, or in a heading above it."""

    effect: str
    words: str
    column: RosterColumn | None = None
    raw: Any = None


def settle_standing(draft: Draft) -> None:
    """Settle status words, marks and the dates of leaving, then guard against a candidate who was none."""
    died, ended = draft.pieces.get("died_on"), draft.pieces.get("ended_on")
    if died is not None and read_step(draft, died.column, "left_on", died.raw):
        draft.fields["exit_kind"] = "died"
    said = _said(draft)
    gone = next((one for one in said if one.effect in _GONE | {"apart"}), None)
    if gone is not None and gone.effect in EXIT_KINDS and "exit_kind" not in draft.fields:
        draft.fields["exit_kind"] = gone.effect
    if ended is not None:
        _settle_ended(draft, ended, gone.effect if gone else None)
    for one in said:
        _check(draft, one)
    unsaid = not any(why.remark.code == "exit_kind_unknown" for why in draft.whys)
    if "left_on" in draft.fields and "exit_kind" not in draft.fields and unsaid:
        draft.warn("exit_kind_unknown", "exit_kind", gone.column if gone else None, gone.raw if gone else None)
    _guard(draft, said)


def _said(draft: Draft) -> list[_Said]:
    """Every status that is told of the person, those of the row itself first."""
    found: list[_Said] = []
    for name in ("status", "member_kind"):
        piece = draft.pieces.get(name)
        if piece is None:
            continue
        words = cells.shown(piece.raw)
        draft.put(piece.column, name, words, piece.raw)
        effect = draft.context.words.statuses.get(word_key(words))
        if effect is None:
            known = ", ".join(draft.context.words.status_names)
            draft.warn("status_unknown", "status", piece.column, piece.raw, known=known)
        else:
            found.append(_Said(effect, words, piece.column, piece.raw))
    if (piece := draft.pieces.get("member")) is not None:
        found += _marked(draft, piece)
    if draft.heading is not None and draft.heading.status is not None:
        found.append(_Said(draft.heading.status, draft.heading.name))
    elif (title := draft.context.title_status) is not None and title != "candidate":
        words = draft.context.words.status_word(title)
        found.append(_Said(title if title == "official" else "member", words))
    return found


def _marked(draft: Draft, piece: Piece) -> list[_Said]:
    """A mark under “Đảng viên” says that somebody is one; a word there is a status."""
    words = cells.shown(piece.raw)
    if mark(piece.raw) is True:
        return [_Said("member", piece.column.header, piece.column, piece.raw)]
    effect = draft.context.words.statuses.get(word_key(words))
    if effect is None and mark(piece.raw) is None:
        draft.warn("unknown_mark", "member", piece.column, piece.raw)
    return [_Said(effect, words, piece.column, piece.raw)] if effect else []


def _settle_ended(draft: Draft, piece: Piece, effect: str | None) -> None:
    """“Ngày rời/mất/miễn sinh hoạt” is the day of leaving, of moving or of being exempt, by the status beside it."""
    if effect in EXIT_KINDS or effect == "left":
        read_step(draft, piece.column, "left_on", piece.raw)
    elif effect == "moved":
        read_step(draft, piece.column, "moved_out_on", piece.raw)
    elif effect == "apart":
        read_step(draft, piece.column, "apart_since", piece.raw)
    elif read_step(draft, piece.column, "ended_on", piece.raw):
        draft.warn("exit_kind_unknown", "exit_kind", piece.column, piece.raw)


def _check(draft: Draft, said: _Said) -> None:
    """A status that its dates do not bear out, or that has no date."""
    fields = draft.fields

    def undated(name: str) -> None:
        if name not in fields and name not in draft.undated:
            draft.happened(said.column, name, said.raw)
            draft.warn("status_undated", name, said.column, said.raw, status=said.words)

    def differs(what: str) -> None:
        draft.warn("status_differs", "status", said.column, said.raw, status=said.words, what=what)

    if said.effect == "moved":
        undated("moved_out_on")
    elif said.effect in EXIT_KINDS:
        undated("left_on")
    elif said.effect == "left":
        if "left_on" not in fields:
            draft.happened(said.column, "left_on", said.raw)
        if "exit_kind" not in fields:
            draft.warn("exit_kind_unknown", "exit_kind", said.column, said.raw)
    elif said.effect == "official" and "recognised_from" not in fields and "recognised_from" not in draft.undated:
        draft.happened(said.column, "recognised_from", said.raw)
        differs("không có ngày chính thức")
    elif said.effect == "probationary" and "recognised_from" in fields:
        differs("đã có ngày chính thức")
    elif said.effect == "candidate" and "admitted_on" in fields:
        differs("đã có ngày kết nạp")


def _guard(draft: Draft, said: list[_Said]) -> None:
    """Whoever was admitted by any sign of the row, on whatever day, is no candidate."""
    fields = draft.fields
    for column in draft.context.header.columns:
        if not column.fields and (hints := _hints(draft, column)):
            raw = draft.cells[column.position] if column.position < len(draft.cells) else ""
            if not blank(raw) and not isinstance(read_day_cell(raw), NotYet):
                name = "admitted_on" if hints & ADMISSION else "recognised_from"
                draft.happened(column, name, raw)
                if name not in fields:
                    draft.warn("step_column_unread", name, column, raw)
    if draft.said_probationary and "recognised_from" in fields:
        draft.warn("status_differs", "status", status="dự bị", what="đã có ngày chính thức")
    for partly, name in _PARTLY.items():
        if name not in fields and name in draft.undated:
            fields[partly] = draft.undated[name]
    if "admitted_on" in fields or "admitted_partly" in fields:
        return
    official = next((name for name in ("recognised_from", "recognition_decided_on") if name in fields), None)
    member = next((one for one in said if one.effect in _MEMBERS | _GONE), None)
    if draft.context.header.has("member") and not said and not _is_followed(draft):
        draft.say("confirm", "not_marked", "full_name", None, None)
        return
    if any(why.remark.field == "admitted_on" and why.outcome == "refused" for why in draft.whys):
        return
    if official is not None or "recognised_partly" in fields:
        draft.warn("official_unadmitted", "admitted_on")
    elif member is not None and "admission_decided_on" not in fields:
        draft.warn("status_undated", "admitted_on", member.column, member.raw, status=member.words)
    else:
        return
    fields["admitted_partly"] = _UNKNOWN_DAY


def _hints(draft: Draft, column: RosterColumn) -> set[str]:
    """The steps of admission and recognition that a column in question may be of.

    A heading that was not understood as a whole counts only where the list has no other column of that step.
    """
    header = draft.context.header
    likely = {one.name for one in column.likely[:1] if column.holds}
    unread = {steps for steps in (ADMISSION, RECOGNITION) if likely & steps and not header.has(*steps)}
    return ({one.name for one in column.meanings} & (ADMISSION | RECOGNITION)) | {
        name for steps in unread for name in likely & steps
    }


def _is_followed(draft: Draft) -> bool:
    """Whether any step of the process stands in the row."""
    return any(isinstance(value, date) and name != "born_on" for name, value in draft.fields.items())
