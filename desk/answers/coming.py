"""What lies ahead: the limits of the coming days, the work of a month, the limits as a calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desk.answers.checking import check
from desk.answers.matters import first_of_each
from desk.rosters import evaluator, in_unit, known_unit
from engine import coming_up
from engine.evaluators import at_once
from reports.lists.worklist import COMING, LISTED, Item, work, write_worklist
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cases.values.records import Roster, Unit
    from desk.question import Question
    from desk.sweeping.batches import Batches
    from desk.sweeping.looked import Looked
    from engine.coming_up import Coming
    from engine.sweep.asking.coming_up import Limits


@dataclass(frozen=True, slots=True)
class ComingLimits:
    """The limits that lie ahead, soonest first."""

    question: Question
    within: int
    coming: Sequence[Coming]
    units: Sequence[Unit]

    @property
    def listed(self) -> list[Coming]:
        """The limits as a screen or a calendar lists them, one line a matter."""
        return _listed(self.question, self.coming)

    @property
    def last(self) -> dt.date:
        """The last day looked at."""
        return self.question.as_of + dt.timedelta(days=self.within)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        as_of = self.question.as_of
        values = {"as_of": as_of, "within": self.within, "unit": self.question.unit, "law": self.question.law}
        entries = [
            {
                "case": entry.case,
                "name": entry.name,
                "unit": entry.unit,
                "due": entry.day,
                "days_left": (entry.day - as_of).days,
                "deadline": entry.deadline,
                "label": entry.label,
                "document": entry.document,
                "clause": entry.clause,
                "certainty": entry.certainty,
            }
            for entry in self.coming
        ]
        return {**values, "coming": entries}


@dataclass(frozen=True, slots=True)
class Worklist:
    """What has to be done until a day, unit by unit, the most pressing first."""

    question: Question
    until: dt.date
    items: Sequence[Item]
    units: Sequence[Unit]

    @property
    def listed(self) -> list[Item]:
        """The items as a screen or a sheet lists them, one line a matter."""
        rules = self.question.ruleset.rules
        return first_of_each(self.items, rules, lambda item: (item.case, item.rule, item.severity))

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        values = {"as_of": self.question.as_of, "until": self.until, "unit": self.question.unit}
        entries = [
            {
                "severity": item.severity,
                "rule": item.rule,
                "unit": item.unit,
                "case": item.case,
                "name": item.name,
                "reason": item.reason,
                "due": item.due,
                "days_left": item.days_left,
                "held_by": item.held_by,
                "document": item.document,
                "clause": item.clause,
                "certainty": item.certainty,
            }
            for item in self.items
        ]
        return {**values, "work": entries}

    def write(self, path: Path, *, replace: bool) -> None:
        """Write the list as a workbook; raises `BadInput` where the file is there already."""
        write_worklist(path, self.listed, self.question.as_of, self.until, self.units, replace=replace)


def _listed(question: Question, limits: Sequence[Coming]) -> list[Coming]:
    """Of several limits of a case about one matter the soonest."""
    return first_of_each(limits, question.ruleset.rules, lambda limit: (limit.case, limit.deadline, COMING))


def coming_in_store(url: str, question: Question, within: int, kept: Looked | None = None) -> ComingLimits:
    """The same from the columns of a store, in batches or ``kept``; raises `StoreProblem`, `UnknownName`."""
    from desk.sweeping.batches import of_store

    limits = _limits(question, within)
    facts = limits.facts(question.ruleset)
    batches = of_store(url, question, facts) if kept is None else kept.batches(url, question)
    return _in_columns(batches, limits, question, within)


def _limits(question: Question, within: int) -> Limits:
    from engine.sweep.asking.coming_up import Limits

    as_of = question.as_of
    return Limits.of(question.ruleset, as_of, as_of + dt.timedelta(days=within))


def _in_columns(batches: Batches, limits: Limits, question: Question, within: int) -> ComingLimits:
    import polars as pl

    from engine.sweep.asking import coming_up as columns
    from engine.sweep.asking.looking import Looking

    looking = Looking(question.ruleset, question.as_of, limits.asked)
    rows = [limits.rows(look(looking)) for look in batches.looks]
    found = columns.values(columns.in_order(pl.concat([pl.DataFrame(schema=columns.SCHEMA), *rows])))
    return ComingLimits(question, within, tuple(found), batches.units)


def coming(roster: Roster, question: Question, within: int) -> ComingLimits:
    """The limits of the next so many days; raises `UnknownName`."""
    ruleset = question.ruleset
    if at_once(len(roster.records), question.by):
        from desk.sweeping.batches import of_roster

        return _in_columns(of_roster(roster, question), _limits(question, within), question, within)
    records = in_unit(roster, ruleset, known_unit(roster, question.unit), question.as_of)
    found = coming_up.coming(evaluator(ruleset), records, question.as_of, within)
    return ComingLimits(question, within, tuple(found), roster.units)


def worklist(roster: Roster, question: Question, until: dt.date) -> Worklist:
    """The work up to a day; raises `UnknownName`, and `BadInput` for a day that is over."""
    ahead = coming(roster, question, _days(question, until))
    return Worklist(question, until, tuple(work(check(roster, question), ahead.coming)), roster.units)


def worklist_in_store(url: str, question: Question, until: dt.date) -> Worklist:
    """The same from the columns of a store; raises `StoreProblem` beside."""
    from desk.sweeping.store_sweep import check_store

    ahead = coming_in_store(url, question, _days(question, until))
    checked = check_store(url, replace(question, severities=LISTED))
    return Worklist(question, until, tuple(work(checked.evaluation, ahead.coming)), checked.units)


def _days(question: Question, until: dt.date) -> int:
    """How many days there are up to a day; raises `BadInput` for a day that is over."""
    if until < question.as_of:
        raise BadInput(
            f"Tháng {until:%m/%Y} đã qua vào ngày tính đến {shown_day(question.as_of)}. Chọn tháng khác, hoặc --as-of."
        )
    return (until - question.as_of).days


def calendar(limits: ComingLimits, source: tuple[str, int], *, names: bool) -> bytes:
    """The calendar file of the limits that lie ahead, as `remind` writes it where no earlier one is."""
    from reports.lists.reminders import calendar_of, reminders

    whose, written = source
    return calendar_of(reminders(limits.listed, whose, names=names), limits.question.as_of, written)


def remind(
    limits: ComingLimits, standing: ComingLimits, path: Path, source: tuple[str, int], *, names: bool
) -> tuple[int, int]:
    """Write limits as a calendar; gives how many, and how many of an earlier calendar were called off.

    ``standing`` are the limits that still stand, of all units and as far ahead as an earlier calendar may have told;
    ``source`` is what tells the cases of this source from those of another, and the number of its last write.
    Raises `BadInput`.
    """
    from reports.lists.reminders import reminders, write_calendar

    whose, written = source
    wanted, others = (reminders(those.listed, whose, names=names) for those in (limits, standing))
    return write_calendar(path, wanted, others, limits.question.as_of, written)
