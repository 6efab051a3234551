"""A filled form as a workbook: real numbers, frozen headings, A4, and a sheet with the lists behind the figures."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cases.values.whole_file import whole_file
from engine.statistics.figure import half_up
from reports.forms.headings import head_cells, head_rows
from reports.forms.model import ROOM, Cell, Number, Report, ReportLine, Slots, Table
from reports.forms.numbers import TYPED_MARK, cell_text
from reports.render.xlsx_sheets import FONT, LINE, SIZE, SMALL, Formats, lines_of, write_apart, write_people

INDENT = 1
SLOT_WIDTHS = (7.0, 40.0, 50.0, 12.0)


def write(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write a form as .xlsx; the same form gives the same bytes."""
    import xlsxwriter

    with whole_file(path, suffix=".xlsx", replace=replace) as draft:
        options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": SIZE}}
        content = io.BytesIO()  # no zip that is still open when the disk is full
        workbook = xlsxwriter.Workbook(content, options)
        workbook.set_properties({"title": report.label, "created": dt.datetime(2000, 1, 1)})
        formats = Formats(workbook)
        tables: list[Table | None] = [block for block in report.blocks if isinstance(block, Table)]
        tables = tables or [None]
        for number, table in enumerate(tables, start=1):
            name = report.form if len(tables) == 1 else f"{report.form} ({number})"
            slots = [block for block in report.blocks if isinstance(block, Slots)] if number == len(tables) else []
            _Page(workbook.add_worksheet(name), formats, report).write(table, slots)
        if report.apart:
            write_apart(workbook, formats, report)
        if report.people:
            write_people(workbook, formats, report)
        workbook.close()
        draft.write_bytes(content.getbuffer())


@dataclass
class _Page:
    """One sheet, written from the top."""

    sheet: Any
    formats: Formats
    report: Report
    row: int = 0

    def write(self, table: Table | None, slots: list[Slots]) -> None:
        widths = [column.width for column in table.columns] if table else list(SLOT_WIDTHS)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width * 1.08 + 0.7)
        self.widths = widths
        self._page_setup()
        self._heading()
        if table is not None:
            self._table(table, repeated=not slots)
        for block in slots:
            self._slots(block)
        self._notes()
        self._signatures()

    @property
    def last(self) -> int:
        return len(self.widths) - 1

    def _page_setup(self) -> None:
        sheet = self.sheet
        sheet.set_paper(9)
        if self.report.landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.8, right=0.6, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer(f'&C&"{FONT}"&9&P')
        sheet.hide_gridlines(2)

    def _across(self, first: int, last: int, text: str, width: float, **properties: Any) -> int:
        """Write a text over several columns of the row at hand; gives the lines it takes."""
        style = self.formats(**properties)
        if first == last:
            self.sheet.write_string(self.row, first, text, style)
        else:
            self.sheet.merge_range(self.row, first, self.row, last, text, style)
        return lines_of(text, width)

    def _halves(self) -> tuple[int, float]:
        """The last column of the left half, and the width of that half."""
        total, so_far = sum(self.widths), 0.0
        for place, width in enumerate(self.widths):
            so_far += width
            if so_far >= total * 0.42 and place < self.last:
                return place, so_far
        return max(self.last - 1, 0), so_far

    def _next(self, lines: int = 1, height: float = LINE) -> None:
        self.sheet.set_row(self.row, max(lines, 1) * height + 1)
        self.row += 1

    def _heading(self) -> None:
        report = self.report
        middle, left_width = self._halves()
        right_width = sum(self.widths) - left_width
        if report.corner:
            self._across(middle + 1, self.last, report.corner, right_width, align="right", italic=True)
            self._next()
        for number in range(max(len(report.left), len(report.right))):
            lines = 1
            for texts, first, last, width in (
                (report.left, 0, middle, left_width),
                (report.right, middle + 1, self.last, right_width),
            ):
                if number < len(texts):
                    bold = number == len(texts) - 1 or texts is report.right
                    lines = max(lines, self._across(first, last, texts[number], width, align="center", bold=bold))
            self._next(lines)
        if report.place_line:
            self._across(middle + 1, self.last, report.place_line, right_width, align="center", italic=True)
            self._next()
        self._next()
        for text in report.title:
            self._next(
                self._across(0, self.last, text, sum(self.widths), align="center", bold=True, font_size=14), 18.5
            )
        for text in report.subtitle:
            self._next(self._across(0, self.last, text, sum(self.widths), align="center", italic=True))
        self._next()

    def _table(self, table: Table, *, repeated: bool) -> None:
        top = self.row
        style = self.formats(bold=True, align="center", border=1)
        plain = self.formats(italic=True, align="center", border=1, font_size=SMALL)
        rows = [1] * head_rows(table)
        for cell in head_cells(table):
            width = sum(column.width for column in table.columns[cell.column : cell.column + cell.columns])
            own = plain if cell.numbers else style
            row = top + cell.row
            if cell.rows > 1 or cell.columns > 1:
                last_row, last_column = row + cell.rows - 1, cell.column + cell.columns - 1
                self.sheet.merge_range(row, cell.column, last_row, last_column, cell.text, own)
            else:
                self.sheet.write_string(row, cell.column, cell.text, own)
            if cell.rows == 1:
                rows[cell.row] = max(rows[cell.row], lines_of(cell.text, width))
            else:
                rows[cell.row + 1] = max(rows[cell.row + 1], lines_of(cell.text, width) - 1)
        for lines in rows:
            self._next(lines)
        if repeated:  # sentences below a table bear none of its headings
            self.sheet.repeat_rows(top, self.row - 1)
        self.sheet.freeze_panes(self.row, 0)
        for line in table.lines:
            self._line(table, line)
        self.row += 1

    def _line(self, table: Table, line: ReportLine) -> None:
        bold = line.kind in ("heading", "group", "total")
        if line.kind == "group":
            self._next(self._across(0, self.last, cell_text(line.cells[0]), sum(self.widths), bold=True, border=1))
            return
        lines = 1
        for place, (column, cell) in enumerate(zip(table.columns, line.cells, strict=True)):
            properties: dict[str, Any] = {"border": 1, "align": column.align}
            if bold:
                properties["bold"] = True
            if column.align == "left" and place == 0 and line.indent:
                properties["indent"] = line.indent * INDENT
            lines = max(lines, lines_of(cell_text(cell), column.width - 2 * line.indent * (place == 0)))
            _write_cell(self.sheet, self.row, place, cell, self.formats, properties)
        self._next(lines)

    def _slots(self, block: Slots) -> None:
        first = ("Mục", "Nội dung đề nghị", "Số liệu", "Giá trị")
        if len(self.widths) == len(SLOT_WIDTHS) and self.widths == list(SLOT_WIDTHS):
            for place, text in enumerate(first):
                self.sheet.write_string(self.row, place, text, self.formats(bold=True, align="center", border=1))
            self.sheet.repeat_rows(self.row)
            self._next()
            self.sheet.freeze_panes(self.row, 0)
            for slot in block.slots:
                if slot.section:
                    self._next(self._across(0, self.last, slot.section, sum(self.widths), bold=True, border=1))
                self._slot_rows(slot.code, slot.asked, slot.sentence, slot.figures)
            self.row += 1
            return
        for slot in block.slots:
            if slot.section:
                self._next(self._across(0, self.last, slot.section, sum(self.widths), bold=True))
            self._next(self._across(0, self.last, f"{slot.code}. {slot.sentence}", sum(self.widths)))
        self.row += 1

    def _slot_rows(self, code: str, asked: str, sentence: str, figures: tuple[tuple[str, Number], ...]) -> None:
        """A sentence over the width, and under it every figure as a number."""
        border = {"border": 1}
        self.sheet.write_string(self.row, 0, code, self.formats(align="center", **border))
        self.sheet.write_string(self.row, 1, asked, self.formats(italic=True, **border))
        lines = self._across(2, self.last, sentence, SLOT_WIDTHS[2] + SLOT_WIDTHS[3], **border)
        self._next(max(lines, lines_of(asked, SLOT_WIDTHS[1])))
        for label, number in figures:
            for place in (0, 1):
                self.sheet.write_blank(self.row, place, None, self.formats(**border))
            self.sheet.write_string(self.row, 2, label, self.formats(font_size=SMALL, indent=1, **border))
            _write_cell(self.sheet, self.row, 3, number, self.formats, {"align": "right", **border})
            self._next(lines_of(label, SLOT_WIDTHS[2]))

    def _notes(self) -> None:
        for text in self.report.under:
            width = sum(self.widths) * SIZE / SMALL
            self._next(self._across(0, self.last, text, width, italic=True, font_size=SMALL), 14)
        self.row += 1

    def _signatures(self) -> None:
        blocks = self.report.signatures
        if not blocks:
            return
        middle, left_width = self._halves()
        places = [(0, middle), (middle + 1, self.last)] if len(blocks) > 1 else [(middle + 1, self.last)]
        widths = [left_width, sum(self.widths) - left_width]
        for texts, properties in _signature_rows(self.report):
            lines = 1
            for text, (first, last), width in zip(texts, places, widths, strict=False):
                if text:
                    lines = max(lines, self._across(first, last, text, width, align="center", **properties))
            self._next(lines)


