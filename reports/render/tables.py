"""Filling tables: rows against columns, and a line for each unit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.statistics.periods import years
from engine.statistics.references import Restriction, Term
from reports.forms.form_parts import ByUnit, RowTable, TableColumn, TableRow, UnitColumn
from reports.forms.model import Cell, Number, ReportColumn, ReportLine, Table
from reports.forms.numbers import fixed, grouped
from reports.forms.occasion import Occasion, placed
from reports.forms.sentences import filled

LABEL_ALIGN = {"label": "left", "note": "left"}


def wanted_of_rows(part: RowTable, occasion: Occasion) -> list[Term]:
    """Every figure that a table of rows will ask for."""
    found = list[Term]()
    for column in _columns(part, occasion):
        for row in part.rows:
            if row.figure is None:
                continue
            if column.kind in ("figure", "compare", "share"):
                found.extend(placed(occasion.chosen(row.figure), column.restrictions, column.shift))
            base = row.base or column.base
            if column.kind == "share" and base is not None:
                found.extend(placed(occasion.chosen(base), column.restrictions, column.shift))
    return found


def _columns(part: RowTable, occasion: Occasion) -> list[TableColumn]:
    """The columns, one for each year where a column says so."""
    found = list[TableColumn]()
    for column in part.columns:
        if not column.by_year:
            found.append(column)
            continue
        for year in years(occasion.ledger.run):
            only: tuple[Restriction, ...] = (*column.restrictions, ("year", (str(year),)))
            found.append(replace(column, label=str(year), restrictions=tuple(sorted(only))))
    return found


def fill_rows(part: RowTable, occasion: Occasion, digits: int, footnotes: list[str]) -> Table:
    """Fill a table of rows; footnotes are added to the list and marked where they belong."""
    columns = _columns(part, occasion)
    with_notes = any(column.kind == "note" for column in columns)
    numbered = any(column.number for column in columns)
    lines = []
    for row in part.rows:
        mark = _mark(row, occasion, digits, footnotes)
        label = filled(row.label, occasion, digits) + (f" ({mark})" if mark and not with_notes else "")
        cells = list[Cell]()
        for column in columns:
            cells.append(_cell(row, column, label, mark, cells, occasion, digits))
        lines.append(ReportLine(tuple(cells), "heading" if row.heading else "row", row.code, row.indent))
    return Table(
        columns=tuple(
            ReportColumn(
                label=filled(column.label, occasion, digits),
                width=column.width,
                align=LABEL_ALIGN.get(column.kind, "right"),
                over=filled(column.over, occasion, digits) if column.over else None,
                number=column.number,
            )
            for column in columns
        ),
        lines=tuple(lines),
        numbered=numbered,
        caption=part.caption,
    )


def _mark(row: TableRow, occasion: Occasion, digits: int, footnotes: list[str]) -> int | None:
    """The number of the footnote of a row, where it has one that is to be printed."""
    if row.footnote is None:
        return None
    if row.footnote_if is not None and not occasion.figure(placed(row.footnote_if), occasion.unit).value:
        return None
    footnotes.append(filled(row.footnote, occasion, digits))
    return len(footnotes)


def _cell(
    row: TableRow,
    column: TableColumn,
    label: str,
    mark: int | None,
    before: list[Cell],
    occasion: Occasion,
    digits: int,
) -> Cell:
    match column.kind:
        case "label":
            return label
        case "note":
            written = filled(row.note, occasion, digits) if row.note else ""
            return " ".join(filter(None, [f"({mark})" if mark else "", written]))
    if row.figure is None:
        return None
    text = occasion.chosen(row.figure)
    if column.kind == "figure":
        return occasion.number(placed(text, column.restrictions, column.shift), occasion.unit, row.digits)
    if not row.share:
        return None
    if column.kind == "compare":
        return _compared(before, digits)
    base = row.base or column.base
    assert base is not None
    part = occasion.figure(placed(text, column.restrictions), occasion.unit).value
    whole = occasion.figure(placed(occasion.chosen(base), column.restrictions), occasion.unit).value
    share = share_cell(part, whole, digits)
    occasion.without_base |= share.value is None
    return share


def share_cell(part: int | Fraction | None, whole: int | Fraction | None, digits: int) -> Number:
    """A part as a percentage of a whole; without value where the whole is 0 or one of them is not known."""
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return Number(None, digits, percent=True)
    return Number(Fraction(100 * part, whole), digits, percent=True, fraction=(part, whole))


def _compared(before: list[Cell], digits: int) -> Cell:
    """The column before last in percent of the last one; empty where that is 0 or not known."""
    now, then = before[-2:]
    assert isinstance(now, Number)
    assert isinstance(then, Number)
    if not then.value or now.value is None:
        return None
    return Number(Fraction(100) * now.value / then.value, digits, percent=True)


def wanted_by_unit(part: ByUnit) -> list[Term]:
    """Every figure that a table by unit will ask for."""
    return [term for column in part.columns if column.figure for term in placed(column.figure)]


def fill_by_unit(part: ByUnit, occasion: Occasion, digits: int) -> Table:
    """Fill a table by unit: a line for each, one for what is credited to the unit itself, and one for all."""
    units = _lines(occasion)
    lines = [
        ReportLine(_unit_cells(part, occasion, unit, grouped(place), occasion.name_of(unit)), code=unit)
        for place, unit in enumerate(units, start=1)
    ]
    total = ReportLine(_unit_cells(part, occasion, occasion.unit, "", part.total), "total")
    rest = _rest(part, lines, total, part.rest)
    return Table(
        columns=tuple(
            ReportColumn(
                label=filled(column.label, occasion, digits),
                width=column.width,
                align={"name": "left", "order": "center"}.get(column.what, "right"),
                over=filled(column.over, occasion, digits) if column.over else None,
                number=column.number,
            )
            for column in part.columns
        ),
        lines=(*lines, *([rest] if rest else []), total),
    )


def _lines(occasion: Occasion) -> list[str]:
    """The units directly below the one reported on that were open in the period, or that one where it has none."""
    run = occasion.ledger.run
    below = occasion.ledger.tree.below.get(occasion.top, [])
    units = [code for code in below if occasion.open_on(code, run.start)]
    return units or ([occasion.top] if occasion.top else [])


def _unit_cells(part: ByUnit, occasion: Occasion, unit: str | None, order: str, name: str) -> tuple[Cell, ...]:
    return tuple(_unit_cell(column, occasion, unit, order, name) for column in part.columns)


def _unit_cell(column: UnitColumn, occasion: Occasion, unit: str | None, order: str, name: str) -> Cell:
    if column.what == "order":
        return order
    if column.what == "name":
        return name
    assert column.figure is not None
    return occasion.number(placed(column.figure), unit, column.digits)


def _rest(part: ByUnit, lines: list[ReportLine], total: ReportLine, label: str) -> ReportLine | None:
    """What the lines do not add up to: people and classes that belong to the unit itself; None where there are none."""
    cells = list[Cell]()
    for place, column in enumerate(part.columns):
        whole = total.cells[place]
        parts = [cell for line in lines if isinstance(cell := line.cells[place], Number)]
        if column.what == "name":
            cells.append(label)
        elif not isinstance(whole, Number) or not isinstance(whole.value, int):
            cells.append(None if isinstance(whole, Number) else "")
        else:
            added = sum(int(cell.value) for cell in parts if cell.value is not None)
            cells.append(Number(whole.value - added))
    return ReportLine(tuple(cells)) if any(isinstance(cell, Number) and cell.value for cell in cells) else None


def cut_notes(part: ByUnit, table: Table) -> list[str]:
    """Where the source cut digits off instead of rounding: the values it would print that differ from the rounded."""
    found = []
    name = next(place for place, column in enumerate(part.columns) if column.what == "name")
    for place, column in enumerate(part.columns):
        if column.cut is None:
            continue
        differing = []
        for line in table.lines:
            number = line.cells[place]
            if not isinstance(number, Number) or number.value is None:
                continue
            value, power = Fraction(number.value), 10**column.cut
            cut = Fraction(int(value * power), power)
            rounded = fixed(value, column.cut)
            if fixed(cut, column.cut) != rounded:
                differing.append(f"{line.cells[name]} {fixed(cut, column.cut)} (làm tròn {rounded})")
        if differing:
            found.append(
                f"Cột {column.number}: bản in của nguồn cắt bớt còn {column.cut} chữ số thập phân; "
                f"chỗ cắt bớt khác với làm tròn: {'; '.join(differing)}."
            )
    return found
