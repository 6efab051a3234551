"""The log on the command line: what was written, that it still is that, and the way back."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Dubi
from tests.given.stamped import sheets


def test_the_log_says_who_what_when(dubi: Dubi, book: Path) -> None:
    """The latest write comes first; a write is shown change by change; a case has its own history."""
    assert dubi("record", "HS-03", "sinh-hoat-chi-bo", "--on", "3/3/2025", DUBI_USER="Lê Thị Lan").code == 0
    assert dubi("correct", "HS-03", "Tôn giáo=Phật giáo", DUBI_USER="Lê Thị Lan").code == 0
    lines = dubi("log").out.splitlines()
    assert len(lines) == 3
    assert "Lê Thị Lan: sửa, 1 thay đổi (HS-03 " in lines[0]
    assert "nhập sổ “chi-bo-nho.xlsx”, 51 thay đổi" in lines[2]
    shown = dubi("log", "show", "2").out
    assert "Hồ sơ HS-03: Ngày sinh hoạt chi bộ gần nhất: ghi 03/03/2025" in shown
    of_case = dubi("nhat-ky", "--case", "HS-03").out
    assert "Tôn giáo: đã sửa (đã che)" in of_case
    assert "Phật giáo" not in of_case
    assert "Phật giáo" not in dubi("log", "show", "3", "--json").out
    got = dubi("log", "--json", "--number", "1").json["batches"]
    assert [(one["number"], one["who"], one["action"], one["in_force"]) for one in got] == [
        (3, "Lê Thị Lan", "correct", True)
    ]
    assert [one["code"] for one in got[0]["people"]] == ["HS-03"]
    assert got[0]["people"][0]["name"] in lines[0]
    assert shown.splitlines()[1].endswith(f"– {got[0]['people'][0]['name']}")
    assert dubi("log", "--case", "HS-99").out == "Nhật ký chưa có gì về hồ sơ HS-99.\n"
    assert book.exists()


@pytest.mark.usefixtures("store")
def test_a_log_of_nothing(dubi: Dubi) -> None:
    """A new store has an empty log that holds, and nothing to take back."""
    assert dubi("log").out == "Nhật ký chưa có gì.\n"
    assert dubi("log", "verify").code == 0
    for command in ("undo", "redo"):
        ran = dubi(command)
        assert (ran.code, ran.out) == (3, "")


def test_verify_names_the_place(dubi: Dubi, book: Path) -> None:
    """An honest log ends with 0; one that was touched with 1 and the write and line, in words and as JSON."""
    dubi("record", "HS-03", "sinh-hoat-chi-bo", "--on", "3/3/2025")
    fine = dubi("log", "verify")
    assert (fine.code, fine.err) == (0, "")
    assert "Nhật ký còn nguyên: 2 lần ghi, 52 thay đổi" in fine.out
    other = sqlite3.connect(book)
    for trigger in ("changes_no_update", "changes_no_delete"):
        other.execute(f"DROP TRIGGER {trigger}")
    (line,) = other.execute("SELECT id FROM changes WHERE key = 'HS-03' AND batch_id = 1").fetchone()
    other.execute("UPDATE changes SET after = replace(after, '1994', '1995') WHERE id = ?", [line])
    other.commit()
    other.close()
    found = dubi("nhat-ky", "kiem-chung")
    assert found.code == 1
    assert "đã bị can thiệp ở lần ghi" in found.out
    assert f", dòng {line}: " in found.out
    as_json = dubi("log", "verify", "--json")
    assert (as_json.code, as_json.json["holds"], as_json.json["broken"]["change"]) == (1, False, line)


def test_the_database_itself_refuses(book: Path) -> None:
    """Whoever opens the file with another program cannot alter or take out a line of the log."""
    other = sqlite3.connect(book)
    for statement in ("UPDATE changes SET key = 'X'", "DELETE FROM changes", "DELETE FROM batches"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            other.execute(statement)
    other.close()


def test_verify_sees_what_was_changed_past_the_log(dubi: Dubi, book: Path) -> None:
    """A store changed by another program is told from its log."""
    other = sqlite3.connect(book)
    other.execute("UPDATE steps SET happened_on = '2024-01-13' WHERE kind = 'admitted_on' AND case_id = 3")
    other.commit()
    other.close()
    found = dubi("log", "verify")
    assert found.code == 1
    assert "Sổ khác với nhật ký ở 1 chỗ" in found.out
    assert "Hồ sơ HS-03" in found.out


def test_import_undo_redo_to_the_byte(dubi: Dubi, book: Path, large: Path, tmp_path: Path) -> None:
    """Import and undo leave the same export but for its stamp, redo gives the one after the import again."""

    def exported(name: str) -> dict[str, list[list[Any]]]:
        assert dubi("export", name).code == 0
        first = (tmp_path / name).read_bytes()
        assert dubi("export", name, "--force").code == 0
        assert (tmp_path / name).read_bytes() == first  # the same entry of the log gives the same bytes
        return sheets(tmp_path / name)

    before = exported("1.xlsx")
    assert dubi("import", large, "--apply").code == 0
    after = exported("2.xlsx")
    undone = dubi("hoan-tac")
    assert "bỏ 600 hồ sơ" in undone.out
    assert exported("3.xlsx") == before
    assert "thêm lại 600 hồ sơ" in dubi("lam-lai").out
    assert exported("4.xlsx") == after
    assert dubi("log", "verify").code == 0
    assert book.exists()


def test_undo_is_refused_with_a_reason(dubi: Dubi, book: Path) -> None:
    """The import cannot be taken back under a case that was written to since; after that one is undone it can."""
    dubi("record", "HS-03", "sinh-hoat-chi-bo", "--on", "3/3/2025", DUBI_USER="Lan")
    ran = dubi("undo", "1")
    assert ran.code == 3
    assert "“HS-03” đã thay đổi sau đó bởi lần ghi" in ran.err
    assert "(Lan," in ran.err
    asked = dubi("undo", "2")
    assert asked.code == 3
    assert "là của Lan (" in asked.err
    assert "về HS-03 " in asked.err
    done = dubi("undo", "2", "--confirm")
    assert done.code == 0
    assert "  về HS-03 " in done.out
    assert dubi("undo", "1").code == 0
    assert dubi("find", "nguyen").out.startswith("Không tìm thấy ai.")
    assert book.exists()


@pytest.mark.usefixtures("book")
def test_undo_for_programs(dubi: Dubi) -> None:
    """The answer as JSON names what was undone and by which write."""
    got = dubi("undo", "--json").json
    assert got["action"] == "import"
    assert got["removed"]["case"] == 26
    assert dubi("log", "--json").json["batches"][-1]["batch"] == got["batch"]
