"""From a roster to the store and back: what a preview gives can be written, exported and read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.imports.importing import import_file
from cases.rosters import Answers, read
from cases.store.connection import initialise, writing
from cases.store.reading import read_store
from cases.store.writing import apply_roster, new_batch
from cases.workbook.exporting import write_workbook

FILES = ["m1.xlsx", "m2.xlsx", "m3.xlsx", "m4.csv", "m5.xlsx"]


def store_of(data: Path, tmp_path: Path, names: list[str]) -> str:
    """A store into which these rosters were imported one after another."""
    url = f"sqlite:///{tmp_path / 'kho.db'}"
    initialise(url)
    for name in names:
        seen = read(data / "messy" / name, Answers(unit="CB-03"), read_store(url))
        with writing(url) as connection:
            plan = apply_roster(connection, seen.roster(), new_batch("thử", name))
        assert (plan.cases.new, plan.cases.changed) == (seen.changes["new"], seen.changes["changed"])
    return url


@pytest.mark.parametrize("name", FILES)
def test_stored_rows_are_unchanged_when_read_again(data: Path, tmp_path: Path, name: str) -> None:
    """What the store gives back of a roster is what the roster says: reading it again changes nothing."""
    url = store_of(data, tmp_path, [name])
    again = read(data / "messy" / name, Answers(unit="CB-03"), read_store(url))
    assert again.changes == {"new": 0, "changed": 0, "unchanged": len(again.roster().records)}


def test_rosters_of_many_offices_in_one_store(data: Path, tmp_path: Path) -> None:
    """Five rosters stand beside each other, and leave as a canonical workbook that is read without a refusal."""
    url = store_of(data, tmp_path, FILES)
    path = tmp_path / "so.xlsx"
    write_workbook(read_store(url), path)
    done = import_file(url, path)
    out = done.preview
    assert out.profile == "canonical"
    assert out.counts["refused"] == 0
    assert (done.plan.alters, done.plan.cases.unchanged) == (False, len(out.rows))
    years = [record.fields["birth_year"] for record in out.roster().records if "birth_year" in record.fields]
    assert len(years) == 16
