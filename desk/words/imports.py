"""An import in words: what became of the rows, of the columns, and of each kind of thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.rosters.columns.labels import load
from cases.values.kinds import KINDS, beside_cases

if TYPE_CHECKING:
    from cases.log.write_plan import Part, WritePlan
    from cases.rosters.outcome.outcome import MappedColumn

OUTCOMES = {
    "accepted": "nhận",
    "warned": "nhận, có điều cần xem lại",
    "confirm": "chờ xác nhận",
    "refused": "không nhận",
    "ignored": "bỏ qua",
}
NOTICES = {"question": "Cần trả lời", "warning": "Lưu ý", "note": "Đã hiểu"}
FOLLOWED = "Chưa ai trả lời, đã làm theo cách mặc định"


CASES = KINDS["case"].label


def parts_of(plan: WritePlan) -> list[tuple[str, Part[Any]]]:
    """What a plan does to each kind of thing, by what people call it."""
    return [(kind.label, plan.of(kind.name)) for kind in (KINDS["case"], *beside_cases())]


def meaning(column: MappedColumn) -> str:
    """As what a column was read."""
    fields = load().fields
    labels = (fields[name].label if name in fields else column.header for name in column.fields)
    meant = ", ".join(labels) if column.fields else "không đọc"
    return f"{meant} ({column.reason})" if column.reason else meant
