"""How much of what is left to chance a run tries: a fifth of the seeds, or with DUBI_TEST_WHOLE=1 all of them.

`make test` tries the fifth, the same one on every run. `make check` sets DUBI_TEST_WHOLE and passes nothing over: there
a missing PostgreSQL server fails the run.
"""

from __future__ import annotations

import os
import random

import pytest

WHOLE = os.environ.get("DUBI_TEST_WHOLE", "") == "1"
SHARE = 5

only_whole = pytest.mark.skipif(not WHOLE, reason="`make check` runs this (DUBI_TEST_WHOLE=1)")


def examples(count: int) -> int:
    """How many of so many examples that hypothesis would make up are made up now, at least one."""
    return count if WHOLE else -(-count // SHARE)


def seeds(count: int) -> list[int]:
    """The seeds from 0 below `count` that are tried now: all, or a fifth drawn by a constant, at least one."""
    every = range(count)
    return list(every) if WHOLE else sorted(random.Random(count).sample(every, examples(count)))  # noqa: S311  # no secret
