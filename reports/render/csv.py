"""A filled form as CSV that Excel opens as it is: byte order mark, decimal commas, no cell taken for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cases.values.whole_file import whole_file
from reports.forms.model import Number, Report, Slots, Table
from reports.forms.numbers import cell_text, fixed

BOM = "\ufeff"


def write(report: Report, path: Path, *, replace: bool = False) -> None:
    """Write a form as .csv."""
    with whole_file(path, suffix=".csv", replace=replace) as draft:
        draft.write_text(text(report), encoding="utf-8", newline="")


def text(report: Report) -> str:
    """The whole file."""
    import csv
    from io import StringIO

    out = StringIO()
    out.write(BOM)
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in _rows(report)])
    return out.getvalue()


def _rows(report: Report) -> Iterator[Sequence[str]]:
    for line in (*report.title, *report.subtitle):
        yield (line,)
    for block in report.blocks:
        yield ()
        yield from _table(block) if isinstance(block, Table) else _slots(block)
    yield ()
    for note in report.notes:
        yield (note,)


def _table(block: Table) -> Iterator[Sequence[str]]:
    yield ("Dòng", *(f"{c.over}: {c.label}" if c.over else c.label for c in block.columns))
    for line in block.lines:
        yield (line.code or "", *(_plain(cell) for cell in line.cells))


def _slots(block: Slots) -> Iterator[Sequence[str]]:
    yield ("Dòng", "Nội dung đề nghị", "Câu", "Số liệu", "Giá trị")
    for slot in block.slots:
        yield (slot.code, slot.asked, slot.sentence, "", "")
        for label, number in slot.figures:
            yield (slot.code, "", "", label, _plain(number))


def _plain(cell: object) -> str:
    """A cell; numbers without dots between thousands, so that they stay numbers."""
    if isinstance(cell, Number):
        if cell.value is None:
            return cell_text(cell)
        if isinstance(cell.value, int) and cell.digits is None:
            return str(cell.value)
        from fractions import Fraction

        return fixed(Fraction(cell.value), cell.digits or 0).replace(".", "")
    return cell_text(cell)  # type: ignore[arg-type]  # one of the kinds of cells


def _safe(value: str) -> str:
    signed = value[:1] == "-" and value[1:].replace(",", "").isdecimal()
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") and not signed else value
