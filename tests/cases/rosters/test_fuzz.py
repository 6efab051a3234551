"""Rosters nobody would think of: whatever the bytes, cells and headers are, there is a preview or a named refusal.

Every input is made from a seed, so that a failure comes again: run `pytest … -k 'fuzz and 137'` for block 137.
"""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.files.grids import Grid, Merge, SpreadFile, make_even
from cases.files.sources import read_book
from cases.rosters import Answers, RosterPreview, read
from cases.rosters.columns.labels import load
from cases.rosters.outcome.error_workbook import write_error_workbook
from cases.rosters.outcome.outcome import stored_fields
from cases.rosters.rows.reader import read_opened
from cases.values.records import Roster
from rules.loader.errors import BadInput
from tests.conftest import DATA
from tests.whole import seeds

BLOCKS = 50
INPUTS_A_BLOCK = 100
"""5,000 inputs in all, 2,000 of them in `make check`, 400 in `make test`."""

SAMPLES = [*sorted(file for file in (DATA / "messy").iterdir() if file.suffix in (".xlsx", ".csv")),
           DATA / "rosters_as_kept" / "kept.xls"]  # fmt: skip
SMALL = [*(file for file in SAMPLES if file.suffix != ".xlsx"), DATA / "messy" / "m3.xlsx", DATA / "messy" / "m5.xlsx"]
BOOKS = {file: read_book(file) for file in SAMPLES}
HEADERS = [field.label for field in load().fields.values()] + [
    "LL",
    "ĐV",
    "DT",
    "CC",
    "Nam/Nữ",
    "Họ và tên / Ngày sinh",
]

CELLS: list[Any] = [
    "", " ", "-", "x", "X", "nt", "//", "?", "chưa có", "Nam", "Nữ", "Kinh", "Không", "0", "12/12", "Tổng cộng: 3",
    "I. CHI BỘ THÔN 9", "(1)", "Hä vµ tªn", "Nguyeãn Vaên AÙ", "L\xad¬ng", "Nguy?n", "□□", "&amp;#x;", "&#99999999;",
    "\ufffe", "\x00", "\ud83d\ude00", "e\u0301" * 50, "9" * 400, "1e999", "-1", "0/0/0", "31/02/1990", "1980", "8/7/80",
    "00/00/1960", "00/5/1960", "29/02/2023", "ngày 31 tháng 2 năm 1990", "03/02/2023 03/02/2024",
    "a\nb\nc", ";;;", "=1+1",
    "3.8E+10", "38085012345", "000000000000", "038085012345", "Đang sinh hoạt", "Từ trần", "Họ và tên", "STT",
    0, 1, -1, 1.5, 80.0, 1980.0, 44927.0, 1e15, 1e300, float("nan"), float("inf"), True, False, 10**20,
    date(1, 1, 1), date(9999, 12, 31), date(1905, 6, 2), datetime(1990, 5, 6, 7, 8), timedelta(days=5),
    datetime(1990, 5, 6).time(), None,
]  # fmt: skip


