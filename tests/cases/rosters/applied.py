"""Files of any kind really applied to a store, and what must hold of the store afterwards: nothing is half in it."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import xlsxwriter

from cases.files.grids import SpreadFile
from cases.history.undo import undo
from cases.history.verification import verify
from cases.imports.importing import Import, import_file
from cases.imports.stamping import export_store
from cases.log.batches import read_batches
from cases.log.write_plan import WritePlan
from cases.rosters import Answers
from cases.store.connection import initialise, querying
from cases.store.reading import read_store
from cases.values.places import home
from cases.values.records import Roster
from cases.workbook.exporting import write_workbook
from rules.loader.errors import BadInput, UnknownName
from tests.conftest import DATA


@dataclass(frozen=True)
class Before:
    """A store to begin with: its file, what it holds, and the bytes of its export."""

    file: Path
    roster: Roster
    export: bytes


def url_of(file: Path) -> str:
    """The address of a store's file."""
    return f"sqlite:///{file}"


@cache
def stores() -> tuple[Before, Before]:
    """An empty store, and one that holds a cell's workbook and two lists already; made once, only copied."""
    folder = Path(mkdtemp(prefix="dubi-test-"))
    empty, filled = folder / "empty.sqlite", folder / "filled.sqlite"
    initialise(url_of(empty))
    shutil.copyfile(empty, filled)
    import_file(url_of(filled), DATA / "rosters" / "chi-bo-nho.xlsx", apply=True)
    for name in ("m3.xlsx", "m4.csv"):
        import_file(url_of(filled), DATA / "messy" / name, Answers(unit="CB-01"), apply=True, accept_good=True)
    return _before(empty), _before(filled)


def _before(file: Path) -> Before:
    return Before(file, read_store(url_of(file)), exported(url_of(file), file.with_suffix(".xlsx")))


def exported(url: str, path: Path) -> bytes:
    """The bytes of a store's export."""
    return write_workbook(read_store(url), path, force=True).read_bytes()


def copied(begin: Before, folder: Path) -> Path:
    """A copy of a store in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(home() / "anchors", ignore_errors=True)  # of the copy that stood at the same place before
    folder.mkdir()
    return Path(shutil.copyfile(begin.file, folder / "kho.sqlite"))


def write_file(book: SpreadFile, path: Path) -> Path:
    """An .xlsx file of sheets that were made up, with whatever of them such a file can hold."""
    options = {"default_date_format": "dd/mm/yyyy", "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(str(path), options) as out:
        for grid in book.grids:
            page = out.add_worksheet(grid.name or "Sheet1")
            for number, row in enumerate(grid.rows):
                for place, value in enumerate(row):
                    _write_cell(page, number, place, value)
    return path


def _write_cell(page: Any, number: int, place: int, value: Any) -> None:
    if isinstance(value, str):
        if letters := value.encode("utf-8", "ignore").decode():  # half a sign cannot stand in a file
            page.write_string(number, place, letters)
    elif isinstance(value, bool | int | float):
        page.write(number, place, min(value, 10**15) if isinstance(value, int) else value)
    elif isinstance(value, date | datetime) and 1900 <= value.year <= 9999:
        page.write_datetime(number, place, value)


def apply_and_hold(begin: Before, path: Path, answers: Answers, folder: Path, *, accept_good: bool) -> bool:
    """Apply a file to a copy of a store, and hold what must be; whether anything was written."""
    url = url_of(copied(begin, folder / "kho"))
    try:
        done = import_file(url, path, answers, apply=True, accept_good=accept_good)
    except (BadInput, UnknownName):
        hold_unchanged(begin, url)
        return False
    if done.batch is None:
        hold_unchanged(begin, url)
        return False
    hold_written(begin, done, url)
    out = exported(url, folder / "xuat.xlsx")
    hold_round_trip(url, out, folder)
    undo(url)
    assert exported(url, folder / "lai.xlsx") == begin.export
    assert verify(url).holds
    return True


def hold_unchanged(begin: Before, url: str) -> None:
    """Nothing of a file that was not taken is in the store, and the log has no line of it."""
    assert read_store(url) == begin.roster
    with querying(url) as execute, querying(url_of(begin.file)) as earlier:
        assert read_batches(execute) == read_batches(earlier)


def hold_written(begin: Before, done: Import, url: str) -> None:
    """The store holds what it held and exactly the rows that the answer says were stored."""
    before = {record.code: record for record in begin.roster.records}
    after = {record.code: record for record in read_store(url).records}
    new, changed = _said(done.plan)
    assert after.keys() - before.keys() == new
    assert {code for code in before if after.get(code) != before[code]} == changed
    stored = [row for row in done.rows if row.outcome in ("accepted", "warned") and row.fields.get("full_name")]
    assert new | changed <= {str(row.fields.get("code")) for row in stored}
    for row in stored:
        if row.record is not None and done.preview.whole is None:
            assert after[row.record.code].fields == row.record.fields


def _said(plan: WritePlan) -> tuple[set[str], set[str]]:
    altered = plan.cases.altered
    assert (plan.cases.new, plan.cases.changed) == (
        sum(one.before is None for one in altered),
        sum(one.before is not None for one in altered),
    )
    return {one.key for one in altered if one.before is None}, {one.key for one in altered if one.before is not None}


def hold_round_trip(url: str, out: bytes, folder: Path) -> None:
    """Whatever a store holds leaves as a workbook that an empty store takes whole, and gives back byte for byte.

    It leaves with its stamp: of two people alike in a workbook without one, the second waits for an answer.
    """
    second = copied(stores()[0], folder / "hai")
    source = folder / "gui.xlsx"
    export_store(url, source, force=True)
    report = import_file(url_of(second), source, apply=True)
    assert not report.refused, [str(remark) for remark in report.refused[:5]]
    assert exported(url_of(second), folder / "nhan.xlsx") == out


def chance_of(seed: int) -> random.Random:
    """The chance of one input."""
    return random.Random(seed)  # noqa: S311  # chance, no secret
