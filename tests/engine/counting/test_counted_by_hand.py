"""Figures of populations that come and go in unusual ways, each counted by hand: live and in columns the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from cases.values.records import Discipline, Placement, Record, Roster, Unit, UnitStanding
from desk.counting import counting, ledgers
from engine.statistics.controls import failed
from engine.statistics.counting import Run
from rules.loader import controls

D = date
UNITS = (Unit("U", level="grassroots_committee"), *(Unit(code, level="cell", parent="U") for code in "ABC"))
YEAR = Run(D(2025, 1, 1), D(2025, 12, 31), D(2025, 12, 31))
HALVES = tuple(Run(start, end, end) for start, end in ((YEAR.start, D(2025, 6, 30)), (D(2025, 7, 1), YEAR.end)))
EVENTS = ("admission.total", "recognition.recognised", "transfer.in", "transfer.out", "exit.died", "exit.resigned",
          "exit.struck_off", "exit.expelled", "recognition.due_in_period", "discipline.members.total")  # fmt: skip


def candidate(code: str, **fields: Any) -> Record:
    """Somebody listed by cell A."""
    known = {"code": code, "full_name": f"Lò Văn {code}", "unit": "A", "candidate_on": D(2019, 1, 1), **fields}
    placements = known.pop("placements", ())
    return Record(code, {name: value for name, value in known.items() if value is not None}, placements=placements)


def probationary(code: str, **fields: Any) -> Record:
    """A member of cell A since January of 2024."""
    return candidate(code, **{"admission_decided_on": D(2024, 1, 1), "admitted_on": D(2024, 1, 10), **fields})


def official(code: str, **fields: Any) -> Record:
    """An official member of cell A."""
    known = {"admitted_on": D(2020, 1, 10), "recognition_decided_on": D(2021, 2, 1), "recognised_from": D(2021, 1, 10)}
    return probationary(code, **{"admission_decided_on": D(2020, 1, 1), **known, **fields})


ONE: dict[str, Any] = {"person_code": "P", "full_name": "Lò Thị Hai"}
OUT: dict[str, Any] = {"moved_out_on": D(2025, 3, 1), "moved_to": "B"}
IN: dict[str, Any] = {"unit": "B", "moved_in_on": D(2025, 3, 20), "moved_from": "A"}
AWAY: dict[str, Any] = {"moved_to": "out_of_province"}
DIED: dict[str, Any] = {"left_on": D(2025, 5, 1), "exit_kind": "died"}


def stays(ends: date, begins: date) -> tuple[Placement, ...]:
    """First in A, then in B."""
    return Placement("A", None, ends), Placement("B", begins)


def warned(*codes: str) -> tuple[Discipline, ...]:
    """A warning of 1/5/2025."""
    return tuple(Discipline(code, "warning", D(2025, 5, 1)) for code in codes)


POPULATIONS: dict[str, tuple[tuple[Record, ...], tuple[Discipline, ...], dict[str, int]]] = {
    "a candidate comes and dies": (
        (candidate("K", moved_in_on=D(2025, 2, 1), **DIED), official("M")),
        (),
        {"transfer.in": 0, "exit.died": 0, "member.opening": 1, "member.total": 1},
    ),
    "decided, dropped before the ceremony": (
        (candidate("K", admission_decided_on=D(2025, 2, 1), left_on=D(2025, 5, 1), exit_kind="struck_off"),),
        (),
        {"exit.struck_off": 0, "admission.total": 0, "flow.decrease": 0},
    ),
    "a death in both rows": (
        (official("1", **ONE, **DIED), official("2", **ONE, **DIED, unit="B")),
        (),
        {"exit.died": 1, "member.opening": 1, "member.total": 0},
    ),
    "out and back, then recognised": (
        (probationary("M", moved_out_on=D(2024, 6, 1), **AWAY, moved_in_on=D(2025, 2, 1),
                      recognition_decided_on=D(2025, 3, 1)),),
        (),
        {"recognition.recognised": 1, "transfer.in": 1, "member.opening": 0, "member.total": 1},
    ),
    "recognised elsewhere before coming back": (
        (probationary("M", moved_out_on=D(2024, 6, 1), **AWAY, moved_in_on=D(2025, 5, 1),
                      recognition_decided_on=D(2025, 3, 1)),),
        (),
        {"recognition.recognised": 0, "transfer.in": 1},
    ),
    "recognised on the day of leaving": (
        (probationary("M", recognition_decided_on=D(2025, 3, 1), moved_out_on=D(2025, 3, 1), **AWAY),),
        (),
        {"recognition.recognised": 1, "transfer.out": 1, "member.total": 0},
    ),
    "some days on the way, in two rows": (
        (official("1", **ONE, **OUT), official("2", **ONE, **IN)),
        (),
        {"transfer.internal": 1, "transfer.in": 0, "transfer.out": 0, "member.total": 1, "transfer.out@A": 1,
         "transfer.in@B": 1, "member.total@A": 0, "member.total@B": 1},
    ),
    "some days on the way, in one row with stays": (
        (official("M", **{**OUT, **IN}, placements=stays(D(2025, 3, 19), D(2025, 3, 20))),),
        (),
        {"transfer.internal": 1, "transfer.in": 0, "transfer.out": 0, "member.total": 1, "transfer.in@B": 1},
    ),
    "on the way over the end, in two rows": (
        (official("1", **ONE, moved_out_on=D(2025, 12, 20), moved_to="B"),
         official("2", **ONE, unit="B", moved_in_on=D(2026, 1, 5), moved_from="A")),
        (),
        {"transfer.in": 0, "transfer.out": 0, "member.opening": 1, "member.total": 1, "member.official": 1,
         "member.total@A": 1},
    ),
    "on the way over the end, in one row": (
        (official("M", unit="B", moved_out_on=D(2025, 12, 20), moved_to="B", moved_in_on=D(2026, 1, 5),
                  placements=stays(D(2026, 1, 4), D(2026, 1, 5))),),
        (),
        {"transfer.out": 0, "member.opening": 1, "member.total": 1, "member.total@A": 1},
    ),
    "on the way over the middle of the year": (
        (official("1", **ONE, moved_out_on=D(2025, 6, 25), moved_to="B"),
         official("2", **ONE, unit="B", moved_in_on=D(2025, 7, 5), moved_from="A")),
        (),
        {"transfer.internal": 1, "transfer.in": 0, "transfer.out": 0, "member.total": 1},
    ),
    "dies on the way": (
        (official("1", **ONE, **OUT, left_on=D(2025, 3, 10), exit_kind="died"),
         official("2", **ONE, **IN, left_on=D(2025, 3, 10), exit_kind="died")),
        (),
        {"exit.died": 1, "transfer.in": 0, "transfer.out": 0, "member.total": 0},
    ),
    "recognised on the way": (
        (probationary("1", **ONE, **OUT, recognition_decided_on=D(2025, 3, 10)),
         probationary("2", **ONE, **IN, recognition_decided_on=D(2025, 3, 10))),
        (),
        {"recognition.recognised": 1, "member.official": 1},
    ),
    "from cell to cell to cell": (
        (official("1", **ONE, **OUT), official("2", **ONE, **IN, moved_out_on=D(2025, 8, 1), moved_to="C"),
         official("3", **ONE, unit="C", moved_in_on=D(2025, 8, 9), moved_from="B")),
        (),
        {"transfer.internal": 2, "transfer.in": 0, "member.total": 1, "member.total@C": 1, "transfer.in@B": 1,
         "transfer.out@B": 1},
    ),
    "away for years, back in another cell": (
        (official("1", **ONE, moved_out_on=D(2022, 2, 1), **AWAY),
         official("2", **ONE, unit="B", moved_in_on=D(2025, 8, 9), moved_from="out_of_province")),
        (),
        {"transfer.internal": 0, "transfer.in": 1, "member.opening": 0, "member.total": 1},
    ),
    "the twelve months end before the move": (
        (probationary("M", admitted_on=D(2024, 3, 10), moved_out_on=D(2025, 8, 1), **AWAY),),
        (),
        {"recognition.due_in_period": 1, "transfer.out": 1},
    ),
    "the twelve months end after the move": (
        (probationary("M", admitted_on=D(2024, 3, 10), moved_out_on=D(2025, 2, 1), **AWAY),),
        (),
        {"recognition.due_in_period": 0},
    ),
    "admitted on an unknown day, leaves": (
        (candidate("M", admitted_partly="x", left_on=D(2025, 4, 1), exit_kind="resigned"), official("N")),
        (),
        {"exit.resigned": 1, "member.opening": 2, "member.total": 1, "member.undated": 0},
    ),
    "leaves and is admitted again within the year": (
        (official("1", **ONE, left_on=D(2025, 2, 1), exit_kind="resigned"),
         candidate("2", **ONE, previous_exit_on=D(2025, 2, 1), candidate_on=D(2025, 3, 1),
                   admission_decided_on=D(2025, 9, 1), admitted_on=D(2025, 9, 10))),
        (),
        {"exit.resigned": 1, "admission.total": 1, "member.opening": 1, "member.total": 1},
    ),
    "a measure against somebody who is no member": (
        (candidate("K"), official("N", admission_decided_on=D(2025, 6, 1), admitted_on=D(2025, 6, 10),
                                  recognition_decided_on=None, recognised_from=None)),
        warned("K", "N"),
        {"discipline.members.total": 0},
    ),
    "a measure after moving away": (
        (official("M", moved_out_on=D(2025, 2, 1), **AWAY), official("N")),
        warned("M", "N"),
        {"discipline.members.total": 1},
    ),
    "a measure in both rows": (
        (official("1", **ONE, **OUT), official("2", **ONE, **IN)),
        warned("1", "2"),
        {"discipline.members.total": 1, "discipline.members.total@A": 0, "discipline.members.total@B": 1},
    ),
    "a candidate of two cells": (
        (candidate("1", **ONE, candidate_on=D(2025, 2, 1)),
         candidate("2", **ONE, unit="B", candidate_on=D(2025, 2, 1))),
        (),
        {"candidate.listed": 1, "candidate.opened": 1},
    ),
}  # fmt: skip
"""Who there is, the measures against them, and the figures of 2025; `@` names a unit."""


def test_figures_counted_by_hand() -> None:
    """Every figure is what a hand counts, live and in columns; its people are as many; halves and flows add up."""
    wrong = []
    for name, (records, measures, figures) in POPULATIONS.items():
        roster = Roster(records=records, units=UNITS, disciplines=measures)
        live = ledgers.ledger(roster, YEAR, None, None)
        columns = counting.ledger(counting.of_roster(roster), YEAR, None, None)
        halves = [ledgers.ledger(roster, half, None, None) for half in HALVES]
        for text, figure in figures.items():
            indicator, _, cell = text.partition("@")
            found = [one.figure(indicator, cell or None).value for one in (live, columns)]
            if found != [figure] * 2 or (not cell and len(live.people(indicator)) != figure):
                wrong.append(f"{name}: {text} {found}, by hand {figure}")
        opening, up, down, undated, total = (
            int(live.figure(one).value or 0)
            for one in ("member.opening", "flow.increase", "flow.decrease", "flow.undated", "member.total")
        )
        if opening + up - down + undated != total:
            wrong.append(f"{name}: {opening} + {up} - {down} + {undated} is not {total}")
        for unit in (None, "U", "A", "B", "C"):
            wrong += [
                f"{name}: the halves of {event} in {unit}"
                for event in EVENTS
                if live.figure(event, unit).value != sum(int(one.figure(event, unit).value or 0) for one in halves)
            ]
        wrong += [f"{name}: {one.text.name} fails" for one in failed(live, controls.load())]
    assert wrong == []


def test_a_move_on_the_day_on_which_the_cell_goes_into_the_other() -> None:
    """It is one way: nobody comes from outside, nobody goes."""
    gone = Unit("A", level="cell", parent="U", history=(UnitStanding("U"), UnitStanding("U", D(2025, 3, 20), "B")))
    units = tuple(gone if unit.code == "A" else unit for unit in UNITS)
    roster = Roster(records=(official("1", **ONE, **OUT), official("2", **ONE, **IN)), units=units)
    for ledger in (
        ledgers.ledger(roster, YEAR, None, None),
        counting.ledger(counting.of_roster(roster), YEAR, None, None),
    ):
        assert [ledger.figure(one).value for one in ("transfer.in", "transfer.out", "member.total")] == [0, 0, 1]
