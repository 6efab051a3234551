"""Changes in words, for the log and before writing: what was, what is; of what is sensitive only that it changed.

Personal numbers are masked wherever they stand.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

from cases.history.snapshots import DECLARED, difference, flatten, step_of
from cases.values.kinds import KEYS_APART, KINDS
from cases.values.masking import MASK, MEASURE, fact_of, facts_of_key, may_show
from cases.values.refusals import masked
from cases.workbook import schema as layout
from cases.workbook.cells import CODES_APART
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day, stored_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.history.snapshots import Flat
    from cases.log.write_plan import WritePlan
    from cases.values.records import Discipline, Record, Value

NOTHING = "trống"
PLACES = {"in_province": "trong tỉnh", "out_of_province": "ngoài tỉnh"}
"""What may stand for a unit outside the store."""
_PAPERS = {"document": "số văn bản", "result": "kết quả", "note": "ghi chú", "stored_at": "nơi lưu"}
_HISTORIES = {"attributes": "Quá trình", "placements": "Nơi sinh hoạt"}


def told_record(before: Record | None, after: Record) -> list[str]:
    """What differs between two states of a case, line by line."""
    old, new = difference(None if before is None else flatten(before), flatten(after))
    return list(told("case", old, new, after.code))


def told_measure(one: Discipline) -> str:
    """A disciplinary measure in a line."""
    label = KINDS[MEASURE].label
    if not may_show(one.case, facts_of_key(MEASURE)):
        return f"{label}: {MASK}"
    return f"{label}: {_codes(MEASURE, 'form')[one.form]} ngày {shown_day(one.on)}"


def told_plan(plan: WritePlan) -> list[str]:
    """What a plan does to each thing, line by line."""
    lines = []
    for kind in KINDS:
        for one in plan.of(kind).altered:
            before = None if one.before is None else flatten(one.before)
            changes = told(kind, *difference(before, flatten(one.after)), one.key)
            lines += [f"{key_told(kind, one.key)}: {line}" for line in changes]
            if one.before is None and kind == "unit":
                details = {name: value for name, value in flatten(one.after).items() if name != "code"}
                lines += [f"{masked(one.key)}: {line}" for line in told(kind, {}, details, one.key)]
        lines += [
            f"{key_told(kind, gone.key)}: {line}"
            for gone in plan.of(kind).removed
            for line in told(kind, flatten(gone.before), None, gone.key)
        ]
    return lines


def key_told(entity: str, key: str) -> str:
    """What names a thing; the rest of what names a measure is told only where somebody asks."""
    whose, sign, _ = key.partition(KEYS_APART)
    return masked(whose if sign and not may_show(whose, facts_of_key(entity)) else key)


def told(entity: str, before: Flat | None, after: Flat | None, key: str) -> Iterator[str]:
    """What a change says of the thing with this key, line by line; one line for a thing made or taken out."""
    whose = key.partition(KEYS_APART)[0]
    if before is None or after is None:
        said = "thêm" if before is None else "bỏ"
        steps = sum(1 for name in after or before or {} if step_of(name))
        value = f": {(after or before or {}).get('value')}" if entity in ("figure", "target") else ""
        yield f"{said} {KINDS[entity].label.lower()}{value}" + (f" với {steps} bước" if steps else "")
        return
    names = list(dict.fromkeys([*before, *after]))
    moved = dict(_moved_steps(before, after))
    for name in names:
        if name in moved.values():
            continue
        if name in moved:
            yield _told_move(name, moved[name], before, after)
        elif (step := step_of(name)) is not None:
            yield _told_step(*step, before.get(name), after.get(name))
        elif name == DECLARED:
            yield "ghi vào danh sách đơn vị" if after.get(name) else "bỏ khỏi danh sách đơn vị"
        elif name in _HISTORIES:
            yield f"{_HISTORIES[name]}: {len(before.get(name, ()))} dòng → {len(after.get(name, ()))} dòng"
        elif name == "history":
            yield from _told_standings(before.get(name, []), after.get(name, []))
        elif not may_show(whose, (fact_of(entity, name),)):
            yield f"{_labels(entity)[name]}: đã sửa {MASK}"
        else:
            yield f"{_labels(entity).get(name, name)}: {_shown(entity, name, before)} → {_shown(entity, name, after)}"


def _told_standings(before: list[list[Any]], after: list[list[Any]]) -> Iterator[str]:
    """Where a unit stood through time: what is there now and was not, and what is there no more."""
    for entries, others, sign in ((before, after, "bỏ "), (after, before, "")):
        for parent, since, merged_into in (one for one in entries if one not in others):
            since_ = f"từ {shown_day(stored_day(since))}" if since else "từ đầu"
            where = f"nhập vào {merged_into}" if merged_into else f"trực thuộc {parent or 'không đơn vị nào'}"
            yield f"{sign}{since_}: {where}"


def _moved_steps(before: Flat, after: Flat) -> Iterator[tuple[str, str]]:
    """The step of a kind that goes and the one that comes, where there is one of each."""
    gone = {name: step[0] for name in before if name not in after and (step := step_of(name))}
    come = {name: step[0] for name in after if name not in before and (step := step_of(name))}
    for old, kind in gone.items():
        others = [name for name, other in come.items() if other == kind]
        if len(others) == 1 and list(gone.values()).count(kind) == 1:
            yield old, others[0]


def _told_move(old: str, new: str, before: Flat, after: Flat) -> str:
    (kind, was), (_, now) = step_of(old), step_of(new)  # type: ignore[misc]  # both are steps
    return f"{step_label(kind)}: {shown_day(was)} → {shown_day(now)}{_papers(before[old], after[new])}"


def _told_step(kind: str, on: dt.date, before: Flat | None, after: Flat | None) -> str:
    if before is None:
        return f"{step_label(kind)}: ghi {shown_day(on)}{_papers({}, after or {})}"
    if after is None:
        return f"{step_label(kind)}: bỏ {shown_day(on)}"
    return f"{step_label(kind)} {shown_day(on)}{_papers(before, after)}"


def _papers(before: Flat, after: Flat) -> str:
    parts = []
    for name, label in _PAPERS.items():
        old, new = before.get(name), after.get(name)
        if old != new:
            shown = masked(str(new)) if new else NOTHING
            parts.append(f"{label} {shown}" if not old else f"{label} {masked(str(old))} → {shown}")
    return f" ({'; '.join(parts)})" if parts else ""


@cache
def step_label(kind: str) -> str:
    """A kind of step as its column is headed."""
    facts = vocabulary.load().facts
    return facts[kind].column or facts[kind].label if kind in facts else kind


@cache
def _labels(entity: str) -> dict[str, str]:
    return {column.field: column.header for column in KINDS[entity].sheet.columns}


@cache
def _codes(entity: str, name: str) -> dict[str, str]:
    if name in ("moved_to", "moved_from"):
        return PLACES
    codes = next((column.codes for column in KINDS[entity].sheet.columns if column.field == name), None)
    return layout.choices(codes) if codes else {}


def said(name: str, value: Value, whose: str) -> str:
    """A value of a case as it is told; of what is sensitive only that it is there."""
    if not may_show(whose, (name,)):
        return MASK
    return _shown("case", name, {name: value.isoformat() if isinstance(value, dt.date) else value})


def _shown(entity: str, name: str, flat: Flat) -> str:
    value: Any = flat.get(name)
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, str):
        if value in (codes := _codes(entity, name)):
            return codes[value]
        try:
            return shown_day(stored_day(value))
        except ValueError:
            parts = value.split(CODES_APART) if codes else value.split("\n")
            return masked(" / ".join(codes.get(part, part) for part in parts))
    return str(value)
