"""The desk's answer to "where does the time go": the numbers, and the people behind each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from desk.rosters import evaluator, in_unit, known_unit
from desk.words.labels import named
from engine.evaluators import at_once
from engine.statistics.counting import Run
from engine.statistics.timing.timings import measure
from rules.loader import vocabulary
from rules.loader.errors import UnknownName
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from cases.values.records import Roster, Unit
    from desk.question import Question
    from desk.sweeping.batches import Batches
    from desk.sweeping.looked import Looked
    from engine.coming_up import Coming
    from engine.statistics.timing.measurement import (
        AheadMonth,
        Measurement,
        MonthTiming,
        Passage,
        Transition,
        UnitTimings,
        Wait,
        Waiting,
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """The people behind one number: on a stretch, with a holder, or with a limit in a month; the others are empty."""

    passages: Sequence[Passage] = ()
    waits: Sequence[Wait] = ()
    limits: Sequence[Coming] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """How long each step took in a period, what waits with whom since when, what the coming months bring."""

    question: Question
    start: dt.date
    end: dt.date
    transitions: tuple[Transition, ...]
    waiting: tuple[Waiting, ...]
    by_unit: tuple[UnitTimings, ...]
    months: tuple[MonthTiming, ...]
    ahead: tuple[AheadMonth, ...]
    measured: Measurement
    """The people behind the numbers."""
    units: Sequence[Unit]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        asked = {"from": self.start, "to": self.end, "as_of": self.question.as_of, "unit": self.question.unit}
        parts = ("transitions", "waiting", "by_unit", "months", "ahead")
        return {**asked, **{part: [asdict(one) for one in getattr(self, part)] for part in parts}}

    def write(self, path: Path, *, picture: bool, replace: bool) -> None:
        """Write the numbers with their people as a workbook, or a picture (.svg, .png); raises `BadInput`."""
        from reports.lists.timings_sheet import write_picture, write_sheet

        (write_picture if picture else write_sheet)(path, self.measured, replace=replace)

    def behind(self, number: str) -> Behind:
        """The people behind a number: `STEP:STEP` of a stretch, a holder, or a month to come as yyyy-mm.

        Contradictory passages are there too. Raises `UnknownName`.
        """
        measured, number = self.measured, _named(number)
        stretches = {f"{one.from_step}:{one.to_step}": one for one in self.transitions}
        if number in stretches:
            return Behind(passages=measured.passed((stretches[number].from_step, stretches[number].to_step)))
        if number in {one.held_by for one in self.waiting}:
            return Behind(waits=measured.held_by(number))
        months = {one.month for one in self.ahead}
        if number in months:
            return Behind(limits=measured.coming(number))
        known = [*stretches, *(one.held_by for one in self.waiting), *sorted(months)]
        hint = did_you_mean(number, known, f"Các tên: {', '.join(known)}.")
        raise UnknownName(f"Không có số liệu “{number}”. {hint}")


def _named(number: str) -> str:
    """The name of a number that is given in Vietnamese words: steps, a holder, or a month as mm/yyyy."""
    first, colon, second = number.partition(":")
    if colon:
        return f"{_step(first)}:{_step(second)}"
    month, slash, year = number.partition("/")
    return f"{year}-{month.zfill(2)}" if slash else named(number, vocabulary.load().codes["held_by"])


def _step(text: str) -> str:
    facts = {name: fact.label.removeprefix("Ngày ") for name, fact in vocabulary.load().facts.items()}
    return named(text, facts)


def timings(roster: Roster, question: Question, start: dt.date, end: dt.date) -> Timings:
    """Time the cases of a unit with all below it; raises `UnknownName`."""
    run = Run(start, end, question.as_of)
    if at_once(len(roster.records), question.by):
        from desk.sweeping.batches import of_roster

        return _in_columns(of_roster(roster, question), question, run)
    records = in_unit(roster, question.ruleset, known_unit(roster, question.unit), question.as_of)
    return _told(measure(evaluator(question.ruleset), records, run), question, roster.units)


def timings_in_store(url: str, question: Question, start: dt.date, end: dt.date, kept: Looked | None = None) -> Timings:
    """The same from the columns of a store, in batches or ``kept``; raises `StoreProblem`, `UnknownName`."""
    from desk.sweeping.batches import of_store
    from engine.sweep.asking.timings import facts_timed

    facts = facts_timed(question.ruleset)
    batches = of_store(url, question, facts) if kept is None else kept.batches(url, question)
    return _in_columns(batches, question, Run(start, end, question.as_of))


def _in_columns(batches: Batches, question: Question, run: Run) -> Timings:
    from engine.sweep.asking.timings import TimingColumns

    columns = TimingColumns(question.ruleset, run)
    for look in batches.looks:
        columns.add(look(columns.looking))
    return _told(columns.measured(), question, batches.units)


def _told(measured: Measurement, question: Question, units: Sequence[Unit]) -> Timings:
    return Timings(
        question=question,
        start=measured.run.start,
        end=measured.run.end,
        transitions=measured.transitions(),
        waiting=measured.waiting(),
        by_unit=measured.by_unit(),
        months=measured.months(),
        ahead=measured.ahead(),
        measured=measured,
        units=units,
    )
