"""`dubi import` of a file that comes again, as a user has it: what is shown, asked, answered and named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.calling import Dubi
from tests.cases.files.workbooks import case_book, somebody
from tests.cases.imports.test_again import edited


def test_a_file_comes_again(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """What was recorded stays; a change is shown with person, field, old and new; what is open is named, answered."""
    at = ("--store", store)
    book = case_book(tmp_path / "so.xlsx", somebody("HB06", admitted_on=date(2025, 3, 1), unit="CB"))
    assert dubi("nhap", book, "--apply", *at).code == 0
    said = ("--on", "2026-03-10", "--document", "12-NQ/CB", "--confirm", *at)
    assert dubi("record", "HB06", "chi-bo-xet-chinh-thuc", *said).code == 0
    again = dubi("nhap", book, "--apply", "--json", *at)
    assert (again.code, again.json["batch"], again.json["changes"], again.json["absent"]) == (0, None, [], [])
    assert dubi("xuat", "xuat.xlsx", *at).code == 0
    file = edited(tmp_path / "xuat.xlsx", {("HB06", "cell_proposed_recognition_on"): None, ("HB06", "note"): "sửa"})
    shown = dubi("nhap", file, *at)
    assert "Dòng 2, HB06 Trần Văn Mẫu: Ghi chú: trống → sửa" in shown.out
    assert "Ngày chi bộ xét chính thức: bỏ 10/03/2026 (để trống)" in shown.out
    done = dubi("nhap", file, "--apply", "--json", *at)
    assert (done.code, "Còn 1 chỗ chưa ai trả lời" in done.err) == (0, True)
    assert [(one["field"], one["kind"]) for one in done.json["changes"]] == [
        ("note", "added"),
        ("cell_proposed_recognition_on", "kept"),
    ]
    assert dubi("nhap", file, "--apply", "--row", "2=giữ", *at).err.count("Còn ") == 0
    assert "12-NQ/CB" in dubi("show", "HB06", *at).out
    assert dubi("nhap", file, "--apply", "--row", "2=file", *at).code == 0
    assert "12-NQ/CB" not in dubi("show", "HB06", *at).out
    assert dubi("nhap", file, "--take", "không", *at).code == 3
    assert dubi("nhap", file, "--all-same", "--all-other", *at).code == 2
