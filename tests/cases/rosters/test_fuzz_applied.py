"""Mutated files and made-up lists really written: the store is as before, or holds exactly what was said, and can go
back.

A failure comes again with its seed: `pytest … -k 'applied and 137'`. `make torture` tries many more (DUBI_FUZZED).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.files.grids import Grid, SpreadFile, make_even
from cases.files.sources import read_book
from cases.workbook import schema as layout
from tests.cases.files.workbooks import somebody, table
from tests.cases.rosters.applied import apply_and_hold, chance_of, hold_unchanged, stores, url_of, write_file
from tests.cases.rosters.test_fuzz import answers_of, bytes_of, cells_of, header_of, mutated
from tests.conftest import DATA
from tests.whole import seeds

INPUTS_A_BLOCK = 20
BLOCKS = int(os.environ.get("DUBI_FUZZED", "160")) // INPUTS_A_BLOCK
FEWEST_WRITTEN = 2
"""Of a block; a fuzzer whose every file is refused tries nothing."""

CANONICAL = read_book(DATA / "rosters" / "chi-bo-nho.xlsx")
UNITS = ["CB-01", "cb-01", "CB-01", "CB-99", None]
"""One that the filled store lists, in two spellings, one that it does not, and none."""

STEPS = [column.field for column in layout.case_sheet().columns if column.type == "date" and column.field != "born_on"]


def day_of(chance: random.Random) -> date:
    """A day that may come before or after any other."""
    return date(1930, 1, 1) + timedelta(days=chance.randrange(36_000))


def list_of(chance: random.Random) -> SpreadFile:
    """A list of an office's own whose days are in any order: years and months only, too, and people twice."""
    header = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Ngày vào Đảng", "Ngày chính thức", "Lý do chậm",
              "Ngày QĐ kết nạp", "Trình độ chuyên môn", "Ghi chú", "Đoàn viên"]  # fmt: skip
    if chance.random() < 0.3:
        header[0] = "Mã hồ sơ"
    rows: list[list[Any]] = [["DANH SÁCH ĐẢNG VIÊN"], header]
    names = ["Nguyễn Văn An", "TRẦN THỊ BÌNH", "Lê  Cảnh", "Đặng Hoà", "Nguyễn Văn An (Bí thư)"]
    for number in range(chance.randrange(1, 9)):
        days = [chance.choice([day_of(chance), f"{day_of(chance):%d/%m/%Y}", ""]) for _ in range(4)]
        born = chance.choice([days[0], days[0], "1975", "5/1980", f"{day_of(chance):%d.%m.%Y}"])
        rows.append([number + 1, chance.choice(names), born, chance.choice(["Nam", "Nữ", ""]), "Kinh", *days[1:3],
                     chance.choice(["", "bận\nviệc", "x" * 300]), days[3], chance.choice(["ĐH", "", "12/12"]),
                     chance.choice(["", "nt", "=SUM(1)"]), chance.choice(["x", ""])])  # fmt: skip
    for _ in range(chance.randrange(3)):
        row = chance.choice(rows[2:])
        place = chance.randrange(len(row))
        row[place] = mutated(chance, row[place])
    return SpreadFile(Path("ds.xlsx"), "xlsx", (Grid("DS", make_even(rows)),))


def workbook_of(chance: random.Random) -> SpreadFile:
    """A canonical workbook whose days are in any order, with the mark that lets them stand or without."""
    rows = []
    for number in range(chance.randrange(1, 6)):
        chosen = {name: day_of(chance) for name in chance.sample(STEPS, chance.randrange(6))}
        kept = {"dates_kept": "x"} if chance.random() < 0.5 else {}
        rows.append(somebody(f"HS-{number}", born_on=day_of(chance), **chosen, **kept))
    content = [[cell or "" for cell in row] for row in table(layout.written_case_sheet(), rows)]
    for _ in range(chance.choice([0, 0, 1])):
        row = chance.choice(content)
        place = chance.randrange(len(row))
        row[place] = mutated(chance, row[place]) or ""
    return SpreadFile(Path("so.xlsx"), "xlsx", (Grid(layout.case_sheet().name, content),))


def whole_workbook_of(chance: random.Random) -> SpreadFile:
    """A canonical workbook with all its sheets, some of their cells changed."""
    grids = [Grid(grid.name, [list(row) for row in grid.rows]) for grid in CANONICAL.grids]
    for _ in range(chance.choice([1, 2, 6])):
        row = chance.choice(chance.choice(grids).rows[chance.choice([0, 1, 1, 1]) :])
        place = chance.randrange(len(row))
        row[place] = mutated(chance, row[place])
    return SpreadFile(Path("so.xlsx"), "xlsx", tuple(grids))


def file_of(chance: random.Random, folder: Path) -> Path:
    """A file of one of many kinds."""
    kind = chance.randrange(9)
    if kind == 0:
        content, suffix = bytes_of(chance)
        path = folder / f"ds{suffix}"
        path.write_bytes(content)
        return path
    made = {1: header_of, 2: cells_of, 3: cells_of, 4: workbook_of, 5: workbook_of, 6: whole_workbook_of}.get(
        kind, list_of
    )
    return write_file(made(chance), folder / "ds.xlsx")


def inputs(block: int, folder: Path) -> Iterator[tuple[int, Path]]:
    """The files of a block with their seeds."""
    for number in range(INPUTS_A_BLOCK):
        seed = 2_000_000 + block * INPUTS_A_BLOCK + number
        yield seed, file_of(chance_of(seed), folder)


@pytest.mark.parametrize("block", seeds(BLOCKS))
def test_applied(block: int, tmp_path: Path) -> None:
    """Twenty files applied: no half import, an undo gives the same export, and every export is taken back whole."""
    written = 0
    for seed, path in inputs(block, tmp_path):
        chance = chance_of(seed + 10**9)
        answers = replace(answers_of(chance), unit=chance.choice(UNITS), header_row=None)
        try:
            written += apply_and_hold(
                chance.choice(stores()), path, answers, tmp_path, accept_good=chance.random() < 0.8
            )
        except Exception as error:
            error.add_note(f"seed {seed}, file {path}")
            raise
    assert written >= FEWEST_WRITTEN


def test_a_killed_write_is_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing fails half-way, whatever the failure, nothing of the file is in the store."""
    import cases.store.rows.row_writing

    begin = stores()[1]
    path = write_file(list_of(chance_of(5)), tmp_path / "ds.xlsx")
    answers = replace(answers_of(chance_of(5)), unit="CB-01", header_row=None, columns={})

    def fail(*_: object) -> None:
        raise Unforeseen

    monkeypatch.setattr(cases.store.rows.row_writing, "_step_rows", fail)
    with pytest.raises(Unforeseen):
        apply_and_hold(begin, path, answers, tmp_path, accept_good=True)
    hold_unchanged(begin, url_of(tmp_path / "kho" / "kho.sqlite"))


class Unforeseen(BaseException):
    """A failure that nobody catches."""
