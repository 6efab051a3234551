"""`init`, `import`, `export`, `template`: what a secretary does in the first hour, and nothing lost on the way."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Dubi


def test_init_makes_a_store_once(dubi: Dubi, tmp_path: Path) -> None:
    """The first time it is made, the second time it is there; both are fine."""
    first, second = dubi("init"), dubi("khoi-tao")
    assert (first.code, second.code) == (0, 0)
    assert first.out.startswith(f"Đã tạo kho “{tmp_path / 'home' / 'dubi.sqlite'}”.")
    assert "đã có và dùng được" in second.out


def test_store_option_and_variable_name_another_store(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """`--store` and DUBI_STORE lead to the same file, and the store of the home stays unmade."""
    place = tmp_path / "chi-bo.sqlite"
    assert dubi("init", "--store", place).code == 0
    assert dubi("import", small, "--apply", "--store", f"sqlite:///{place}").code == 0
    got = dubi("check", "--as-of", "2025-03-01", "--json", DUBI_STORE=str(place)).json
    assert got["cases"] == 26
    assert not (tmp_path / "home" / "dubi.sqlite").exists()


def test_without_a_store_the_way_is_shown(dubi: Dubi) -> None:
    """Whoever asks a store that is not there is told to make it."""
    for command in (["check"], ["due"], ["units"], ["explain", "HS-1"], ["export", "a.xlsx"]):
        ran = dubi(*command)
        assert (ran.code, ran.out) == (4, "")
        assert ran.err.startswith("Lỗi: Chưa có kho")
        assert "dubi init" in ran.err


@pytest.mark.usefixtures("store")
def test_import_previews_before_it_writes(dubi: Dubi, small: Path) -> None:
    """Without `--apply` nothing is stored and the last line says so; with it, everything is."""
    preview = dubi("import", small)
    assert preview.code == 0
    assert "mới 26" in preview.out
    assert "chưa ghi gì vào kho" in preview.err
    assert "--apply" in preview.err
    assert dubi("check", "--as-of", "2025-03-01", "--json").json["cases"] == 0
    applied = dubi("import", small, "--apply")
    assert applied.code == 0
    assert re.fullmatch(r"Đã ghi vào kho \(lần ghi [-0-9a-f]+\)\. Muốn hoàn tác: dubi undo\n", applied.err)
    assert dubi("check", "--as-of", "2025-03-01", "--json").json["cases"] == 26


@pytest.mark.usefixtures("store")
def test_importing_again_changes_nothing(dubi: Dubi, small: Path) -> None:
    """The same file a second time finds everything unchanged and writes nothing."""
    dubi("import", small, "--apply")
    again = dubi("import", small, "--apply", "--json")
    assert (again.json["new"], again.json["changed"], again.json["unchanged"]) == (0, 0, 26)
    assert again.json["batch"] is None
    assert again.err == "Kho đã có đúng như trong tệp; không phải ghi gì.\n"


@pytest.mark.usefixtures("store")
def test_import_json_has_the_form_of_the_contract(dubi: Dubi, small: Path) -> None:
    """All keys that scripts rely on, a row for every row of the sheet, and a batch only when something was written."""
    preview, applied = dubi("import", small, "--json").json, dubi("import", small, "--apply", "--json").json
    assert {"file", "sheet", "header_rows", "counts", "new", "changed", "unchanged", "rows", "batch"} <= preview.keys()
    assert list(preview["counts"]) == ["accepted", "warned", "confirm", "refused", "ignored"]
    assert sum(preview["counts"].values()) == len(preview["rows"])
    assert {row["outcome"] for row in preview["rows"]} == {"accepted"}
    assert preview["rows"][0]["fields"]["code"] == "HS-01"
    assert preview["batch"] is None
    assert applied["batch"]


@pytest.mark.usefixtures("store")
def test_import_json_of_a_refused_file(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """The refused row is in the JSON with code and reason, the sentence on stderr, the exit code 3, nothing stored."""
    roster = tmp_path / "so.xlsx"
    workbook = openpyxl.load_workbook(small)
    sheet = workbook["Hồ sơ"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(5, columns["Ngày sinh"]).value = "31/02/1990"
    workbook.save(roster)
    ran = dubi("import", roster, "--apply", "--json")
    assert ran.code == 3
    assert ran.json["counts"]["refused"] == 1
    (refused,) = [row for row in ran.json["rows"] if row["outcome"] == "refused"]
    assert (refused["row"], refused["why"][0]["code"], refused["why"][0]["field"]) == (5, "impossible_date", "born_on")
    assert ran.json["batch"] is None
    assert "dòng 5" in ran.err
    assert dubi("check", "--as-of", "2025-03-01", "--json").json["cases"] == 0


@pytest.mark.usefixtures("store")
def test_export_gives_back_what_was_imported(dubi: Dubi, large: Path, tmp_path: Path) -> None:
    """Out of the store and in again: the same cases, unchanged, and the same bytes out a second time."""
    dubi("import", large, "--apply")
    assert dubi("export", "ra.xlsx").out == "Đã xuất 600 hồ sơ ra tệp “ra.xlsx”.\n"
    again = dubi("import", "ra.xlsx", "--json").json
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 600)
    dubi("export", "ra-lai.xlsx")
    assert (tmp_path / "ra.xlsx").read_bytes() == (tmp_path / "ra-lai.xlsx").read_bytes()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("command", ["export", "template"])
def test_no_file_is_written_over_unasked(dubi: Dubi, tmp_path: Path, command: str) -> None:
    """A file that is there stays, unless `--force` is given."""
    (tmp_path / "so.xlsx").write_text("của người khác", encoding="utf-8")
    refused = dubi(command, "so.xlsx")
    assert (refused.code, refused.out) == (3, "")
    assert "--force" in refused.err
    assert (tmp_path / "so.xlsx").read_text(encoding="utf-8") == "của người khác"
    assert dubi(command, "so.xlsx", "--force").code == 0
    assert (tmp_path / "so.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.usefixtures("store")
def test_a_folder_that_is_not_there(dubi: Dubi) -> None:
    """A file cannot be written where there is no folder; the sentence names the place."""
    ran = dubi("template", "khong-co/so.xlsx")
    assert ran.code in (3, 4)
    assert ran.out == ""
    assert "khong-co" in ran.err


@pytest.mark.usefixtures("store")
def test_a_new_unit_begins_with_the_template(dubi: Dubi, tmp_path: Path) -> None:
    """The empty workbook, filled in by hand, is checked and imported as it is."""
    assert dubi("template", "so.xlsx").code == 0
    workbook = openpyxl.load_workbook(tmp_path / "so.xlsx")
    sheet = workbook["Hồ sơ"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for header, value in {
        "Mã hồ sơ": "HS-1",
        "Họ và tên": "Nguyễn Thị Bưởi",
        "Ngày sinh": "05/06/1998",
        "Ngày kết nạp": "03/02/2023",
    }.items():
        sheet.cell(2, columns[header]).value = value
    workbook.save(tmp_path / "so.xlsx")
    got = dubi("check", "so.xlsx", "--as-of", "31/10/2024", "--json").json
    assert got["stages"]["probationary"] == 1
    assert "recognition.past_cell_window" in {found["rule"] for found in got["findings"]}
    assert dubi("import", "so.xlsx", "--apply").code == 0


def test_a_file_that_is_no_store(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """Another file in the store's place is not touched, and the sentence says what is wrong."""
    place = tmp_path / "kho.sqlite"
    shutil.copyfile(small, place)
    before = place.read_bytes()
    for command in (["check"], ["import", small, "--apply"], ["init"]):
        ran = dubi(*command, "--store", place)
        assert ran.code == 4
        assert "kho" in ran.err
    assert place.read_bytes() == before


def test_what_was_not_read_is_said(dubi: Dubi, tmp_path: Path) -> None:
    """A column that no template has is not read, a missing one counts as empty: both are said, beside the data."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Hồ sơ"
    sheet.append(("Mã hồ sơ", "Họ và tên", "Ngày sinh", "Ngày kết nạp", "Bí danh"))
    sheet.append(("HS-1", "Nguyễn Thị Bưởi", "05/06/1998", "03/02/2023", "Bưởi"))
    workbook.save(tmp_path / "so.xlsx")
    ran = dubi("check", "so.xlsx", "--as-of", "2024-10-31", "--json")
    assert (ran.code, ran.json["stages"]["probationary"]) == (0, 1)
    absent, unknown = ran.err.splitlines()
    assert absent.startswith("Lưu ý: Sheet “Hồ sơ” không có ")
    assert "“Ngày cấp GCN đảng viên mới”" in absent
    assert unknown.startswith("Lưu ý: Sheet “Hồ sơ”, dòng 1, cột E “Bí danh”: ")
    preview = dubi("import", "so.xlsx").out
    assert absent.removeprefix("Lưu ý: ") in preview
    assert unknown.removeprefix("Lưu ý: ") in preview
