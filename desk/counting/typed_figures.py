"""The desk's typed figures: which ones hold for a unit and a time, and where units contradict each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cases.values.records import Roster, TypedFigure
from desk.counting import ledgers as desk_reports
from desk.rosters import known_unit, unit_tree
from engine.statistics.counting import Run
from engine.statistics.ledger import Ledger
from engine.statistics.typed import Contradiction
from rules.loader import indicators as indicatorbook
from rules.loader.indicators import IndicatorText


@dataclass(frozen=True, slots=True)
class Listed:
    """A typed figure, and whether it holds for exactly the time asked about; None where none was."""

    figure: TypedFigure
    label: str
    holds: bool | None


def listed(roster: Roster, unit: str | None, period: tuple[dt.date, dt.date] | None) -> list[Listed]:
    """The typed figures of a unit and those below it, of times that touch the period; raises `UnknownName`."""
    tree, texts = unit_tree(roster), indicatorbook.load()
    scope = known_unit(roster, unit)
    found = []
    for figure in roster.figures:
        if not tree.holds(scope, figure.unit):
            continue
        holds = None
        if period is not None:
            if figure.ends_on < period[0] or figure.begins_on > period[1]:
                continue
            text = texts.get(figure.indicator)
            of_a_day = text is not None and text.typed == "day"
            holds = figure.ends_on == period[1] and (of_a_day or figure.begins_on == period[0])
        label = texts[figure.indicator].label if figure.indicator in texts else figure.indicator
        found.append(Listed(figure, label, holds))
    return found


def ledger_for(
    roster: Roster, period: tuple[dt.date, dt.date], unit: str | None, more: Mapping[str, IndicatorText]
) -> Ledger:
    """The ledger that a form would be filled from."""
    return desk_reports.ledger(roster, Run(*period, period[1]), unit, more=more)


def contradictions(roster: Roster, period: tuple[dt.date, dt.date], unit: str | None) -> list[Contradiction]:
    """Where a unit's own figure is not what the units below it add up to."""
    ledger = ledger_for(roster, period, unit, {})
    names = [name for name, text in indicatorbook.load().items() if text.typed]
    return [one for name in names for one in ledger.contradictions(name, unit)]
