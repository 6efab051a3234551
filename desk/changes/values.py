"""Changes of a store as frozen values that survive JSON: what somebody wants recorded, as it was typed.

Days are read; every other word is kept as it was typed and read when the change is made, against the store as it then
is. `desk.changes.json` writes them down and reads them back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Somebody new, with a case."""

    kind: ClassVar[str] = "add"
    fields: tuple[tuple[str, str], ...]
    """Columns, in English or as the workbook heads them, each with its text."""
    code: str | None = None
    """The code of the case; None = the next one."""


@dataclass(frozen=True, slots=True)
class RecordStep:
    """One step of a case; for a disciplinary measure the result is its form."""

    kind: ClassVar[str] = "record"
    case: str
    step: str
    on: dt.date
    document: str | None = None
    stored_at: str | None = None
    result: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """Something of a case that was recorded wrongly: `column=value`, or a step with its day or papers."""

    kind: ClassVar[str] = "correct"
    case: str
    what: tuple[str, ...]
    on: dt.date | None = None
    """The right day of the step."""
    old: dt.date | None = None
    """Which of several of its days is meant."""
    document: str | None = None
    stored_at: str | None = None
    result: str | None = None
    note: str | None = None
    since: dt.date | None = None
    """From which day the new value holds; None = it was always so."""


@dataclass(frozen=True, slots=True)
class Move:
    """To another unit, to a place outside, or from one."""

    kind: ClassVar[str] = "move"
    case: str
    on: dt.date
    to: str | None = None
    source: str | None = None
    document: str | None = None
    stored_at: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody leaves the Party."""

    kind: ClassVar[str] = "leave"
    case: str
    on: dt.date
    how: str
    document: str | None = None
    stored_at: str | None = None


@dataclass(frozen=True, slots=True)
class HandUp:
    """The cell hands a dossier up to a unit above it."""

    kind: ClassVar[str] = "submit"
    case: str
    on: dt.date
    to: str
    document: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The unit above gives a dossier back, for the cell to complete."""

    kind: ClassVar[str] = "return"
    case: str
    on: dt.date
    reason: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Enrol:
    """Learners of a class: cases, and one without a dossier."""

    kind: ClassVar[str] = "enrol"
    course: str
    cases: tuple[str, ...] = ()
    name: str | None = None
    youth_union: bool = False
    trade_union: bool = False


@dataclass(frozen=True, slots=True)
class AddCourse:
    """A class."""

    kind: ClassVar[str] = "course-add"
    course: str
    of: str
    """Of which kind it is."""
    unit: str | None = None
    opened: dt.date | None = None
    closed: dt.date | None = None
    audience: str | None = None
    online: bool = False


@dataclass(frozen=True, slots=True)
class CorrectCourse:
    """A class with other values; what is None stays."""

    kind: ClassVar[str] = "course-correct"
    course: str
    unit: str | None = None
    opened: dt.date | None = None
    closed: dt.date | None = None
    audience: str | None = None
    online: bool | None = None


@dataclass(frozen=True, slots=True)
class Certify:
    """Certificates for learners of a class; for no case named, for all who have none."""

    kind: ClassVar[str] = "course-certify"
    course: str
    on: dt.date
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetFigure:
    """A figure that the records cannot give, of a period or of a day."""

    kind: ClassVar[str] = "figure"
    indicator: str
    value: str
    unit: str
    start: dt.date | None = None
    end: dt.date | None = None
    on: dt.date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class MoveUnit:
    """From a day on, a unit belongs to another."""

    kind: ClassVar[str] = "unit-move"
    unit: str
    to: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class MergeUnits:
    """From a day on, units are part of another."""

    kind: ClassVar[str] = "unit-merge"
    units: tuple[str, ...]
    into: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class CloseUnit:
    """A unit ends on a day."""

    kind: ClassVar[str] = "unit-close"
    unit: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file of people to be taken into the store, and what was answered about it."""

    kind: ClassVar[str] = "import"
    file: str
    unit: str | None = None
    columns: tuple[str, ...] = ()
    """`COLUMN=FIELD` each; without a field the column is not read."""
    rows: tuple[str, ...] = ()
    """`ROW=same|other` each, the same person or another, or `ROW=file|store`: whose values hold."""
    accepted: tuple[str, ...] = ()
    joined: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    on_match: str | None = None
    decode: bool | None = None
    mapping: str | None = None
    """A file with the answers of an earlier import of the same kind."""
    accept_good: bool = False
    """Whether rows that are taken are stored though others are refused."""
    take: str | None = None
    """`file` or `store`: whose values hold where both say different things."""
    everybody: str | None = None
    """`same` or `other`: who everybody is who resembles somebody."""
    pairs: tuple[str, ...] = ()
    """`CODE+CODE=same|other|CODE` each: whether two rows are one person's, and which stands."""
    cells: tuple[str, ...] = ()
    """`SHEET!D12=TEXT` each: a cell typed anew, over what the file says; a text file has no name before the `!`."""


OneCase = RecordStep | Correct


@dataclass(frozen=True, slots=True)
class Together:
    """The same or different things of many cases, in one write."""

    kind: ClassVar[str] = "together"
    changes: tuple[OneCase, ...]


@dataclass(frozen=True, slots=True)
class RemoveCase:
    """A dossier that was entered by mistake."""

    kind: ClassVar[str] = "case-remove"
    case: str


@dataclass(frozen=True, slots=True)
class JoinCases:
    """The second of two dossiers of one person, joined into the first."""

    kind: ClassVar[str] = "case-join"
    case: str
    other: str
    on: dt.date | None = None
    """The day on which the person moved from the second's unit to the first's, where neither dossier says it."""


@dataclass(frozen=True, slots=True)
class RecodeCase:
    """A dossier under another code."""

    kind: ClassVar[str] = "case-recode"
    case: str
    code: str


@dataclass(frozen=True, slots=True)
class AddUnit:
    """A unit in the list of units."""

    kind: ClassVar[str] = "unit-add"
    unit: str
    settings: tuple[tuple[str, str], ...] = ()
    """Columns of sheet `Đơn vị`, in English or as the workbook heads them, each with its text."""


@dataclass(frozen=True, slots=True)
class SetUnit:
    """Details and settings of a unit; an empty text empties one."""

    kind: ClassVar[str] = "unit-set"
    unit: str
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SetTarget:
    """How many admissions a unit is to reach in a year."""

    kind: ClassVar[str] = "target-set"
    unit: str
    year: str
    value: str


CaseChange = AddPerson | RecordStep | Correct | Move | Leave | HandUp | GiveBack
CourseChange = Enrol | AddCourse | CorrectCourse | Certify
UnitChange = AddUnit | SetUnit | MoveUnit | MergeUnits | CloseUnit | SetTarget
WholeChange = RemoveCase | JoinCases | RecodeCase
Change = CaseChange | Together | WholeChange | CourseChange | UnitChange | SetFigure
"""What `Desk.preview` shows and `Desk.commit` writes; a file is taken in by `Desk.take_in`."""


def cases_of(change: Change) -> tuple[str, ...]:
    """The cases that a change is about, by their codes; none for what is about units, classes or figures."""
    if isinstance(change, Together):
        return tuple(one.case for one in change.changes)
    named = (getattr(change, name, None) for name in ("case", "other"))
    return (*(code for code in named if code), *getattr(change, "cases", ()))
