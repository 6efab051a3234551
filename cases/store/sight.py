"""Whose eyes a store is read with: the units that somebody signed in may see, for as long as her question is answered.

Set in one place, by the desk; obeyed in one place, where a store is opened to be read. Nobody below asks who it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Sight:
    """The units whose cases are seen, each with all below it; none of them: no case at all."""

    roots: frozenset[str]


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
