"""The desk: one object to which every face of the program puts a user's questions.

    desk = Desk(store_url(), today=day)
    question = desk.ask(as_of=day, unit="CB-04")
    desk.check(question).as_json()

Answers are frozen values; `as_json()` is the one form in which programs get them. What an answer needs is imported when
it is asked for, so that a command waits only for what it uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desk.question import Question, Way, overlay_files, require_taken
from rules.loader.errors import BadQuestion

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.answers.checking import Checked
    from desk.answers.coming import ComingLimits, Worklist
    from desk.answers.explaining import Explained
    from desk.answers.finding import CasePage, Found
    from desk.answers.news import News
    from desk.answers.person import Person
    from desk.answers.planning import Impact, Planned, Supposed
    from desk.answers.receipts import Receipted
    from desk.answers.units import UnitsCounted
    from desk.source import Opened, Place


class Desk:
    """Answers questions about one source, for one user on one day; what it has read it keeps."""

    def __init__(
        self,
        place: Place,
        *,
        today: dt.date,
        user: str | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """Sit down before a source: the path of a workbook, or the address of a store.

        ``user`` signs what is written (None = the user of this machine); remarks about a file are told to ``tell``.
        """
        self.place, self.today, self.user = place, today, user
        self._tell = tell
        self._opened: dict[dt.date | None, Opened] = {}

    @property
    def url(self) -> str:
        """The address of the store; raises `BadQuestion` where the source is a file."""
        if isinstance(self.place, Path):
            raise BadQuestion("Việc này làm với kho, không làm với một tệp. Bỏ tên tệp.")
        return self.place

    def ask(
        self,
        *,
        as_of: dt.date | None = None,
        known_on: dt.date | None = None,
        law: dt.date | None = None,
        unit: str | None = None,
        overlays: Sequence[str] | None = None,
        severities: Sequence[str] | None = None,
        by: Way | None = None,
        one_moment: bool = False,
    ) -> Question:
        """Make a question: today where no day is given, and the overlays that the store has chosen where none are.

        ``by`` is left to the number of cases where it is None. ``one_moment`` has all records read at one moment, as a
        receipt needs it. Raises `BadQuestion`, `UnknownName` for an overlay, and `StoreProblem`.
        """
        in_batches = False
        if isinstance(self.place, Path):
            if known_on is not None:
                raise BadQuestion(
                    "--known-on chỉ dùng với kho, vì một tệp không cho biết ngày ghi. Bỏ tên tệp hoặc --known-on."
                )
            overlays = overlays or ()
        else:
            from desk.source import is_large

            if overlays is None:
                from cases.store.overlay_choice import chosen_overlays

                overlays = chosen_overlays(self.place)
            if known_on is None and not one_moment:
                in_batches = by == "sweep" or (by is None and is_large(self.place))
        overlay_files(tuple(overlays))
        return Question(
            as_of or self.today,
            known_on,
            law,
            unit,
            tuple(overlays),
            None if severities is None else tuple(severities),
            by or "live",
            in_batches,
        )

    def opened(self, question: Question) -> Opened:
        """The records that a question is about, read once; raises `BadFile`, `Refused`, `StoreProblem`, `BadInput`."""
        if question.known_on not in self._opened:
            from desk.source import open_source

            self._opened[question.known_on] = open_source(self.place, question.known_on, self._tell)
        return self._opened[question.known_on]

    def roster(self, question: Question) -> Roster:
        """The records that a question is about, read once; raises what `opened` raises."""
        return self.opened(question).roster

    def check(self, question: Question, listed: Collection[str] | None = None) -> Checked:
        """Who is overdue or blocked, and what is missing to decide; raises `UnknownName`.

        Where a store is swept, sentences are written only for findings of the severities ``listed`` (None = all).
        """
        require_taken("check", question)
        if question.in_batches:
            from desk.sweeping.store_sweep import check_store

            return check_store(self.url, question, listed)
        from desk.answers.checking import check_roster

        return check_roster(self.roster(question), question)

    def units(self, question: Question) -> UnitsCounted:
        """The tree of units with the cases of each; raises `UnknownName`."""
        from desk.answers.units import units

        require_taken("units", question)
        return units(self.roster(question), question)

    def due(self, question: Question, within: int) -> ComingLimits:
        """The limits of the next so many days; raises `UnknownName`."""
        from desk.answers.coming import coming

        require_taken("due", question)
        return coming(self.roster(question), question, within)

    def worklist(self, question: Question, until: dt.date) -> Worklist:
        """The work up to a day; raises `UnknownName`, and `BadInput` for a day that is over."""
        from desk.answers.coming import worklist

        require_taken("list", question)
        return worklist(self.roster(question), question, until)

    def explain(self, question: Question, case: str) -> Explained:
        """One case, rule by rule; raises `UnknownName`."""
        from desk.answers.explaining import explain

        require_taken("explain", question)
        return explain(self.roster(question), question, case)

    def remind(self, question: Question, within: int, pending: int, path: Path, *, names: bool) -> tuple[int, int]:
        """Write the limits of the next days as a calendar; raises `UnknownName`, `BadInput`."""
        from desk.answers.coming import remind

        require_taken("remind", question)
        return remind(self.roster(question), question, within, pending, path, self._whose(), names=names)

    def _whose(self) -> str:
        """What tells the cases of this source from those of another: the file's name, or a store's first write."""
        if isinstance(self.place, Path):
            return self.place.name
        from cases.log.logbook import read_batches
        from cases.store.connection import querying

        with querying(self.place) as execute:
            batches = read_batches(execute)
        return batches[0].name if batches else ""

    def plan(self, question: Question, case: str) -> Planned:
        """The coming steps of one case; raises `UnknownName`."""
        from desk.answers.planning import plan

        require_taken("plan", question)
        return plan(self.roster(question), question, case)

    def what_if(self, question: Question, case: str, settings: Sequence[str]) -> Supposed:
        """One case with some facts set otherwise (`fact=value`); raises `UnknownName`, `BadInput`."""
        from desk.answers.planning import what_if

        require_taken("what-if", question)
        return what_if(self.roster(question), question, case, settings)

    def impact(self, question: Question, start: dt.date, end: dt.date) -> Impact:
        """The cases whose findings differ between the law of two days; raises `UnknownName`."""
        from desk.answers.planning import impact

        require_taken("impact", question)
        return impact(self.roster(question), question, start, end)

    def find(self, question: Question, text: str, stage: str | None = None, *, most: int | None = None) -> Found:
        """People by name, code, unit or stage; raises `UnknownName`, `StoreProblem`."""
        from desk.answers.finding import find

        require_taken("find", question)
        return find(self.url, question, text, stage, most)

    def case(self, question: Question, code: str) -> CasePage:
        """One case on a page; raises `UnknownName`."""
        from desk.answers.finding import case_page, stored_case

        require_taken("show", question)
        if isinstance(self.place, Path) or question.known_on is not None:
            return case_page(self.roster(question), question, code)
        alone = stored_case(self.place, code)  # read by its index: a page does not wait for all others
        return case_page(alone, question, alone.records[0].code)

    def person(self, question: Question, code: str) -> Person:
        """One person as somebody opens her: findings, way, next steps, what is recorded; raises `UnknownName`."""
        from desk.answers.finding import stored_case
        from desk.answers.person import person

        require_taken("show", question)
        if isinstance(self.place, Path) or question.known_on is not None:
            return person(self.roster(question), question, code)
        alone = stored_case(self.place, code)
        return person(alone, question, alone.records[0].code)

    def news(self, question: Question, *, keep: bool = False) -> News:
        """What is new since the last look that was kept; ``keep`` keeps this one. Raises `StoreProblem`, `BadInput`."""
        from desk.answers.news import news

        require_taken("news", question)
        return news(self.url, question, keep=keep)

    def keep_receipt(self, answer: Receipted, path: Path, *, replace: bool) -> None:
        """Write the receipt of an answer whose question was asked with ``one_moment``; raises `BadInput`."""
        from desk.answers.receipts import make, write

        write(make(answer, self.opened(answer.question), self.place), path, replace=replace)
