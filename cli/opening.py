"""Opening what a command asks about, and saying on stderr what of a workbook was not read as it may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cases.refusals import Remark
    from cases.roster import Roster

FEW = 20


def open_roster(file: Path | None, store: str | None) -> Roster:
    """The roster of a workbook (nothing is stored) or of the store."""
    if file is None:
        from cases import desk

        return desk.open_roster(None, store)
    from cases.workbook import read_workbook

    reading = read_workbook(file)
    for line in remarks_in_short(reading.warnings):
        note(f"Lưu ý: {line}")
    return reading.roster


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
