"""Nothing is lost: workbook → store → workbook → store gives the same roster and the same bytes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from cases.exporting import write_workbook
from cases.importing import import_workbook
from cases.reading import read_store
from cases.roster import Roster
from cases.store import initialise, writing
from cases.workbook import read_workbook
from cases.writing import apply_roster, new_batch
from tests.cases.generated import rosters


@given(roster=rosters())
@settings(max_examples=60)
def test_workbook_keeps_everything(roster: Roster) -> None:
    """Any roster written as a workbook is read back equal, whatever its texts, days, codes, marks and histories."""
    with TemporaryDirectory() as folder:
        assert read_workbook(write_workbook(roster, Path(folder) / "so.xlsx")).roster == roster


@given(roster=rosters())
@settings(max_examples=25)
def test_store_keeps_everything(roster: Roster) -> None:
    """Any roster put into an empty store is read back equal, and putting it in again changes nothing."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/dubi.sqlite"
        initialise(url)
        for _ in range(2):
            with writing(url) as connection:
                plan = apply_roster(connection, roster, {}, new_batch("thử"))
            assert read_store(url) == roster
        assert not plan.alters


@given(roster=rosters())
@settings(max_examples=25)
def test_import_export_import(roster: Roster) -> None:
    """A workbook imported, exported and imported into a second store gives that store the same content and file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        first, second = f"sqlite:///{folder / 'mot.sqlite'}", f"sqlite:///{folder / 'hai.sqlite'}"
        initialise(first)
        initialise(second)
        source = write_workbook(roster, folder / "so.xlsx")
        import_workbook(first, source, apply=True)
        out = write_workbook(read_store(first), folder / "xuat.xlsx")
        import_workbook(second, out, apply=True)
        assert read_store(second) == read_store(first) == roster
        again = write_workbook(read_store(second), folder / "lai.xlsx")
        assert again.read_bytes() == out.read_bytes()
        assert not import_workbook(first, out, apply=True).plan.alters


@pytest.mark.parametrize("name", ["chi-bo-nho", "dang-bo-co-so", "son-la-6t-2024"])
def test_shipped_rosters(data: Path, tmp_path: Path, store: str, name: str) -> None:
    """The shipped rosters survive import, export and import unchanged, and the second import changes nothing."""
    source = data / "rosters" / f"{name}.xlsx"
    report = import_workbook(store, source, apply=True)
    assert report.plan.cases.new == len(report.rows)
    assert read_store(store) == read_workbook(source).roster
    out = write_workbook(read_store(store), tmp_path / "xuat.xlsx")
    assert read_workbook(out).roster == read_workbook(source).roster
    assert not import_workbook(store, out, apply=True).plan.alters
    assert not import_workbook(store, source, apply=True).plan.alters
