"""Whether a page of the desk is open somewhere, told by what its pages ask: each of them asks once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LAST_PAGE = 2.0
"""Seconds in which a browser fetches what the last page names."""


class Presence:
    """When somebody was last there, and how many answers are being made just now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen = clock()
        self._answering = 0
        self._told_to_end = False

    @contextmanager
    def during(self) -> Iterator[None]:
        """Somebody is there while the block runs, and whatever it writes is not finished before."""
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1
            self._seen = self._clock()

    def end(self) -> None:
        """Somebody wants the desk to end: it waits no longer than for the files of the page that says so."""
        self._told_to_end = True

    def gone_for(self, seconds: float) -> bool:
        """Whether nobody has been there for so long, and nothing is being answered or written."""
        wanted = min(seconds, LAST_PAGE) if self._told_to_end else seconds
        return not self._answering and self._clock() - self._seen >= wanted
