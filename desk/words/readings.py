"""An entry of the reading log in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.log.clock import local
from desk.words.labels import fact_label
from rules.loader.spelling.days import shown_moment

if TYPE_CHECKING:
    from desk.personal.readings import Reading


def line_of(one: Reading) -> str:
    """When, who, of whom, what, why; of somebody erased since only that it was."""
    when = f"{shown_moment(local(one.read_at))} · {one.who}"
    if one.let_go:
        return f"{when} · bỏ {one.let_go} mục đã quá thời hạn giữ"
    if one.erased:
        return f"{when} · nội dung đã xoá hẳn theo yêu cầu"
    whose = f"hồ sơ {one.case}" if one.case else "mọi hồ sơ"
    return f"{when} · {whose} · {', '.join(map(fact_label, one.fields))} · {one.why}"
