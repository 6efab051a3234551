"""A filled form with the lines of one number in one cell, as some offices print it: “1. …” with its “+ …” below it."""

from __future__ import annotations

from dataclasses import replace

from reports.forms.model import Cell, Report, ReportLine, Table
from reports.forms.numbers import cell_text

_ROOM, _BLANK = "\u00a0\u00a0", "\u00a0"


def stacked(report: Report) -> Report:
    """The same form, each line that stands further in put into the cells of the line it belongs to."""
    blocks = tuple(
        replace(block, lines=tuple(_stacked(block.lines))) if isinstance(block, Table) else block
        for block in report.blocks
    )
    return replace(report, blocks=blocks)


def _stacked(lines: tuple[ReportLine, ...]) -> list[ReportLine]:
    groups: list[list[ReportLine]] = []
    for line in lines:
        if line.indent and groups:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [group[0] if len(group) == 1 else _one(group) for group in groups]


def _one(group: list[ReportLine]) -> ReportLine:
    """Several lines as one: every cell has as many lines of text, so that label and figure stand side by side."""
    labels, *others = zip(*(line.cells for line in group), strict=True)
    indented = (_ROOM * line.indent + cell_text(label) for line, label in zip(group, labels, strict=True))
    cells: list[Cell] = ["\n".join(indented)]
    cells += ["\n".join(cell_text(cell) or _BLANK for cell in column) for column in others]
    return ReportLine(tuple(cells), "row", group[0].code)
