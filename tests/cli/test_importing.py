"""`dubi import` on lists as offices keep them: previewed, answered, written, and what is refused handed back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cases.logbook import read_batches
from cases.reading import read_store
from cases.store import querying
from tests.cli.conftest import DUBI, Dubi


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


def test_nothing_is_stored_where_the_rest_cannot_be_handed_back(
    dubi: Dubi, messy: Path, store: Path, tmp_path: Path
) -> None:
    """The workbook of bad rows comes before the writing: where its place is taken, the store stays as it was."""
    file = tmp_path / "ds.csv"
    shutil.copy(messy / "m4.csv", file)
    taken = tmp_path / "ds-can-sua.xlsx"
    taken.write_bytes(b"of somebody else")
    command = ("import", str(file), "--unit", "CB-01", "--accept-good", "--store", str(store))
    ran = dubi(*command)
    assert (ran.code, taken.read_bytes()) == (3, b"of somebody else")
    assert "--force" in ran.err
    with querying(f"sqlite:///{store}") as execute:
        assert read_batches(execute) == []
    assert dubi(*command, "--force").code == 0
    assert len(read_store(f"sqlite:///{store}").records) == 13


def test_bad_rows_are_handed_back_without_storing_the_good(
    dubi: Dubi, messy: Path, store: Path, tmp_path: Path
) -> None:
    """`--errors` beside `--apply` writes the bad rows down although, because of them, nothing is stored."""
    out = tmp_path / "loi.xlsx"
    ran = dubi(
        "import", str(messy / "m4.csv"), "--unit", "CB-01", "--apply", "--errors", str(out), "--store", str(store)
    )
    assert ran.code == 3
    assert out.exists()
    assert read_store(f"sqlite:///{store}").records == ()


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
@pytest.mark.parametrize("apply", [False, True])
def test_long_work_shows_how_far_it_is(large: Path, store: Path, tmp_path: Path, *, apply: bool) -> None:
    """On a terminal an import shows a bar on stderr; stdout has the answer and nothing else."""
    import pty

    ours, theirs = pty.openpty()
    command = [str(DUBI), "import", str(large), "--store", str(store), *(["--apply"] if apply else [])]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=environment) as running:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # the other end is closed
            pass
        assert running.stdout is not None
        answer = running.stdout.read().decode()
    os.close(ours)
    assert running.returncode == 0
    assert ("Đang nhập sổ" if apply else "Đang đọc sổ") in shown.decode()
    assert "Đang" not in answer
