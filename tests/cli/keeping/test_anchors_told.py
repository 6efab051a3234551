"""Where the log stands is told by every command that says something of it, with the number and the hash."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook

from tests.cases.log.tampering import rewrite_log
from tests.cli.conftest import Dubi


def test_the_commands_say_how_a_store_stands(dubi: Dubi, tmp_path: Path, small: Path) -> None:
    """`log verify`, a receipt and the sheet of notes name the number and the hash; a rewritten log is told of."""
    store = tmp_path / "a.sqlite"
    dubi("init", "--store", store)
    dubi("import", small, "--apply", "--store", store)
    said = dubi("log", "verify", "--store", store, "--json").json
    assert said["anchor"] == {"state": "held", "number": 1}
    period = ("--from", "1/1/2024", "--to", "31/12/2024", "--store", store)
    made = dubi("report", "F1", *period, "--xlsx", tmp_path / "a.xlsx", "--receipt", tmp_path / "a.json")
    assert made.code == 0, made.err
    source = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["source"]
    assert (source["number"], source["head"]) == (1, said["head"])
    assert len(source["code"]) == 16
    notes = [str(row[0]) for row in load_workbook(tmp_path / "a.xlsx")["Ghi chú"].iter_rows(values_only=True)]
    (mark,) = [note for note in notes if said["head"] in note]
    assert source["code"] in mark
    assert "lần ghi 1" in mark
    rewrite_log(f"sqlite:///{store}")
    told = dubi("log", "verify", "--store", store)
    assert told.code == 1
    assert "viết lại hay cắt bớt" in told.out
