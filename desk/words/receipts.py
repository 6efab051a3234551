"""The figures of a receipt in words, and where the log stood that they are from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.store.held.anchoring import code
from desk.words.labels import label
from desk.words.log import when
from desk.words.spelling import on_screen
from rules.loader import indicators as indicators_loader
from rules.loader import vocabulary
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from cases.history.receipts import Asked
    from cases.history.reported import Reported
    from cases.log.batches import Head


def mark(stands: Head) -> str:
    """Where the log of a store stood, to be printed on a report and compared with the log later."""
    mine = code(stands)
    signed = f"; mã {mine}" if mine else ""
    return f"Lấy từ kho {stands.store[:8]} đến lần ghi {stands.number}; dấu {stands.hash}{signed}."


def figure_value(value: object) -> str:
    """A figure, or a finding with its day, as it is read."""
    severity, _, due = str(value).partition(" ")
    if severity in vocabulary.load().codes["severity"]:
        return label("severity", severity) + ("" if due == "–" else f", hạn {on_screen(stored_day(due))}")
    return "không có" if value is None else str(value)


def asked_in_words(asked: Asked) -> str:
    """The command of a receipt with its day and its period."""
    said = f"dubi {asked.command}{f' {asked.form}' if asked.form else ''}, tính đến ngày {on_screen(asked.as_of)}"
    if asked.start:
        said += f", kỳ {on_screen(asked.start)} – {on_screen(asked.end)}"
    return said + (f", đơn vị {asked.unit}" if asked.unit else "")


def report_in_words(report: Reported) -> str:
    """A report that was sent: which, when, and the line of the log that says so."""
    sent = f"đã báo lúc {when(report.batch)} (lần ghi {report.batch.name})"
    return f"{asked_in_words(report.receipt.question)}, {sent}"


def figure_label(name: str) -> str:
    """A figure in words."""
    kind, _, rest = name.partition(".")
    if kind == "stage":
        return label("stage", rest)
    if kind == "severity":
        return label("severity", rest)
    if kind == "finding":
        case, _, rule = rest.partition(".")
        return f"{case}, {rule}"
    if "|" in name:
        words = ("mục", "dòng", "cột")
        return ", ".join(f"{word} {part}" for word, part in zip(words, name.split("|"), strict=False)).capitalize()
    if name == "cases":
        return "Số hồ sơ"
    if name == "undecided":
        return "Chưa xét được"
    texts = indicators_loader.load()
    return f"{texts[name].label} ({name})" if name in texts else rest or name
