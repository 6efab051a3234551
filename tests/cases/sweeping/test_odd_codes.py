"""Codes with signs that a database or its driver might take for its own: a large store tells of them as a small one."""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

from cases.store.connection import writing
from cases.store.writing import apply_roster, new_batch
from cases.values.records import Record, Roster, Unit
from desk import source
from desk.desk import Desk
from engine import evaluators

AS_OF = dt.date(2026, 11, 30)
YEAR = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
CODES = ("A%1", "A'1", "A\\1", "%s", "Ầ 1", "x" * 64)
WAY = {
    "dossier_opened_on": dt.date(2022, 1, 1),
    "admitted_on": dt.date(2023, 1, 5),
    "cell_proposed_recognition_on": dt.date(2024, 3, 1),
    "recognition_decided_on": dt.date(2024, 9, 9),
    "recognised_from": dt.date(2024, 1, 5),
}
"""Recognised late, so that a figure and a finding of one name are about the same people while they are here."""


def _people() -> Roster:
    gone = {"left_on": dt.date(2025, 5, 5)}
    records = [Record(code, {"code": code, "full_name": "Lò Thị Thử", "unit": "CB-1", **WAY, **gone}) for code in CODES]
    here = Record("B", {"code": "B", "full_name": "Lò Thị Ở", "unit": "CB-1", **WAY})
    waiting = Record("C", {"code": "C", "full_name": "Lò Văn Chờ", "unit": "CB-1", "admitted_on": dt.date(2026, 2, 28)})
    return Roster((*records, here, waiting), (Unit("CB-1", "Chi bộ Một"),))


def test_odd_codes_are_told_of_many_as_of_few(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The people whom `check` does not name, the month's work and the calendar, on each database."""
    with writing(store) as connection:
        apply_roster(connection, _people(), new_batch("người thử"))
    told: list[list[Any]] = []
    for many in (1_000_000, 1):
        monkeypatch.setattr(evaluators, "MANY", many)
        monkeypatch.setattr(source, "_LARGE", OrderedDict())
        desk = Desk(store, today=AS_OF)
        question = desk.ask()
        assert question.in_batches == (many == 1)
        beside = desk.stats(question, *YEAR).beside["recognition.recognised_late"]
        assert (beside.people, beside.found) == (7, 1)
        assert {one.case for one in beside.unnamed} == set(CODES)
        desk.remind(question, 400, 400, calendar := tmp_path / f"{many}.ics", names=True)
        work = json.dumps(desk.worklist(question, dt.date(2027, 1, 31)).as_json(), default=str)
        told.append([beside, work, calendar.read_bytes()])
    assert told[0] == told[1]
