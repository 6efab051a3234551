"""Making the shipped templates of the papers from their words: ``python -m reports.papers.paper_source``."""

from __future__ import annotations

from typing import Any

from reports.papers.paper_loader import Paper, load
from reports.render.docx import FONT, same_bytes

WIDTHS, WIDE = {"number": 1.2, "full_name": 4.2, "unit_name": 4}, 2.4
"""Centimetres of the columns of a list."""


def template(paper: Paper) -> bytes:
    """The template of a paper as a Word document with named fields."""
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.paragraph_format.space_after = Pt(6)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    document.core_properties.title = paper.label
    _pair(
        document, (("{{ heading_above }}", "{{ heading_own }}", "*"), (*paper.right, "{{ place }}, {{ day_in_words }}"))
    )
    document.add_paragraph()
    for text in paper.title:
        _add(document.add_paragraph(), text, bold=True, centred=True)
    for text in paper.text:
        paragraph = document.add_paragraph(text)
        paragraph.paragraph_format.first_line_indent = Cm(1.2)
    if paper.rows_of:
        _rows(document, paper)
    document.add_paragraph()
    _pair(document, tuple(_with_name(block) for block in paper.signatures))
    return same_bytes(document)


def _with_name(block: tuple[str, ...]) -> tuple[str, ...]:
    """A block that is signed for the unit has room for the hand, and the name of whoever signs its papers."""
    return (*block, "", "", "", "{{ signer_name }}") if block[0].startswith("T/M") else block


def _add(paragraph: Any, text: str, *, bold: bool = False, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.add_run(text).bold = bold
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _pair(document: Any, blocks: tuple[tuple[str, ...], ...]) -> None:
    """Blocks of lines side by side."""
    cells = document.add_table(rows=1, cols=len(blocks)).rows[0].cells
    for cell, lines in zip(cells, blocks, strict=True):
        for number, text in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _add(paragraph, text, bold=text.isupper() or text == "{{ heading_own }}", centred=True)


def _rows(document: Any, paper: Paper) -> None:
    """A table with a row for each person: docxtpl repeats the row between its two marks."""
    from docx.shared import Cm, Pt

    table = document.add_table(rows=4, cols=len(paper.columns))
    table.style, table.autofit = "Table Grid", False
    for place, (label, field) in enumerate(paper.columns.items()):
        _add(table.cell(0, place).paragraphs[0], label, bold=True, centred=True)
        table.cell(2, place).paragraphs[0].add_run(f"{{{{ person.{field} }}}}").font.size = Pt(12)
        width = Cm(WIDTHS.get(field, WIDE))
        for row in table.rows:
            row.cells[place].width = width
    table.cell(1, 0).paragraphs[0].add_run("{%tr for person in people %}")
    table.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")


def main() -> None:
    """Write every template anew."""
    for paper in load().values():
        paper.file.write_bytes(template(paper))


if __name__ == "__main__":
    main()
