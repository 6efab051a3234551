"""With whose hand a store is written: what somebody may write, and at which units.

Set by the desk together with her eyes, and held at the one door through which everything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from cases.values.kinds import Deed

if TYPE_CHECKING:
    from collections.abc import Iterator

Deeds = Mapping[Deed, frozenset[str] | None]
"""At which units, with all below, each deed is allowed: None = wherever she sees; a deed that is not there nowhere."""

_HAND: ContextVar[Deeds | None] = ContextVar("hand", default=None)


def hand() -> Deeds | None:
    """With whose hand the store is written now; None = everything is allowed, as to one user at her own desk."""
    return _HAND.get()


@contextmanager
def writing_with(deeds: Deeds | None) -> Iterator[None]:
    """Write stores with this hand until the block ends."""
    token = _HAND.set(deeds)
    try:
        yield
    finally:
        _HAND.reset(token)
