"""Signs that nobody sees: those that only move a cursor or hide are refused or taken out, and told, at every door."""

from __future__ import annotations

from pathlib import Path

from cases.store.reading import read_store
from tests.cases.files.workbooks import case_book, somebody
from tests.cli.conftest import Dubi

CONTROL = "\x9b31m"
"""Turns the following text red on a terminal of eight bits, and may be two letters of an old encoding."""
UNSEEN = "\u202e\u2066\u200b\u00ad\u3164\ufe0f\U000e0041\ufff9"
"""Turn the direction, or take no room."""


def test_control_signs_are_refused_wherever_a_text_comes_in(dubi: Dubi, book: Path, tmp_path: Path) -> None:
    """What may have been letters is not taken away in silence: the door says which text it is, and keeps nothing."""
    before = read_store(f"sqlite:///{book}")
    name = f"Lê {CONTROL} Mẫu"
    listed = tmp_path / "ds.csv"
    listed.write_text(f"Họ và tên,Ngày sinh,Ngày vào Đảng,Ghi chú\n{name},3/2/1980,4/5/2010,\n", encoding="utf-8")
    case_book(tmp_path / "so.xlsx", somebody("X-1", full_name=name))
    doors: dict[str, tuple[object, ...]] = {
        "add": ("add", "--name", name),
        "correct": ("correct", "HS-01", f"Họ và tên={name}"),
        "record": ("record", "HS-01", "cell_met_on", "--on", "4/5/2026", "--note", name, "--confirm"),
        "unit": ("unit", "add", "CB-X", "--name", name),
        "workbook": ("import", tmp_path / "so.xlsx", "--apply"),
        "list": ("import", listed, "--unit", "CB-01", "--apply"),
    }
    for door, arguments in doors.items():
        ran = dubi(*arguments)
        assert (door, ran.code) == (door, 3), ran.err
        said = ran.out + ran.err
        assert "ký tự điều khiển" in said or "bảng mã cũ" in said, (door, said)
        assert "\x9b" not in said, door
    assert read_store(f"sqlite:///{book}") == before


def test_unseen_signs_are_taken_out(dubi: Dubi, book: Path, tmp_path: Path) -> None:
    """No door lets a sign in that takes no room or turns what follows; a list says how many cells had such."""
    name = f"Lê{UNSEEN} Văn Mẫu"
    listed = tmp_path / "ds.csv"
    listed.write_text(f"Họ và tên,Ngày sinh,Ngày vào Đảng\n{name},3/2/1980,4/5/2010\n", encoding="utf-8")
    case_book(tmp_path / "so.xlsx", somebody("X-1", full_name=name))
    assert dubi("add", "--name", name, "--code", "X-2").code == 0
    assert dubi("import", tmp_path / "so.xlsx", "--apply").code == 0
    assert (
        dubi("record", "X-2", "cell_met_on", "--on", "4/5/2026", "--note", f"a\u2028b{UNSEEN}", "--confirm").code == 0
    )
    assert "ký tự ẩn" in dubi("import", listed, "--unit", "CB-01").out
    records = {record.code: record for record in read_store(f"sqlite:///{book}").records}
    assert records["X-1"].fields["full_name"] == records["X-2"].fields["full_name"] == "Lê Văn Mẫu"
    assert [step.note for step in records["X-2"].steps] == ["a\nb"]


def test_the_name_of_a_file_is_one_line_of_the_log(dubi: Dubi, book: Path, tmp_path: Path) -> None:
    """A file may be called anything; what the log keeps of it is one line of letters."""
    path = case_book(tmp_path / "a\n\x9b1m\u202eb.xlsx", somebody("X-1"))
    assert dubi("import", path, "--apply").code == 0
    (entry,) = [one for one in dubi("log", "--json").json["batches"] if one["source"].startswith("a")]
    assert entry["source"] == "a 1mb.xlsx"
