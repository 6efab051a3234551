"""All about one person as a Word document: a title, and sections of lines."""

from __future__ import annotations

from dataclasses import dataclass

from reports.render.docx import FONT, same_bytes


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the lines below it."""

    title: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class PersonPaper:
    """What is written about somebody, for her to read."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def document(paper: PersonPaper) -> bytes:
    """The paper as .docx; the same paper gives the same bytes."""
    from docx import Document
    from docx.shared import Pt

    made = Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.paragraph_format.space_after = Pt(2)
    made.core_properties.title = paper.title
    made.add_paragraph().add_run(paper.title).bold = True
    made.add_paragraph(paper.subtitle)
    for section in paper.sections:
        heading = made.add_paragraph()
        heading.paragraph_format.space_before = Pt(8)
        heading.add_run(section.title).bold = True
        for line in section.lines:
            made.add_paragraph(line)
    return same_bytes(made)
