"""What is kept in memory between requests: answers about a state of the store, made anew once something was written."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import datetime as dt

    from desk.answers.ahead import Ahead
    from desk.answers.checking import Checked
    from desk.answers.finding import Found, People
    from desk.answers.news import News
    from desk.answers.units import UnitsCounted
    from desk.answers.work import Work
    from desk.counting.timings import Timings
    from desk.desk import Desk
    from desk.question import Question
    from desk.sweeping.looked import Looked
    from desk.sweeping.store_work import StoreWork

MOST = 8
"""So many answers are kept: today's, and the days somebody goes back and forth between."""
MOST_OF_ALL = 3
"""So many standings of a large store are kept."""
MOST_EYES = 64
"""For so many pairs of eyes answers are kept at a time: those of all who see and may the same are one."""
MOST_PAGES = 64
"""So many pages of its work list, which are a few kilobytes each."""

Made = TypeVar("Made")


class Shelf(Generic[Made]):
    """Answers by what they were asked with; the one that nobody asked for longest makes room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Hashable, make: Callable[[], Made], *, large: bool = False) -> Made:
        """What was made with this key, else what is made now; whoever asks meanwhile waits for it.

        What is ``large`` is taken out of sight of Python's collector, which would walk through all of it amid answers.
        """
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
                if large:
                    gc.collect()  # what was left over in making it is not to stay with it
                    gc.freeze()
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def all(self) -> list[Made]:
        """What is kept, the last asked for at the end."""
        return list(self._kept.values())


class Standings:
    """Answers to one pair of eyes, by the last write and the question."""

    def __init__(self) -> None:
        self._checked: Shelf[Checked] = Shelf(MOST)
        self._work: Shelf[StoreWork] = Shelf(MOST_OF_ALL)
        self._pages: Shelf[tuple[Work, int]] = Shelf(MOST_PAGES)
        self._news: Shelf[News] = Shelf(1)
        self._people: Shelf[People] = Shelf(1)
        self._stages: Shelf[Mapping[str, str | None]] = Shelf(MOST)
        self._looked: Shelf[Looked] = Shelf(MOST_OF_ALL)
        self._units: Shelf[UnitsCounted] = Shelf(MOST)
        self._timings: Shelf[Timings] = Shelf(2)
        self._ahead: Shelf[Ahead] = Shelf(2)
        self._calendars: Shelf[bytes] = Shelf(MOST)

    def check(self, desk: Desk, question: Question) -> Checked:
        """What `Desk.check` answers, evaluated at most once for a state of the store; raises what it raises."""
        return self._checked.take((desk.state(), question), lambda: desk.check(question))

    def work(self, desk: Desk, question: Question) -> StoreWork:
        """What `Desk.work_of_all` answers; a write has only the cases looked at again that may have changed by it."""
        of_all = replace(question, unit=None)

        def make() -> StoreWork:
            earlier = [one for one in self._work.all() if replace(one.question, as_of=of_all.as_of) == of_all]
            before = max(
                (one for one in earlier if one.question.as_of <= of_all.as_of),
                key=lambda one: one.question.as_of,
                default=None,
            )
            return desk.work_of_all(of_all, before)

        return self._work.take((desk.state(), of_all), make, large=True)

    def page(
        self,
        desk: Desk,
        question: Question,
        severities: tuple[str, ...],
        held_by: str | None,
        start: int,
        size: int,
        stage: str | None = None,
    ) -> tuple[Work, int]:
        """One page of the work of a large store, and how many entries there are; raises `UnknownName`."""
        work = self.work(desk, question)
        asked = (question.unit, severities, held_by, start, size, stage)
        return self._pages.take((desk.state(), question, *asked), lambda: work.page(*asked))

    def in_stage(self, desk: Desk, question: Question, stage: str) -> frozenset[str]:
        """The codes of those in a stage on the day; in a small store, whose cases are read for it."""
        of_all = replace(question, unit=None)
        stages = self._stages.take((desk.state(), of_all), lambda: desk.stages_of_all(of_all))
        return frozenset(code for code, found in stages.items() if found == stage)

    def _looked_at(self, desk: Desk, question: Question) -> Looked | None:
        """What `Desk.looked` answers; a write has only the cases looked at again that may have changed by it.

        None in a small store, whose cases are read for it.
        """
        if not question.in_batches:
            return None
        of_all = replace(question, unit=None)

        def make() -> Looked:
            before = next((one for one in reversed(self._looked.all()) if one.question == of_all), None)
            return desk.looked(of_all, before)

        return self._looked.take((desk.state(), of_all), make, large=True)

    def units(self, desk: Desk, question: Question) -> UnitsCounted:
        """What `Desk.units` answers, counted once for a state of the store."""
        key = (desk.state(), question)
        return self._units.take(key, lambda: desk.units(question, self._looked_at(desk, question)))

    def timings(self, desk: Desk, question: Question, start: dt.date, end: dt.date) -> Timings:
        """What `Desk.timings` answers, counted once for a state of the store."""
        key = (desk.state(), question, start, end)
        return self._timings.take(key, lambda: desk.timings(question, start, end, self._looked_at(desk, question)))

    def ahead(self, desk: Desk, question: Question, meetings: str | None) -> Ahead:
        """What `Desk.ahead` answers, worked out once for all pages of its lists."""
        key = (desk.state(), question, meetings)
        return self._ahead.take(key, lambda: desk.ahead(question, meetings, self._looked_at(desk, question)))

    def news(self, desk: Desk, question: Question) -> News:
        """What `Desk.news` answers, worked out once for a state of the store and a look that was kept."""
        return self._news.take((desk.state(), desk.owner, desk.last_look(), question), lambda: desk.news(question))

    def calendar(self, desk: Desk, question: Question, within: int, *, names: bool) -> bytes:
        """What `Desk.calendar` answers, worked out once for a state of the store, however often it is fetched."""
        key = (desk.state(), question, within, names)
        kept = self._looked_at(desk, question)
        return self._calendars.take(key, lambda: desk.calendar(question, within, names=names, kept=kept))

    def find(self, desk: Desk, question: Question, text: str, stage: str | None, most: int) -> Found:
        """What `Desk.find` answers; in a large store everybody is read once, and stages are as they stand."""
        people = self._people.take(desk.state(), desk.everybody, large=question.in_batches)
        stages = self.work(desk, question).stages if question.in_batches else None
        return desk.find(question, text, stage, most=most, people=people, stages=stages)


class Shelves:
    """What is kept for each pair of eyes apart: nobody is given an answer that was made for somebody else's."""

    def __init__(self) -> None:
        self._eyes: Shelf[Standings] = Shelf(MOST_EYES)

    def of(self, desk: Desk) -> Standings:
        """The answers of all who see and may what this desk's user does."""
        return self._eyes.take((desk.eyes, desk.may), Standings)
