"""A question about cases as a value: of which day, known on which, by which law, of which unit, how evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rules.loader.errors import BadQuestion

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from engine.ruleset import RuleSet
    from rules.loader.overlays import Confirmation

MOST_DAYS = 3660
"""As far ahead limits are listed."""
MOST_WRITES = 100_000
"""As many of the latest writes are shown at once."""
CALENDAR_DAYS = 90
"""As far ahead a calendar tells of limits, where nobody says otherwise."""

Way = Literal["live", "sweep"]
"""How all cases are evaluated: one by one, or at once in columns. Both give the same."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about the cases of a source; `Desk.ask` makes it, and fills in what a store has chosen."""

    as_of: dt.date
    known_on: dt.date | None = None
    """Only what was recorded by the end of this day counts; None = everything recorded."""
    law: dt.date | None = None
    """The day whose law is applied to everything; None = to each clock the law of the day it starts."""
    unit: str | None = None
    """A unit with all below it; None = all."""
    overlays: tuple[str, ...] = ()
    """The names of the rules of a province that are laid over the national ones."""
    severities: tuple[str, ...] | None = None
    """Only findings of these; None = all."""
    by: Way | None = None
    """None = one by one while they are few."""
    in_batches: bool = False
    """Whether the columns of a store are swept batch by batch, and no record is opened."""
    confirmed: tuple[Confirmation, ...] = ()
    """What the office has read of the law itself, in the store of this desk or, for a file, of this machine."""

    @property
    def overlay_files(self) -> tuple[Path, ...]:
        """The files of the overlays; raises `UnknownName`."""
        return overlay_files(self.overlays)

    @property
    def ruleset(self) -> RuleSet:
        """The rules to judge by; raises `UnknownName`, `LawFileError`."""
        from engine.ruleset import load_ruleset

        return load_ruleset(self.law, self.overlay_files, self.confirmed)


def overlay_files(names: tuple[str, ...]) -> tuple[Path, ...]:
    """The files of the overlays of these names, each once; raises `UnknownName`."""
    if not names:
        return ()
    from rules.loader import overlays as overlays_loader

    return tuple(overlays_loader.find(name) for name in dict.fromkeys(names))


Axis = Literal["overlay", "known_on", "unit", "law"]

TAKES: dict[str, frozenset[Axis]] = {
    "check": frozenset({"overlay", "known_on", "unit", "law"}),
    "units": frozenset({"overlay", "known_on", "unit", "law"}),
    "due": frozenset({"overlay", "known_on", "unit", "law"}),
    "list": frozenset({"overlay", "known_on", "unit", "law"}),
    "remind": frozenset({"overlay", "known_on", "unit", "law"}),
    "explain": frozenset({"overlay", "known_on", "law"}),
    "plan": frozenset({"overlay", "known_on", "law"}),
    "what-if": frozenset({"overlay", "known_on", "law"}),
    "show": frozenset({"overlay", "known_on", "law"}),
    "find": frozenset({"unit"}),
    "news": frozenset({"overlay"}),
    "figures": frozenset({"known_on", "unit"}),
    "stats": frozenset({"known_on", "unit"}),
    "report": frozenset({"known_on", "unit"}),
    "timings": frozenset({"known_on", "unit"}),
    "ahead": frozenset({"known_on", "unit"}),
    "overview": frozenset({"overlay", "known_on", "unit", "law"}),
    "paper": frozenset({"known_on", "unit"}),
    "sweep": frozenset({"overlay", "law"}),
    "impact": frozenset({"overlay", "known_on", "unit"}),
}
"""What of a question each answer takes into account besides its day.

The rest it refuses to be asked; only the overlays that a store has chosen are there in every question.
"""


def require_taken(answer: str, question: Question) -> None:
    """Refuse a question with something in it that an answer would not heed; raises `BadQuestion`."""
    asked: dict[Axis, object] = {
        "known_on": question.known_on,
        "unit": question.unit,
        "law": question.law,
    }
    for axis, value in asked.items():
        if value is not None and axis not in TAKES[answer]:
            raise BadQuestion(f"“{answer}” không xét theo {WORDS[axis]}. Bỏ điều ấy rồi hỏi lại.")


WORDS: dict[Axis, str] = {
    "known_on": "những gì đã ghi đến một ngày",
    "unit": "một đơn vị",
    "law": "quy định của một ngày",
}
