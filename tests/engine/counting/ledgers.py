"""Units and cases to count with, and their ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from cases.values.records import (
    Record,
    Roster,
    Unit,
    Value,
)
from desk.counting import ledgers as desk_reports
from engine.statistics.counting import Run
from engine.statistics.ledger import Ledger

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
D = dt.date
YEAR = Run(D(2024, 1, 1), D(2024, 12, 31), D(2024, 12, 31))

UNITS = (
    Unit("T", "Tỉnh", "province"),
    Unit("H1", "Huyện 1", "upper", parent="T"),
    Unit("H2", "Huyện 2", "upper", parent="T"),
    Unit("A", "Chi bộ A", "grassroots_cell", "commune", "H1", opened_on=D(2000, 1, 1)),
    Unit("B", "Chi bộ B", "grassroots_cell", "private_enterprise", "H1", opened_on=D(2024, 5, 1)),
    Unit("C", "Chi bộ C", "grassroots_cell", "agency", "H2", closed_on=D(2024, 6, 30)),
)


def case(code: str, unit: str = "A", **fields: Value) -> Record:
    """A case with the facts that every case has, and those given."""
    return Record(code, {"full_name": f"Người {code}", "unit": unit, **fields})


def ledger(*records: Record, run: Run = YEAR, settings: Mapping[str, str] | None = None, **more: object) -> Ledger:
    """The ledger of some cases in the units above."""
    roster = Roster(records=records, units=UNITS, **more)  # type: ignore[arg-type]  # the parts of a roster
    return desk_reports.ledger(roster, run, None, settings)
