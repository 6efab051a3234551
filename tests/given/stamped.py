"""Exports compared but for their stamp, which tells the log's last entry and so differs after every write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from python_calamine import load_workbook

STAMP = "Dubi"


def sheets(path: Path | str) -> dict[str, list[list[Any]]]:
    """Every sheet of a workbook with its cells, without the stamp."""
    with load_workbook(str(path)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if name != STAMP}
