"""Files read in this process, as the child would: what goes to it and what comes back has been through pickle."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cases.values import apart
from cases.values.child_limits import Bounds

FORKED, STARTED = apart._forked, apart._started


def _here(path: Path | str, _: Bounds, read: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    told = pickle.loads(pickle.dumps((read, path, given)))  # noqa: S301  # as a process that is started is told
    try:
        return apart._answer(*told)
    finally:
        apart._in_child = False


def read_here(patch: pytest.MonkeyPatch) -> None:
    """Have no child made from now on; the bounds of a child are tried by the tests of hostile files."""
    patch.setattr(apart, "_forked", _here)
    patch.setattr(apart, "_started", _here)


def read_apart(patch: pytest.MonkeyPatch) -> None:
    """Have children made again."""
    patch.setattr(apart, "_forked", FORKED)
    patch.setattr(apart, "_started", STARTED)
