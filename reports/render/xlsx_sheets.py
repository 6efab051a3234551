"""What the sheets of a form's workbook share: formats, heights of rows; the notes kept apart and the people behind."""

from __future__ import annotations

import textwrap
from typing import Any

from reports.forms.model import APART, NOTES, Number, Report, Table

FONT = "Times New Roman"
SIZE, SMALL = 12, 10.5
LINE = 15.5
"""The height of a line of text; rows are given theirs, because not every program fits them to wrapped text."""
LETTERS = 1.12
"""How many letters of the font stand in one unit of width, on the safe side."""
PEOPLE_COLUMNS = (("Dòng", 9), ("Chỉ tiêu", 46), ("STT", 6), ("Mã", 14), ("Họ và tên", 28), ("Đơn vị", 32))


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.workbook.add_format({"valign": "vcenter", "text_wrap": True, **properties})
        return self._made[key]


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell so many letters wide."""
    room = max(int(width * LETTERS), 4)
    return sum(max(1, len(textwrap.wrap(part, room))) for part in text.split("\n")) if text else 1


def write_apart(workbook: Any, formats: Formats, report: Report) -> None:
    """The notes that are kept and not sent on."""
    sheet = workbook.add_worksheet(NOTES)
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, APART, formats(bold=True))
    for row, text in enumerate(report.apart, start=1):
        sheet.write_string(row, 0, text, formats())
        sheet.set_row(row, LINE * lines_of(text, 110) + 2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write_people(workbook: Any, formats: Formats, report: Report) -> None:
    """The sheet of the people behind the figures, one block a figure."""
    sheet = workbook.add_worksheet("Danh sách")
    for place, (label, width) in enumerate(PEOPLE_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, formats(bold=True, align="center", border=1))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    codes = _codes(report)
    row, text = 1, formats(text_wrap=False)
    for people in report.people:
        head = (codes.get(people.source, ""), f"{people.label}: {people.count}")
        if people.withheld:
            head = (head[0], f"{head[1]} (không in tên: thông tin nhạy cảm)")
        sheet.write_string(row, 0, head[0], formats(bold=True, text_wrap=False))
        sheet.write_string(row, 1, head[1], formats(bold=True, text_wrap=False))
        row += 1
        for number, (code, name, unit) in enumerate(people.rows, start=1):
            sheet.write_string(row, 0, head[0], text)
            sheet.write_string(row, 1, people.label, text)
            sheet.write_number(row, 2, number, text)
            for place, value in enumerate((code, name, unit), start=3):
                sheet.write_string(row, place, value, text)
            row += 1
    sheet.autofilter(0, 0, max(row - 1, 0), len(PEOPLE_COLUMNS) - 1)


def _codes(report: Report) -> dict[str, str]:
    """The row of the form in which a figure first stands."""
    codes: dict[str, str] = {}
    for block in report.blocks:
        if isinstance(block, Table):
            for line in block.lines:
                for cell in line.cells:
                    if isinstance(cell, Number) and cell.source and line.code:
                        codes.setdefault(cell.source, line.code)
        else:
            for slot in block.slots:
                for _, number in slot.figures:
                    if number.source:
                        codes.setdefault(number.source, slot.code)
    return codes
