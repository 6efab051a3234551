"""Who came, went or left, in columns: only of such people is a record made, the others are not looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import polars as pl

from cases.values.records import Placement, Record, StepEntry
from desk.counting.belonging import READ
from desk.counting.persons import MEMBER_BY, TELLING
from engine.sweep.frames import ROW
from engine.sweep.layers import Frame
from engine.units import UnitTree
from rules.loader import vocabulary

CASE = "_case"
"""The number of the case that an entry belongs to."""
STEPS = {ROW: pl.UInt32, "kind": pl.String, "on": pl.Date}
STAYS = {ROW: pl.UInt32, "entry": pl.Int64, "value": pl.String, "since": pl.Date}


def looked_at(
    cases: pl.DataFrame,
    steps: pl.DataFrame,
    placements: Frame | None,
    tree: UnitTree,
    named: Collection[str],
    *,
    by_decision: bool,
) -> dict[str, tuple[int, Record]]:
    """By code the number and the record, with what decides where it belongs, of each case that may be of `persons`."""
    stays: pl.DataFrame = pl.DataFrame(schema=STAYS) if placements is None else placements.collect()
    there = set(cases.columns)
    told = steps.filter(pl.col("kind").is_in(list(TELLING)))
    numbers = pl.concat([told.select(ROW), stays.select(ROW)]).unique()[ROW]
    wanted = [pl.col(ROW).is_in(numbers.implode()), *(pl.col(name).is_not_null() for name in TELLING if name in there)]
    wanted.append(pl.col("code").cast(pl.String).is_in(list(named)))
    if "unit" in there and (restless := tree.restless):
        wanted.append(pl.col("unit").cast(pl.String).is_in(list(restless)))
    if "person_code" in there:
        person = pl.coalesce(pl.col("person_code").cast(pl.String), pl.col("code").cast(pl.String))
        wanted.append(pl.len().over(person) > 1)
    counted = "admission_decided_on" if by_decision else "admitted_on"
    undated = pl.col(counted).is_null() if counted in there else pl.lit(value=True)
    wanted += [undated & pl.col(name).is_not_null() for name in MEMBER_BY if name in there]
    kinds = {*vocabulary.load().step_kinds, *READ}
    people = cases.filter(pl.any_horizontal(wanted)).select(ROW, *sorted(kinds & there))
    return {record.code: (row, record) for row, record in _records(people, steps, stays)}


def _records(people: pl.DataFrame, steps: pl.DataFrame, stays: pl.DataFrame) -> Iterator[tuple[int, Record]]:
    steps_of, stays_of = _by_row(steps, people[ROW]), _by_row(stays.sort(ROW, "entry"), people[ROW])
    for line in people.iter_rows(named=True):
        row = line.pop(ROW)
        yield (
            row,
            Record(
                str(line["code"]),
                {name: value for name, value in line.items() if value is not None},
                tuple(StepEntry(step["kind"], step["on"]) for step in steps_of.get(row, ())),
                placements=tuple(
                    Placement(stay["value"], stay["since"], stay.get("until")) for stay in stays_of.get(row, ())
                ),
            ),
        )


def _by_row(frame: pl.DataFrame, rows: pl.Series) -> dict[int, Sequence[dict[str, Any]]]:
    """The lines of some rows."""
    found: dict[int, list[dict[str, Any]]] = {}
    for line in frame.filter(pl.col(ROW).is_in(rows.implode())).iter_rows(named=True):
        found.setdefault(line[ROW], []).append(line)
    return dict(found)
