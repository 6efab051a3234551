"""A dossier between two levels: handed up by the cell, given back by the unit above with a reason."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cases.changes.changing import with_step, with_values
from cases.changes.moving import known_unit, known_units
from cases.changes.standings import standing_on
from cases.changes.values import known_column, read_value
from cases.store.reading import every_unit
from cases.values.records import StepEntry
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.changes.saving import Change
    from cases.store.reading import Execute
    from cases.values.records import Record, Unit


def handed_up(execute: Execute, to: str, on: dt.date, papers: Mapping[str, str | None]) -> Change:
    """The change that handing up to a unit is, which is named by its code or name.

    Raises `UnknownName` for no unit of the store, and `BadInput` for one that is not above the case's own on that day;
    where the tree says nothing of what is above, every other unit is taken.
    """
    units = {unit.code: unit for _, unit, _ in every_unit(execute)}
    receiver = known_unit(known_units(execute), to)

    def change(record: Record) -> Record:
        own = str(record.fields.get("unit", ""))
        above = _above(units, own, on)
        if receiver == own:
            raise BadInput(f"Hồ sơ {record.code} đang ở chính đơn vị {own}. Ghi đơn vị cấp trên.")
        if above and receiver not in above:
            raise BadInput(
                f"Đơn vị {receiver} không phải cấp trên của {own} vào ngày {shown_day(on)}; cấp trên là "
                f"{', '.join(above)}. Ghi một trong các đơn vị ấy, hoặc sửa cây đơn vị bằng lệnh: dubi unit move"
            )
        return with_values(with_step(record, StepEntry("submitted_on", on, **papers)), {"submitted_to": receiver})

    return change


def _above(units: Mapping[str, Unit], code: str, on: dt.date) -> list[str]:
    """The units above one on a day, the nearest first."""
    found: list[str] = []
    while (unit := units.get(code)) is not None:
        now = standing_on(unit, on)
        code = now.merged_into or now.parent or ""
        if not code or code in found:
            break
        found.append(code)
    return found


def reason_of(text: str) -> str:
    """Why a dossier is given back; raises `BadInput` where nobody says why."""
    reason = read_value(known_column("return_reason"), text)
    if reason is None:
        raise BadInput("Chưa ghi lý do trả lại. Ghi còn thiếu gì, để chi bộ biết mà bổ sung.")
    return str(reason)


def given_back(reason: str, on: dt.date, papers: Mapping[str, str | None]) -> Change:
    """The change that giving back is; each time keeps its own reason as a note, the last one is a value of the case."""
    return lambda record: with_values(
        with_step(record, StepEntry("returned_on", on, **papers)), {"return_reason": reason}
    )
