"""Opening what a command asks about, and saying on stderr what of a workbook was not read as it may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer import BadParameter

from cli.screen.output import note

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from cases.values.records import Roster
    from cases.values.refusals import Remark

FEW = 20


def open_roster(file: Path | None, store: str | None, known_on: dt.date | None = None) -> Roster:
    """The roster of a workbook (nothing is stored) or of the store, as it was recorded by a day where one is given."""
    if known_on is not None:
        return _known_on(file, store, known_on)
    if file is None:
        from desk import desk

        return desk.open_roster(None, store)
    from cases.workbook.read import read_workbook

    reading = read_workbook(file)
    for line in remarks_in_short(reading.warnings):
        note(f"Lưu ý: {line}")
    return reading.roster


def _known_on(file: Path | None, store: str | None, known_on: dt.date) -> Roster:
    if file is not None:
        raise BadParameter(
            "--known-on chỉ dùng với kho, vì một tệp không cho biết ngày ghi. Bỏ tên tệp hoặc --known-on."
        )
    from cases.history import replay
    from cases.store.connection import store_url

    return replay.known_on(store_url(store), known_on)


def remarks_in_short(remarks: Sequence[Remark]) -> list[str]:
    """The remarks as lines: the columns that a sheet lacks in one, the first of the others one by one."""
    absent: dict[str, list[str]] = {}
    others: list[str] = []
    for remark in remarks:
        if remark.code == "column_absent":
            absent.setdefault(remark.sheet, []).append(f"“{remark.header}”")
        else:
            others.append(str(remark))
    lines = [
        f"Sheet “{sheet}” không có {len(headers)} cột của mẫu, coi như để trống: {', '.join(headers)}."
        for sheet, headers in absent.items()
    ]
    if len(others) > FEW:
        others = [*others[:FEW], f"… và {len(others) - FEW} chỗ nữa; xem đủ bằng lệnh: dubi import TỆP --json"]
    return [*lines, *others]
