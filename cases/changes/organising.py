"""Units and targets written down: a unit listed, its details and settings changed, a target set for a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.changes.standings import (
    declared,
    known_unit,
    line_up,
    people_inside,
    require_none_below,
    standing_on,
    units_plan,
)
from cases.changes.values import column_of, read_value
from cases.judging.doubts import Doubt
from cases.judging.judging import doubts_about_unit
from cases.log.write_plan import Alteration, Part, WritePlan
from cases.store.reading import every_unit, targets_of
from cases.values.codes import looks_like
from cases.values.kinds import KINDS
from cases.values.records import Target, Unit
from cases.workbook import schema as layout
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.store.reading import Execute

Settings = Collection[tuple[str, str]]
"""Columns of sheet `Đơn vị`, each with the text that somebody typed."""
_NEW_LINE = "|"
_FEW = 5


def added(execute: Execute, code: str, settings: Settings) -> WritePlan:
    """A unit more; raises `BadInput` where its code is taken, `UnknownName` for its parent or a column."""
    units = declared(execute)
    own = str(read_value(column_of(layout.UNITS, "code"), code))
    alike = next((known for known in units if looks_like(known) == looks_like(own)), None)
    if alike is not None:
        taken = "đã có" if alike == own else f"trông giống mã đã có “{alike}”"
        raise BadInput(f"Mã đơn vị “{own}” {taken}. Ghi mã khác, hoặc sửa đơn vị ấy: dubi unit set")
    unit = Unit(own, **_values(units, settings))
    _require_right(unit)
    if unit.parent is not None and unit.opened_on is not None:
        _require_above(units[unit.parent], unit.opened_on)
    return units_plan([(_named(execute, own), unit)])


def doubts_of_adding(execute: Execute, code: str) -> list[Doubt]:
    """What is to be asked before the first unit of a list is written down: which others are only named."""
    if declared(execute):
        return []
    others = [unit.code for _, unit, _ in every_unit(execute) if unit.code != code]
    if not others:
        return []
    shown = ", ".join(others[:_FEW]) + ("…" if others[_FEW:] else "")
    return [Doubt("units_unlisted", shown, other=str(len(others)), needed=code)]


def settled(execute: Execute, code: str, settings: Settings) -> WritePlan:
    """A unit with other details or settings; raises `UnknownName`, `BadInput`."""
    units = declared(execute)
    before = known_unit(units, code)
    values = _values(units, settings)
    if values.get("parent", before.parent) != before.parent and before.history:
        raise BadInput(
            f"{before.code} đã đổi nơi trực thuộc theo thời gian. Ghi nơi mới kèm ngày: dubi unit move {before.code}"
        )
    after = replace(before, **values)
    _require_right(after)
    if after.parent != before.parent:
        changed = {**units, after.code: after}
        if after.code in line_up(changed, after.code, dt.date.max)[1:]:
            raise BadInput(f"Không ghi được: {after.code} sẽ trực thuộc vòng quanh chính nó. Chọn cấp trên khác.")
    if after.closed_on != before.closed_on:
        heir = standing_on(before, before.closed_on or dt.date.max).merged_into
        if heir is not None:
            raise BadInput(f"{before.code} đã nhập vào {heir}. Muốn bỏ việc sáp nhập thì dùng: dubi undo")
        if after.closed_on is not None:
            require_none_below(units, after, after.closed_on)
    return units_plan([(before, after)] if after != before else [])


def doubts_of_settling(execute: Execute, code: str, settings: Settings) -> list[Doubt]:
    """What is to be asked before a unit is changed: who is in it when it now ends."""
    for one in settled(execute, code, settings).units.altered:
        ends_on = one.after.closed_on
        if ends_on is not None and one.before is not None and one.before.closed_on != ends_on:
            return people_inside(execute, one.after.code, ends_on)
    return []


def _values(units: Mapping[str, Unit], settings: Settings) -> dict[str, Any]:
    """The fields that the texts stand for; an empty text empties one."""
    found: dict[str, Any] = {}
    for name, text in settings:
        column = column_of(layout.UNITS, name)
        if column.field == "code":
            raise BadInput("Không đổi được mã đơn vị, vì hồ sơ, lớp và chỉ tiêu ghi theo mã.")
        value = read_value(column, text.replace(_NEW_LINE, "\n") if column.type == "text" else text)
        if column.type == "mark":
            value = value is True
        if column.field == "parent" and value is not None:
            value = known_unit(units, str(value)).code
        found[column.field] = value
    return found


def _require_right(unit: Unit) -> None:
    """Refuse what no unit can be, by the one judge."""
    if unit.parent == unit.code:
        raise BadInput(f"Không ghi được: {unit.code} không trực thuộc chính nó được. Chọn cấp trên khác.")
    for doubt in doubts_about_unit(unit):
        raise BadInput(str(doubt))


def _require_above(parent: Unit, on: dt.date) -> None:
    """Refuse a parent that has ended before its unit is there."""
    if parent.closed_on is not None and parent.closed_on <= on:
        raise BadInput(f"{parent.code} đã kết thúc ngày {shown_day(parent.closed_on)}. Chọn cấp trên khác.")


def _named(execute: Execute, code: str) -> Unit | None:
    """The unit of that code which something names though nobody has listed it."""
    return next((unit for _, unit, _ in every_unit(execute) if unit.code == code), None)


def target_set(execute: Execute, code: str, year: str, value: str) -> WritePlan:
    """A target of a unit for a year, in the place of another; raises `UnknownName`, `BadInput`."""
    sheet = KINDS["target"].sheet
    number, goal = (read_value(column_of(sheet, name), text) for name, text in (("year", year), ("value", value)))
    units = declared(execute)
    unit = known_unit(units, code) if units else Unit(str(read_value(column_of(sheet, "unit"), code)))
    new = Target(unit.code, int(str(number)), int(str(goal)))
    before = next((one for one in targets_of(execute) if (one.unit, one.year) == (new.unit, new.year)), None)
    altered = () if before == new else (Alteration(f"{new.unit} · {new.year}", before, new),)
    return WritePlan({"target": Part(altered)})


def doubts_of_target(execute: Execute, code: str, year: str) -> list[Doubt]:
    """What is to be asked before a target is set: whether the unit is still there in that year."""
    units = declared(execute)
    closed = known_unit(units, code).closed_on if units else None
    if closed is None or not year.strip().isdigit() or closed.year >= int(year):
        return []
    return [Doubt("unit_closed", other=shown_day(closed), needed=known_unit(units, code).code)]
