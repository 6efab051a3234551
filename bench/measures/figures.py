"""All statistics of a period, counted over columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from functools import partial

import polars as pl

from bench import AS_OF
from bench.machine import peak_megabytes, timed
from bench.measures import Json
from bench.measures.live import records
from bench.population import population
from cases.values.records import Roster, Unit
from desk.counting import counting as desk_counting
from desk.counting import ledgers as desk_reports
from engine.ruleset import load_ruleset
from engine.statistics.counting import Run
from engine.statistics.results import Result, result
from engine.sweep.frames import ROW, CaseFrames

PERIOD = Run(dt.date(2024, 1, 1), AS_OF, AS_OF)
"""The period of the statistics."""


def figures(size: int, rounds: int, agree: int) -> Json:
    """All statistics of a period by all units, from a frame; on fewer cases they are those counted one by one."""
    found = _counted(agree)
    if found != _counted(agree, one_by_one=True):
        raise SystemExit("the two ways of counting disagree")
    frame, units = population(size), _units(population(size))
    spans = timed(partial(_figures, frame, units), rounds)
    texts = desk_reports.compiled_indicators(load_ruleset()).texts
    told = {"size": size, "agree": agree, "indicators": len(texts), "units": len(units), "peak": peak_megabytes()}
    return {**told, **asdict(spans)}


def _units(frame: pl.DataFrame) -> tuple[Unit, ...]:
    """The units of a population, all below the first."""
    codes = frame["unit"].unique().sort().to_list()
    return tuple(Unit(code, code, parent=codes[0] if place else None) for place, code in enumerate(codes))


def _figures(frame: pl.DataFrame, units: tuple[Unit, ...]) -> Result:
    """All figures, counted over columns."""
    frames = CaseFrames(frame.with_row_index(ROW).lazy())
    ledger = desk_counting.ledger(desk_counting.InFrames(frames, Roster(units=units), units), PERIOD)
    return result(ledger, None, ())


def _counted(size: int, *, one_by_one: bool = False) -> list[object]:
    """The figures of a small population, for all and by unit."""
    units = _units(population(size))
    if one_by_one:
        found = result(desk_reports.ledger(Roster(tuple(records(size)), units), PERIOD), None, ())
    else:
        found = _figures(population(size), units)
    return [found.values, found.by_unit]
