"""The sheets of the canonical workbook: those of the kinds of things, and those of what one row of them cannot show."""

from __future__ import annotations

from functools import cache

from cases.values.kinds import KINDS, beside_cases
from cases.values.sheets import (
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_TEXT,
    Sheet,
    SheetColumn,
    case_sheet,
    code_column,
    date_column,
    key_column,
    text_column,
)
from rules.loader import indicators as indicators_loader
from rules.loader import vocabulary

__all__ = [
    "ATTRIBUTES",
    "COURSES",
    "DATES_KEPT",
    "ENROLMENTS",
    "FIGURES",
    "GUIDE_SHEET",
    "HISTORY_SHEETS",
    "LISTS_SHEET",
    "LONGEST_KEY",
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "PLACEMENTS",
    "STAMP_SHEET",
    "STEPS",
    "UNITS",
    "UNIT_HISTORY",
    "Sheet",
    "SheetColumn",
    "all_sheets",
    "case_sheet",
    "choices",
    "written_case_sheet",
]

DATES_KEPT = SheetColumn(
    "dates_kept",
    "Ngày cần kiểm tra",
    "mark",
    optional=True,
    note="x: các ngày của dòng này trái nhau nhưng được giữ đúng như đã ghi, chờ đối chiếu bản gốc.",
)
"""The mark of a row whose dates cannot all be right and are kept all the same: a list of an office's own is taken so,
and what the store holds must come back from its export. It is reckoned when a workbook is written, never stored."""


@cache
def written_case_sheet() -> Sheet:
    """Sheet `Hồ sơ` as a file may hold it: with the mark of rows that are kept although their dates contradict."""
    sheet = case_sheet()
    return Sheet(sheet.name, (*sheet.columns, DATES_KEPT), sheet.note)


UNIT_HISTORY = Sheet(
    "Quá trình đơn vị",
    (
        key_column("unit", "Mã đơn vị", filled=True),
        key_column("parent", "Trực thuộc", note="Mã của đơn vị cấp trên từ ngày ấy. Không có cấp trên thì để trống."),
        date_column("since", "Từ ngày"),
        key_column(
            "merged_into", "Sáp nhập vào", note="Mã của đơn vị nhận, khi từ ngày ấy đơn vị này nhập vào đơn vị khác."
        ),
    ),
    "Không bắt buộc: đơn vị đã đổi nơi trực thuộc hoặc đã sáp nhập, mỗi lần một dòng. "
    "Dòng không ghi ngày là từ đầu. Sheet Đơn vị chỉ giữ nơi trực thuộc hiện nay.",
)
STEPS = Sheet(
    "Bước",
    (
        key_column("case", "Mã hồ sơ", filled=True),
        code_column("kind", "Bước", "step", filled=True),
        date_column("on", "Ngày", filled=True),
        text_column("document", "Số văn bản"),
        text_column("result", "Kết quả"),
        text_column("note", "Ghi chú"),
        SheetColumn("stored_at", "Nơi lưu", "text", optional=True, note="Văn bản cất ở đâu, ví dụ: tủ chi ủy, cặp 3."),
    ),
    "Không bắt buộc: các lần trước của một bước, và số văn bản. Sheet Hồ sơ chỉ giữ lần sau cùng.",
)
ATTRIBUTES = Sheet(
    "Quá trình",
    (
        key_column("case", "Mã hồ sơ", filled=True),
        code_column("name", "Thuộc tính", "attribute", filled=True),
        SheetColumn("value", "Giá trị", "text", needed=True, note="Dấu có/không: ghi x; khi thôi, ghi không."),
        date_column("since", "Từ ngày"),
    ),
    "Không bắt buộc: giá trị của một thuộc tính theo thời gian, ví dụ trình độ học vấn trước đây.",
)
PLACEMENTS = Sheet(
    "Nơi sinh hoạt",
    (
        key_column("case", "Mã hồ sơ", filled=True),
        key_column("unit", "Mã đơn vị", filled=True),
        date_column("since", "Từ ngày"),
        date_column("until", "Đến ngày"),
    ),
    "Không bắt buộc: những nơi đã sinh hoạt.",
)

UNITS, COURSES, ENROLMENTS = (KINDS[name].sheet for name in ("unit", "course", "enrolment"))
FIGURES = KINDS["figure"].sheet
HISTORY_SHEETS = (STEPS, ATTRIBUTES, PLACEMENTS)
"""The sheets of what one row of a case cannot show."""

GUIDE_SHEET = "Hướng dẫn"
LISTS_SHEET = "Danh mục"
STAMP_SHEET = "Dubi"
"""Sheets that our own workbooks carry for the reader; they hold no data."""


@cache
def all_sheets() -> tuple[Sheet, ...]:
    """Every sheet that holds data, `Hồ sơ` first."""
    return (case_sheet(), *(kind.sheet for kind in beside_cases()), *HISTORY_SHEETS, UNIT_HISTORY)


@cache
def choices(codes: str) -> dict[str, str]:
    """The codes of a list with their labels; `step` and `attribute` list the facts that have a history.

    `typed_figure` lists the indicators that no record gives, `kept_column` the columns of sheet `Hồ sơ` of which a rule
    asks whether they are kept.
    """
    words = vocabulary.load()
    if codes == "step":
        return {fact.name: fact.column or fact.label for fact in words.columns if fact.kind == "step"}
    if codes == "attribute":
        dated = (
            fact
            for fact in words.columns
            if fact.kind in ("attribute", "mark") and fact.name not in _UNDATED | words.partly.keys()
        )
        return {fact.name: fact.column or fact.label for fact in dated}
    if codes == "kept_column":
        return {name: words.facts[name].column or words.facts[name].label for name in words.kept}
    if codes == "typed_figure":
        return {name: text.label for name, text in indicators_loader.load().items() if text.typed}
    return words.codes[codes]


_UNDATED = frozenset({"code", "person_code", "full_name", "born_on", "sex", "unit", "note"})
"""What identifies a person, and the unit, which has a sheet of its own for its history."""
