"""The log in words: what was done, when, and what of each thing is otherwise. Personal numbers are masked."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from cases.history.telling import key_told, told
from cases.log.clock import local
from cases.store.held.soundness import in_words
from cases.values.kinds import KINDS
from desk.words.masking import without_numbers as without_numbers
from rules.loader.spelling.days import shown_moment

if TYPE_CHECKING:
    from cases.history.verification import Verdict
    from cases.log.batches import LoggedBatch, LoggedChange

ACTIONS = {
    "import": "nhập sổ",
    "add": "thêm người",
    "record": "ghi bước",
    "correct": "sửa",
    "move": "chuyển sinh hoạt",
    "leave": "ra khỏi Đảng",
    "submit": "nộp hồ sơ lên",
    "return": "trả lại hồ sơ",
    "remove": "bỏ hồ sơ",
    "join": "gộp hồ sơ",
    "recode": "đổi mã hồ sơ",
    "enrol": "ghi danh",
    "course": "lớp",
    "figure": "số nhập tay",
    "unit": "đơn vị",
    "target": "chỉ tiêu",
    "undo": "hoàn tác",
    "redo": "làm lại",
    "restore": "phục hồi",
    "overlay": "chọn quy định riêng",
    "confirm": "đối chiếu một giá trị của luật",
    "seal": "niêm phong nhật ký mẫu cũ",
    "erase": "xoá hẳn theo yêu cầu",
    "report": "đánh dấu báo cáo đã gửi",
}


def action(batch: LoggedBatch) -> str:
    """What a write did."""
    return ACTIONS.get(batch.action, batch.action)


def when(batch: LoggedBatch) -> str:
    """The moment of a write by the clocks of this machine's place."""
    return shown_moment(local(batch.made_at))


def here(moment: dt.datetime) -> dt.datetime:
    """A moment, in UTC where it names no zone, by the clocks of this machine's place."""
    return local(moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment)


def what_changed(change: LoggedChange) -> list[str]:
    """What of a thing is otherwise, line by line."""
    if change.erased:
        return ["nội dung đã xoá hẳn theo yêu cầu"]
    before = json.loads(change.before) if change.before else None
    after = json.loads(change.after) if change.after else None
    return list(told(change.entity, before, after, change.key))


def lines_of(change: LoggedChange, name: str = "") -> list[str]:
    """The same with the thing itself, and the name of the person behind it where there is one."""
    whose = f" – {without_numbers(name)}" if name else ""
    return [f"{thing(change.entity, change.key)}: {line}{whose}" for line in what_changed(change)]


def thing(entity: str, key: str) -> str:
    """What kind of thing it is, and which."""
    return f"{KINDS[entity].label} {without_numbers(key_told(entity, key))}"


def said_of_anchor(verdict: Verdict) -> str:
    """How a log stands to what is kept of it outside the store, as a sentence."""
    stands = verdict.anchored
    if stands.state == "held":
        behind = verdict.batches - stands.number
        after = f"; {behind} lần ghi sau đó chưa kịp giữ dấu" if behind > 0 else ""
        return f"Dấu giữ ngoài kho khớp đến lần ghi {stands.number}{after}."
    if stands.state == "none":
        return "Máy này chưa giữ dấu nào của kho: kho mới, hoặc chép từ máy khác. Từ lần ghi tới sẽ giữ."
    said = in_words(stands.state, stands.number, stands.place)
    return f"{said[0].upper()}{said[1:]}. Phục hồi: dubi restore TỆP"
