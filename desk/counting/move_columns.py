"""Transfers in columns: only of people who moved is a record made, the others are not looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from cases.values.records import Placement, Record, StepEntry
from desk.counting.moves import moves_of
from desk.counting.populations import RosterSource
from engine.statistics.counting import Unit
from engine.sweep.frames import ROW
from engine.sweep.members import SEEN, UNIT
from engine.sweep.plan import Frame

ARRIVED, DEPARTED = "moved_in_on", "moved_out_on"
CASE = "_case"
"""The number of the case that an entry belongs to."""
STEPS = {ROW: pl.UInt32, "kind": pl.String, "on": pl.Date}
_STAYS = {ROW: pl.UInt32, "entry": pl.Int64, "value": pl.String, "since": pl.Date}


def moves_in(
    cases: pl.DataFrame, steps: pl.DataFrame, placements: Frame | None, source: RosterSource
) -> tuple[pl.DataFrame, list[tuple[Unit, ...]]]:
    """All transfers there are, case by case, each with the number of the units that see it."""
    stays: pl.DataFrame = pl.DataFrame(schema=_STAYS) if placements is None else placements.collect()
    scopes: dict[tuple[Unit, ...], int] = {}
    rows = [
        (row, move.kind, move.on, move.place, move.unit, scopes.setdefault(move.scopes, len(scopes)))
        for row, record in _who_moved(cases, steps, stays)
        for move in moves_of(record, dt.date.max, source.tree, source.units)
    ]
    schema = {CASE: pl.UInt32, "move": pl.Categorical, "moved_on": pl.Date, "move_place": pl.Categorical}
    return pl.DataFrame(rows, schema={**schema, UNIT: pl.String, SEEN: pl.Int32}, orient="row"), list(scopes)


def _who_moved(cases: pl.DataFrame, steps: pl.DataFrame, stays: pl.DataFrame) -> Iterator[tuple[int, Record]]:
    """The cases with a step of moving or more than one stay, each with nothing but what its transfers show in."""
    kinds = (ARRIVED, DEPARTED)
    moving = steps.filter(pl.col("kind").is_in(kinds))
    several = stays.group_by(ROW).len().filter(pl.col("len") > 1)
    numbers = pl.concat([moving.select(ROW), several.select(ROW)]).unique()[ROW]
    fields = [name for name in (ROW, "code", "unit", *kinds, "moved_from", "moved_to") if name in cases.columns]
    own = [pl.col(kind).is_not_null() for kind in kinds if kind in fields]
    people = cases.select(fields).filter(pl.any_horizontal(pl.col(ROW).is_in(numbers.implode()), *own))
    steps_of, stays_of = _by_row(moving, people[ROW]), _by_row(stays.sort(ROW, "entry"), people[ROW])
    for line in people.iter_rows(named=True):
        row = line.pop(ROW)
        yield (
            row,
            Record(
                line["code"],
                {name: value for name, value in line.items() if value is not None},
                tuple(StepEntry(step["kind"], step["on"]) for step in steps_of.get(row, ())),
                placements=tuple(Placement(stay["value"], stay["since"]) for stay in stays_of.get(row, ())),
            ),
        )


def _by_row(frame: pl.DataFrame, rows: pl.Series) -> dict[int, Sequence[dict[str, Any]]]:
    """The lines of some rows."""
    found: dict[int, list[dict[str, Any]]] = {}
    for line in frame.filter(pl.col(ROW).is_in(rows.implode())).iter_rows(named=True):
        found.setdefault(line[ROW], []).append(line)
    return dict(found)
