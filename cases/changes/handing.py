"""A dossier between two levels: handed up by the cell, given back by the unit above with a reason."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cases.changes.changing import with_step, with_values
from cases.changes.moving import known_unit, known_units
from cases.changes.values import known_column, read_value
from cases.values.records import StepEntry
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.changes.saving import Change
    from cases.store.reading import Execute
    from cases.values.records import Record


def unit_to(execute: Execute, text: str) -> str:
    """The unit that a dossier is handed up to, by its code or name; raises `UnknownName`."""
    return known_unit(known_units(execute), text)


def handed_up(unit: str, on: dt.date, papers: Mapping[str, str | None]) -> Change:
    """The change that handing up is; raises `BadInput` where the dossier is at that unit anyway."""

    def change(record: Record) -> Record:
        if record.fields.get("unit") == unit:
            raise BadInput(f"Hồ sơ {record.code} đang ở chính đơn vị {unit}. Ghi mã đơn vị cấp trên sau --to.")
        return with_values(with_step(record, StepEntry("submitted_on", on, **papers)), {"submitted_to": unit})

    return change


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
