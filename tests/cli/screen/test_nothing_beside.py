"""What a command writes is written at its place alone: no file of its parts is left plain elsewhere meanwhile."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.cli.conftest import Dubi


def test_workbooks_are_made_in_memory(dubi: Dubi, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command that writes a workbook makes files for its parts: they would be plain, and other on Windows."""
    made: list[str] = []
    real = tempfile.mkstemp

    def told(*given: object, **more: object) -> tuple[int, str]:
        made.append(str(given or more))
        return real(*given, **more)  # type: ignore[call-overload, no-any-return]  # handed on as it came

    monkeypatch.setattr(tempfile, "mkstemp", told)
    period = ("--from", "2025-01-01", "--to", "2025-06-30")
    for number, line in enumerate([
        ("template", "OUT"),
        ("export", "OUT"),
        ("check", "--as-of", "2025-05-20", "--xlsx", "OUT"),
        ("list", "--as-of", "2025-05-20", "--xlsx", "OUT"),
        ("timings", *period, "--xlsx", "OUT"),
        ("report", "F2", *period, "--xlsx", "OUT"),
    ]):  # fmt: skip
        out = tmp_path / f"so-{number}.xlsx"
        ran = dubi(*(str(out) if word == "OUT" else word for word in line))
        assert ran.code in (0, 1), (line, ran.err)
        assert out.stat().st_size > 0, line
    assert made == []
