"""The desk's typed figures: which ones hold for a unit and a time, and where units contradict each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cases.values.records import Roster, TypedFigure
from desk.counting import ledgers as desk_reports
from desk.question import Question
from desk.rosters import known_unit, unit_tree
from engine.statistics.counting import Run
from engine.statistics.ledger import Ledger
from engine.statistics.typed import Contradiction
from reports.forms import form_loader
from reports.forms.asking import missing_figures
from reports.forms.occasion import Occasion
from rules.loader import indicators as indicators_loader
from rules.loader.indicators import IndicatorText

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Listed:
    """A typed figure, and whether it holds for exactly the time asked about; None where none was."""

    figure: TypedFigure
    label: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class FiguresTyped:
    """The typed figures of a unit, and for a period what forms still ask for and where units contradict each other."""

    question: Question
    period: Period | None
    figures: tuple[Listed, ...]
    missing: Mapping[str, tuple[str, ...]] | None
    """The forms that ask for each figure that nobody has typed in; None where no period is asked about."""
    contradictions: tuple[Contradiction, ...]
    top: str | None
    """The unit asked about, else the one above all others where there is one."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        start, end = self.period or (None, None)
        missing = None if self.missing is None else [_missing_json(name, forms) for name, forms in self.missing.items()]
        return {
            "from": start,
            "to": end,
            "unit": self.question.unit,
            "figures": [_listed_json(one) for one in self.figures],
            "missing": missing,
            "contradictions": contradictions_json(self.contradictions),
        }


def _listed_json(one: Listed) -> dict[str, Any]:
    figure = one.figure
    return {
        "indicator": figure.indicator,
        "label": one.label,
        "unit": figure.unit,
        "from": figure.begins_on,
        "to": figure.ends_on,
        "value": number(figure.value),
        "source": figure.source,
        "author": figure.author,
        "entered_on": figure.entered_on,
        "holds": one.holds,
    }


def _missing_json(name: str, forms: Iterable[str]) -> dict[str, Any]:
    text = indicators_loader.load()[name]
    return {"indicator": name, "label": text.label, "kind": text.typed, "forms": list(forms)}


def typed_figures(roster: Roster, question: Question, period: Period | None) -> FiguresTyped:
    """What is typed in, and what is still to be typed in for a period; raises `UnknownName`."""
    unit = question.unit
    return FiguresTyped(
        question,
        period,
        tuple(listed(roster, unit, period)),
        _missing(roster, period, unit) if period else None,
        tuple(contradictions(roster, period, unit)) if period else (),
        unit or _top(roster),
    )


def _missing(roster: Roster, period: Period, unit: str | None) -> dict[str, tuple[str, ...]]:
    """The figures that forms ask for and nobody has typed in for the unit and the period."""
    found: dict[str, tuple[str, ...]] = {}
    for form in form_loader.load().values():
        ledger = ledger_for(roster, period, unit, form.indicators)
        for name in missing_figures(form, Occasion(ledger, roster.units, unit, people=False)):
            found[name] = (*found.get(name, ()), form.name)
    return found


def _top(roster: Roster) -> str | None:
    known = {unit.code for unit in roster.units}
    tops = [unit.code for unit in roster.units if unit.parent not in known]
    return tops[0] if len(tops) == 1 else None


def listed(roster: Roster, unit: str | None, period: Period | None) -> list[Listed]:
    """The typed figures of a unit and those below it, of times that touch the period; raises `UnknownName`."""
    tree, texts = unit_tree(roster), indicators_loader.load()
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


def ledger_for(roster: Roster, period: Period, unit: str | None, more: Mapping[str, IndicatorText]) -> Ledger:
    """The ledger that a form would be filled from."""
    return desk_reports.ledger(roster, Run(*period, period[1]), unit, more=more)


def number(value: str) -> int | float:
    """A typed value as a number."""
    return int(value) if value.isdecimal() else float(value)


def contradictions_json(found: Iterable[Contradiction]) -> list[dict[str, Any]]:
    """Contradictions in the form that programs rely on."""
    return [
        {
            "indicator": one.own.name,
            "unit": one.own.unit,
            "value": _plain(one.own.value),
            "below": {str(entry.unit): _plain(entry.value) for entry in one.below},
        }
        for one in found
    ]


def _plain(value: int | Fraction) -> int | float:
    return value if isinstance(value, int) else float(value)


def contradictions(roster: Roster, period: Period, unit: str | None) -> list[Contradiction]:
    """Where a unit's own figure is not what the units below it add up to."""
    ledger = ledger_for(roster, period, unit, {})
    names = [name for name, text in indicators_loader.load().items() if text.typed]
    return [one for name in names for one in ledger.contradictions(name, unit)]
