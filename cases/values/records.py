"""What a unit records, as plain values: the one form that the workbook, the store and the desk hand each other.

Nothing here knows a file format or a database, and nothing heavy is imported: read paths start fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = date | int | bool | str

PAPERS = ("document", "result", "note", "stored_at")
"""What may be known of a step besides its kind and day."""

UNIT_SETTINGS = (
    *("letterhead", "place", "document_symbol", "signer_title", "signer", "preparer", "recipients"),
    "kept_columns",
)
"""What a unit has settled for its forms and its book, besides what it is."""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A dated step: an earlier one that the columns no longer show, or the papers of one that they show."""

    kind: str
    on: date
    document: str | None = None
    result: str | None = None
    note: str | None = None
    stored_at: str | None = None
    """Where the document is kept."""

    @property
    def has_papers(self) -> bool:
        """Whether more is known of it than its day."""
        return bool(self.document or self.result or self.note or self.stored_at)


@dataclass(frozen=True, slots=True)
class AttributeEntry:
    """A value an attribute took from a day on; without a day it held from the beginning. False ends a mark."""

    name: str
    value: Value
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """A stay in a unit, both days included; an open end is None."""

    unit: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One row of sheet `Hồ sơ` with the history that one row cannot show.

    ``fields`` holds the contract's English names; an empty cell is an absent key, a mark is there only when it is yes.
    A step in ``fields`` is the latest one of its kind, and a value there the one that holds now.
    """

    code: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    steps: tuple[StepEntry, ...] = ()
    attributes: tuple[AttributeEntry, ...] = ()
    placements: tuple[Placement, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """Where a unit stands from a day on (None = from the beginning): below a parent, or merged into another unit."""

    parent: str | None = None
    since: date | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation of the Party, in the tree of those above and below it."""

    code: str
    name: str | None = None
    level: str | None = None
    sector: str | None = None
    parent: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    no_masses_left: bool = False
    few_members: bool = False
    history: tuple[UnitStanding, ...] = ()
    """Where it stood through time, where that changed; ``parent`` is where it stands now."""
    letterhead: str | None = None
    """What stands at the upper left of its forms and papers, line by line."""
    place: str | None = None
    """Where its papers are dated."""
    document_symbol: str | None = None
    """What follows the number of its papers: `BC/BTCTU`."""
    signer_title: str | None = None
    """In which office its papers are signed, line by line."""
    signer: str | None = None
    preparer: str | None = None
    """Who draws its forms up."""
    recipients: str | None = None
    """Who gets its papers, line by line."""
    kept_columns: str | None = None
    """Columns of sheet `Hồ sơ` that it keeps although nobody's cell is filled: their fields, separated by `; `."""

    @property
    def keeps(self) -> frozenset[str]:
        """The fields of the columns that it says it keeps."""
        return frozenset(self.kept_columns.split("; ")) if self.kept_columns else frozenset()


@dataclass(frozen=True, slots=True)
class Course:
    """A class held: awareness of the Party, or new members."""

    code: str
    kind: str
    unit: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    audience: str | None = None
    online: bool = False


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A learner of a class: a case, or a name where the learner has no dossier."""

    course: str
    case: str | None = None
    full_name: str | None = None
    youth_union: bool = False
    trade_union: bool = False
    certified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """How many admissions a unit is to reach in a year."""

    unit: str
    year: int
    value: int


@dataclass(frozen=True, slots=True)
class Discipline:
    """A disciplinary measure on a person."""

    case: str
    form: str
    on: date


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure that no record gives and somebody typed in, for one period; for a day where both ends are that day."""

    unit: str
    indicator: str
    begins_on: date
    ends_on: date
    value: str
    """A whole number or a decimal one, with a point: `12`, `3.5`."""
    source: str | None = None
    author: str | None = None
    entered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything of one workbook or one store, in the order of the file."""

    records: tuple[Record, ...] = ()
    units: tuple[Unit, ...] = ()
    courses: tuple[Course, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    targets: tuple[Target, ...] = ()
    disciplines: tuple[Discipline, ...] = ()
    figures: tuple[TypedFigure, ...] = ()
    kept: frozenset[str] = field(default=frozenset(), compare=False)
    """Columns of sheet `Hồ sơ` that the office keeps, beside those that some record here fills: of a stamp, or of a
    store of which only some records are here."""
