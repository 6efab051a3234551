"""Forms of the shipped rosters, filled once and shared by the tests."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from cases.values.records import Roster
from desk.counting import ledgers as desk_reports
from desk.source import open_roster
from engine.statistics.counting import Run
from reports.forms import form_loader
from reports.forms.filling import fill
from reports.forms.model import Cell, Number, Report, Slots, Table
from reports.forms.numbers import cell_text
from reports.forms.occasion import Occasion

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
D = dt.date
PERIODS = {
    "chi-bo-nho": (D(2023, 7, 1), D(2025, 3, 1)),
    "dang-bo-co-so": (D(2020, 7, 1), D(2024, 10, 31)),
    "son-la-6t-2024": (D(2024, 1, 1), D(2024, 6, 30)),
}
FORMS = sorted(form_loader.load())


@cache
def roster(name: str) -> Roster:
    """A shipped roster."""
    return open_roster(ROSTERS / f"{name}.xlsx")


@cache
def filled(name: str, form: str, unit: str | None = None, *, sensitive: bool = False, people: bool = False) -> Report:
    """A form filled from a shipped roster."""
    start, end = PERIODS[name]
    known = form_loader.known_form(form)
    ledger = desk_reports.ledger(roster(name), Run(start, end, end), unit, more=known.indicators)
    return fill(known, Occasion(ledger, roster(name).units, unit, people=people, sensitive=sensitive))


def table(report: Report, number: int = 0) -> Table:
    """A table of a filled form."""
    return [block for block in report.blocks if isinstance(block, Table)][number]


def row(report: Report, code: str) -> tuple[Cell, ...]:
    """The cells of a row."""
    tables = [block for block in report.blocks if isinstance(block, Table)]
    return next(line.cells for block in tables for line in block.lines if line.code == code)


def texts(report: Report, code: str) -> list[str]:
    """The cells of a row as they are printed."""
    return [cell_text(cell) for cell in row(report, code)]


def value(report: Report, code: str, place: int = 1) -> int:
    """A whole number of a row."""
    cell = row(report, code)[place]
    assert isinstance(cell, Number)
    assert isinstance(cell.value, int)
    return cell.value


def sentence(report: Report, code: str) -> str:
    """A sentence of a report in words."""
    blocks = [block for block in report.blocks if isinstance(block, Slots)]
    return next(slot.sentence for block in blocks for slot in block.slots if slot.code == code)
