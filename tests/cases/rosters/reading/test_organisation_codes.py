"""The official codes of organisations are units, and the tree above them follows from the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.imports.importing import import_file
from cases.rosters.outcome.answers import Answers
from cases.store.connection import initialise
from cases.store.reading import read_store
from cases.values.organisation_codes import read_organisation_code
from tests.cases.rosters.applied import url_of
from tests.cases.rosters.sheets import preview, write_xlsx

HEADER = ["Họ và tên", "Ngày sinh", "Giới tính", "Mã đơn vị"]


@pytest.mark.parametrize(
    ("typed", "lineage"),
    [
        ("38.000.000.000.000", ["38.000.000.000.000"]),
        ("38168053000001", ["38.000.000.000.000", "38.168.000.000.000", "38.168.053.000.000", "38.168.053.000.001"]),
        (
            "38.168.053.002.004",
            [
                "38.000.000.000.000",
                "38.168.000.000.000",
                "38.168.053.000.000",
                "38.168.053.002.000",
                "38.168.053.002.004",
            ],
        ),
    ],
)
def test_parents_follow_from_the_code(typed: str, lineage: list[str]) -> None:
    """Each organisation stands below the one whose code has the last filled group left out."""
    code = read_organisation_code(typed)
    assert code is not None
    assert [unit.code for unit in code.lineage()] == lineage
    assert [unit.parent for unit in code.lineage()] == [None, *lineage[:-1]]


@pytest.mark.parametrize("typed", ["38.168.053.000", "3816805300001", "CB-01", "38-168-053-000-001", ""])
def test_other_codes_are_no_codes_of_organisations(typed: str) -> None:
    """Four groups, thirteen digits or other signs are codes of another kind, and never completed."""
    assert read_organisation_code(typed) is None


def test_both_ways_to_write_a_code_are_one_unit() -> None:
    """Dotted and together, as text and as a number, name the same unit."""
    values = ["38.168.053.000.001", "38168053000001", 38168053000001.0]
    names = ["Lò Thị Thử", "Vừ A Tủa", "Lê Thị Hạnh"]
    rows = [HEADER, *([name, "05/06/1990", "Nữ", value] for name, value in zip(names, values, strict=True))]
    assert {row.fields["unit"] for row in preview(rows, Answers()).rows} == {"38.168.053.000.001"}


def test_the_tree_is_stored_once(tmp_path: Path) -> None:
    """An import brings the organisations above, keeps those that are stored, and changes nothing the second time."""
    file = write_xlsx(tmp_path / "ds.xlsx", [HEADER, ["Lò Thị Thử", "05/06/1990", "Nữ", "38.168.053.000.001"]])
    url = url_of(tmp_path / "kho.sqlite")
    initialise(url)
    import_file(url, file, apply=True)
    stored = read_store(url)
    assert {unit.code: unit.parent for unit in stored.units}["38.168.053.000.001"] == "38.168.053.000.000"
    assert len(stored.units) == 4
    again = import_file(url, file, apply=True)
    assert (again.batch, read_store(url)) == (None, stored)
    file = write_xlsx(tmp_path / "ds2.xlsx", [HEADER, ["Vừ A Tủa", "05/06/1991", "Nam", "38168053000002"]])
    import_file(url, file, apply=True)
    assert [unit.code for unit in read_store(url).units if unit not in stored.units] == ["38.168.053.000.002"]
