"""What the law asks of whoever keeps data of people: who read what, how long it is kept, what the people ask for.

An administrator reads the whole reading log and all requests; everybody else what is of the cases that she sees.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk.door import needs
from desk.question import Question
from desk.sitting import Sitting

if TYPE_CHECKING:
    from desk.personal.papers import Breach
    from desk.personal.readings import ReadingLog
    from desk.personal.requests import Request
    from desk.personal.retention import Retention


class AboutPrivacy(Sitting):
    """The protection of what the store holds of people."""

    @needs("log")
    def readings(
        self, case: str | None = None, since: dt.date | None = None, until: dt.date | None = None
    ) -> ReadingLog:
        """Who was shown which sensitive fields, from one day to another, of one case or all; raises `StoreProblem`."""
        from cases.log.clock import end_of
        from desk.personal.readings import readings

        start = None if since is None else end_of(since - dt.timedelta(days=1))
        found = readings(self.url, case, start, None if until is None else end_of(until))
        codes = self._codes_seen()
        if codes is None:
            return found
        return replace(found, readings=tuple(one for one in found.readings if one.case in codes))

    @needs("keep", whole=True)
    def let_readings_go(self) -> int:
        """Let go of what the reading log holds longer than it is kept; gives how many. Raises `StoreProblem`."""
        from desk.personal.readings import let_go

        return let_go(self.url, self._kept_from(), self.user)

    @needs("read", "erase")
    def retention(self, question: Question) -> Retention:
        """Whose time of keeping is over; nothing is erased. Raises `StoreProblem`."""
        from desk.personal.readings import readings
        from desk.personal.retention import retention

        before = readings(self.url, until=self._kept_from())
        return retention(self.roster(question), question, len(before.readings))

    def _kept_from(self) -> dt.datetime:
        """The moment (UTC) from which entries of the reading log are kept."""
        from cases.log.clock import end_of
        from desk.personal.retention import READINGS
        from engine.language.time_limits import add_months

        years = self.ask().ruleset.law.parameters[READINGS].at(self.today).value
        assert isinstance(years, int)
        return end_of(add_months(self.today, -12 * years))

    @needs("log")
    def requests(self, *, closed: bool = False) -> list[Request]:
        """The open requests of people about their own data, or all; raises `StoreProblem`."""
        from desk.personal.requests import requests

        found, codes = requests(self.url, self.ask().ruleset.law, self.today, closed=closed), self._codes_seen()
        return found if codes is None else [one for one in found if one.case in codes]

    @needs("record", "erase")
    def add_request(self, kind: str, case: str, received_on: dt.date, note: str | None = None) -> Request:
        """Record what somebody asks for about her own data; raises `UnknownName`, `BadInput`, `StoreProblem`."""
        from cases.changes.saving import Scene, known_head
        from cases.store.connection import querying
        from desk.personal.requests import add

        with querying(self.url) as execute:
            code = known_head(Scene(execute), case).code
        return add(self.url, self.ask().ruleset.law, self.today, kind, code, received_on, note, self.user)

    @needs("record", "erase")
    def answer_request(self, number: int, on: dt.date) -> Request:
        """Record that whoever asked was answered; raises `UnknownName`, `BadInput`, `StoreProblem`."""
        from desk.personal.requests import settle

        self._require_seen(number)
        return settle(self.url, self.ask().ruleset.law, self.today, number, answered_on=on, who=self.user)

    @needs("record", "erase")
    def close_request(self, number: int, on: dt.date, outcome: str, ground: str | None = None) -> Request:
        """Record what became of a request; raises `UnknownName`, `BadInput`, `StoreProblem`."""
        from desk.personal.requests import settle

        self._require_seen(number)
        law = self.ask().ruleset.law
        return settle(self.url, law, self.today, number, closed_on=on, outcome=outcome, ground=ground, who=self.user)

    def _require_seen(self, number: int) -> None:
        from rules.loader.errors import UnknownName

        if number not in {one.number for one in self.requests()}:
            raise UnknownName(f"Không có yêu cầu nào đang mở mang số {number}. Xem: dubi privacy request list")

    @needs("users", "keep")
    def privacy_file(self, path: Path, *, replace: bool = False) -> Path:
        """Write the file on the impact of what is done with people's data; raises `BadInput`, `StoreProblem`."""
        from desk.personal.papers import impact_file

        return impact_file(self.url, self.ask(), path, replace=replace)

    @needs("users", "keep")
    def access_rules(self, path: Path, *, replace: bool = False) -> Path:
        """Write who has access to what, from the grants of today; raises `BadInput`, `StoreProblem`."""
        from desk.personal.papers import access_rules

        return access_rules(self.url, self.ask(), path, replace=replace)

    @needs("users", "keep")
    def breach(self, path: Path, happened: Breach, *, replace: bool = False) -> Path:
        """Write the paper of a breach, and end all sessions where that is wanted; raises `BadInput`, `StoreProblem`."""
        from desk.personal.papers import breach_paper

        return breach_paper(self.url, self.ask(), path, happened, replace=replace)

    def _codes_seen(self) -> frozenset[str] | None:
        """The codes of the cases that are seen; None = of everybody, as an administrator knows of all readings."""
        from cases.store.connection import querying

        if self.eyes is None or (self.may is not None and "users" in self.may):
            return None
        with querying(self.url) as execute:
            return frozenset(str(code) for (code,) in execute("SELECT code FROM cases"))
