"""`dubi unit`: a unit gets another parent, is merged, is closed; what is shown, written, logged and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Dubi

PERIOD = ("--from", "2024-01-01", "--to", "2024-10-31")


@pytest.fixture
def filled(dubi: Dubi, large: Path) -> Dubi:
    """A store with a grassroots committee and its cells."""
    assert dubi("init").code == 0
    assert dubi("import", large, "--apply").code == 0
    return dubi


def units(dubi: Dubi) -> dict[str, dict[str, Any]]:
    """The figures of each unit."""
    found: dict[str, dict[str, Any]] = dubi("stats", *PERIOD, "--json").json["units"]
    return found


def value(figures: dict[str, Any], name: str) -> int:
    """A figure of a unit; what is not listed is none."""
    found: int = figures.get(name, {"value": 0})["value"]
    return found


def counted(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures that count people, classes and units."""
    return {name: figure for name, figure in figures.items() if "target" not in name}


def test_moved_shown_and_taken_back(filled: Dubi) -> None:
    """What another parent from a day on does, in words and in figures; a look writes nothing."""
    before = units(filled)
    looked = filled("unit", "move", "cb-04", "--to", "CB-05", "--on", "01/08/2024", "--preview")
    assert (looked.code, units(filled)) == (0, before)
    assert "CB-04: từ 01/08/2024: trực thuộc CB-05" in looked.out
    done = filled("to-chuc", "chuyen", "CB-04", "--to", "CB-05", "--on", "01/08/2024", "--json")
    assert done.json["batch"]
    assert done.json["changes"] == looked.out.splitlines()
    after = units(filled)
    # CB-05 has a target of its own, which now stands for that of CB-04 too: the sum of targets is another.
    assert counted(after["DU"]) == counted(before["DU"])
    assert after["CB-04"] == before["CB-04"]
    members = value(before["CB-05"], "member.total") + value(before["CB-04"], "member.total")
    assert value(after["CB-05"], "member.total") == members
    assert value(after["CB-05"], "member.opening") == value(before["CB-05"], "member.opening")
    shown = filled("unit", "show", "CB-04")
    assert "từ đầu đến 31/07/2024: trực thuộc DU" in shown.out
    assert "từ 01/08/2024: trực thuộc CB-05" in shown.out
    assert "đơn vị" in filled("log").out
    assert filled("undo").code == 0
    assert units(filled) == before


def test_merged_exported_and_imported(filled: Dubi, tmp_path: Path) -> None:
    """Two cells are merged; the workbook that is exported says so, and a new store knows it from there."""
    before = units(filled)
    assert filled("unit", "merge", "CB-01", "CB-02", "--into", "CB-03", "--on", "01/07/2024").code == 0
    after = units(filled)
    cells = ("CB-01", "CB-02", "CB-03")
    assert value(after["CB-03"], "member.total") == sum(value(before[code], "member.total") for code in cells)
    for name in ("member.total", "admission.total", "member.opening"):
        assert value(after["DU"], name) == value(before["DU"], name)
    assert value(after["DU"], "unit.closed") == value(before["DU"], "unit.closed") + 2
    book = tmp_path / "so.xlsx"
    assert filled("export", book, "--with-sensitive", "chuyển kho").code == 0
    again = filled("stats", book, *PERIOD, "--json")
    assert again.json["units"] == after
    assert filled("import", book).out.count("thay đổi 0") > 3


def test_refused(filled: Dubi) -> None:
    """What cannot be is refused in a sentence, and nothing is written."""
    before = units(filled)
    for wrong, words in (
        (("move", "DU", "--to", "CB-01"), "vòng quanh"),
        (("close", "DU"), "Chuyển các đơn vị ấy trước"),
        (("merge", "CB-01", "--into", "CB-01"), "chính nó"),
        (("move", "CB-99", "--to", "DU"), "Không có đơn vị"),
        (("move", "CB-01", "--to", "CB-02", "--on", "01/01/1950"), "chưa có đơn vị"),
    ):
        on = () if "--on" in wrong else ("--on", "01/07/2024")
        ran = filled("unit", *wrong, *on)
        assert ran.code > 1
        assert words in ran.err
    assert units(filled) == before
