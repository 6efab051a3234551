"""A transfer as a secretary says it: which of its ends is a unit of the store, and which a place outside."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cases.changes.changing import moved_in, moved_inside, moved_out
from cases.store.reading import every_unit
from cases.values.records import StepEntry
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.folding import fold, plain
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.changes.saving import Change
    from cases.store.reading import Execute

_PLACES = {
    "in_province": "in_province",
    "trong tinh": "in_province",
    "out_of_province": "out_of_province",
    "ngoai tinh": "out_of_province",
}


def known_units(execute: Execute) -> dict[str, str]:
    """The codes of all units of the store, by code and by name as they are compared."""
    units = [unit for _, unit, _ in every_unit(execute)]
    names = {fold(unit.name): unit.code for unit in units if unit.name}
    return names | {fold(unit.code): unit.code for unit in units}


def transfer(
    units: Mapping[str, str], on: dt.date, to: str | None, source: str | None, papers: Mapping[str, str | None]
) -> Change:
    """The change that a transfer is: within the store, out of it, or into it; raises `UnknownName`."""
    if source is not None:
        unit = None if to is None else known_unit(units, to)
        place = _place(source, units)
        return lambda record: moved_in(record, unit, place, StepEntry("moved_in_on", on, **papers))
    assert to is not None
    target = units.get(fold(to))
    if target is None:
        place = _place(to, units)
        return lambda record: moved_out(record, place, StepEntry("moved_out_on", on, **papers))
    if any(papers.values()):
        raise BadInput("Chuyển giữa hai đơn vị trong sổ không ghi số văn bản; bỏ --document, --stored-at.")
    return lambda record: moved_inside(record, target, on)


def known_unit(units: Mapping[str, str], text: str) -> str:
    """The code of a unit that is named by its code or name; raises `UnknownName`."""
    found = units.get(fold(text))
    if found is None:
        raise UnknownName(f"Không có đơn vị “{text}”. {_hint(units, text)}")
    return found


def _place(text: str, units: Mapping[str, str]) -> str:
    """A place outside: a code of the contract, or its name; one word is more likely a misspelt unit."""
    known = _PLACES.get(fold(text.replace("-", " ")))
    if known is not None:
        return known
    name = plain(text)
    if " " not in name and units:
        more = "Nếu là nơi ngoài sổ thì ghi trong-tinh, ngoai-tinh, hoặc tên đầy đủ, ví dụ “Đảng bộ xã Mẫu”."
        raise UnknownName(f"Không có đơn vị “{text}”. {_hint(units, text)} {more}")
    return name


def _hint(units: Mapping[str, str], text: str) -> str:
    return did_you_mean(text, units, "Xem danh sách đơn vị bằng lệnh: dubi units.", shown=units)
