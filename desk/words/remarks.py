"""What is remarked about a workbook, in few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.values.refusals import Remark

FEW = 20


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
