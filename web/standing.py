"""The standing of the store, kept in memory: worked out again once something was written, or for another day."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.answers.checking import Checked
    from desk.desk import Desk
    from desk.question import Question

MOST = 8
"""So many answers are kept: today's, and the days somebody goes back and forth between."""


class Standings:
    """Answers of `check` by the last write and the question; a write makes all of them old."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, Question], Checked] = OrderedDict()
        self._lock = Lock()

    def check(self, desk: Desk, question: Question) -> Checked:
        """What `Desk.check` answers, evaluated at most once for a state of the store; raises what it raises."""
        key = (desk.last_hash(), question)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = desk.check(question)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found
