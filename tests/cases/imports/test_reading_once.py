"""A store that is read many times for one question is opened once: one state, one pair of eyes, one thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cases.store.connection import initialise, querying
from cases.store.held.once import held, reading_once
from cases.store.sight import Sight, seeing
from rules.loader.errors import StoreProblem


class Opened:
    """Counts how often something is opened and closed."""

    def __init__(self) -> None:
        self.opened = self.closed = 0

    @contextmanager
    def __call__(self, url: str) -> Iterator[Callable[[str], Iterable[Any]]]:
        """Open it once more."""
        self.opened += 1
        yield lambda query: [url, query]
        self.closed += 1


def test_it_is_opened_once_for_each_pair_of_eyes_and_closed_at_the_end() -> None:
    """However often it is asked for meanwhile; outside such a question each asking opens it anew."""
    opened = Opened()
    once = held(opened)
    for _ in range(3):
        with once("a"):
            pass
    assert (opened.opened, opened.closed) == (3, 3)
    with reading_once():
        for eyes in (None, Sight(frozenset("A")), None, Sight(frozenset("B")), Sight(frozenset("A"))):
            for url in ("a", "b"):
                with seeing(eyes), once(url) as execute:
                    assert execute("q") == [url, "q"]
        assert (opened.opened, opened.closed) == (9, 3)
    assert opened.closed == 9


def test_another_thread_opens_its_own() -> None:
    """What is opened in one thread is of no use in another, though that works on the same question."""
    opened = Opened()
    once = held(opened)

    def ask() -> None:
        with once("a"):
            pass

    with reading_once():
        ask()
        other = Thread(target=copy_context().run, args=(ask,))
        other.start()
        other.join()
        assert (opened.opened, opened.closed) == (2, 1)


def test_what_failed_is_not_kept(tmp_path: Path) -> None:
    """A failure is said as ever, and the next asking opens the store anew."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    with reading_once():
        with pytest.raises(StoreProblem), querying(url) as execute:
            execute("SELECT nothing FROM nowhere")
        with querying(url) as first:
            assert list(first("SELECT count(*) FROM cases")) == [(0,)]
        with querying(url) as again:
            assert again == first
    with pytest.raises(sqlite3.ProgrammingError):
        first("SELECT 1")
