"""An import in words: what became of the rows, of the columns, and of each kind of thing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cases.history.telling import told
from cases.imports.laying import WHOLE
from cases.rosters.columns.labels import load
from cases.values.kinds import KINDS, beside_cases
from rules.loader.spelling.folding import fold

if TYPE_CHECKING:
    from cases.imports.laying import Change as LaidChange
    from cases.log.write_plan import Part, WritePlan
    from cases.rosters.outcome.outcome import MappedColumn, RosterPreview

OUTCOMES = {
    "accepted": "nhận",
    "warned": "nhận, có điều cần xem lại",
    "confirm": "chờ xác nhận",
    "refused": "không nhận",
    "ignored": "bỏ qua",
}
NOTICES = {"question": "Cần trả lời", "warning": "Lưu ý", "note": "Đã hiểu"}
CHANGED = "Thay đổi so với kho"
OPEN = "Tệp và kho nói khác nhau, chờ trả lời (chưa trả lời thì giữ như kho)"
PAIRS = "Có phải một người? (chưa trả lời thì giữ cả hai hồ sơ)"
PAIRED = "Một người hay hai người, theo trả lời"
ABSENT = "Có trong kho, không có trong tệp (vẫn giữ nguyên trong kho)"
FOLLOWED = "Chưa ai trả lời, đã làm theo cách mặc định"


CASES = KINDS["case"].label


def parts_of(plan: WritePlan) -> list[tuple[str, Part[Any]]]:
    """What a plan does to each kind of thing, by what people call it."""
    return [(kind.label, plan.of(kind.name)) for kind in (KINDS["case"], *beside_cases())]


PROPOSALS = {
    "zero_lost": "Thêm số 0 đã mất ở đầu số",
    "old_id": "Số 9 chữ số là số CMND cũ",
    "old_card": "Số thẻ kiểu cũ là số thẻ cũ",
    "date_as_number": "Con số là ngày như đã nêu",
    "unknown_code": "Chữ gần giống là mục của danh mục đã nêu",
    "ditto": "Dấu lặp lại (″, nt) lấy theo dòng trên",
    "month_first_column": "Các cột ngày đúng là ngày trước, tháng sau",
}
"""What can be agreed to for a whole file, by the code of the reason that proposes it."""


def proposals(preview: RosterPreview) -> list[tuple[str, str, int]]:
    """What the rows of a file propose, each with its words and for how many rows."""
    found = Counter(code for row in preview.rows for code in {why.remark.code for why in row.why})
    return [(code, words, found[code]) for code, words in PROPOSALS.items() if found[code]]


_KINDS = {"removed": "để trống", "conflict": "khác nhau", "kept": "giữ như kho"}


def field_labels() -> list[str]:
    """What a column may be said to be, each by its usual heading, in the order of the alphabet."""
    return sorted({one.label for one in load().fields.values() if one.label != one.name}, key=fold)


def change_line(change: LaidChange) -> str:
    """One value that a file changes: in which row, whose, from what to what."""
    one = change.difference
    place = f"Dòng {change.row}, " if change.row else ""
    if change.kind.name != "case":
        place = f"Sheet “{change.kind.sheet.name}”, {place.lower()}"
    who = " ".join(filter(None, (change.code, change.name)))
    sign = f" ({_KINDS[one.kind]})" if one.kind in _KINDS else ""
    if one.cell == WHOLE:
        return f"{place}{who}: kho đã bỏ{sign}"
    said = "; ".join(told(change.kind.name, one.before, one.after, change.code))
    return f"{place}{who}: {said}{sign}"


def meaning(column: MappedColumn) -> str:
    """As what a column was read."""
    fields = load().fields
    labels = (fields[name].label if name in fields else column.header for name in column.fields)
    meant = ", ".join(labels) if column.fields else "không đọc"
    return f"{meant} ({column.reason})" if column.reason else meant
