"""Rosters for tests, made of a header and rows: read as they stand, or written to a file of each kind."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from cases.files.grids import Grid, Merge, SpreadFile, make_even
from cases.rosters import Remembered
from cases.rosters.outcome.answers import Answers
from cases.rosters.outcome.giving import Given
from cases.rosters.outcome.outcome import RosterPreview, RowOutcome
from cases.rosters.rows.reader import read_opened
from cases.values.records import Roster

Rows = Sequence[Any]
"""Lists of cells; mypy would take lists of mixed cells for lists of objects."""


def preview(
    rows: Rows,
    answers: Answers | None = None,
    existing: Roster | None = None,
    *,
    merges: Sequence[tuple[int, int, int, int]] = (),
    broken: dict[tuple[int, int], str] | None = None,
    name: str = "Sheet1",
    remembered: Given | None = None,
) -> RosterPreview:
    """The preview of a sheet with these rows; merges are top, left, bottom, right, from 0."""
    grid = Grid(name, make_even([list(row) for row in rows]), broken or {}, tuple(Merge(*one) for one in merges))
    book = SpreadFile(Path("danh-sach.xlsx"), "xlsx", (grid,))
    return read_opened(
        book, answers or Answers(unit="CB-01"), existing, remember=Remembered(lambda: remembered or {}, lambda _: False)
    )


def person(
    header: str, value: Any, answers: Answers | None = None, others: Mapping[str, Any] | None = None
) -> RowOutcome:
    """The outcome of a single person, well described but for one column with this value."""
    columns: dict[str, Any] = {
        "Họ và tên": "Nguyễn Thị Thử",
        "Ngày sinh": "05/06/1990",
        "Giới tính": "Nữ",
        **(others or {}),
        header: value,
    }
    return preview([list(columns), list(columns.values())], answers).rows[0]


def codes(row: RowOutcome) -> list[tuple[str, str | None]]:
    """Code and field of every reason of a row."""
    return [(why.remark.code, why.remark.field) for why in row.why]


def notice_codes(seen: RosterPreview) -> set[str]:
    """The codes of a preview's notices."""
    return {one.code for one in seen.notices}


def write_xlsx(path: Path, rows: Rows, *, sheet: str = "Sheet1", **properties: Any) -> Path:
    """An .xlsx file with one sheet; dates become date cells."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy", **properties}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, [None if value == "" else value for value in row])
    return path


def write_ods(path: Path, rows: Rows, *, extra: str = "") -> Path:
    """An .ods file with one sheet."""

    def cell(value: Any) -> str:
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(cell(value) for value in row)}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="Danh sách">{lines}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:manifest"/>')
        archive.writestr("content.xml", content)
    return path
