"""Text and tables in the notation of Typst; whatever a user typed stands there as text and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from reports.forms.headings import head_cells, head_rows
from reports.forms.model import ReportLine, Table
from reports.forms.numbers import cell_text

_BACKSLASH = str.maketrans({sign: f"\\{sign}" for sign in "\\\"#$%&*_`<>@[]{}~^=/+-'|."})


def text(plain: str) -> str:
    """A text as Typst content."""
    return plain.translate(_BACKSLASH).replace("\n", " \\ ")


def table(block: Table) -> str:
    """A table with headings that are repeated on every page."""
    widths = ", ".join(f"{column.width}fr" for column in block.columns)
    aligns = ", ".join(f"{column.align} + horizon" for column in block.columns)
    lines = [f"#table(columns: ({widths}), align: ({aligns}), stroke: 0.5pt, inset: (x: 3pt, y: 3.2pt),"]
    lines.append("table.header(")
    for cell in head_cells(block):
        style = 'style: "italic", size: 0.88em' if cell.numbers else 'weight: "bold"'
        place = f"rowspan: {cell.rows}, colspan: {cell.columns}, align: center + horizon"
        lines.append(f"table.cell({place})[#text({style})[{text(cell.text)}]],")
    lines.append("),")
    lines.extend(_row(block, line) for line in block.lines)
    lines.append(")")
    assert head_rows(block) > 0
    return "\n".join(lines)


def _row(block: Table, line: ReportLine) -> str:
    if line.kind == "group":
        inside = f"*{text(cell_text(line.cells[0]))}*"
        return f"table.cell(colspan: {len(block.columns)}, align: left)[{inside}],"
    cells = []
    for place, cell in enumerate(line.cells):
        written = text(cell_text(cell))
        if line.kind in ("heading", "total") and written:
            written = f"*{written}*"
        if place == 0 and line.indent:
            written = f"#h({line.indent * 0.9}em){written}"
        cells.append(f"[{written}]")
    return ", ".join(cells) + ","


def stacked(texts: Iterable[str]) -> str:
    """Several lines under each other."""
    return " \\ ".join(texts)
