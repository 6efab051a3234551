"""Figures that no record gives, typed in: each for one unit and one period, or for a day where it is a state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.changes.values import read_of
from cases.log.write_plan import Alteration, Part, WritePlan
from cases.store.connection import writing
from cases.store.reading import every_unit, figures_of
from cases.values.records import TypedFigure
from cases.workbook import schema as layout
from rules.loader import indicators as indicators_loader
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.store.reading import Execute
    from rules.loader.indicators import IndicatorText


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """A typed figure before it is written; ``before`` is the one that stands in its place."""

    before: TypedFigure | None
    after: TypedFigure
    plan: WritePlan


def known_figure(name: str) -> IndicatorText:
    """The indicator of that id, if it is one that people type in; raises `UnknownName` or `BadInput`."""
    texts = indicators_loader.load()
    text = texts.get(name.strip())
    typed = {key: one for key, one in texts.items() if one.typed}
    if text is None:
        labels = {one.label: key for key, one in typed.items()}
        hint = did_you_mean(name, [*typed, *labels], "Xem danh sách bằng lệnh: dubi figure list", shown=labels)
        raise UnknownName(f"Không có chỉ tiêu “{name}”. {hint}")
    if text.typed is None:
        raise BadInput(
            f"“{text.label}” ({text.name}) được tính từ sổ, không nhập tay. Muốn khác thì sửa hồ sơ đứng sau con số."
        )
    return text


def figure(
    name: str, unit: str, when: dt.date | tuple[dt.date | None, dt.date | None], value: str, source: str | None
) -> TypedFigure:
    """What somebody types, read and held to what the figure is; raises `BadInput` and `UnknownName`."""
    text = known_figure(name)
    of_a_day = text.typed == "day"
    start, end = (when if of_a_day else None, when) if isinstance(when, dt.date) else when
    if of_a_day:
        start = end
    if start is None or end is None:
        how = "tính đến một ngày: ghi --on, hoặc --from và --to" if of_a_day else "của một kỳ: ghi cả --from và --to"
        raise BadInput(f"“{text.label}” là số {how}.")
    if end < start:
        raise BadInput(f"Ngày cuối kỳ {shown_day(end)} đứng trước ngày đầu kỳ {shown_day(start)}. Đổi lại hai ngày.")
    written = read_of(layout.FIGURES, "value", value)
    if written is None:
        raise BadInput("Thiếu con số. Chưa có số thì không nhập; biểu mẫu sẽ ghi “chưa nhập”.")
    return TypedFigure(unit, text.name, start, end, written, read_of(layout.FIGURES, "source", source))


def typed(execute: Execute, new: TypedFigure) -> FigureDraft:
    """What typing a figure in does to the store; raises `UnknownName` for a unit there is not."""
    declared = [one.code for _, one, is_declared in every_unit(execute) if is_declared]
    if declared and new.unit not in declared:
        hint = did_you_mean(new.unit, declared, "Xem danh sách đơn vị bằng lệnh: dubi units")
        raise UnknownName(f"Không có đơn vị “{new.unit}”. {hint}")
    before = next((one for one in figures_of(execute) if _key(one) == _key(new)), None)
    same = before is not None and (before.value, before.source) == (new.value, new.source)
    altered = () if same else (Alteration(" · ".join(map(str, _key(new))), before, new),)
    return FigureDraft(before, new, WritePlan({"figure": Part(altered)}))


def _key(one: TypedFigure) -> tuple[str, str, dt.date, dt.date]:
    return one.unit, one.indicator, one.begins_on, one.ends_on


def save_figure(url: str, made: Callable[[Execute], FigureDraft], *, who: str | None = None) -> str:
    """Make the draft anew within one transaction and write it; gives the name of the write."""
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, None, "figure")
    with writing(url) as store:
        apply_plan(store, made(store.execute).plan, batch)
    return batch.id
