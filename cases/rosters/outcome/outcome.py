"""What becomes of a roster: an outcome for every row, the notices about columns and file, and what would be stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from cases.files.xlsx_reading import column_letter
from cases.rosters.outcome.messages import explain, stable
from cases.values.records import Record, Roster
from cases.workbook.cells import shown
from rules.loader import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cases.files.grids import Grid
    from cases.rosters.tables.rows import IgnoredKind
    from cases.values.kinds import Identity
    from cases.values.records import Value
    from cases.values.refusals import Remark
    from cases.workbook.stamp import Stamp

Outcome = Literal["accepted", "warned", "confirm", "refused"]
OUTCOMES = ("accepted", "warned", "confirm", "refused", "ignored")
_WEIGHT: dict[Outcome, int] = {"accepted": 0, "warned": 1, "confirm": 2, "refused": 3}

Change = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Why:
    """One reason about one cell of a row, and the outcome it asks for."""

    outcome: Outcome
    remark: Remark


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row, as its number is shown; ``fields`` also holds what no column of the store takes."""

    row: int
    outcome: Outcome
    fields: Mapping[str, Value]
    why: tuple[Why, ...] = ()
    change: Change | None = None
    """What storing the row would do; None for a row of which nothing is stored."""
    record: Record | None = None
    block: int = 1
    """Which of the lists beside each other the row is of, from 1."""
    said: Record | None = None
    """What the row itself says of somebody who is stored already; None where that is the whole ``record``."""
    whom: str | None = None
    """The person the row resembles or is, by code or row."""


