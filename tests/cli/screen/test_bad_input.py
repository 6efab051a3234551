"""Files that are refused: for each a clear sentence in Vietnamese, exit code 3, nothing stored, no traceback."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import cli.main
from tests.cli.conftest import Dubi

HEADERS = ("Mã hồ sơ", "Họ và tên", "Ngày sinh", "Mã đơn vị", "Ngày kết nạp", "Ngày quyết định chính thức", "Ghi chú")
GOOD = ("HS-1", "Nguyễn Văn A", "01/02/1990", "CB-1", "03/02/2023", "10/03/2024", None)

Maker = Callable[[Path], None]


def book(path: Path, rows: list[tuple[Any, ...]], headers: tuple[str, ...] = HEADERS, sheet: str = "Hồ sơ") -> None:
    """A workbook of one sheet of cases, with a sheet of one unit."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = sheet
    for row in (headers, *rows):
        page.append(row)
    units = workbook.create_sheet("Đơn vị")
    units.append(("Mã đơn vị", "Tên đơn vị", "Cấp"))
    units.append(("CB-1", "Chi bộ 1", "grassroots_cell"))
    workbook.save(path)


def changed(**cells: Any) -> tuple[Any, ...]:
    """The good row with some cells changed, by the places a…g of the columns."""
    return tuple(cells.get("abcdefg"[place], value) for place, value in enumerate(GOOD))


def missing(_: Path) -> None:
    """No file at all."""


def text(path: Path) -> None:
    path.write_text("Mã hồ sơ,Họ và tên\n1,A\n", encoding="utf-8")


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def empty_workbook(path: Path) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.title = "Hồ sơ"
    workbook.save(path)


def half_written(path: Path) -> None:
    book(path, [GOOD])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def open_in_excel(path: Path) -> None:
    """A good workbook, and beside it the mark that Excel leaves while it holds one."""
    book(path, [GOOD])
    path.with_name(f"~${path.name}").write_bytes(bytes(165))


def another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thu.txt", "không phải sổ")


def protected(path: Path) -> None:
    """The head of an encrypted workbook: an OLE container that names its encryption."""
    names = "".join(("EncryptionInfo", "EncryptedPackage")).encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + names + bytes(4096))


def sixty_sheets(path: Path) -> None:
    workbook = openpyxl.Workbook()
    for number in range(59):
        workbook.create_sheet(f"Tháng {number + 1}")
    workbook.save(path)


def formula_error(path: Path) -> None:
    book(path, [changed(e="=NA()")])
    rewrite(path, "<f>NA()</f><v></v>", "<v>#N/A</v>", 't="e" ')


