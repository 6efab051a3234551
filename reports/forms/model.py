"""A filled form as plain values: what every renderer is given, and all it knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """A figure of a cell, exact; `digits` are printed, and `source` names the list of people behind it."""

    value: int | Fraction | None
    digits: int | None = None
    """None for a whole number."""
    percent: bool = False
    source: str | None = None
    fraction: tuple[int | Fraction, int | Fraction] | None = None
    """What a ratio was made from."""
    typed: bool = False
    """Whether it rests on what somebody typed in."""
    missing: bool = False
    """Whether it has no value because nobody has typed it in."""


Cell = str | Number | dt.date | None
"""A cell; None is one that is not asked for."""


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a table: its heading, a heading over several columns, its width in letters, and how it stands."""

    label: str
    width: float = 10
    align: str = "center"
    over: str | None = None
    number: str | None = None
    """The number printed under the heading."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of a table: `row`, `heading` (of a part of the form), `group` (over the whole width) or `total`."""

    cells: tuple[Cell, ...]
    kind: str = "row"
    code: str | None = None
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with repeated headings."""

    columns: tuple[ReportColumn, ...]
    lines: tuple[ReportLine, ...]
    numbered: bool = True
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A point of a report in words: what is asked for, the sentence filled in, and the figures in it."""

    code: str
    asked: str
    sentence: str
    figures: tuple[tuple[str, Number], ...]
    section: str | None = None
    """The heading that stands before it."""


@dataclass(frozen=True, slots=True)
class Slots:
    """The sentences of a report in words."""

    slots: tuple[Slot, ...]


APART = "Ghi chú của người lập biểu, không gửi kèm"
"""What heads the notes that are kept and not sent on."""
ROOM = 4
"""Lines left for the hand that signs, above the name."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One block at the foot: who signs, and what the form says under it."""

    title: tuple[str, ...]
    note: str | None = None
    above: str | None = None
    """A line for place and day above it."""
    name: str | None = None
    """Who signs, under the room for the signature."""


@dataclass(frozen=True, slots=True)
class People:
    """The list behind one figure."""

    source: str
    label: str
    count: str
    rows: tuple[tuple[str, str, str], ...]
    """Code, name and unit."""
    withheld: bool = False
    """Whether the names are held back because they would tell something sensitive."""


Block = Table | Slots

NOTES = "Ghi chú"
"""The sheet of a workbook for what is no part of the form."""


@dataclass(frozen=True, slots=True)
class Report:
    """A filled form."""

    form: str
    label: str
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    corner: str | None
    """The number of the form, printed at the right upper corner."""
    place_line: str | None
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    """Everything that is said of it; `under` and `apart` are where it stands."""
    signatures: tuple[Signature, ...]
    landscape: bool = False
    people: tuple[People, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    """Period, unit and settings, for programs."""
    mark: str | None = None
    """From which state of which store it was filled, told with the notes kept apart; None for a file."""
    for_ourselves: frozenset[str] = frozenset()
    """The notes for those who make the form: how it was counted, what is still to be typed, what does not agree."""

    @property
    def under(self) -> tuple[str, ...]:
        """The notes that stand under the form, for whoever gets it."""
        return tuple(note for note in self.notes if note not in self.for_ourselves)

    @property
    def apart(self) -> tuple[str, ...]:
        """The notes of a sheet or page of their own, which is kept and not sent on."""
        own = (note for note in self.notes if note in self.for_ourselves)
        return (*own, *((self.mark,) if self.mark else ()))
