"""A filled form as a Word document: A4, Times New Roman, headings of tables repeated on every page."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from cases.values.whole_file import whole_file
from reports.forms.headings import head_cells, head_rows
from reports.forms.model import APART, ROOM, Report, ReportLine, Slots, Table
from reports.forms.numbers import cell_text

FONT = "Times New Roman"
MADE = dt.datetime(2000, 1, 1)
SIZE, TITLE, SMALL = 12, 14, 10.5
HALVES = (0.4, 0.6)
"""How the two halves of the heading share the width."""
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 17.2, 25.9
"""The width of the text in centimetres."""


def write(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write a form as .docx; the same form gives the same bytes."""
    with whole_file(path, suffix=".docx", replace=replace) as draft:
        draft.write_bytes(same_bytes(_Paper(report).made()))


def same_bytes(document: Any) -> bytes:
    """A Word document without the hour it was made at."""
    core = document.core_properties
    core.created = core.modified = MADE
    core.author = core.last_modified_by = "Dubi"
    first, second = BytesIO(), BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return second.getvalue()


class _Paper:
    """One document, written from the top."""

    def __init__(self, report: Report) -> None:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        self.report, self.cm, self.pt = report, Cm, Pt
        self.document = Document()
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(SIZE)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.space_before = Pt(0)
        section = self.document.sections[0]
        width, height = Cm(21), Cm(29.7)
        if report.landscape:
            section.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
        section.page_width, section.page_height = width, height
        section.left_margin, section.right_margin = Cm(2.2), Cm(1.6)
        section.top_margin = section.bottom_margin = Cm(1.8)
        self.width = LANDSCAPE_WIDTH if report.landscape else PORTRAIT_WIDTH
        _page_number(section.footer.paragraphs[0])

    def made(self) -> Any:
        """The whole document."""
        self.document.core_properties.title = self.report.label
        self._heading()
        for block in self.report.blocks:
            if isinstance(block, Table):
                self._table(block)
            else:
                self._slots(block)
        for note in self.report.under:
            last = self._paragraph(note, italic=True, size=SMALL)
            last.paragraph_format.keep_with_next = note == self.report.under[-1] and bool(self.report.signatures)
        self._signatures()
        if self.report.apart:
            head = self._paragraph(APART, align="center", bold=True)
            head.paragraph_format.page_break_before = True
            for note in self.report.apart:
                self._paragraph(note, size=SMALL)
        return self.document

    def _paragraph(
        self, text: str, *, align: str = "left", bold: bool = False, italic: bool = False, size: float = SIZE
    ) -> Any:
        paragraph = self.document.add_paragraph()
        _run(paragraph, text, self.pt(size), bold=bold, italic=italic, align=align)
        return paragraph

    def _heading(self) -> None:
        report = self.report
        if report.corner:
            self._paragraph(report.corner, align="right", italic=True)
        grid = self.document.add_table(rows=1, cols=2)
        grid.autofit = False
        right = [*report.right, *([report.place_line] if report.place_line else [])]
        _set_widths(grid, [self.cm(self.width * share) for share in HALVES])
        for cell, texts, share in zip(grid.rows[0].cells, (list(report.left), right), HALVES, strict=True):
            cell.width = self.cm(self.width * share)
            for number, text in enumerate(texts):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                place = text == report.place_line
                bold = not place and (texts is right or number == len(texts) - 1)
                _run(paragraph, text, self.pt(SIZE), bold=bold, italic=place, align="center")
        self._paragraph("")
        for text in report.title:
            self._paragraph(text, align="center", bold=True, size=TITLE)
        for text in report.subtitle:
            self._paragraph(text, align="center", italic=True)
        self._paragraph("")

    def _table(self, block: Table) -> None:
        from docx.enum.table import WD_ALIGN_VERTICAL

        top = head_rows(block)
        table = self.document.add_table(rows=top + len(block.lines), cols=len(block.columns))
        table.style = "Table Grid"
        table.autofit = False
        size = self.pt(max(6.5, 11 - 0.21 * len(block.columns)) if self.report.landscape else 11)
        total = sum(column.width for column in block.columns)
        widths = [self.cm(self.width * column.width / total) for column in block.columns]
        rows = list(table.rows)
        for number, row in enumerate(rows):
            _keep_together(row, repeated=number < top)
        grid = [list(row.cells) for row in rows]
        _set_widths(table, widths)
        if self.report.landscape:
            _narrow_margins(table)
        for cells in grid:
            for cell, width in zip(cells, widths, strict=True):
                cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
        for head in head_cells(block):
            cell = grid[head.row][head.column]
            if head.rows > 1 or head.columns > 1:
                cell = cell.merge(grid[head.row + head.rows - 1][head.column + head.columns - 1])
            _run(cell.paragraphs[0], head.text, size, bold=not head.numbers, italic=head.numbers, align="center")
        for cells, line in zip(grid[top:], block.lines, strict=True):
            self._line(block, line, cells, size)
        self._paragraph("")

    def _line(self, block: Table, line: ReportLine, cells: list[Any], size: Any) -> None:
        if line.kind == "group":
            merged = cells[0].merge(cells[-1])
            _run(merged.paragraphs[0], cell_text(line.cells[0]), size, bold=True)
            return
        bold = line.kind in ("heading", "total")
        for place, (column, cell, value) in enumerate(zip(block.columns, cells, line.cells, strict=True)):
            paragraph = cell.paragraphs[0]
            if place == 0 and line.indent:
                paragraph.paragraph_format.left_indent = self.cm(0.4 * line.indent)
            _run(paragraph, cell_text(value), size, bold=bold, align=column.align)

    def _slots(self, block: Slots) -> None:
        for slot in block.slots:
            if slot.section:
                self._paragraph(slot.section, bold=True).paragraph_format.keep_with_next = True
            asked = self._paragraph(slot.asked, italic=True, size=SMALL)
            asked.paragraph_format.keep_with_next = True
            self._paragraph(slot.sentence).paragraph_format.space_after = self.pt(4)
        self._paragraph("")

    def _signatures(self) -> None:
        blocks = self.report.signatures
        if not blocks:
            return
        self._paragraph("").paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=1, cols=max(len(blocks), 2))
        _keep_together(table.rows[0], repeated=False)
        cells = table.rows[0].cells[-len(blocks) :]
        above = any(block.above for block in blocks)
        for cell, block in zip(cells, blocks, strict=True):
            lines: list[tuple[str, bool, bool, float]] = [(block.above or " ", False, True, SIZE)] if above else []
            lines += [(text, True, False, SIZE) for text in block.title]
            lines += [(block.note, False, True, SMALL)] if block.note else []
            lines += [*[(" ", False, False, SIZE)] * ROOM, (block.name, True, False, SIZE)] if block.name else []
            for number, (text, bold, italic, size) in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                _run(paragraph, text, self.pt(size), bold=bold, italic=italic, align="center")


def _run(
    paragraph: Any, text: str, size: Any, *, bold: bool = False, italic: bool = False, align: str = "left"
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, size
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())


def _set_widths(table: Any, widths: list[Any]) -> None:
    """The widths of the columns as such: some programs look at these, others at the cells."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _narrow_margins(table: Any) -> None:
    """Leave the letters of a wide table more of their cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "30")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001  # python-docx has no door for it


def _keep_together(row: Any, *, repeated: bool) -> None:
    """A row does not break over pages; one of the headings comes again on each."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx has no door for it
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001  # python-docx has no fields
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
