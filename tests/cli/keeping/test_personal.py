"""All about one person in a file, and erasing her for ever: nothing that the program leaves holds her afterwards."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from docx import Document

from cases.keeping.backups import automatic, folder
from cases.store.connection import initialise
from cases.values.records import Course, Discipline, Enrolment, Record, Roster
from desk.changes.drafts import begin, waiting
from desk.changes.unfinished import keep, kept
from tests.cases.log.test_taking_back import put
from tests.cases.stores.older_stores import take_back
from tests.cli.conftest import Dubi

NAME, OTHER, FAITH = "Hoàng Thị Biến Mất", "Lê Thị Ở Lại", "Đạo Rất Hiếm"
HERS = (NAME, "hoang thi bien mat", FAITH, "HS-901", "HS-902", "N-901", "012345678901", "QD-771", "1991-02-03")
"""What of her must be nowhere: name, faith, codes, number, papers, a value long corrected, a day of birth."""
GROUND = "Đơn số 5 ngày 03/02/2026"


def hers(code: str, **fields: object) -> Record:
    """A case of hers."""
    known = {"person_code": "N-901", "full_name": NAME, "born_on": date(1991, 2, 3), "religion": FAITH}
    return Record(code, {"code": code, **known, **fields})  # type: ignore[dict-item]  # fields by keyword are of any kind


@pytest.fixture
def peopled(dubi: Dubi, store: Path) -> Path:
    """Two people in one class, one of them twice; backups of now, of an earlier form and damaged; a look remembered."""
    url = f"sqlite:///{store}"
    other = Record("HS-2", {"code": "HS-2", "full_name": OTHER, "admitted_on": date(2020, 1, 5)})
    put(url, Roster((hers("HS-901", note="012345678901", admitted_on=date(2020, 1, 5)), hers("HS-902"), other)))
    put(
        url,
        Roster(
            courses=(Course("L1", "awareness"),),
            enrolments=(Enrolment("L1", "HS-901"), Enrolment("L1", "HS-2")),
            disciplines=(Discipline("HS-901", "warning", date(2021, 2, 4)),),
        ),
    )
    made = automatic(url, "import")
    assert made is not None
    older = folder(url) / "20200101-120000-migration.sqlite"
    shutil.copyfile(made.path, older)
    take_back(f"sqlite:///{older}", "0004")
    (folder(url) / "20200102-120000-hong.sqlite").write_bytes(b"x" * (1 << 20) + NAME.encode() + b"y")
    assert dubi("case", "remove", "HS-902", "--confirm").code == 0
    assert dubi("correct", "HS-901", "note=QD-771", "--confirm").code == 0
    assert dubi("news", "--keep", "--as-of", "2026-01-02").code in (0, 1)
    keep(url, "buoc:HS-901", {"document": "QD-771"})
    keep(url, "add:", {"full_name": f" {NAME.upper()}", "note": "012345678901"})
    keep(url, "figure:HS-2", {"note": OTHER})
    return store


def left(place: Path) -> Iterator[tuple[Path, str]]:
    """Every file below a folder as text; of what is packed, what is in it."""
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes().decode("utf-8", "replace")
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(".parquet"):
                        yield path, str(pl.read_parquet(io.BytesIO(archive.read(name))).to_dicts())


def held(place: Path) -> set[str]:
    """The files that still hold something of hers."""
    return {path.name for path, text in left(place) if any(word in text for word in HERS)}


def test_all_about_one_person(dubi: Dubi, peopled: Path, tmp_path: Path) -> None:
    """Record, log with what was corrected, measures, learners, backups: for a program and to be read, her own alone."""
    assert dubi("ca-nhan", "xuat", "HS-901", "nguoi.json").code == 0
    found = json.loads((tmp_path / "nguoi.json").read_text(encoding="utf-8"))
    assert [one["code"] for one in found["cases"]] == ["HS-901"]
    assert found["only_in_log"] == ["HS-902"]
    assert [one["form"] for one in found["disciplines"]] == ["warning"]
    assert [one["case"] for one in found["enrolments"]] == ["HS-901"]
    changes = [change for write in found["log"] for change in write["changes"]]
    assert {
        "entity": "case",
        "key": "HS-901",
        "before": {"note": "012345678901"},
        "after": {"note": "QD-771"},
    } in changes
    assert len(found["backups"]) == 3
    assert {one["case"] for one in found["remembered"]} == {"HS-901"}
    assert OTHER not in str(found)
    assert dubi("person", "export", "HS-901", "nguoi.docx").code == 0
    text = "\n".join(one.text for one in Document(str(tmp_path / "nguoi.docx")).paragraphs)
    assert all(word in text for word in (NAME, FAITH, "012345678901", "QD-771", "03/02/1991", "Cảnh cáo", "05/01/2020"))
    assert OTHER not in text
    if os.name != "nt":
        assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("nguoi.json", "nguoi.docx")} == {0o600}
    assert dubi("person", "export", "HS-901", "nguoi.json").code == 3
    assert dubi("person", "export", "HS-901", "nguoi.txt").code == 3
    assert dubi("person", "export", "HS-9999", "khac.json").code == 2
    assert peopled.exists()


def test_nothing_holds_her_afterwards(dubi: Dubi, peopled: Path) -> None:
    """Searched in every byte: store, journal, backups of every form, remembered findings; a damaged backup is named."""
    home, url = peopled.parent, f"sqlite:///{peopled}"
    for case in ("HS-901", "HS-2"):
        assert dubi("show", case, "--show-sensitive", "thử").code == 0
        assert dubi("privacy", "request", "add", case, "--kind", "erase", "--note", f"đơn của {case}").code == 0
    assert dubi("show", "HS-2", "--show-sensitive", f"so với {NAME}").code == 0
    book = openpyxl.Workbook()
    book.active.append(["Họ và tên", NAME.upper()])
    kept_there = io.BytesIO()
    book.save(kept_there)
    begin(url, "so.xlsx", kept_there.getvalue())
    begin(url, "cu.xls", b"nobody can tell")
    begin(url, "khac.csv", OTHER.encode())
    ran = dubi("ca-nhan", "xoa-han", "HS-901", "--ground", GROUND, "--confirm")
    assert ran.code == 0, ran.err
    assert [one.file.name for one in waiting(url)] == ["khac.csv"]
    readings = dubi("privacy", "readings", "--json").json
    assert [(one["case"], one["erased"]) for one in readings["readings"]] == [
        (None, True),
        ("HS-2", False),
        (None, True),
    ]
    assert readings["holds"] is True
    asked = dubi("privacy", "request", "list", "--json").json["requests"]
    assert [(one["case"], one["kind"]) for one in asked] == [(None, "erase"), ("HS-2", "erase")]
    assert held(home) == {"20200102-120000-hong.sqlite"}
    assert "VẪN CÒN giữ người ấy" in ran.err
    assert "20200102-120000-hong.sqlite" in ran.err
    (folder(f"sqlite:///{peopled}") / "20200102-120000-hong.sqlite").unlink()
    assert any(OTHER in text for _, text in left(home))
    assert kept(f"sqlite:///{peopled}", "figure:HS-2") == {"note": OTHER}
    assert dubi("log", "verify").code == 0
    for backup in folder(f"sqlite:///{peopled}").glob("*.sqlite"):
        assert dubi("log", "verify", "--store", backup).code == 0
        assert OTHER in dubi("find", "le", "--store", backup).out
    assert dubi("news", "--as-of", "2026-01-03").code in (0, 1)
    log = dubi("log", "--json")
    assert GROUND in str([text for _, text in left(home)])
    assert log.json["batches"][-1]["action"] == "erase"
    refused = dubi("undo", log.json["batches"][-1]["batch"], "--confirm")
    assert refused.code == 3
    assert "không lấy lại được" in refused.err
    again = dubi("person", "erase", "HS-901", "--ground", GROUND, "--confirm")
    assert again.code == 2
    then = dubi("show", "HS-901", "--known-on", "2099-01-01")
    assert "đã xoá" in then.err
    assert "đã xoá" in dubi("check", "--known-on", "2099-01-01").err
    assert "đã xoá" not in dubi("check").err


def test_what_is_asked_first(dubi: Dubi, peopled: Path) -> None:
    """Shown before it is done; not without a ground, not with her name in it; learners of her name are asked about."""
    url, before = f"sqlite:///{peopled}", held(peopled.parent)
    begin(url, "to-khai.csv", b"Ai trong do thi khong biet")
    shown = dubi("person", "erase", "HS-901", "--json")
    assert shown.code == 0
    assert (shown.json["cases"], shown.json["only_in_log"], shown.json["done"]) == (["HS-901"], ["HS-902"], None)
    assert [one["damaged"] for one in shown.json["backups"]] == [False, True, False]
    assert (shown.json["unfinished"], shown.json["waiting"]) == (2, ["to-khai.csv"])
    assert "to-khai.csv" in dubi("person", "erase", "HS-901").out
    assert "chưa xoá gì" in shown.err
    assert dubi("person", "erase", "HS-901", "--confirm").code == 3
    named = dubi("person", "erase", "HS-901", "--ground", f"Đơn của {NAME}", "--confirm")
    assert (named.code, NAME in named.err) == (3, False)
    put(url, Roster(enrolments=(Enrolment("L1", None, NAME),)))
    asked = dubi("person", "erase", "HS-901", "--ground", GROUND, "--confirm")
    assert asked.code == 3
    assert "--learners" in asked.err
    assert held(peopled.parent) == before
    assert dubi("person", "erase", "HS-901", "--ground", GROUND, "--confirm", "--learners").code == 0
    assert held(peopled.parent) == {"20200102-120000-hong.sqlite"}
    assert dubi("log", "verify").code == 0


def test_a_case_that_only_the_log_knows(dubi: Dubi, peopled: Path) -> None:
    """Whoever was taken out of the book can still be erased, by the code that she bore."""
    assert dubi("case", "remove", "HS-901", "--confirm").code == 0
    assert dubi("person", "erase", "HS-901", "--ground", GROUND, "--confirm").code == 0
    assert held(peopled.parent) == {"20200102-120000-hong.sqlite"}
    assert dubi("log", "verify").code == 0


def test_an_old_backup_does_not_bring_her_back(dubi: Dubi, peopled: Path, tmp_path: Path) -> None:
    """A copy that somebody put elsewhere is restored without whoever was erased since, and that is told."""
    assert dubi("backup", tmp_path / "cho-khac.sqlite").code == 0
    assert dubi("person", "erase", "HS-901", "--ground", GROUND, "--confirm").code == 0
    ran = dubi("restore", tmp_path / "cho-khac.sqlite", "--confirm")
    assert ran.code == 0, ran.err
    assert "đã xoá lại, không phục hồi" in ran.err
    assert held(peopled.parent) == {"20200102-120000-hong.sqlite"}
    assert OTHER in dubi("find", "le").out
    assert dubi("log", "verify").code == 0


def test_a_joined_case_goes_too(dubi: Dubi, store: Path) -> None:
    """The case that was joined into hers, under another name, goes with her; others of her name stay and are named."""
    url = f"sqlite:///{store}"
    put(url, Roster((Record("HS-901", {"code": "HS-901", "full_name": NAME}),)))
    put(url, Roster((Record("HS-902", {"code": "HS-902", "full_name": "Hoàng Biến Mất"}),)))
    put(url, Roster((Record("HS-3", {"code": "HS-3", "full_name": NAME}),)))
    assert dubi("case", "join", "HS-901", "HS-902", "--confirm").code == 0
    shown = dubi("person", "erase", "HS-901", "--json").json
    assert (shown["cases"], shown["only_in_log"], shown["alike"]) == (["HS-901"], ["HS-902"], ["HS-3"])
    assert dubi("person", "erase", "HS-901", "--ground", GROUND, "--confirm").code == 0
    assert not any("Hoàng Biến Mất" in text or "HS-902" in text for _, text in left(store.parent))
    assert dubi("show", "HS-3").code == 0
    assert dubi("log", "verify").code == 0
    assert not initialise(url)