def _signature_rows(report: Report) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """The rows of the signature blocks, each with the text of every block."""
    blocks = report.signatures
    if any(block.above for block in blocks):
        yield [block.above or "" for block in blocks], {"italic": True}
    for number in range(max(len(block.title) for block in blocks)):
        yield [block.title[number] if number < len(block.title) else "" for block in blocks], {"bold": True}
    if any(block.note for block in blocks):
        yield [block.note or "" for block in blocks], {"italic": True, "font_size": SMALL, "valign": "top"}
    if any(block.name for block in blocks):
        for _ in range(ROOM):
            yield ["" for _ in blocks], {}
        yield [block.name or "" for block in blocks], {"bold": True}


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, formats: Formats, properties: dict[str, Any]) -> None:
    match cell:
        case Number(value=None):
            sheet.write_string(row, place, cell_text(cell), formats(**properties))
        case Number(value=value, digits=digits):
            places = digits or 0
            rounded = value if isinstance(value, int) else half_up(Fraction(value), places)  # type: ignore[arg-type]  # no value was met above
            sheet.write_number(row, place, rounded, formats(num_format=_number_format(cell, places), **properties))
        case dt.date():
            sheet.write_datetime(row, place, cell, formats(num_format="dd/mm/yyyy", **properties))
        case None:
            sheet.write_blank(row, place, None, formats(**properties))
        case _:
            sheet.write_string(row, place, cell_text(cell), formats(**properties))


def _number_format(number: Number, digits: int) -> str:
    """How a number is shown; what somebody typed in with its mark, and still a number."""
    return "#,##0" + (f".{'0' * digits}" if digits else "") + (f'"{TYPED_MARK}"' if number.typed else "")
