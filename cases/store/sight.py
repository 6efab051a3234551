"""Whose eyes a store is read with: the units that somebody signed in may see, for as long as her question is answered.

Set in one place, by the desk; obeyed in one place, where a store is opened. Nobody below asks who it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from cases.values.records import Unit

Lines = Callable[[str], tuple[str, ...]]
"""The line of a unit: itself, or what it has gone into, and all units above it."""
Tree = Callable[[Iterable["Unit"], "dt.date"], Lines]
"""The tree of units on a day."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The units whose cases are seen, each with all below it; none of them: no case at all."""

    roots: frozenset[str]
    on: dt.date | None = None
    """The day whose tree says what lies below a unit."""
    tree: Tree | None = field(default=None, compare=False, repr=False)
    """How that tree is read; the desk gives day and tree, and without them nothing is seen."""


_SIGHT: ContextVar[Sight | None] = ContextVar("sight", default=None)


def sight() -> Sight | None:
    """With whose eyes the store is read now; None = everything, as one user at her own desk does."""
    return _SIGHT.get()


@contextmanager
def seeing(eyes: Sight | None) -> Iterator[None]:
    """Read stores with these eyes until the block ends."""
    token = _SIGHT.set(eyes)
    try:
        yield
    finally:
        _SIGHT.reset(token)
