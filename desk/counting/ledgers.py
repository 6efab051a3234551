"""The desk's counting side: the ledger of a roster for a period, and the figures of all indicators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cases.values.records import Roster
from cases.values.typed_figures import ManualFigure, ManualFigures, typed_figures
from desk.counting.populations import RosterSource
from desk.rosters import known_unit, unit_tree
from engine.ruleset import RuleSet, by_published_days, load_ruleset
from engine.statistics.counting import Run
from engine.statistics.indicators import Indicators
from engine.statistics.ledger import Ledger
from engine.statistics.results import RecordCounter, Result, result
from rules.loader import indicators as indicators_loader
from rules.loader import settings as settings_loader
from rules.loader.indicators import IndicatorText


@cache
def compiled_indicators(ruleset: RuleSet) -> Indicators:
    """The indicators, compiled once for a rule set."""
    return Indicators(ruleset, indicators_loader.load())


def ruleset_of(settings: Mapping[str, str]) -> RuleSet:
    """The rules that figures are counted by under some settings."""
    return by_published_days(load_ruleset()) if settings["calendar"] == "published" else load_ruleset()


def ledger(
    roster: Roster,
    run: Run,
    unit: str | None = None,
    settings: Mapping[str, str] | None = None,
    typed: Iterable[ManualFigure] = (),
    more: Mapping[str, IndicatorText] | None = None,
) -> Ledger:
    """The ledger of a roster for a period; raises `UnknownName`.

    ``typed`` are typed figures besides those of the roster, ``more`` indicators besides those of all.
    """
    tree, chosen = unit_tree(roster), settings_loader.chosen(settings)
    ruleset = ruleset_of(chosen)
    indicators = compiled_indicators(ruleset).extended(more) if more else compiled_indicators(ruleset)
    counter = RecordCounter(indicators, RosterSource(roster, ruleset, chosen), tree, chosen)
    return Ledger(
        indicators,
        counter,
        ManualFigures([*typed_figures(roster), *typed]),
        tree.on(run.as_of),
        chosen,
        run,
        known_unit(roster, unit),
    )


def statistics(
    roster: Roster,
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    unit: str | None = None,
    who: tuple[str, ...] = (),
    settings: Mapping[str, str] | None = None,
) -> Result:
    """The figures of a period for a unit with all below it, and for each unit in it."""
    return result(ledger(roster, Run(start, end, as_of), unit, settings), unit, who)


@dataclass(frozen=True, slots=True)
class PartFigure:
    """A count of the parts of a merged roster beside that of the whole."""

    name: str
    label: str
    parts: tuple[int, ...]
    whole: int

    @property
    def added(self) -> int:
        """The sum of the parts."""
        return sum(self.parts)

    @property
    def difference(self) -> int:
        """What the whole has more than its parts."""
        return self.whole - self.added


def sums_of_parts(parts: Sequence[Roster], whole: Roster, start: dt.date, end: dt.date) -> list[PartFigure]:
    """Every counted figure of the parts and of the whole; means and greatest values do not add up and are left out."""
    run = Run(start, end, end)
    ledgers = [ledger(roster, run) for roster in (*parts, whole)]
    names = [
        name
        for name, text in indicators_loader.load().items()
        if text.counted and text.mean is None and text.max is None and text.per is None
    ]
    for each in ledgers:
        each.prepare(names)
    found = []
    for name in names:
        *values, total = (int(each.figure(name).value or 0) for each in ledgers)
        found.append(PartFigure(name, indicators_loader.load()[name].label, tuple(values), total))
    return found
