"""How results are written: goals, tables in Markdown, numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """Something we want to be true, and what was measured."""

    wanted: str
    measured: str
    reached: bool
    by_work: bool
    """Whether it would be reached on processors of its own: by what they worked, not by the clock."""

    @property
    def answer(self) -> str:
        """Reached or not."""
        return "yes" if self.reached else "**no**, by CPU yes" if self.by_work else "**no**"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    marks = ["---"] + ["--:"] * (len(header) - 1)
    return "".join("| " + " | ".join(line) + " |\n" for line in (header, marks, *rows))


def count(number: float) -> str:
    """A number with its thousands set apart."""
    return f"{number:,.0f}"


def seconds(span: float) -> str:
    """A span as people read it."""
    return f"{span:.2f} s" if span >= 1 else f"{span * 1000:.0f} ms" if span >= 0.01 else f"{span * 1000:.1f} ms"


def megabytes(number: float) -> str:
    """Memory as people read it."""
    return f"{number:,.0f} MB"


def rate(number: float) -> str:
    """Cases a second, as precisely as such a number is worth."""
    return f"{number / 1e6:.1f} M/s" if number >= 1e6 else f"{count(round(number, 2 - int(math.log10(number))))}/s"
