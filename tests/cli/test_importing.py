"""`dubi import` on lists as offices keep them: previewed, answered, written, and what is refused handed back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cases.reading import read_store
from tests.cli.conftest import Dubi


@pytest.fixture
def messy(data: Path) -> Path:
    """The folder of lists as offices keep them."""
    return data / "messy"


@pytest.mark.parametrize("name", ["m1.xlsx", "m2.xlsx", "m3.xlsx", "m4.csv", "m5.xlsx"])
def test_each_row_becomes_what_is_expected(name: str, dubi: Dubi, messy: Path, store: Path) -> None:
    """The preview as JSON names the outcome of every row of the shipped lists, and writes nothing."""
    expected = json.loads((messy / f"{Path(name).stem}.expected.json").read_text(encoding="utf-8"))
    ran = dubi("import", str(messy / name), "--unit", "CB-01", "--json", "--store", str(store))
    found = ran.json
    assert {row["row"]: row["outcome"] for row in found["rows"]} == {
        row["row"]: row["outcome"] for row in expected["rows"]
    }
    assert found["counts"] == expected["counts"]
    assert ran.code == (3 if expected["counts"]["refused"] else 0)
    assert read_store(f"sqlite:///{store}").records == ()


def test_nothing_is_written_while_a_row_is_refused(dubi: Dubi, messy: Path, store: Path) -> None:
    """`--apply` on a list with bad rows stores no row at all and names each."""
    ran = dubi("import", str(messy / "m4.csv"), "--unit", "CB-01", "--apply", "--store", str(store))
    assert ran.code == 3
    assert "dòng 6" in ran.err
    assert read_store(f"sqlite:///{store}").records == ()


def test_good_rows_are_written_and_bad_ones_handed_back(dubi: Dubi, messy: Path, store: Path, tmp_path: Path) -> None:
    """`--accept-good` stores what is good; the rest comes back as a workbook that, once mended, goes in."""
    file = tmp_path / "danh-sach.csv"
    shutil.copy(messy / "m4.csv", file)
    ran = dubi("import", str(file), "--unit", "CB-01", "--accept-good", "--store", str(store))
    assert ran.code == 0
    assert len(read_store(f"sqlite:///{store}").records) == 13
    mended = dubi(
        "import", str(tmp_path / "danh-sach-can-sua.xlsx"), "--unit", "CB-01", "--json", "--store", str(store)
    )
    assert mended.json["counts"]["refused"] == 2


def test_a_question_is_answered_before_anything_is_written(dubi: Dubi, messy: Path, store: Path) -> None:
    """A list that names no unit is not stored until somebody says whose it is."""
    ran = dubi("import", str(messy / "m4.csv"), "--accept-good", "--store", str(store))
    assert ran.code == 3
    assert "--unit" in ran.err
    assert read_store(f"sqlite:///{store}").records == ()


def test_the_same_file_again_changes_nothing(dubi: Dubi, messy: Path, store: Path, tmp_path: Path) -> None:
    """A list read twice finds its people again, codes included, though it has no column of codes."""
    file = tmp_path / "m2.xlsx"
    shutil.copy(messy / "m2.xlsx", file)
    assert dubi("import", str(file), "--accept-good", "--store", str(store)).code == 0
    before = read_store(f"sqlite:///{store}").records
    again = dubi("import", str(file), "--json", "--store", str(store))
    found = again.json
    assert (found["new"], found["changed"]) == (0, 0)
    assert read_store(f"sqlite:///{store}").records == before


def test_a_way_of_reading_is_kept_and_used_again(dubi: Dubi, messy: Path, store: Path, tmp_path: Path) -> None:
    """What was answered about columns is saved to a file and serves the next list of the same kind."""
    kept = tmp_path / "cach-doc.yaml"
    first = ("import", str(messy / "m4.csv"), "--unit", "CB-01", "--json", "--store", str(store))
    dubi(*first, "--column", "I=", "--save-mapping", str(kept))
    found = dubi(*first, "--mapping", str(kept)).json
    assert [one["fields"] for one in found["mapping"] if one["column"] == "I"] == [[]]
