"""What is done with a store: its classes and units, changes previewed and committed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desk.sitting import Sitting

if TYPE_CHECKING:
    from desk.answers.courses import CourseHeld, CoursesHeld
    from desk.answers.units import UnitStory
    from desk.changes.previews import Done, Preview
    from desk.changes.values import Change


class AboutStore(Sitting):
    """The store itself, and every change of it."""

    def courses(self) -> CoursesHeld:
        """All classes, each with its learners; raises `StoreProblem`."""
        from desk.answers.courses import courses

        return courses(self.url)

    def course(self, code: str) -> CourseHeld:
        """One class; raises `UnknownName`, `StoreProblem`."""
        from desk.answers.courses import course

        return course(self.url, code)

    def unit(self, code: str) -> UnitStory:
        """Where a unit stood through time; raises `UnknownName`, `StoreProblem`."""
        from desk.answers.units import story

        return story(self.url, code)

    def preview(self, change: Change, *, as_of: dt.date | None = None) -> Preview:
        """What a change would be and what would come of it on a day; nothing is written.

        Raises `UnknownName`, `BadInput` and `BadQuestion` for what cannot be made at all, and `StoreProblem`.
        """
        from desk.changes.previews import FigurePreview, preview, with_contradictions

        question = self.ask(as_of=as_of)
        shown = preview(self.url, change, question, max(question.as_of, self.today))
        return with_contradictions(shown, self.roster(question)) if isinstance(shown, FigurePreview) else shown

    def commit(self, shown: Preview, *, confirmed: bool = False) -> Done:
        """Write a change that was shown: it is made anew within one transaction, signed by the desk's user.

        Raises `Impossible`, and `Unconfirmed` for a doubt that was shown and is not confirmed, or has come up since.
        """
        from desk.changes.previews import commit

        self._opened.clear()
        now = max(shown.question.as_of, self.today)
        return commit(self.url, shown, now, self.user, confirmed=confirmed)
