"""Backups, restoring and the doctor as commands; import makes its own backup and says so."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from cases.store.held.anchoring import beside
from tests.cli.conftest import Dubi


def test_an_import_makes_a_backup_first(dubi: Dubi, book: Path, large: Path) -> None:
    """The place is told, the copy is of the store as it was, and only its owner may read it."""
    ran = dubi("import", large, "--apply")
    assert ran.code == 0
    place = book.with_name("dubi.sqlite.backups")
    (kept,) = place.glob("*.sqlite")
    assert f"Đã sao lưu kho trước khi ghi: “{kept}”" in ran.err
    assert dubi("find", "nguyen", "--all", "--store", kept).code == 0
    assert len(dubi("check", "--as-of", "2025-03-01", "--json", "--store", kept).json["stages"]) == 6
    assert dubi("check", "--as-of", "2025-03-01", "--json", "--store", kept).json["cases"] == 26
    if os.name != "nt":
        assert (kept.stat().st_mode & 0o777, place.stat().st_mode & 0o777) == (0o600, 0o700)
    again = dubi("import", large, "--apply")
    assert "sao lưu" not in again.err
    assert sorted(place.iterdir()) == [kept, beside(kept)]


def test_old_backups_are_cleared_and_told(dubi: Dubi, book: Path, large: Path) -> None:
    """Beyond the newest and those of each month, old ones go, and how many is said."""
    place = book.with_name("dubi.sqlite.backups")
    place.mkdir(mode=0o700)
    for day in range(1, 26):
        (place / f"202001{day:02}-120000-import.sqlite").touch()
    assert "đã xoá 16 bản cũ" in dubi("import", large, "--apply").err
    assert len(list(place.glob("*.sqlite"))) == 10


def test_backup_and_restore(dubi: Dubi, book: Path, large: Path, tmp_path: Path) -> None:
    """Back up, write more, restore: the store is as it was, and the one before lies aside."""
    assert dubi("sao-luu", "sao.sqlite").code == 0
    dubi("import", large, "--apply")
    asked = dubi("phuc-hoi", "sao.sqlite")
    assert asked.code == 3
    assert "sẽ bỏ 1 lần ghi mà bản sao lưu không có" in asked.err
    assert dubi("check", "--as-of", "2026-11-20", "--json").json["cases"] > 600
    ran = dubi("phuc-hoi", "sao.sqlite", "--confirm")
    assert ran.code == 0, ran.err
    assert "Đã bỏ 1 lần ghi" in ran.out
    assert dubi("check", "--as-of", "2025-03-01", "--json").json["cases"] == 26
    aside = ran.err.partition("“")[2].partition("”")[0]
    assert dubi("restore", aside).code == 0
    assert dubi("check", "--as-of", "2026-11-20", "--json").json["cases"] > 600
    assert dubi("log", "verify").code == 0
    assert (tmp_path / "sao.sqlite").exists()
    assert book.exists()


@pytest.mark.usefixtures("book")
def test_what_cannot_be_restored(dubi: Dubi, tmp_path: Path) -> None:
    """A file that is no backup and one that is not there end with 3; a backup is not written over unasked."""
    (tmp_path / "thu.txt").write_text("không phải", encoding="utf-8")
    assert dubi("restore", "thu.txt").code == 3
    assert dubi("restore", "khong-co.sqlite").code == 3
    assert dubi("backup", "thu.txt").code == 3
    assert dubi("backup", "thu.txt", "--force").code == 0


def test_the_doctor_of_a_store_in_good_health(dubi: Dubi, store: Path) -> None:
    """An empty store, known calendar, closed to others: everything is well, and the code is 0."""
    store.chmod(0o600)
    ran = dubi("kham", "--as-of", "2026-11-25")
    assert ran.code == 0, ran.out
    assert "[xem lại]" not in ran.out
    assert not any(word in ran.out for word in ("durable-rules", "pip install", "polars"))
    assert "durable-rules" in dubi("kham", "--as-of", "2026-11-25", "--all").out
    assert "Lịch nghỉ lễ năm 2026: đã công bố." in ran.out


def checks(dubi: Dubi, code: int, *arguments: object) -> dict[str, str]:
    """What the doctor says of each kind of thing that is not well; every one has a hint."""
    ran = dubi("doctor", "--json", *arguments)
    assert ran.code == code, ran.out
    bad = [one for one in ran.json["checks"] if one["state"] != "fine"]
    assert all(one["hint"] for one in bad)
    said: dict[str, str] = {}
    for one in bad:
        said[one["check"]] = said.get(one["check"], "") + one["said"] + "\n"
    return said


def test_the_doctor_finds(dubi: Dubi, book: Path, large: Path) -> None:
    """Missing attributes, contradictory steps, open permissions, leftovers, a year without calendar: each is named."""
    dubi("import", large, "--apply")
    dubi("correct", "HS-03", "Ngày sinh=")
    dubi("correct", "HS-04", "le-ket-nap", "--on", "1/1/2023", "--confirm")
    book.chmod(0o644)
    (book.parent / "dubi.sqlite.4711.new").touch()
    found = checks(dubi, 1, "--as-of", "2028-06-01")
    assert "2028" in found["calendar"]
    assert "Ngày sinh: HS-03" in found["missing"]
    assert "HS-04" in found["steps"]
    assert "Người khác trên máy đọc được" in found["permissions"]
    assert "4711" in found["leftovers"]


def test_the_doctor_finds_meddling(dubi: Dubi, book: Path) -> None:
    """A store changed past its log is told by the doctor too."""
    other = sqlite3.connect(book)
    other.execute("UPDATE persons SET full_name = 'Người Khác' WHERE id = 1")
    other.commit()
    other.close()
    assert "can thiệp" in checks(dubi, 1)["log"]


def test_the_doctor_of_a_broken_store(dubi: Dubi, book: Path) -> None:
    """A damaged, a foreign, an old, a newer and a missing store end with 4 and with what to do."""
    content = bytearray(book.read_bytes())
    content[8192:40960] = os.urandom(32768)
    book.write_bytes(content)
    assert checks(dubi, 4)
    book.write_bytes(os.urandom(40_000))
    assert checks(dubi, 4)
    book.unlink()
    other = sqlite3.connect(book)
    other.execute("CREATE TABLE hang (id INTEGER)")
    other.close()
    assert "không phải là kho" in checks(dubi, 4)["store"]
    book.unlink()
    assert "Chưa có kho" in checks(dubi, 4)["store"]


@pytest.mark.parametrize(("number", "words"), [("0000", "mẫu cũ"), ("9999", "mới hơn")])
def test_the_doctor_knows_other_forms(dubi: Dubi, book: Path, number: str, words: str) -> None:
    """A store of another version says which way to go."""
    other = sqlite3.connect(book)
    other.execute("UPDATE alembic_version SET version_num = ?", [number])
    other.commit()
    other.close()
    assert words in checks(dubi, 4)["migrations"]


def test_everything_here_is_its_owners_only(dubi: Dubi, tmp_path: Path, large: Path) -> None:
    """Whatever the machine's habits, store, backups, receipts and calendars are closed to others."""
    before = os.umask(0o000)
    try:
        dubi("init")
        dubi("import", large, "--apply")
        dubi("add", "--name", "Lê Mẫu")
        dubi("import", large.with_name("chi-bo-nho.xlsx"), "--apply")
        dubi("backup", "sao.sqlite")
        dubi("check", "--as-of", "2024-10-31", "--receipt", "bn.json")
        dubi("remind", "--ics", "l.ics", "--as-of", "2024-10-31")
    finally:
        os.umask(before)
    home = tmp_path / "home"
    files = [path for path in (*home.rglob("*"), *tmp_path.glob("*.*")) if path.is_file() and path.suffix != ".xlsx"]
    assert {"dubi.sqlite", "sao.sqlite", "bn.json", "l.ics"} <= {path.name for path in files}
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in files if path.stat().st_mode & 0o077} == {}
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in folders)
