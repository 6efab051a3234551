"""Files that cannot be taken as a whole: a clear sentence in Vietnamese, exit code 3, and never a traceback."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from cases.files import xlsx_reading
from cases.values.refusals import BadFile, DamagedWorkbook, LockedFile, SheetMissing, TooLarge
from cases.workbook import schema as layout
from cases.workbook.read import read_workbook
from rules.loader.errors import BadInput
from tests.cases.files.workbooks import case_book, rewrite, somebody, table, write_book
from tests.whole import seeds

SHEET = "xl/worksheets/sheet1.xml"
_INSERTED = (b'"', b"<", b">", b"&#0;", b"</c>", b"<f>1</f>", b"9" * 30)


def _compound(*entries: str) -> bytes:
    """The beginning of an OLE compound file whose directory names the entries."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + b"".join(entry.encode("utf-16-le") for entry in entries)


def _other_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")


def _locked_archive(path: Path) -> None:
    case_book(path)
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1  # the flag of an encrypted part
    path.write_bytes(content)


def _half(path: Path) -> None:
    case_book(path, *(somebody(f"HS-{number}") for number in range(50)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _open_in_excel(path: Path) -> None:
    case_book(path)
    path.with_name(f"~${path.name}").write_bytes(b"\x05nguoi")


FILES: dict[str, Callable[[Path], object]] = {
    "missing": lambda _: None,
    "directory": Path.mkdir,
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("Mã hồ sơ;Họ và tên", encoding="utf-8"),
    "old excel": lambda path: path.write_bytes(_compound("Workbook")),
    "password": lambda path: path.write_bytes(_compound("EncryptionInfo", "EncryptedPackage")),
    "encrypted part": _locked_archive,
    "other archive": _other_archive,
    "half": _half,
    "only the first bytes": lambda path: path.write_bytes(b"PK\x03\x04"),
    "open in excel": _open_in_excel,
    "60 sheets": lambda path: write_book(path, {f"Tháng {number}": [["x"]] for number in range(1, 61)}),
    "another name": lambda path: write_book(path, {"Danh sách": [["x"]], "Hồ sơ 2024": [["x"]]}),
    "no cells": lambda path: write_book(path, {"Hồ sơ": []}),
    "no header": lambda path: write_book(path, {"Hồ sơ": [["Lớp", "Điểm"], ["1", "2"]]}),
    "one sheet twice": lambda path: write_book(
        path, {"HỒ SƠ": table(layout.case_sheet(), []), "Ho so": table(layout.case_sheet(), [])}
    ),
    "a slip in the name": lambda path: case_book(path.with_name("so1.xlsx")),
}


@pytest.mark.parametrize("name", FILES)
def test_files_refused(tmp_path: Path, name: str, snapshot: SnapshotAssertion) -> None:
    """Each kind of unusable file is named for what it is, with what to do about it."""
    path = tmp_path / "so.xlsx"
    FILES[name](path)
    with pytest.raises(BadFile) as refusal:
        read_workbook(path)
    assert refusal.value.exit_code == 3
    assert str(refusal.value).replace(str(tmp_path), "…") == snapshot


def test_no_sheet_is_chosen_of_two(tmp_path: Path) -> None:
    """Of two sheets that are the same when spelt carelessly neither is chosen, though one be spelt right."""
    rows = table(layout.case_sheet(), [somebody()])
    path = write_book(tmp_path / "so.xlsx", {"Hồ sơ": rows, "ho so": rows})
    with pytest.raises(SheetMissing, match="có nhiều sheet cùng tên"):
        read_workbook(path)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system does not let us open may be open in Excel or not ours: both are said."""
    path = case_book(tmp_path / "so.xlsx")

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(LockedFile, match="đang mở trong Excel hoặc không có quyền đọc"):
        read_workbook(path)


def test_an_owner_file_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, where the file itself tells whether it is held, a `~$` file left after a crash stops nobody."""
    path = tmp_path / "so.xlsx"
    _open_in_excel(path)
    with pytest.raises(LockedFile, match=r"xoá tệp “~\$so.xlsx” còn sót"):
        read_workbook(path)
    monkeypatch.setattr(xlsx_reading, "_held", lambda _: False)
    assert read_workbook(path).roster.records == ()


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """A part that declares a document type, the way to blow up a parser, is refused."""
    whole = case_book(tmp_path / "whole.xlsx", somebody())
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"):
        path = rewrite(whole, tmp_path / "so.xlsx", part, lambda xml: xml.replace(b"?>", b"?>" + bomb, 1))
        with pytest.raises(DamagedWorkbook):
            read_workbook(path)


def test_a_far_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    """One cell in the last corner of a sheet would make a table of 17 thousand million cells: refused before."""
    whole = case_book(tmp_path / "whole.xlsx", somebody())
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = rewrite(whole, tmp_path / "so.xlsx", SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    with pytest.raises(TooLarge):
        read_workbook(path)


def test_a_file_that_unpacks_without_end(tmp_path: Path) -> None:
    """An archive that claims to be larger than any roster is not unpacked."""
    path = case_book(tmp_path / "so.xlsx", somebody())
    content = bytearray(path.read_bytes())
    entry = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    content[entry + 24 : entry + 28] = struct.pack("<I", 2_000_000_000)
    path.write_bytes(content)
    with pytest.raises(TooLarge):
        read_workbook(path)


def test_cut_off_sheets(tmp_path: Path) -> None:
    """A sheet whose XML ends in the middle is damaged, not a shorter list."""
    whole = case_book(tmp_path / "whole.xlsx", *(somebody(f"HS-{number}") for number in range(9)))
    path = rewrite(whole, tmp_path / "so.xlsx", SHEET, lambda xml: xml[: len(xml) * 2 // 3])
    with pytest.raises(DamagedWorkbook):
        read_workbook(path)


def test_a_part_that_is_gone(tmp_path: Path) -> None:
    """A workbook that names a sheet which the archive lacks is damaged."""
    whole = case_book(tmp_path / "whole.xlsx", somebody())
    path = tmp_path / "so.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
    with pytest.raises(DamagedWorkbook):
        read_workbook(path)


@pytest.mark.parametrize("seed", seeds(40))
def test_mutated_bytes(tmp_path: Path, data: Path, seed: int) -> None:
    """Whatever bytes of a workbook are changed, cut out or doubled, it is read or refused in words."""
    chance = random.Random(seed)  # noqa: S311  # the same mutations on every run
    original = (data / "rosters" / "chi-bo-nho.xlsx").read_bytes()
    path = tmp_path / "so.xlsx"
    for _ in range(10):
        content = bytearray(original)
        for _ in range(chance.choice((1, 3, 20))):
            place = chance.randrange(len(content))
            match chance.randrange(3):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randrange(1, 200)]
                case _:
                    content[place:place] = content[place : place + chance.randrange(1, 200)]
        path.write_bytes(content)
        _read_or_refuse(path)


@pytest.mark.parametrize("seed", seeds(40))
def test_mutated_parts(tmp_path: Path, data: Path, seed: int) -> None:
    """The same for the XML inside, packed anew so that every checksum is right."""
    chance = random.Random(seed)  # noqa: S311  # the same mutations on every run
    original = data / "rosters" / "chi-bo-nho.xlsx"
    with zipfile.ZipFile(original) as archive:
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    for _ in range(8):
        part = chance.choice([SHEET, *parts])

        def change(xml: bytes) -> bytes:
            content = bytearray(xml)
            for _ in range(chance.choice((1, 2, 8))):
                place = chance.randrange(len(content))
                match chance.randrange(4):
                    case 0:
                        content[place] = chance.randrange(256)
                    case 1:
                        del content[place : place + chance.randrange(1, 60)]
                    case 2:
                        content[place:place] = chance.choice(_INSERTED)
                    case _:
                        digits = [spot for spot, sign in enumerate(content) if 48 <= sign < 58]
                        content[chance.choice(digits)] = chance.choice(b"0123456789")
            return bytes(content)

        _read_or_refuse(rewrite(original, tmp_path / "so.xlsx", part, change))


def _read_or_refuse(path: Path) -> None:
    try:
        read_workbook(path)
    except BadInput as error:
        refusal = error
    else:
        return
    assert str(path) in str(refusal)
    assert refusal.exit_code == 3