def rewrite(path: Path, old: str, new: str, attribute: str) -> None:
    """Change a cell of the first sheet's XML, as Excel would have saved it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    sheet = parts[name].decode("utf-8")
    assert sheet.count(old) + sheet.count(old.replace("<v></v>", "<v/>")) == 1
    sheet = sheet.replace(old.replace("<v></v>", "<v/>"), new).replace(old, new)
    parts[name] = sheet.replace('<c r="E2"', f'<c r="E2" {attribute}').encode("utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def folder(path: Path) -> None:
    path.mkdir()


BAD: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "a missing file": (missing, ("Không tìm thấy tệp", "so.xlsx")),
    "a folder": (folder, ("so.xlsx",)),
    "a file that is no workbook": (text, ("không phải là sổ Excel",)),
    "an empty file": (empty_file, ("so.xlsx",)),
    "an empty workbook": (empty_workbook, ("Hồ sơ", "trống")),
    "a half-written zip": (half_written, ("bị hỏng",)),
    "a zip of something else": (another_zip, ("so.xlsx",)),
    "a file open in Excel": (open_in_excel, ("đang mở trong Excel", "Lưu và đóng tệp")),
    "a password": (protected, ("mật khẩu",)),
    "60 sheets, none of them Hồ sơ": (sixty_sheets, ("so.xlsx", "danh sách")),
    "a formula error": (formula_error, ("dòng 2", "cột E", "Công thức trong ô bị lỗi")),
    "a formula without a result": (
        lambda path: book(path, [changed(e="=TODAY()")]),
        ("dòng 2", "cột E", "Công thức chưa có kết quả"),
    ),
    "a required column missing": (
        lambda path: book(path, [GOOD], ("Mã số hồ sơ", *HEADERS[1:])),
        ("Mã hồ sơ", "Mã số hồ sơ"),
    ),
    "a duplicate code": (
        lambda path: book(path, [GOOD, changed(b="Trần Thị B")]),
        ("dòng 3", "cột A", "đã dùng ở dòng 2"),
    ),
    "31/02": (
        lambda path: book(path, [changed(e="31/02/2023")]),
        ("dòng 2", "cột E", "31/02/2023", "không có trong lịch"),
    ),
    "a date before birth": (
        lambda path: book(path, [changed(e="01/01/1980", f=None)]),
        ("dòng 2", "cột E", "đứng trước ngày sinh"),
    ),
    "a recognition before the ceremony": (
        lambda path: book(path, [changed(f="01/02/2023")]),
        ("dòng 2", "cột F", "đứng trước lễ kết nạp"),
    ),
    "an unknown unit": (
        lambda path: book(path, [changed(d="CB-2")]),
        ("dòng 2", "cột D", "CB-2", "không có trong sheet “Đơn vị”"),
    ),
    "a year too early": (lambda path: book(path, [changed(c="01/02/1890")]), ("dòng 2", "cột C", "1900–2100")),
    "a year too late": (lambda path: book(path, [changed(e="01/02/2203")]), ("dòng 2", "cột E", "1900–2100")),
}


@pytest.mark.parametrize(("make", "sentences"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("command", ["check", "import"])
def test_refused(
    dubi: Dubi, empty_store: Path, tmp_path: Path, command: str, make: Maker, sentences: tuple[str, ...]
) -> None:
    """`check FILE` and `import FILE --apply` refuse the same files with the same words; the store stays as it was."""
    roster, store = tmp_path / "so.xlsx", tmp_path / "kho.sqlite"
    make(roster)
    shutil.copyfile(empty_store, store)
    arguments = ["check", roster] if command == "check" else ["import", roster, "--apply", "--store", store]
    ran = dubi(*arguments)
    assert ran.code == 3
    assert ran.err.startswith("Lỗi: ")
    for sentence in sentences:
        assert sentence in ran.err
    if command == "check":
        assert ran.out == ""
    assert store.read_bytes() == empty_store.read_bytes()
    assert not [path for path in tmp_path.glob("kho.sqlite-wal") if path.stat().st_size]


def test_a_file_that_cannot_be_opened(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that the machine will not let us read, as Windows does with what Excel holds, is said to be open there."""
    opened, book = Path.open, tmp_path / "so.xlsx"
    shutil.copyfile(small, book)

    def held(path: Path, *more: Any, **named: Any) -> Any:
        if path == book:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *more, **named)

    monkeypatch.setattr(Path, "open", held)
    assert cli.main.outcome(["check", str(book)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Lỗi: Tệp “{book}” ")
    assert "đang mở trong Excel" in err


def test_all_bad_cells_are_named_at_once(dubi: Dubi, tmp_path: Path) -> None:
    """Whoever mends a workbook sees every bad cell in one run, with sheet, row, column, value, reason and advice."""
    book(tmp_path / "so.xlsx", [changed(c="30/02/1990"), changed(a="HS-2", d="CB-7"), changed(a="HS-3", b=None)])
    ran = dubi("import", "so.xlsx", "--apply")
    assert ran.code == 3
    lines = [line for line in ran.err.splitlines() if line.startswith("  - Sheet “Hồ sơ”, dòng ")]
    assert [line.split(",")[1] for line in lines] == [" dòng 2", " dòng 3", " dòng 4"]
    assert "cột C “Ngày sinh”: “30/02/1990”: Ngày không có trong lịch. " in lines[0]


def test_the_good_row_is_good(dubi: Dubi, tmp_path: Path) -> None:
    """The row that the bad ones were made from is taken, so that each was refused for its own reason."""
    book(tmp_path / "so.xlsx", [GOOD])
    assert dubi("check", "so.xlsx", "--as-of", "2024-10-31", "--json").json["cases"] == 1
