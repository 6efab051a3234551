"""What `correct` is told: values of columns, or a step with its right day and papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from cases.changes.changing import (
    step_on,
    with_changed_step,
    with_value_since,
    with_values,
    without_step,
)
from cases.changes.values import FIXED, is_step, known_column, read_of, read_setting, read_value
from cases.judging.steps import known_step
from cases.values.records import Record, StepEntry
from cases.workbook import schema as layout
from rules.loader.errors import BadInput

Change = Callable[[Record], Record]


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands beside the names: the right day, which of several days, papers, and since when a value holds."""

    on: dt.date | None = None
    old: dt.date | None = None
    papers: Mapping[str, str] | None = None
    since: dt.date | None = None


def read_corrections(texts: Sequence[str], correction: Correction) -> Change:
    """The change that the texts stand for; raises `BadInput` and `UnknownName`."""
    changes = [_change(text, correction) for text in texts]
    if len(texts) > 1 and (correction.on or correction.old or correction.papers):
        raise BadInput("--on, --old, --document, --result, --note chỉ dùng khi sửa một bước. Sửa từng bước một.")
    return lambda record: reduce(lambda sofar, change: change(sofar), changes, record)


def _change(text: str, correction: Correction) -> Change:
    if "=" not in text:
        return _step_change(text, correction)
    column, value = read_setting(text)
    if column.field in FIXED:
        raise BadInput(
            "Mã hồ sơ không sửa như một cột, vì lớp học, kỷ luật ghi theo mã. Dùng: dubi case recode MÃ MÃ-MỚI"
        )
    if is_step(column):
        return _step_value(column, value, correction)
    read = read_value(column, value)
    if correction.since is None:
        return lambda record: with_values(record, {column.field: read})
    if column.field not in layout.choices("attribute"):
        raise BadInput(f"“{column.header}” không có giá trị theo thời gian; bỏ --since.")
    since = correction.since
    return lambda record: with_value_since(record, column.field, read, since)


def _step_value(column: layout.SheetColumn, value: str, correction: Correction) -> Change:
    """`step=day` puts the step on another day, `step=` takes it out."""
    if not value.strip():
        return lambda record: without_step(record, step_on(record, column.field, correction.old))
    day = read_value(column, value)
    assert isinstance(day, dt.date)
    return _moved(column.field, correction.old, day, correction.papers or {})


def _step_change(text: str, correction: Correction) -> Change:
    kind = known_step(text)
    if correction.on is None and not correction.papers:
        header = known_column(kind.name).header
        raise BadInput(f"Chưa rõ sửa gì ở “{header}”: thêm --on NGÀY, --document, --stored-at, --result hoặc --note.")
    return _moved(kind.name, correction.old, correction.on, correction.papers or {})


def _moved(kind: str, old: dt.date | None, day: dt.date | None, papers: Mapping[str, str]) -> Change:
    def paper(name: str, kept: str | None) -> str | None:
        return read_of(layout.STEPS, name, papers[name]) if name in papers else kept

    def change(record: Record) -> Record:
        entry = step_on(record, kind, old)
        new = StepEntry(
            kind,
            day or entry.on,
            paper("document", entry.document),
            paper("result", entry.result),
            paper("note", entry.note),
            paper("stored_at", entry.stored_at),
        )
        return with_changed_step(record, entry, new)

    return change