def bytes_of(chance: random.Random) -> tuple[bytes, str]:
    """A sample file with some bytes changed, cut off, doubled or moved."""
    file = chance.choice(SMALL)
    content = bytearray(file.read_bytes())
    for _ in range(chance.choice([1, 1, 2, 5, 40])):
        place = chance.randrange(max(1, len(content)))
        way = chance.randrange(6)
        if way == 0:
            content[place : place + 1] = bytes([chance.randrange(256)])
        elif way == 1:
            del content[place : place + chance.randrange(1, 60)]
        elif way == 2:
            content[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
        elif way == 3:
            content[place:place] = content[: chance.randrange(1, 200)]
        elif way == 4:
            del content[place:]
        else:
            content[place:place] = chance.choice([b";", b'"', b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"PK"])
    return bytes(content), file.suffix


def cells_of(chance: random.Random) -> SpreadFile:
    """A sample with cells, headers, rows and columns changed, and merges that nobody would make."""
    book = BOOKS[chance.choice(SAMPLES)]
    rows = [list(row) for row in chance.choice(book.grids).rows]
    for _ in range(chance.choice([1, 3, 10, 40])):
        row = chance.randrange(len(rows))
        way = chance.randrange(10)
        if way < 6:
            place = chance.randrange(len(rows[row]) or 1)
            if place < len(rows[row]):
                rows[row][place] = mutated(chance, rows[row][place])
        elif way == 6:
            rows.insert(row, list(chance.choice(rows)))
        elif way == 7 and len(rows) > 2:
            del rows[row]
        elif way == 8:
            position = chance.randrange(len(rows[0]) + 1)
            for one in rows:
                one.insert(position, chance.choice(CELLS[:10]))
            rows[chance.randrange(min(6, len(rows)))][position] = chance.choice(HEADERS)
        else:
            chance.shuffle(rows[row])
    rows = make_even(rows)
    height, width = len(rows), len(rows[0])
    merges = []
    for _ in range(chance.choice([0, 0, 1, 4])):
        top, left = chance.randrange(height), chance.randrange(width or 1)
        merges.append(Merge(top, left, min(height + 3, top + chance.randrange(4)), left + chance.randrange(4)))
    broken = {(chance.randrange(height), chance.randrange(width or 1)): chance.choice(["", "#REF!"]) for _ in range(2)}
    fonts = {
        (row, chance.randrange(width or 1)): chance.choice([".VnTime", ".VnTimeH", "VNI-Times"]) for row in range(3)
    }
    return SpreadFile(
        Path("ds.xlsx"),
        "xlsx",
        (Grid("Danh sách", rows, broken if chance.random() < 0.3 else {}, tuple(merges), fonts),),
        encoding=chance.choice([None, "8-bit"]),
    )


def mutated(chance: random.Random, value: Any) -> Any:
    """Another cell, or this one with letters changed."""
    if not isinstance(value, str) or not value or chance.random() < 0.5:
        found = chance.choice([*CELLS, *HEADERS])
        return "" if found is None else found
    letters = list(value)
    for _ in range(chance.randrange(1, 4)):
        letters.insert(
            chance.randrange(len(letters) + 1), chance.choice(" \n/;,.-?(*:xX0123456789\u0301\u00ad\u200b§µ¸")
        )
    return "".join(letters)


def header_of(chance: random.Random) -> SpreadFile:
    """Any headers over any cells, in one row or two."""
    width = chance.randrange(1, 12)
    rows: list[list[Any]] = [[chance.choice(CELLS[:12]) for _ in range(width)] for _ in range(chance.randrange(3))]
    rows += [[chance.choice([*HEADERS, "", ""]) for _ in range(width)] for _ in range(chance.choice([1, 1, 2, 3]))]
    if chance.random() < 0.8:
        rows[-1][0] = "Họ và tên"
    for _ in range(chance.randrange(12)):
        rows.append([mutated(chance, chance.choice(["Nguyễn Văn An", "05/06/1985", ""])) for _ in range(width)])
    return SpreadFile(Path("ds.csv"), "csv", (Grid(None, make_even(rows)),))


def answers_of(chance: random.Random) -> Answers:
    """Any answers."""
    return Answers(
        unit=chance.choice([None, "CB-01"]),
        header_row=chance.choice([None, None, None, 1, 4, 99]),
        joined=chance.choice(["ceremony", "decision"]),
        decode=chance.choice([None, None, True, False]),
        accepted=frozenset(chance.sample(["ditto", "zero_lost", "date_as_number", "old_id", "unknown_code"], 2)),
        persons={chance.randrange(2, 20): chance.choice(["same", "other"]) for _ in range(3)},
        on_match=chance.choice(["fill", "keep", "replace"]),
        columns=chance.choice([{}, {}, {"A": "full_name"}, {"B": ""}]),
        as_of=chance.choice([None, date(2020, 1, 1)]),
    )


def hold(seen: RosterPreview) -> None:
    """What holds of every preview: each row has one outcome with its reason, and only good rows are stored, whole."""
    json.dumps(seen.as_json())
    numbers = [row.row for row in seen.rows]
    assert len(numbers) == len(set(numbers))
    assert not set(numbers) & {one.row for one in seen.ignored}
    for row in seen.rows:
        asked = {why.outcome for why in row.why}
        assert (row.outcome == "accepted") == (not row.why)
        assert row.outcome == "accepted" or row.outcome in asked
        assert (row.outcome == "refused") == ("refused" in asked)
        if row.record is not None:
            assert row.outcome in ("accepted", "warned")
            assert row.record.fields["full_name"]
            assert row.record.fields == stored_fields(row.record.fields)
            assert all(1900 <= day.year <= 2100 for day in row.record.fields.values() if isinstance(day, date))
        for why in row.why:
            assert why.remark.reason
            assert why.remark.suggestion
    records = seen.roster().records
    assert len({record.code for record in records}) == len(records)


def read_twice(read_once: Callable[[Roster | None], RosterPreview]) -> None:
    """Read, and read again what was stored: the second time nobody is new and nothing changes."""
    try:
        seen = read_once(None)
    except BadInput:
        return
    hold(seen)
    if seen.whole is None:
        again = read_once(seen.roster())
        hold(again)
        stored = {record.code for record in seen.roster().records}
        for row in again.rows:
            if row.change == "new":
                assert row.record is not None
                assert row.record.code not in stored


@pytest.mark.parametrize("block", seeds(BLOCKS, most=20))
def test_fuzz(block: int, tmp_path: Path) -> None:
    """A hundred mutated inputs: bytes of files, cells and headers of sheets; none raises anything but `BadInput`."""
    for number in range(INPUTS_A_BLOCK):
        chance = random.Random(block * INPUTS_A_BLOCK + number)  # noqa: S311  # chance, no secret
        answers = answers_of(chance)
        kind = number % 3
        if kind == 0:
            content, suffix = bytes_of(chance)
            path = tmp_path / f"ds{suffix}"
            path.write_bytes(content)
            read_twice(lambda existing, path=path, answers=answers: read(path, answers, existing))  # type: ignore[misc]  # bound early
        else:
            state = chance.getstate()

            def once(
                existing: Roster | None,
                chance: random.Random = chance,
                state: Any = state,
                kind: int = kind,
                answers: Answers = answers,
            ) -> RosterPreview:
                chance.setstate(state)
                return read_opened(cells_of(chance) if kind == 1 else header_of(chance), answers, existing)

            read_twice(once)


@pytest.mark.parametrize("block", seeds(4))
def test_fuzzed_error_workbooks(block: int, tmp_path: Path) -> None:
    """Whatever was refused can be written down, and read again without a traceback."""
    for number in range(12):
        chance = random.Random(1_000_000 + block * 12 + number)  # noqa: S311  # chance, no secret
        try:
            seen = read_opened(cells_of(chance), Answers())
        except BadInput:
            continue
        path = tmp_path / "loi.xlsx"
        if write_error_workbook(seen, path, force=True):
            with contextlib.suppress(BadInput):
                hold(read(path))