NoticeKind = Literal["question", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a column or the file: a question with its default, a warning, or a note."""

    kind: NoticeKind
    code: str
    reason: str
    suggestion: str
    column: str | None = None
    header: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """The form for programs."""
        return {
            "kind": self.kind,
            "code": self.code,
            "column": self.column,
            "header": self.header,
            "reason": self.reason,
            "suggestion": self.suggestion,
        }

    def __str__(self) -> str:
        place = f"Cột {self.column} “{self.header}”: " if self.column else ""
        return f"{place}{self.reason} {self.suggestion}"


def notice(
    kind: NoticeKind, code: str, *, column: str | None = None, header: str | None = None, **details: object
) -> Notice:
    """A notice in the words of the catalogue."""
    if header is not None:
        details["header"] = header
    reason = explain(code, **details)
    return Notice(kind, stable(code), reason.reason, reason.suggestion, column, header)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is no person."""

    row: int
    why: IgnoredKind


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column as it was understood; no fields: it was not read."""

    letter: str
    header: str
    fields: tuple[str, ...]
    reason: str = ""
    """Why it was understood so: the words of its heading and what its cells are."""


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What an import of a roster would do; nothing has been written."""

    file: Path
    sheet: str | None
    header_rows: tuple[int, ...]
    rows: tuple[RowOutcome, ...]
    ignored: tuple[Ignored, ...] = ()
    notices: tuple[Notice, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What is said of the columns and sheets of a canonical workbook."""
    mapping: tuple[MappedColumn, ...] = ()
    profile: str | None = None
    whole: Roster | None = None
    """The whole roster of a canonical workbook, with its other sheets."""
    covered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The fields that each sheet of a canonical workbook has columns for; a roster's records are whole."""
    stamp: Stamp | None = None
    """From which store a canonical workbook says it is."""
    shown: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    """By code of a case with a history of steps: the days in the columns of steps of a canonical workbook."""
    places: Mapping[str, Mapping[Identity, int]] = field(default_factory=dict)
    """By kind of thing: the row of each in a canonical workbook."""
    others: Mapping[str, int] = field(default_factory=dict)
    """The other sheets in which a list was found, each with the number of its people."""
    grid: Grid | None = None
    """The sheet as it was read, from which an error workbook is written."""
    without_codes: bool = False
    """Whether it is a list that has no codes, so that everybody new was given one."""

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had each outcome."""
        found: Counter[str] = Counter(row.outcome for row in self.rows)
        found["ignored"] = len(self.ignored)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def changes(self) -> dict[str, int]:
        """How many people would be new, changed, unchanged."""
        found = Counter(row.change for row in self.rows if row.change)
        return {change: found[change] for change in ("new", "changed", "unchanged")}

    @property
    def refused(self) -> tuple[Remark, ...]:
        """Every reason for which a row is refused."""
        return tuple(why.remark for row in self.rows for why in row.why if why.outcome == "refused")

    def roster(self, *, said: bool = False) -> Roster:
        """What the rows that are accepted or warned of store; with ``said`` only what stands in them."""
        if self.whole is not None:
            return self.whole
        rows = (row.said or row.record if said else row.record for row in self.rows)
        return Roster(records=tuple(record for record in rows if record is not None))

    def as_json(self) -> dict[str, Any]:
        """The form that the contract fixes for programs, with the notices and the mapping."""
        return {
            "file": self.file.name,
            "sheet": self.sheet,
            "header_rows": list(self.header_rows),
            "counts": self.counts,
            **self.changes,
            "rows": self._rows_as_json(),
            "ignored": [{"row": one.row, "why": one.why} for one in self.ignored],
            "profile": self.profile,
            "mapping": [
                {"column": one.letter, "header": one.header, "fields": list(one.fields), "reason": one.reason}
                for one in self.mapping
            ],
            "notices": [one.as_json() for one in self.notices],
            "batch": None,
        }

    def _rows_as_json(self) -> list[dict[str, Any]]:
        """Every row; those of a canonical workbook that are no person's stand among the others, as ignored."""
        rows = [(row.row, {**self._place(row), **_row_as_json(row)}) for row in self.rows]
        if self.whole is not None:
            rows += [(one.row, {"row": one.row, "outcome": "ignored", "fields": {}, "why": []}) for one in self.ignored]
            rows.sort(key=lambda row: ("sheet" in row[1], row[0]))
        return [row for _, row in rows]

    def elsewhere(self, row: RowOutcome) -> str | None:
        """The sheet of a row that stands on another one, as a canonical workbook has them."""
        sheet = row.why[0].remark.sheet if row.why and self.whole is not None else self.sheet
        return sheet if sheet != self.sheet else None

    @property
    def _is_in_blocks(self) -> bool:
        return any(row.block > 1 for row in self.rows)

    def _place(self, row: RowOutcome) -> dict[str, str | int]:
        sheet = self.elsewhere(row)
        return {"sheet": sheet} if sheet else {"block": row.block} if self._is_in_blocks else {}

    def typed(self, row: int) -> dict[str, str]:
        """What stood in the cells of a row, as its number is shown, by the letter of the column."""
        cells = self.grid.rows[row - 1] if self.grid is not None and 0 < row <= len(self.grid.rows) else []
        return {column_letter(place): shown(raw) for place, raw in enumerate(cells) if raw != ""}


def _row_as_json(row: RowOutcome) -> dict[str, Any]:
    return {
        "row": row.row,
        "outcome": row.outcome,
        "fields": {} if row.outcome == "refused" else {name: _plain(value) for name, value in row.fields.items()},
        "why": [why.remark.as_why() for why in row.why],
    }


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def worst(whys: list[Why]) -> Outcome:
    """The outcome of a row with these reasons."""
    return max((why.outcome for why in whys), key=_WEIGHT.__getitem__, default="accepted")


def stored_fields(fields: Mapping[str, Value]) -> dict[str, Value]:
    """The fields that the store has a column for, in the order of the columns; a mark only when it is yes."""
    return {name: fields[name] for name in _columns() if name in fields and fields[name] is not False}


@cache
def _columns() -> tuple[str, ...]:
    return tuple(fact.name for fact in vocabulary.load().columns)
