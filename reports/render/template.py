"""Filling an office's own workbook: values go into its cells, found by their labels; nothing of its layout is touched.

A row is found by the label in front of it, a column by its heading above; what the file has no place for, and the
notes under the form, go to a sheet of their own at the end.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cases.values.apart import apart
from cases.values.refusals import TooLarge
from cases.values.whole_file import whole_file
from engine.statistics.figure import half_up
from reports.forms.model import NOTES, Cell, Number, Report, ReportLine, Table
from reports.forms.numbers import cell_text
from reports.papers.level_words import LEVELS, every_word
from rules.loader.errors import BadInput

MOST_UNPACKED = 100_000_000
"""Bytes of a workbook of forms, unpacked; one with every form has two megabytes."""
_FOOTNOTE = re.compile(r"\s*\(\d+\)$")


def folded(label: object) -> str:
    """A label as it is compared: without case, diacritics, signs in front, and doubled spaces."""
    text = unicodedata.normalize("NFD", str(label or "").casefold().replace("đ", "d").replace("–", "-"))
    bare = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w%]+", " ", bare).split())


def open_workbook(path: Path, *, results: bool = False) -> Any:
    """A workbook that somebody hands in, with formulas or their results; raises `BadInput` where it is none.

    It is opened in the process that calls: only in a child (`cases.values.apart`).
    """
    from openpyxl import load_workbook

    try:
        with ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise TooLarge(path)
        return load_workbook(path, data_only=results)
    except (OSError, BadZipFile, LookupError, ValueError, TypeError, SyntaxError, AttributeError) as error:
        raise BadInput(f"Không mở được tệp “{path}”. Kiểm tra tệp có phải .xlsx không.") from error


def fill_template(report: Report, template: Path, path: Path, *, replace: bool = False) -> int:
    """Fill a copy of a workbook; gives how many cells were filled; raises `BadInput` where no row is found."""
    done, content = apart(template, _filled, report)
    with whole_file(path, suffix=".xlsx", replace=replace) as draft:
        draft.write_bytes(content)
    return done


def _filled(template: Path, report: Report) -> tuple[int, bytes]:
    book = open_workbook(template)
    done, without = 0, list[str]()
    for block in report.blocks:
        if isinstance(block, Table):
            filled, missing = _fill(book, block)
            done += filled
            without += missing
    if not done:
        raise BadInput(f"Không thấy dòng nào của biểu {report.form} trong “{template}”. Kiểm tra đúng biểu chưa.")
    _write_notes(book, report, without)
    book.properties.modified = dt.datetime(2000, 1, 1)
    content = BytesIO()
    book.save(content)
    return done, content.getvalue()


def _level(text: str) -> str:
    """A folded label with the words of levels as they were before: an office's form may be of another time."""
    for name in LEVELS:
        first, *later = map(folded, every_word(name))
        for said in later:
            text = text.replace(said, first)
    return text


def _fill(book: Any, block: Table) -> tuple[int, list[str]]:
    """Fill one table; gives the number of cells, and the rows that the workbook has no place for."""
    for sheet in book.worksheets:
        columns = _columns(sheet, block)
        if columns is None:
            continue
        top, places = columns
        rows = _rows(sheet, top, places[0])
        done, missing, after = 0, list[str](), top
        for line in block.lines:
            label = _level(folded(_FOOTNOTE.sub("", cell_text(line.cells[_label_place(block)]))))
            at = next((row for row in rows.get(label, ()) if row > after), None)
            if at is None:
                if _has_figures(line):
                    missing.append(_in_words(line, block))
                continue
            after = at
            for place, cell in enumerate(line.cells):
                if place in places[1] and isinstance(cell, Number):
                    _write(sheet.cell(at, places[1][place]), cell)
                    done += 1
        return done, missing
    return 0, []


def _label_place(block: Table) -> int:
    return next(place for place, column in enumerate(block.columns) if column.align == "left")


def _columns(sheet: Any, block: Table) -> tuple[int, tuple[int, dict[int, int]]] | None:
    """The row of the headings, the column of the labels and of each figure; None where they are not there."""
    labels = _label_place(block)
    wanted = {place: folded(column.label) for place, column in enumerate(block.columns)}
    found: dict[int, tuple[int, int]] = {}
    for row in sheet.iter_rows(max_row=min(sheet.max_row, 60)):
        for cell in row:
            text = folded(cell.value)
            for place, heading in wanted.items():
                if text and text == heading and place not in found:
                    found[place] = (cell.row, cell.column)
    figures = {place: at[1] for place, at in found.items() if place != labels}
    if labels not in found or not figures:
        return None
    return max(row for row, _ in found.values()), (found[labels][1], figures)


def _rows(sheet: Any, top: int, column: int) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row in range(top + 1, sheet.max_row + 1):
        text = _level(folded(sheet.cell(row, column).value))
        if text:
            rows.setdefault(text, []).append(row)
    return rows


def _has_figures(line: ReportLine) -> bool:
    return any(isinstance(cell, Number) for cell in line.cells)


def _in_words(line: ReportLine, block: Table) -> str:
    figures = [
        f"{column.label}: {cell_text(cell)}"
        for column, cell in zip(block.columns, line.cells, strict=True)
        if isinstance(cell, Number)
    ]
    return f"{cell_text(line.cells[_label_place(block)])} – {'; '.join(figures)}"


def _write(target: Any, number: Cell) -> None:
    """A value in a cell; its format stays the office's own."""
    assert isinstance(number, Number)
    if number.value is None:
        target.value = cell_text(number)
    elif isinstance(number.value, Fraction):
        target.value = half_up(number.value, number.digits or 0)
    else:
        target.value = number.value


def _write_notes(book: Any, report: Report, without: list[str]) -> None:
    """The notes of the form, and the rows without a place, on a sheet at the end."""
    if NOTES in book.sheetnames:
        del book[NOTES]
    sheet = book.create_sheet(NOTES)
    for row, text in enumerate(_note_lines(report, without), start=1):
        sheet.cell(row, 1, text)
    sheet.column_dimensions["A"].width = 120


def _note_lines(report: Report, without: list[str]) -> Iterator[str]:
    if without:
        yield "Các dòng sau không có chỗ trong biểu có sẵn:"
        yield from without
    yield from report.notes
    if report.mark:
        yield report.mark
