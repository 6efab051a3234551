"""Workbooks made for a test, cell by cell, and opened up again to break them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from cases.values.kinds import KINDS
from cases.workbook import schema as layout

Cell = Any


@dataclass(frozen=True)
class Formula:
    """A formula with the result stored in the file: a number, a text, or an error such as `#N/A`."""

    text: str
    result: Any


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write sheets of plain cells."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, Formula):
                    page.write_formula(number, place, cell.text, None, cell.result)
                elif isinstance(cell, date):
                    page.write_datetime(number, place, _moment(cell), day)
                elif isinstance(cell, str):
                    page.write_string(number, place, cell)
                elif cell is not None:
                    page.write(number, place, cell)
    book.close()
    return path


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def table(sheet: layout.Sheet, rows: Sequence[Mapping[str, Cell]]) -> list[list[Cell]]:
    """A sheet's header and its rows, given by field; of the optional columns only those that a row fills."""
    used = {name for row in rows for name in row}
    columns = [column for column in sheet.columns if not column.optional or column.field in used]
    assert used <= {column.field for column in columns}, used
    return [[column.header for column in columns], *([row.get(column.field) for column in columns] for row in rows)]


def case_book(path: Path, *rows: Mapping[str, Cell], **others: Sequence[Mapping[str, Cell]]) -> Path:
    """A workbook whose sheet `Hồ sơ` holds the rows; other sheets by what they hold: `units`, `steps` …"""
    kept = {kind.things: kind.sheet for kind in KINDS.values()}
    sheets = {layout.case_sheet().name: table(layout.case_sheet(), rows)}
    for name, content in others.items():
        sheet = kept.get(name) or getattr(layout, name.upper())
        sheets[sheet.name] = table(sheet, content)
    return write_book(path, sheets)


def somebody(code: str = "HS-1", **fields: Cell) -> dict[str, Cell]:
    """A row of sheet `Hồ sơ` about which nothing can be said, with whatever a test puts in."""
    return {"code": code, "full_name": "Trần Văn Mẫu", "born_on": date(1990, 5, 15)} | fields


def rewrite(source: Path, target: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Copy a workbook with one part of its archive changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        assert part in names, names
        for name in names:
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return target
