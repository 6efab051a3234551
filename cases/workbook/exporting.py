"""From a roster to the canonical workbook, without loss and without a trace of the day it was written."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from cases.judging.judging import contradicts_itself
from cases.values.kinds import KINDS, beside_cases
from cases.values.masking import MEASURE, without
from cases.workbook import schema as layout
from cases.workbook.stamp import add_stamp
from cases.workbook.write import BookWriter, Row, shown_columns, write_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as Collection
    from pathlib import Path

    from cases.values.records import Record, Roster, Value
    from cases.workbook.stamp import Stamp


def write_workbook(
    roster: Roster,
    path: Path | str,
    *,
    stamp: Stamp | None = None,
    left_out: Collection[str] = frozenset(),
    force: bool = False,
) -> Path:
    """Write the roster as a canonical workbook; the sheets of history only where one row cannot show it all.

    ``stamp`` says from which store it is; the facts ``left_out`` have no column, nor a sheet of their own.
    """
    pages = _pages(without(roster, left_out))
    if left_out:
        pages = [(sheet, rows) for sheet, rows in pages if sheet.name != KINDS[MEASURE].sheet.name]

    def fill(writer: BookWriter) -> None:
        writer.prepare_lists(sheet for sheet, _ in pages)
        for sheet, rows in pages:
            columns = [column for column in shown_columns(sheet, rows) if column.field not in left_out]
            writer.add(sheet, rows, columns, notes=False)
        writer.add_lists()
        if stamp is not None:
            add_stamp(writer.book, stamp)

    return write_book(path, fill, force=force)


def _pages(roster: Roster) -> list[tuple[layout.Sheet, list[Row]]]:
    pages: list[tuple[layout.Sheet, list[Row]]] = [
        (layout.written_case_sheet(), [_case_row(record) for record in roster.records]),
        *((kind.sheet, _rows(kind.of(roster))) for kind in beside_cases() if not kind.is_left_out(roster)),
    ]
    columns = {column.field: column for column in layout.case_sheet().columns}
    steps = [{"case": record.code, **row} for record in roster.records for row in _rows(record.steps)]
    attributes = [
        {"case": record.code, "name": one.name, "value": _written(columns[one.name], one.value), "since": one.since}
        for record in roster.records
        for one in record.attributes
    ]
    stays = [{"case": record.code, **row} for record in roster.records for row in _rows(record.placements)]
    standings = [{"unit": unit.code, **row} for unit in roster.units for row in _rows(unit.history)]
    others = (
        (layout.STEPS, steps),
        (layout.ATTRIBUTES, attributes),
        (layout.PLACEMENTS, stays),
        (layout.UNIT_HISTORY, standings),
    )
    return pages + [(sheet, rows) for sheet, rows in others if rows]


def _case_row(record: Record) -> Row:
    kept = {layout.DATES_KEPT.field: True} if contradicts_itself(record) else {}
    return {**record.fields, **kept}


def _rows(things: Iterable[Any]) -> list[Row]:
    return [{one.name: getattr(thing, one.name) for one in fields(thing)} for thing in things]


def _written(column: layout.SheetColumn, value: Value) -> Any:
    """A value as the cells of a column of any type hold it; a mark that ended says so in words."""
    if value is False:
        return "không"
    if column.codes and column.labelled:
        return layout.choices(column.codes)[str(value)]
    return value
