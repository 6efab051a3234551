"""Questions about people: who is overdue, what lies ahead, one case, what is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk.door import needs
from desk.question import Question, require_taken
from desk.sitting import Sitting

if TYPE_CHECKING:
    from cases.store.search import People
    from cases.values.records import Roster
    from desk.answers.ahead import Ahead
    from desk.answers.checking import Checked
    from desk.answers.coming import ComingLimits, Worklist
    from desk.answers.explaining import Explained
    from desk.answers.finding import CasePage, Found
    from desk.answers.news import News
    from desk.answers.person import Person
    from desk.answers.planning import Impact, Planned, Supposed
    from desk.answers.units import UnitsCounted
    from desk.sweeping.looked import Looked
    from desk.sweeping.store_work import StoreWork


class AboutPeople(Sitting):
    """Answers about the cases of a source."""

    @needs("read")
    def check(self, question: Question, listed: Collection[str] | None = None) -> Checked:
        """Who is overdue or blocked, and what is missing to decide; raises `UnknownName`.

        Where a store is swept, sentences are written only for findings of the severities ``listed`` (None = all).
        """
        require_taken("check", question)
        if question.in_batches:
            from desk.source import is_large
            from desk.sweeping.store_sweep import check_store

            if is_large(self.url):
                self.tell("Kho lớn: điều mâu thuẫn trong hồ sơ không xét ở đây; xem bằng lệnh: dubi doctor")
            elif self.tells:
                self._tell_contradictions(self.roster(question))
            return check_store(self.url, question, listed)
        from desk.answers.checking import check_roster

        roster = self.roster(question)
        self._tell_contradictions(roster)
        return check_roster(roster, question)

    def _tell_contradictions(self, roster: Roster) -> None:
        """Tell what contradicts itself, as the doctor does; of a file its reader has told all but the pairs."""
        if not self.tells:
            return
        from desk.keeping.contradictions import contradictions, pairs_met

        found = list(pairs_met(roster))
        if not isinstance(self.place, Path):
            found = [*contradictions(roster, self.today), *found]
        for one in found:
            self.tell(f"{one.said}. {one.todo}")

    @needs("read")
    def units(self, question: Question, kept: Looked | None = None) -> UnitsCounted:
        """The tree of units with the cases of each, of a large store as `looked` gave them; raises `UnknownName`."""
        from desk.answers.units import units, units_in_store

        require_taken("units", question)
        if question.in_batches:
            return units_in_store(self.url, question, kept)
        return units(self.roster(question), question)

    @needs("read")
    def due(self, question: Question, within: int, kept: Looked | None = None) -> ComingLimits:
        """The limits of the next so many days, of a large store as `looked` gave them; raises `UnknownName`."""
        from desk.answers.coming import coming, coming_in_store

        require_taken("due", question)
        if question.in_batches:
            return coming_in_store(self.url, question, within, kept)
        return coming(self.roster(question), question, within)

    @needs("read")
    def worklist(self, question: Question, until: dt.date) -> Worklist:
        """The work up to a day; raises `UnknownName`, and `BadInput` for a day that is over."""
        from desk.answers.coming import worklist, worklist_in_store

        require_taken("list", question)
        if question.in_batches:
            return worklist_in_store(self.url, question, until)
        return worklist(self.roster(question), question, until)

    @needs("print_")
    def remind(self, question: Question, within: int, pending: int, path: Path, *, names: bool) -> tuple[int, int]:
        """Write the limits of the next days as a calendar; raises `UnknownName`, `BadInput`.

        ``pending`` is how many days ahead a limit may lie that an earlier calendar told of and that still stands.
        """
        from desk.answers.coming import remind

        require_taken("remind", question)
        limits, standing = self.due(question, within), self.due(replace(question, unit=None), pending)
        return remind(limits, standing, path, self._whose(), names=names)

    @needs("read")
    def calendar(self, question: Question, within: int, *, names: bool, kept: Looked | None = None) -> bytes:
        """The limits of the next days as the content of a calendar file; raises `UnknownName`."""
        from desk.answers.coming import calendar

        require_taken("remind", question)
        return calendar(self.due(question, within, kept), self._whose(), names=names)

    def _whose(self) -> tuple[str, int]:
        """What tells the cases of this source from those of another, and the number of its last write.

        That is the file's name, or a store's first write; a file has no writes.
        """
        if isinstance(self.place, Path):
            return self.place.name, 0
        from cases.log.batches import read_batches
        from cases.store.connection import querying

        with querying(self.place) as execute:
            batches = read_batches(execute)
        return (batches[0].name, batches[-1].id) if batches else ("", 0)

    @needs("read")
    def ahead(self, question: Question, meetings: str | None = None, kept: Looked | None = None) -> Ahead:
        """Twelve months ahead, with meetings `monthly` or on the days of a calendar file, where they are given.

        Raises `UnknownName`, `BadInput`.
        """
        from desk.answers.ahead import ahead, ahead_in_store

        require_taken("ahead", question)
        if question.in_batches:
            return ahead_in_store(self.url, question, meetings, kept)
        return ahead(self.roster(question), question, meetings)

    @needs("read")
    def explain(self, question: Question, case: str) -> Explained:
        """One case, rule by rule; raises `UnknownName`."""
        from desk.answers.explaining import explain

        require_taken("explain", question)
        roster, code = self._of_case(question, case)
        return explain(roster, question, code)

    @needs("read")
    def plan(self, question: Question, case: str) -> Planned:
        """The coming steps of one case; raises `UnknownName`."""
        from desk.answers.planning import plan

        require_taken("plan", question)
        roster, code = self._of_case(question, case)
        return plan(roster, question, code)

    @needs("read")
    def what_if(self, question: Question, case: str, settings: Sequence[str]) -> Supposed:
        """One case with some facts set otherwise (`fact=value`); raises `UnknownName`, `BadInput`."""
        from desk.answers.planning import what_if

        require_taken("what-if", question)
        roster, code = self._of_case(question, case)
        return what_if(roster, question, code, settings)

    @needs("read")
    def impact(self, question: Question, start: dt.date, end: dt.date) -> Impact:
        """The cases whose findings differ between the law of two days; raises `UnknownName`."""
        from desk.answers.planning import impact

        require_taken("impact", question)
        return impact(self.roster(question), question, start, end)

    @needs("read")
    def find(
        self,
        question: Question,
        text: str,
        stage: str | None = None,
        *,
        most: int | None = None,
        people: People | None = None,
        stages: Mapping[str, str | None] | None = None,
    ) -> Found:
        """People by name, code, unit or stage; raises `UnknownName`, `StoreProblem`.

        ``people`` and ``stages`` are what `everybody` and `work_of_all` gave for this state of the store.
        """
        from desk.answers.finding import find

        require_taken("find", question)
        return find(self.url, question, text, stage, most, people, stages)

    @needs("read")
    def stages_of_all(self, question: Question) -> Mapping[str, str | None]:
        """The stage of every case on the day, as `check` judges it; raises what reading the source raises."""
        from desk.answers.finding import stages_of_all

        require_taken("check", question)
        return stages_of_all(self.roster(question), question)

    @needs("read")
    def everybody(self) -> People:
        """Everybody by name, to be searched again and again while nothing is written; raises `StoreProblem`."""
        from cases.store.connection import querying
        from cases.store.search import People

        with querying(self.url) as execute:
            return People(execute)

    @needs("read")
    def looked(self, question: Question, before: Looked | None = None) -> Looked:
        """What units, timings and what lies ahead are counted from in a large store, kept while nothing is written.

        Of what was looked at ``before``, only what may have changed is looked at. Raises `StoreProblem`.
        """
        from desk.sweeping.looked import looked_of

        require_taken("check", question)
        return looked_of(self.url, question, before)

    @needs("read")
    def work_of_all(self, question: Question, before: StoreWork | None = None) -> StoreWork:
        """The work of a large store page by page; of what stood ``before``, only what may have changed is looked at.

        Raises `StoreProblem`.
        """
        from desk.sweeping.standing import standing_of
        from desk.sweeping.store_work import StoreWork

        require_taken("check", question)
        standing, _ = standing_of(self.url, question, None if before is None else before.standing)
        return StoreWork(self.url, question, standing)

    @needs("read")
    def case(self, question: Question, code: str) -> CasePage:
        """One case on a page; raises `UnknownName`."""
        from desk.answers.finding import case_page

        require_taken("show", question)
        roster, known = self._of_case(question, code)
        return case_page(roster, question, known)

    @needs("read")
    def person(self, question: Question, code: str) -> Person:
        """One person as somebody opens her: findings, way, next steps, what is recorded; raises `UnknownName`."""
        from desk.answers.person import person

        require_taken("show", question)
        roster, known = self._of_case(question, code)
        return person(roster, question, known)

    def _of_case(self, question: Question, code: str) -> tuple[Roster, str]:
        """The records that a question about one case needs, and the case's code as it is written there.

        Of a store as it is now that is the case alone, found by its index: nobody waits for all the others.
        """
        if isinstance(self.place, Path) or question.known_on is not None:
            return self.roster(question), code
        from desk.answers.finding import stored_case

        alone = stored_case(self.place, code)
        return alone, alone.records[0].code

    @needs("read")
    def news(self, question: Question, *, keep: bool = False) -> News:
        """What is new since the last look that was kept; ``keep`` keeps this one. Raises `StoreProblem`, `BadInput`."""
        from desk.answers.news import news

        require_taken("news", question)
        return news(self.url, question, self.owner, keep=keep)

    @needs("read")
    def last_look(self) -> int | None:
        """What tells the look that was kept last from another; None where none is kept."""
        from desk.answers.news import standing_file

        file = standing_file(self.url, self.owner)
        return file.stat().st_mtime_ns if file.exists() else None
