"""Sitting down before a source: how a question is made, and what is read for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cases.values.masking import asking
from desk.accounts.rights import WRITING, require
from desk.door import needs
from desk.question import Question, Way, overlay_files
from rules.loader.errors import BadQuestion

if TYPE_CHECKING:
    from cases.store.sight import Sight
    from cases.store.wall.hand import Deeds
    from cases.values.records import Roster
    from desk.accounts.rights import Right
    from desk.source import Opened, Place


class Sitting:
    """One user before one source on one day; what has been read is kept."""

    def __init__(
        self,
        place: Place,
        *,
        today: dt.date,
        user: str | None = None,
        sight: Sight | None = None,
        may: frozenset[Right] | None = None,
        held: Mapping[Right, frozenset[str]] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """Sit down before a source: the path of a workbook, or the address of a store.

        ``user`` signs what is written (None = the user of this machine); ``sight`` is what she may see of the store
        (None = everything), ``may`` what she may do (None = everything), ``held`` at which units each right holds
        (None = wherever she sees); remarks about a file are told to ``tell``.
        """
        self.place, self.today, self.user, self.sight = place, today, user, sight
        self.may, self.held = may, held
        self._tell = tell
        if (one := asking()) is not None:
            one.who = user or one.who
        self._opened: dict[dt.date | None, Opened] = {}

    @property
    def eyes(self) -> Sight | None:
        """What is seen of the store, by the tree of units of today; None = everything."""
        if self.sight is None:
            return None
        from desk.rosters import lines

        return replace(self.sight, on=self.today, tree=lines)

    @property
    def deeds(self) -> Deeds | None:
        """What may be written of a store, and at which units; None = everything."""
        if self.may is None:
            return None
        held = self.held if self.sight is not None else None
        return {right: None if held is None else held.get(right, frozenset()) for right in WRITING if right in self.may}

    @property
    def owner(self) -> str:
        """Whose the things are that are kept beside a store; nobody's where nobody signs in."""
        return "" if self.sight is None and self.may is None else self.user or ""

    @property
    def tells(self) -> bool:
        """Whether anybody hears what is told about the source."""
        return self._tell is not None

    def tell(self, line: str) -> None:
        """Tell whoever sits here a remark about the source."""
        if self._tell is not None:
            self._tell(line)

    def require(self, *rights: Right) -> None:
        """Refuse whoever has none of these rights; raises `NotAllowed`."""
        require(self.may, *rights)

    @property
    def url(self) -> str:
        """The address of the store; raises `BadQuestion` where the source is a file."""
        if isinstance(self.place, Path):
            raise BadQuestion("Việc này làm với kho, không làm với một tệp. Bỏ tên tệp.")
        return self.place

    @needs("read", "settings")
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
        from desk.source import read_by

        return Question(
            as_of or self.today,
            known_on,
            law,
            unit,
            tuple(overlays),
            None if severities is None else tuple(severities),
            by,
            in_batches,
            () if isinstance(self.place, Path) else read_by(self.place, known_on),
        )

    @needs("read", "settings")
    def opened(self, question: Question) -> Opened:
        """The records that a question is about, read once; raises `BadFile`, `Refused`, `StoreProblem`, `BadInput`."""
        if question.known_on not in self._opened:
            from desk.source import open_source

            self._opened[question.known_on] = open_source(self.place, question.known_on, self._tell)
        return self._opened[question.known_on]

    @needs("read", "settings")
    def roster(self, question: Question) -> Roster:
        """The records that a question is about, read once; raises what `opened` raises."""
        return self.opened(question).roster
