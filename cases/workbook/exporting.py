"""From a roster to the canonical workbook, without loss and without a trace of the day it was written."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from cases.judging.judging import contradicts_itself
from cases.values.kinds import KINDS, beside_cases
from cases.values.masking import MEASURE, without, without_facts
from cases.workbook import schema as layout
from cases.workbook.stamp import add_stamp
from cases.workbook.write import Table, shown_columns, write_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as Collection
    from pathlib import Path

    from cases.values.records import Record, Roster, Value
    from cases.workbook.stamp import Stamp
    from cases.workbook.write import BookWriter


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
    sheets = CaseSheets(left_out)
    for record in roster.records:
        sheets.take(record)
    return sheets.write(roster, path, stamp=stamp, force=force)


class CaseSheets:
    """The sheets of a workbook that hold cases, filled one record after the other, so that none has to be kept."""

    def __init__(self, left_out: Collection[str] = frozenset()) -> None:
        """Begin empty; the facts ``left_out`` are to have no column, nor a sheet of their own."""
        self.left_out = left_out
        self.cases, self.steps, self.attributes, self.stays = Table(), Table(), Table(), Table()
        self._columns = {column.field: column for column in layout.case_sheet().columns}

    def take(self, record: Record) -> None:
        """Put a record below the others."""
        if self.left_out:
            record = without_facts(record, self.left_out)
        kept = {layout.DATES_KEPT.field: True} if contradicts_itself(record) else {}
        self.cases.add({**record.fields, **kept})
        for row in _rows(record.steps):
            self.steps.add({"case": record.code, **row})
        for one in record.attributes:
            value = _written(self._columns[one.name], one.value)
            self.attributes.add({"case": record.code, "name": one.name, "value": value, "since": one.since})
        for row in _rows(record.placements):
            self.stays.add({"case": record.code, **row})

    def write(self, beside: Roster, path: Path | str, *, stamp: Stamp | None = None, force: bool = False) -> Path:
        """Write them with what a roster has beside its records."""
        pages = self._pages(without(replace(beside, records=()), self.left_out))
        if self.left_out:
            pages = [(sheet, rows) for sheet, rows in pages if sheet.name != KINDS[MEASURE].sheet.name]

        def fill(writer: BookWriter) -> None:
            writer.prepare_lists(sheet for sheet, _ in pages)
            for sheet, rows in pages:
                columns = [column for column in shown_columns(sheet, rows) if column.field not in self.left_out]
                writer.add(sheet, rows, columns)
            writer.add_lists()
            if stamp is not None:
                add_stamp(writer.book, stamp)

        return write_book(path, fill, force=force)

    def _pages(self, beside: Roster) -> list[tuple[layout.Sheet, Table]]:
        kinds = [kind for kind in beside_cases() if not kind.is_left_out(beside)]
        standings = Table({"unit": unit.code, **row} for unit in beside.units for row in _rows(unit.history))
        others = (
            (layout.STEPS, self.steps),
            (layout.ATTRIBUTES, self.attributes),
            (layout.PLACEMENTS, self.stays),
            (layout.UNIT_HISTORY, standings),
        )
        return [
            (layout.written_case_sheet(), self.cases),
            *((kind.sheet, Table(_rows(kind.of(beside)))) for kind in kinds),
            *((sheet, rows) for sheet, rows in others if rows.height),
        ]


def _rows(things: Iterable[Any]) -> Iterator[dict[str, Any]]:
    return ({one.name: getattr(thing, one.name) for one in fields(thing)} for thing in things)


def _written(column: layout.SheetColumn, value: Value) -> Any:
    """A value as the cells of a column of any type hold it; a mark that ended says so in words."""
    if value is False:
        return "không"
    if column.codes and column.labelled:
        return layout.choices(column.codes)[str(value)]
    return value
