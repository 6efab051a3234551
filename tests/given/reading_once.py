"""The shipped rosters, read by commands once in a test run and not once a command."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from cases.workbook import read
from cases.workbook.read import Reading

SHIPPED = (Path(__file__).parents[1] / "data", Path(__file__).parents[2] / "examples")
"""Where files stand that no test writes to."""


def read_once(patch: pytest.MonkeyPatch) -> None:
    """Have a shipped workbook that was read before answered as it was then; a reading is frozen, and of its day."""
    for_itself = read.read_workbook

    @cache
    def kept(path: Path, _whole: Path, _written: int, today: dt.date) -> Reading:
        return for_itself(path, today)

    def read_workbook(path: Path | str, today: dt.date | None = None) -> Reading:
        whole = Path(path).absolute()
        if not any(whole.is_relative_to(folder) for folder in SHIPPED) or not whole.is_file():
            return for_itself(path, today)
        return kept(Path(path), whole, whole.stat().st_mtime_ns, today or dt.date.today())

    patch.setattr(read, "read_workbook", read_workbook)
