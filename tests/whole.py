"""How much of what is left to chance, and of long walks, a run tries: a fifth, or with DUBI_TEST_WHOLE=1 all of it.

`make test` tries the fifth, the same one on every run. `make check` sets DUBI_TEST_WHOLE and passes nothing over: there
a missing PostgreSQL server fails the run. What would take `make check` too long tries ``most`` there, a fifth of that
in `make test`, and all of it in `make torture` (DUBI_TEST_TORTURE=1).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest
from _pytest.mark.structures import ParameterSet

One = TypeVar("One")
Other = TypeVar("Other")

TORTURE = os.environ.get("DUBI_TEST_TORTURE", "") == "1"
WHOLE = TORTURE or os.environ.get("DUBI_TEST_WHOLE", "") == "1"
SHARE = 5

only_whole = pytest.mark.skipif(not WHOLE, reason="`make check` runs this (DUBI_TEST_WHOLE=1)")


def examples(count: int, most: int | None = None) -> int:
    """How many of so many examples are tried now, at least one."""
    count = count if most is None or TORTURE else min(count, most)
    return count if WHOLE else -(-count // SHARE)


def seeds(count: int, most: int | None = None) -> list[int]:
    """The seeds from 0 below `count` that are tried now: all, or so many as `examples` says, drawn by a constant."""
    every = range(count)
    return sorted(random.Random(count).sample(every, examples(count, most)))  # noqa: S311  # no secret


def some(items: Iterable[One]) -> list[One]:
    """A fifth of what a walk goes through, the same on every run, or all of it with DUBI_TEST_WHOLE=1."""
    every = list(items)
    return [every[place] for place in seeds(len(every))]


def crossed(one: Sequence[One], other: Sequence[Other]) -> list[ParameterSet]:
    """Pairs for a test of each of these with each of those: `make test` tries each at least once, `make check` all."""
    steps = max(len(one), len(other))
    met = {(one[step % len(one)], other[step % len(other)]) for step in range(steps)}
    return [
        pytest.param(this, that, marks=() if (this, that) in met else only_whole, id=f"{this}-{that}")
        for this in one
        for that in other
    ]


def first_of(items: Iterable[One]) -> list[ParameterSet]:
    """Parameters of a test of which `make test` tries the first, and `make check` all."""
    return [pytest.param(item, marks=() if place == 0 else only_whole) for place, item in enumerate(items)]
