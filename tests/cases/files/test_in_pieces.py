"""Large workbooks are read piece by piece and kept packed; nobody can tell by what comes out."""

from __future__ import annotations

import pickle
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cases.files import packed_rows, xlsx_parts
from cases.files.bounds import require_little_text
from cases.files.packed_rows import packed
from cases.files.xlsx_parts import Parts
from cases.files.xlsx_reading import read_sheets
from cases.values.refusals import BadFile, TooLarge
from cases.workbook.read import examine
from tests.cases.files.workbooks import case_book, somebody


def _book(path: Path, cells: dict[str, Any]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for place, value in cells.items():
        page[place] = value
    book.save(path)
    return path


def test_pieces_of_any_size_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a piece ends, the same cells are found to have no value, and the same rows are read."""
    plain = {f"{column}{row}": f"{column}{row} < &" for column in "BCD" for row in range(3, 30)}
    formulas = {**plain, "C7": "=1/0", "AA40": "=B3"}
    for name, cells in (("plain", plain), ("formulas", formulas), ("date", {"B2": date(2024, 1, 1)})):
        path = _book(tmp_path / f"{name}.xlsx", cells)
        said = []
        for size in (1 << 20, 1_000, 97, 13):
            monkeypatch.setattr(xlsx_parts, "_A_PIECE", size)
            sheets = read_sheets(path, list)
            with zipfile.ZipFile(path) as archive:
                parts = Parts(archive, path)
                places = list(parts.sheet_places().values())
                assert b"".join(parts.tags(places[0])) == archive.read(places[0])
            said.append([(sheet.name, [*map(list, sheet.rows)], dict(sheet.broken)) for sheet in sheets])
        assert all(one == said[0] for one in said), name
        (_, rows, broken) = said[0][0]
        assert set(broken) == ({(6, 2), (39, 26)} if name == "formulas" else set())
        assert all(row[0] == "" for row in rows), name  # the first column is empty, and it is there


def test_a_far_corner_is_refused_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that would fill the memory with empty cells is refused wherever its pieces end."""
    path = _book(tmp_path / "xa.xlsx", {"A1": 1, "XFD1000000": 1})
    for size in (1 << 20, 50):
        monkeypatch.setattr(xlsx_parts, "_A_PIECE", size)
        with pytest.raises(TooLarge):
            read_sheets(path, list)


def test_codes_written_twice_are_said_in_the_order_of_their_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list pasted twice is refused row by row, and no packed part is gone back to for it time and again."""
    book, half = case_book(tmp_path / "hai-lan.xlsx", *(somebody(f"HS-{n % 40}") for n in range(80))), 40
    monkeypatch.setattr(packed_rows, "_AT_ONCE", 10)
    unpacked, unpack = list[bytes](), packed_rows._unpacked

    def counted(part: bytes) -> list[list[Any]]:
        unpacked.append(part)
        return unpack(part)

    monkeypatch.setattr(packed_rows, "_unpacked", counted)
    refused = examine(book).refused
    assert [remark.row for remark in refused] == sorted(remark.row for remark in refused)
    assert len(refused) == 2 * half
    assert len(unpacked) < half


def test_packed_rows_are_the_rows() -> None:
    """Packed rows are as many, each as it was with the types of its cells, in order, by number and after pickling."""
    moment = datetime(2024, 1, 1)
    rows: list[list[Any]] = [
        [f"HS-{number}", "Kinh", "", 1, 1.0, True, date(2024, 1, 1), moment, number % 7 * 0.5]
        for number in range(1_203)
    ]
    seen: list[tuple[int, int, int]] = []
    made = packed(iter(rows), lambda first, some, longest: seen.append((first, len(some), longest)))
    assert sum(many for _, many, _ in seen) == len(made) == len(rows)
    assert seen[-1][2] == len("HS-1202")
    for one in (made, pickle.loads(pickle.dumps(made))):  # noqa: S301  # what was pickled here
        assert list(map(repr, one)) == list(map(repr, rows))
        for index in (0, 1, 499, 500, 1_202, -1, -1_203, 3):
            assert repr(one[index]) == repr(rows[index])
        assert one[:30] == rows[:30]
        assert one[490:510] == rows[490:510]
        with pytest.raises(IndexError):
            one[1_203]
    assert list(packed(iter(()), lambda *_: None)) == []


def test_long_texts_are_counted_however_their_numbers_are_written() -> None:
    """A long text that many cells name is refused, whatever hides its number; one that few cells name is not."""
    strings = b"<sst>" + b"<si><t>a</t></si>" * 10 + b"<si><t>" + b"b" * 30_000 + b"</t></si></sst>"
    for said, refusal in (
        (b"<v>10</v>", TooLarge),
        (b"<v> 10 </v>", TooLarge),
        (b"<v>0010</v>", TooLarge),
        (b"<v>1&#48;</v>", BadFile),
        (b"<v><!-- -->10</v>", BadFile),
        (b"<v>1<!-- -->0</v>", BadFile),
    ):
        short, long = b'<c r="A1" t="s"><v>3</v></c>', b'<c r="A1" t="s">' + said + b"</c>"
        many = [long * 1_000] * 10
        with pytest.raises(refusal):
            require_little_text(Path("so.xlsx"), strings, 10_000, lambda many=many: many)  # type: ignore[misc]  # a default binds it
        few = [short * 1_000] * 9 + [long * 5]
        if refusal is TooLarge:
            require_little_text(Path("so.xlsx"), strings, 9_005, lambda few=few: few)  # type: ignore[misc]  # a default binds it
