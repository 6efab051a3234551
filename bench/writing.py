"""How results are written: goals, tables in Markdown, numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """Something we want to be true, and what was measured by the clock and by the work of the processors."""

    wanted: str
    limit: str
    by_clock: str
    by_work: str = ""
    reached: bool | None = None
    """None where it could not be measured."""
    by_work_reached: bool = False
    """Whether it would be reached on processors of its own: by what they worked, not by the clock."""
    profiled: tuple[str, ...] = ()
    """What is run once more under the profiler where the goal is missed: a Python, then its arguments."""

    @property
    def answer(self) -> str:
        """Reached or not."""
        if self.reached is None:
            return "not measured"
        return "yes" if self.reached else "**no**, by processor yes" if self.by_work_reached else "**no**"

    @property
    def row(self) -> tuple[str, ...]:
        """The goal as a row of the table."""
        return self.wanted, self.limit, self.by_clock, self.by_work, self.answer


GOALS = ("goal", "at most", "by the clock", "by processor", "reached")


@dataclass(frozen=True, slots=True)
class Told:
    """What a part of the measurements says: its goals, and its part of the page."""

    goals: Sequence[Goal]
    text: Sequence[str]


def times(ratio: float) -> str:
    """A ratio as people read it."""
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:,.0f} ×"


def at_most(
    wanted: str,
    limit: float,
    ratios: tuple[float, float],
    *,
    memory: tuple[float, float] | None = None,
    work_alone: bool = False,
    profiled: Sequence[str] = (),
) -> Goal:
    """A ratio by the clock and one of work, held to a limit, and where it counts memory: what was held and may be.

    ``work_alone``: the goal speaks of the processors' work, not of the clock.
    """
    clock, work = ratios
    fits = memory is None or memory[0] <= memory[1]
    limits = times(limit) + (f", {megabytes(memory[1])}" if memory else "") + (" by processor" if work_alone else "")
    shown = times(clock) + (f", {megabytes(memory[0])}" if memory else "")
    counted = work if work_alone else clock
    return Goal(wanted, limits, shown, times(work), counted <= limit and fits, work <= limit and fits, tuple(profiled))


def within(wanted: str, limit: float, spans: tuple[float, float], profiled: Sequence[str] = ()) -> Goal:
    """Seconds by the clock and of work, held to a limit."""
    clock, work = spans
    measured = seconds(clock), seconds(work)
    return Goal(wanted, seconds(limit), *measured, clock <= limit, work <= limit, tuple(profiled))


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
